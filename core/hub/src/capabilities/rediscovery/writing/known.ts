import type { RecordReference } from '@talentbridge/contracts';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { ReadRecords } from '../read-records.js';
import { lookUp, rowsNamed } from './lookups.js';
import type { MirrorPlace, MirrorRead } from './mirror-write.js';
import { refOf, WHOLE } from './refs.js';

/** What one read says of the ATS. */
export type SeenRecords = Pick<ReadRecords, 'candidates' | 'jobs' | 'applications' | 'gone'>;

/** The same, with what it says of records that it did not bring. */
export type ToldRecords = SeenRecords & Pick<ReadRecords, 'refused' | 'unreadable'>;

/** What was read by others who asked later than this read did, and wrote earlier. */
export interface Newer {
  /** What was named from outside, or is gone: "candidate/17". */
  readonly refs: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
  /** The ATS's ids of candidates who came with all their applications, or are gone with them. */
  readonly owners: ReadonlySet<string>;
}

/** What is known before something is written. */
export interface Known {
  readonly newer: Newer;
  /** Sealed. `undefined`: nobody was ever erased. */
  readonly erasureKey: unknown;
  /** By the ATS's id. */
  readonly candidates: ReadonlyMap<string, KnownCandidate>;
}

/** A candidate whom the mirror has. */
export interface KnownCandidate {
  readonly id: string;
  readonly remoteId: string;
  readonly hash: string;
  readonly applicationsHash: string | null;
  readonly attachmentsHash: string | null;
  readonly copied: boolean;
}

/** An application or a file that the mirror has. */
export interface KnownApplication {
  readonly id: string;
  readonly remoteId: string;
  readonly candidateRemoteId: string;
  readonly hash: string;
  readonly copied: boolean;
}

/** One row beside those of candidates. */
interface NewerRow {
  readonly id: null;
  readonly refs: readonly string[] | null;
  readonly ids: readonly string[] | null;
  readonly erasureKey: unknown;
}

/**
 * All that has to be known before anything is written, in one statement.
 * @param candidateIds The ATS's.
 */
export async function knownBefore(
  tx: Transaction,
  { connectionId, mirrored }: MirrorPlace,
  { runId, beganAt }: MirrorRead,
  candidateIds: readonly string[],
): Promise<Known> {
  const rows = await lookUp<NewerRow | KnownCandidate>(
    tx,
    mirrored,
    // A page yields to what was named from outside, and the other way round; pages follow one another anyway. Candidates are
    // rows of their own: a document of all of them takes the database four times as long as looking them up.
    `with newer as materialized (
       select r.refs, r.candidate_ids || r.job_ids || r.application_ids as ids from talentbridge.mirror_read r
       where ${tx.own('r')} and r.connection_id = $1 and r.began_at >= $2 and (r.run_id is null or not $3)
     )
     select (select array_agg(ref) from newer, unnest(newer.refs) as ref) as refs,
       (select array_agg(id) from newer, unnest(newer.ids) as id where not $3) as ids,
       (select k.sealed from talentbridge.mirror_erasure_key k where ${tx.own('k')}) as "erasureKey",
       null::uuid as id, null as "remoteId", null::uuid as hash, null::uuid as "applicationsHash",
       null::uuid as "attachmentsHash", null::boolean as copied
     union all
     select null, null, null, c.id, c.remote_id, c.hash, c.applications_hash, c.attachments_hash, c.copied
     from ${rowsNamed(tx, 'candidate', 'remote_id', '$4')} c`,
    [connectionId, beganAt, runId !== undefined, candidateIds],
  );
  const newer = rows.find((row) => row.id === null);
  const refs = newer?.refs ?? [];
  const ids = newer?.ids ?? [];
  const wholeOwners = refs.flatMap((ref) => (ref.startsWith(WHOLE) ? [ref.slice(WHOLE.length)] : []));
  return {
    newer: {
      refs: new Set(refs),
      ids: new Set(ids),
      owners: new Set([...wholeOwners, ...(await wholeAmong(tx, ids))]),
    },
    erasureKey: newer?.erasureKey ?? undefined,
    candidates: new Map(rows.flatMap((row) => (row.id === null ? [] : [[row.remoteId, row]]))),
  };
}

/** Nobody else read anything later, as on nearly every page. */
export function isNobody({ refs, ids, owners }: Newer): boolean {
  return refs.size === 0 && ids.size === 0 && owners.size === 0;
}

/** Leaves out records that somebody else read later, but for applications that came with their candidate. */
export function withoutNewer(
  { candidates, jobs, applications }: SeenRecords,
  newer: Newer,
): Pick<ReadRecords, 'candidates' | 'jobs' | 'applications'> {
  if (isNobody(newer)) return { candidates, jobs, applications };
  const { refs, owners } = newer;
  const isNewer = (kind: RecordReference['kind'], remoteId: string): boolean => refs.has(refOf({ kind, remoteId }));
  return {
    candidates: candidates.filter(({ remoteId }) => !isNewer('candidate', remoteId)),
    jobs: jobs.filter(({ remoteId }) => !isNewer('job', remoteId)),
    applications: applications.filter(
      ({ remoteId, candidateRemoteId }) => !isNewer('application', remoteId) && !owners.has(candidateRemoteId),
    ),
  };
}

/** The ATS's ids of those of the candidates whose applications come with them. */
async function wholeAmong(tx: Transaction, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.rows<{ remoteId: string }>(
    `select c.remote_id as "remoteId" from talentbridge.mirror_candidate c
     where ${tx.own('c')} and c.id = any($1::uuid[]) and c.applications_hash is not null`,
    [ids],
  );
  return rows.map((row) => row.remoteId);
}
