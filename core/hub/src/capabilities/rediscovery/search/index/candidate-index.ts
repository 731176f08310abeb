import type { Profile } from '../../../../directory/profile.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import type { MirrorApplicationRecord, MirrorCandidateRecord } from '../../mirror-model.js';
import { APPLICATION_COLUMNS, CANDIDATE_COLUMNS } from '../../mirror-queries.js';
import type { NotedChange, Outbox } from '../../outbox.js';
import { fieldNamed, keyOf } from '../fields.js';
import { allOf, noneOf, oneApplication, type QueryNode } from '../query/query-tree.js';
import type { SearchDocument } from '../search-document.js';
import { toSearchDocument } from '../to-search-document.js';
import { countFrom, existing, type IndexedPeople, idsBefore, mappedInTurns, type Touched } from './indexed-people.js';

/** What a candidate's document depends on besides the mirror. */
export interface CandidateIndexParts {
  /** Whether an address is one of ours, which nobody is found by. */
  readonly isPlaceholder: (address: string) => boolean;
  /** The profiles that candidates are matched with, by the candidate's id. */
  readonly matchedProfiles: (tx: Transaction, candidateIds: readonly string[]) => Promise<ReadonlyMap<string, Profile>>;
  /** The candidates that are matched with one of these profiles. */
  readonly candidatesMatchedWith: (tx: Transaction, profileIds: readonly string[]) => Promise<readonly string[]>;
}

/** The mirrored candidates of an organization with all that belongs to them, as they are indexed. */
export class CandidateIndex implements IndexedPeople {
  readonly name = 'candidates';
  readonly outboxes = ['mirror_change', 'profile_change'] as const;

  constructor(private readonly parts: CandidateIndexParts) {}

  async touched(tx: Transaction, outbox: Outbox, changes: readonly NotedChange[]): Promise<Touched> {
    const idsOf = (wanted: (change: string) => boolean): string[] =>
      changes.filter(({ change }) => wanted(change)).flatMap(({ ids }) => ids);
    if (outbox === 'profile_change') {
      return {
        ids: await this.parts.candidatesMatchedWith(
          tx,
          idsOf(() => true),
        ),
        queries: [],
      };
    }
    const cleared = new Set(changes.flatMap((one) => (one.change === 'CLEARED' ? (one.connectionId ?? []) : [])));
    return {
      ids: idsOf((change) => change.startsWith('CANDIDATES_')),
      queries: [
        ...(await writtenJobs(
          tx,
          // Two rows, of which the second may come in the next batch.
          [...new Set(idsOf((change) => change === 'JOBS_WRITTEN' || change === 'JOBS_RETITLED'))],
          new Set(idsOf((change) => change === 'JOBS_RETITLED')),
        )),
        ...idsOf((change) => change === 'JOBS_DELETED').map((id) => hasValue('jobId', id)),
        ...[...cleared].map((connectionId) => hasValue('connection', connectionId)),
      ],
    };
  }

  async documents(tx: Transaction, ids: readonly string[]): Promise<readonly SearchDocument[]> {
    const candidates = await tx.rows<MirrorCandidateRecord>(
      `select ${CANDIDATE_COLUMNS} from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id = any($1::uuid[])`,
      [ids],
    );
    const applications = Map.groupBy(
      await tx.rows<MirrorApplicationRecord & { readonly candidateId: string }>(
        `select ${APPLICATION_COLUMNS}
         from talentbridge.mirror_candidate c
         join talentbridge.mirror_application a
           on ${tx.own('a')} and a.connection_id = c.connection_id and a.candidate_remote_id = c.remote_id
         left join talentbridge.mirror_job j
           on ${tx.own('j')} and j.connection_id = a.connection_id and j.remote_id = a.job_remote_id
         where ${tx.own('c')} and c.id = any($1::uuid[]) order by a.id`,
        [ids],
      ),
      ({ candidateId }) => candidateId,
    );
    // The last text that was read of a file: while a newer one is not fetched yet, it is the best that there is.
    const texts = Map.groupBy(
      // Each file is looked up by itself: before the first statistics the planner would read all texts of the organization.
      await tx.rows<{ candidateId: string; text: string }>(
        `select c.id as "candidateId", t.text
         from talentbridge.mirror_candidate c
         cross join lateral (
           select f.id from talentbridge.mirror_attachment f
           where ${tx.own('f')} and f.connection_id = c.connection_id and f.candidate_remote_id = c.remote_id offset 0
         ) as f
         cross join lateral (
           select t.text from talentbridge.attachment_text t where ${tx.own('t')} and t.attachment_id = f.id offset 0
         ) as t
         where ${tx.own('c')} and c.id = any($1::uuid[]) order by f.id`,
        [ids],
      ),
      ({ candidateId }) => candidateId,
    );
    const profiles = await this.parts.matchedProfiles(tx, ids);
    const options = { now: new Date(), isPlaceholder: this.parts.isPlaceholder };
    return mappedInTurns(candidates, ({ id, connectionId, data }) => {
      const profile = profiles.get(id);
      const candidate = {
        connectionId,
        data,
        applications: applications.get(id) ?? [],
        fileTexts: (texts.get(id) ?? []).map(({ text }) => text),
      };
      return toSearchDocument({ id, candidate, ...(profile ? { profile } : {}) }, options);
    });
  }

  existing(tx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return existing(tx, 'mirror_candidate', ids);
  }

  idsBefore(tx: Transaction, before: string, most: number): Promise<readonly string[]> {
    return idsBefore(tx, 'mirror_candidate', before, most);
  }

  countFrom(tx: Transaction, from: string): Promise<number> {
    return countFrom(tx, 'mirror_candidate', from);
  }
}

/**
 * Whoever applied for one of the jobs and is indexed with another title. The index finds them quicker than the tables would.
 * @param retitled Those of which everybody is concerned: a title that is written differently may be the same to the index.
 */
async function writtenJobs(
  tx: Transaction,
  jobIds: readonly string[],
  retitled: ReadonlySet<string>,
): Promise<readonly QueryNode[]> {
  if (jobIds.length === 0) return [];
  const jobs = await tx.rows<{ id: string; connectionId: string; remoteId: string; title: string }>(
    `select j.id, j.connection_id as "connectionId", j.remote_id as "remoteId", j.title from talentbridge.mirror_job j
     where ${tx.own('j')} and j.id = any($1::uuid[])`,
    [jobIds],
  );
  return jobs.map(({ id, connectionId, remoteId, title }) => {
    const known = allOf([
      hasValue('jobId', id),
      ...(keyOf(fieldNamed('job'), title) === '' ? [] : [hasValue('job', title)]),
    ]);
    const applied = hasValue('jobId', remoteId);
    return allOf([
      hasValue('connection', connectionId),
      oneApplication(retitled.has(id) ? applied : allOf([applied, noneOf(known)])),
    ]);
  });
}

function hasValue(field: string, value: string): QueryNode {
  return { kind: 'value', field, value: keyOf(fieldNamed(field), value) };
}
