import type { RecordReference } from '@talentbridge/contracts';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { NotFoundError } from '../../kernel/errors.js';
import { idsInText, MASKED_ID } from '../../kernel/persistence/ids-in-text.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../kernel/persistence/uuidv7.js';
import type { ErasedPeople, Recogniser } from './erased-people.js';
import { forgetAllPages } from './ledger/kept-pages.js';
import type { ErasureCertificate } from './mirror-model.js';
import type { MirrorWriter } from './mirror-writer.js';
import type { MirrorPlace } from './writing/mirror-write.js';
import { goneRefs } from './writing/refs.js';

/** An address that more candidates than this share is nobody's own: a shared mailbox, an agency. */
const MOST_SHARING_AN_EMAIL = 5;

/** Somebody who was erased, for whoever keeps something else of them. */
export interface ErasedCandidate {
  /** Of the certificate. */
  readonly erasureId: string;
  /** The mirror's. */
  readonly id: string;
  readonly connectionId: string;
  readonly accountKey: string;
  readonly remoteId: string;
  /** Of their applications: an id may be made of the candidate's. */
  readonly applicationIds: readonly string[];
  readonly pseudonym: string;
}

/** A table outside the mirror that may name an erased candidate. */
export interface ErasureKeeper {
  /** For the certificate. */
  readonly table: string;
  /** Deletes what it has, or puts the pseudonym in its place. @returns How many rows that were. */
  forget(tx: Transaction, erased: ErasedCandidate): Promise<number>;
  /**
   * How many records another system has still to remove, of which nothing but ids is kept until it did. Absent: nobody else has to.
   * @param erasureId Of the certificate.
   */
  pending?(tx: Transaction, erasureId: string): Promise<number>;
}

/** What `Erasures` works with. */
export interface ErasuresParts {
  readonly keepers: readonly ErasureKeeper[];
  readonly erased: ErasedPeople;
  readonly writer: MirrorWriter;
  readonly audit: AuditLog;
}

interface Person {
  readonly id: string;
  readonly connectionId: string;
  readonly remoteId: string;
  readonly emails: readonly string[];
  readonly accountKey: string;
}

/** Removes people from the mirror for good, and proves it without keeping anything of them. */
export class Erasures {
  constructor(private readonly parts: ErasuresParts) {}

  /** References to records, without those of people who were erased. */
  async withoutErased(
    tx: Transaction,
    { accountKey }: MirrorPlace,
    references: readonly RecordReference[],
  ): Promise<readonly RecordReference[]> {
    const known = await this.parts.erased.recogniserOf(tx, accountKey);
    if (!known) return references;
    const personOf = ({ remoteId }: RecordReference) => ({ remoteId, emails: [] });
    const isErased = await known.find(tx, references.filter(({ kind }) => kind === 'candidate').map(personOf));
    return references.filter((reference) => reference.kind !== 'candidate' || !isErased(personOf(reference)));
  }

  /**
   * Erases a person: the candidate, and every other candidate of the organization with one of their emails, in one transaction
   * with the keyed hashes that keep them from coming back, the certificate and the audit entry. A profile of the directory that
   * they were matched with stays, without the match: it is the host platform's own record, and a match may be wrong.
   * The cursor of a run that is under way may name the ATS's ids of its last page until the next one is written.
   * @throws NotFoundError
   */
  erase(scope: OrganizationScope, id: string): Promise<ErasureCertificate> {
    return scope.transaction(async (tx) => {
      const erasureId = uuidv7();
      const connection = await lockMirrors(tx, id);
      const person = connection && (await this.person(tx, id));
      if (!person) throw new NotFoundError('candidate', id);
      const emails = await this.ownEmails(tx, person.emails);
      const people = [person, ...(await this.others(tx, person, emails))];
      const removed: Record<string, number> = {};
      const count = (table: string, rows: number): void => {
        removed[table] = (removed[table] ?? 0) + rows;
      };
      let first = '';
      for (const { id: candidateId, connectionId, accountKey, remoteId } of people) {
        const known: Recogniser = await this.parts.erased.founder(tx, accountKey);
        const applicationIds = await this.applicationsOf(tx, connectionId, remoteId);
        await known.add(tx, [remoteId], emails, applicationIds);
        const pseudonym = known.pseudonym(remoteId);
        first ||= pseudonym;
        const place = { connectionId, accountKey };
        // Those first who find what they keep by what the mirror has of the person.
        for (const keeper of this.parts.keepers) {
          const gone = { erasureId, id: candidateId, connectionId, accountKey, remoteId, applicationIds, pseudonym };
          count(keeper.table, await keeper.forget(tx, gone));
        }
        const gone = { candidateIds: [candidateId], jobIds: [], applicationIds: [] };
        for (const [table, rows] of Object.entries(await this.parts.writer.remove(tx, place, gone))) count(table, rows);
        for (const table of ['sync_issue', 'sync_doubt'] as const) {
          count(table, await this.forgetMentions(tx, table, connectionId, [remoteId, ...applicationIds]));
        }
        count('sync_run', await this.maskReasons(tx, connectionId, [remoteId, ...applicationIds]));
        count('mirror_read', await this.forgetReads(tx, connectionId, remoteId, applicationIds));
      }
      count('sync_page', await forgetAllPages(tx));
      return this.certify(tx, scope, { id: erasureId, pseudonym: first, removed });
    });
  }

  /** A certificate that was given before. */
  async certificate(scope: OrganizationScope, id: string): Promise<ErasureCertificate | undefined> {
    if (!isUuid(id)) return undefined;
    return scope.read((tx) => this.find(tx, id));
  }

  private person(tx: Transaction, id: string): Promise<Person | undefined> {
    return tx.row<Person>(`${PEOPLE(tx)} and c.id = $1 for update of c`, [id]);
  }

  /** Those of the emails that tell people apart. */
  private async ownEmails(tx: Transaction, emails: readonly string[]): Promise<readonly string[]> {
    if (emails.length === 0) return [];
    const shared = await tx.rows<{ email: string }>(
      `select email from talentbridge.mirror_candidate c, unnest(c.emails) as email
       where ${tx.own('c')} and c.emails && $1::text[] and email = any($1::text[])
       group by email having count(*) > ${MOST_SHARING_AN_EMAIL}`,
      [emails],
    );
    const everybodys = new Set(shared.map((row) => row.email));
    return emails.filter((email) => !everybodys.has(email));
  }

  private async others(tx: Transaction, { id }: Person, emails: readonly string[]): Promise<readonly Person[]> {
    if (emails.length === 0) return [];
    return tx.rows<Person>(`${PEOPLE(tx)} and c.emails && $2::text[] and c.id <> $1 for update of c`, [id, emails]);
  }

  /** An application's id is made of its candidate's where the ATS has none of its own. */
  private async applicationsOf(tx: Transaction, connectionId: string, remoteId: string): Promise<readonly string[]> {
    const rows = await tx.rows<{ remoteId: string }>(
      `select a.remote_id as "remoteId" from talentbridge.mirror_application a
       where ${tx.own('a')} and a.connection_id = $1 and a.candidate_remote_id = $2`,
      [connectionId, remoteId],
    );
    return rows.map((row) => row.remoteId);
  }

  private async forgetMentions(
    tx: Transaction,
    table: 'sync_issue' | 'sync_doubt',
    connectionId: string,
    remoteIds: readonly string[],
  ): Promise<number> {
    const rows = await tx.rows(
      `delete from talentbridge.${table} i
       where ${tx.own('i')} and i.connection_id = $1 and i.kind in ('candidate', 'application')
         and i.remote_id = any($2::text[]) returning i.id`,
      [connectionId, remoteIds],
    );
    return rows.length;
  }

  /** Why a run failed or waits may name the record that the ATS did not find. */
  private async maskReasons(tx: Transaction, connectionId: string, remoteIds: readonly string[]): Promise<number> {
    const rows = await tx.rows(
      `update talentbridge.sync_run r set status_reason = regexp_replace(r.status_reason, $2, '${MASKED_ID}', 'g')
       where ${tx.own('r')} and r.connection_id = $1 and r.status_reason ~ $2 returning r.id`,
      [connectionId, idsInText(remoteIds)],
    );
    return rows.length;
  }

  /** Where the ATS's ids of the person stand beside what was read. */
  private async forgetReads(
    tx: Transaction,
    connectionId: string,
    remoteId: string,
    applicationIds: readonly string[],
  ): Promise<number> {
    const refs = goneRefs([
      { kind: 'candidate', remoteId },
      ...applicationIds.map((id) => ({ kind: 'application' as const, remoteId: id })),
    ]);
    const rows = await tx.rows(
      `update talentbridge.mirror_read m
       set refs = (select coalesce(array_agg(ref), '{}') from unnest(m.refs) as ref where ref <> all($2::text[]))
       where ${tx.own('m')} and m.connection_id = $1 and m.refs && $2::text[] returning m.id`,
      [connectionId, refs],
    );
    return rows.length;
  }

  private async certify(
    tx: Transaction,
    scope: OrganizationScope,
    {
      id,
      pseudonym,
      removed,
    }: { readonly id: string; readonly pseudonym: string; readonly removed: Readonly<Record<string, number>> },
  ): Promise<ErasureCertificate> {
    const tables = Object.entries(removed).map(([table, rows]) => ({ table, rows }));
    await tx.rows(
      `insert into talentbridge.mirror_erasure (organization_id, id, pseudonym, removed) values ($1, $2, $3, $4)`,
      [tx.organizationId, id, pseudonym, JSON.stringify(tables)],
    );
    await this.parts.audit.record(
      tx,
      scope.caller,
      'candidate.erase',
      { type: 'candidate', id: pseudonym },
      {
        erasureId: id,
        removed,
      },
    );
    const certificate = await this.find(tx, id);
    if (!certificate) throw new Error('The certificate that was stored a moment ago is not there.');
    return certificate;
  }

  private async find(tx: Transaction, id: string): Promise<ErasureCertificate | undefined> {
    const stored = await tx.row<Omit<ErasureCertificate, 'pending'>>(
      `select e.id, e.erased_at as "erasedAt", e.pseudonym, e.removed
       from talentbridge.mirror_erasure e where ${tx.own('e')} and e.id = $1`,
      [id],
    );
    if (!stored) return undefined;
    let pending = 0;
    for (const keeper of this.parts.keepers) pending += (await keeper.pending?.(tx, id)) ?? 0;
    return { ...stored, pending };
  }
}

/** Candidates with the account that they belong to. */
function PEOPLE(tx: Transaction): string {
  return `select c.id, c.connection_id as "connectionId", c.remote_id as "remoteId", c.emails,
      n.plugin_id || '/' || coalesce(s.account_id, n.id::text) as "accountKey"
    from talentbridge.mirror_candidate c
    join talentbridge.connection n on ${tx.own('n')} and n.id = c.connection_id
    left join talentbridge.mirror_state s on ${tx.own('s')} and s.connection_id = c.connection_id
    where ${tx.own('c')}`;
}

/** Locks every mirror of the organization, so that no page that was read before brings somebody back. */
async function lockMirrors(tx: Transaction, candidateId: string): Promise<boolean> {
  if (!isUuid(candidateId)) return false;
  const rows = await tx.rows(
    `select s.connection_id from talentbridge.mirror_state s where ${tx.own('s')} order by s.connection_id for update`,
  );
  return rows.length > 0;
}
