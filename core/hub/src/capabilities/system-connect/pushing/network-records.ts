import type { NetworkKind } from '@talentbridge/contracts';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { makeDue } from './due-records.js';
import { type Chunk, dueKindOf, keyOf, type OutgoingRecord, type RecordName, type StoredRecord } from './push-model.js';

/** What belongs to an application, and goes with it. */
export const OF_APPLICATIONS = ['applicationNote', 'feedback', 'stage'] as const satisfies readonly NetworkKind[];

const COLUMNS = `r.kind, r.remote_id as "remoteId", r.parent_id as "parentId", r.mirror_id as "mirrorId", r.digest, r.status, r.copy,
  r.job_remote_id as "jobRemoteId"`;

/** The columns that name records, for `unnest`. */
function namesOf(records: readonly RecordName[]): readonly (readonly string[])[] {
  return [
    records.map(({ kind }) => kind),
    records.map(({ remoteId }) => remoteId),
    records.map(({ parentId }) => parentId),
  ];
}

/** What is known of records, of all that go with candidates or jobs of the mirror, and of others by their names. */
export async function storedRecords(
  tx: Transaction,
  connectionId: string,
  mirrorIds: readonly string[],
  named: readonly RecordName[] = [],
): Promise<readonly StoredRecord[]> {
  const own = await tx.rows<StoredRecord>(
    `select ${COLUMNS} from unnest($2::uuid[]) as wanted (id) cross join lateral (
       select r.* from talentbridge.network_record r
       where ${tx.own('r')} and r.mirror_id = wanted.id and r.connection_id = $1 offset 0) as r`,
    [connectionId, mirrorIds],
  );
  if (named.length === 0) return own;
  // Where something went over from one candidate to another, its former owner may still be named.
  const others = await tx.rows<StoredRecord>(
    `select ${COLUMNS} from unnest($2::text[], $3::text[], $4::text[]) as wanted (kind, remote_id, parent_id)
     cross join lateral (
       select r.* from talentbridge.network_record r
       where ${tx.own('r')} and r.remote_id = wanted.remote_id collate "C" and r.parent_id = wanted.parent_id collate "C"
         and r.kind = wanted.kind and r.connection_id = $1 offset 0) as r
     where r.mirror_id <> all($5::uuid[])`,
    [connectionId, ...namesOf(named), mirrorIds],
  );
  return [...own, ...others];
}

/** What became of a record that was sent. */
export interface SentRecord {
  readonly record: OutgoingRecord;
  /** Absent: the network has it. */
  readonly refusedBecause?: string;
}

/** Notes that records are about to be sent: from now on nobody knows what the network has of them. */
export function saveIntended(tx: Transaction, connectionId: string, records: readonly OutgoingRecord[]): Promise<void> {
  return save(tx, connectionId, records.map(intended));
}

/** Nobody knows any more what the network has of records that were sent. Those that were forgotten meanwhile may be there all the same. */
export function distrust(tx: Transaction, connectionId: string, records: readonly OutgoingRecord[]): Promise<void> {
  return save(tx, connectionId, records.map(intended), 'set digest = null');
}

function intended({ value: _, ...record }: OutgoingRecord): object {
  return { ...record, digest: null, status: 'SENT', reason: null };
}

/** Notes what the network has and refuses. */
export function saveSent(tx: Transaction, connectionId: string, sent: readonly SentRecord[]): Promise<void> {
  return save(
    tx,
    connectionId,
    sent.map(({ record: { value: _, ...record }, refusedBecause }) => ({
      ...record,
      status: refusedBecause === undefined ? 'SENT' : 'REFUSED',
      reason: refusedBecause ?? null,
    })),
  );
}

async function save(
  tx: Transaction,
  connectionId: string,
  rows: readonly object[],
  /** What becomes of those that are known. */
  known = REPLACED,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.rows(
    // A worker that is late writes nothing of who was erased meanwhile.
    `insert into talentbridge.network_record as r
       (organization_id, connection_id, kind, remote_id, parent_id, mirror_id, digest, status, reason, job_remote_id, copy)
     select $1, $2, n.kind, n."remoteId", n."parentId", n."mirrorId", n.digest, n.status, n.reason, n."jobRemoteId", n.copy
     from jsonb_to_recordset($3::jsonb) as n (kind text, "remoteId" text, "parentId" text, "mirrorId" uuid, digest uuid,
       status text, reason text, "jobRemoteId" text, copy jsonb)
     on conflict (organization_id, remote_id, parent_id, kind, connection_id) do update ${known}
       where r.erasure_id is null or r.mirror_id <> excluded.mirror_id`,
    [tx.organizationId, connectionId, JSON.stringify(rows)],
  );
}

const REPLACED = `set mirror_id = excluded.mirror_id, digest = excluded.digest, status = excluded.status, reason = excluded.reason,
  job_remote_id = excluded.job_remote_id, copy = excluded.copy, erasure_id = null, at = now()`;

/** What is at the network as it is to be, and goes with another candidate or job of the mirror than before. */
export function ownersChanged({ outgoing, stored }: Pick<Chunk, 'outgoing' | 'stored'>): readonly OutgoingRecord[] {
  const was = new Map(stored.map((record) => [keyOf(record), record]));
  return outgoing.filter((record) => {
    const before = was.get(keyOf(record));
    return before?.digest === record.digest && before.mirrorId !== record.mirrorId;
  });
}

/** They go with other candidates or jobs of the mirror from now on. */
export async function giveTo(
  tx: Transaction,
  connectionId: string,
  records: readonly (RecordName & { readonly mirrorId: string })[],
): Promise<void> {
  if (records.length === 0) return;
  await tx.rows(
    `update talentbridge.network_record r set mirror_id = n.mirror_id
     from unnest($2::text[], $3::text[], $4::text[], $5::uuid[]) as n (kind, remote_id, parent_id, mirror_id)
     where ${tx.own('r')} and r.connection_id = $1 and r.remote_id = n.remote_id and r.parent_id = n.parent_id and r.kind = n.kind
       and r.remote_id = any($3::text[])`,
    [connectionId, ...namesOf(records), records.map(({ mirrorId }) => mirrorId)],
  );
}

/**
 * Of an erased candidate nothing is kept but the ids that the network is to be told, until it was.
 * @returns How many records those are.
 */
export async function keepIdsAlone(
  tx: Transaction,
  { erasureId, id }: { readonly erasureId: string; readonly id: string },
): Promise<number> {
  const rows = await tx.rows(
    `update talentbridge.network_record r
     set digest = null, status = 'SENT', reason = null, job_remote_id = null, copy = null, erasure_id = $2
     where ${tx.own('r')} and r.mirror_id = $1 returning 1`,
    [id, erasureId],
  );
  return rows.length;
}

/** How many records of an erased candidate the network has still to remove. */
export async function countPending(tx: Transaction, erasureId: string): Promise<number> {
  const row = await tx.row<{ count: number }>(
    `select count(*)::int as count from talentbridge.network_record r where ${tx.own('r')} and r.erasure_id = $1`,
    [erasureId],
  );
  return row?.count ?? 0;
}

/** The network does not have them any more; what belonged to applications went along. */
export async function forgetRecords(
  tx: Transaction,
  connectionId: string,
  records: readonly RecordName[],
): Promise<void> {
  if (records.length === 0) return;
  await tx.rows(
    `delete from talentbridge.network_record r using unnest($2::text[], $3::text[], $4::text[]) as n (kind, remote_id, parent_id)
     where ${tx.own('r')} and r.connection_id = $1 and r.remote_id = n.remote_id and r.parent_id = n.parent_id and r.kind = n.kind
       and r.remote_id = any($3::text[])`,
    [connectionId, ...namesOf(records)],
  );
  const applications = records.filter(({ kind }) => kind === 'application').map(({ remoteId }) => remoteId);
  if (applications.length > 0) {
    await tx.rows(
      `delete from talentbridge.network_record r
       where ${tx.own('r')} and r.connection_id = $1 and r.parent_id = any($2::text[]) and r.parent_id <> ''
         and r.kind = any($3::text[])`,
      [connectionId, applications, OF_APPLICATIONS],
    );
  }
}

/** The candidates of the mirror with an application for a job, as far as the network has it. */
export async function candidatesOfJobs(
  tx: Transaction,
  connectionId: string,
  jobRemoteIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.rows<{ id: string }>(
    `select distinct r.mirror_id as id from talentbridge.network_record r
     where ${tx.own('r')} and r.connection_id = $1 and r.job_remote_id = any($2::text[])`,
    [connectionId, jobRemoteIds],
  );
  return rows.map(({ id }) => id);
}

/** The ATS's ids of the applications for jobs, as far as the network has heard of them. */
export async function applicationsOfJobs(
  tx: Transaction,
  connectionId: string,
  jobRemoteIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await tx.rows<{ remoteId: string }>(
    `select r.remote_id as "remoteId" from talentbridge.network_record r
     where ${tx.own('r')} and r.connection_id = $1 and r.job_remote_id = any($2::text[])`,
    [connectionId, jobRemoteIds],
  );
  return rows.map(({ remoteId }) => remoteId);
}

/** Some records of one kind. */
export function someRecords(
  tx: Transaction,
  connectionId: string,
  kind: NetworkKind,
  most: number,
): Promise<readonly StoredRecord[]> {
  return tx.rows<StoredRecord>(
    `select ${COLUMNS} from talentbridge.network_record r
     where ${tx.own('r')} and r.connection_id = $1 and r.kind = $2 and r.at > '-infinity' limit $3`,
    [connectionId, kind, most],
  );
}

/** Forgets everything that is known of a network. @returns How many records that were. */
export async function forgetAll(tx: Transaction, connectionId: string): Promise<number> {
  const row = await tx.row<{ count: number }>(
    `with gone as (
       delete from talentbridge.network_record r where ${tx.own('r')} and r.connection_id = $1 returning 1
     ) select count(*)::int as count from gone`,
    [connectionId],
  );
  await tx.rows(`delete from talentbridge.network_candidate n where ${tx.own('n')} and n.connection_id = $1`, [
    connectionId,
  ]);
  return row?.count ?? 0;
}

/**
 * Has everything that the network refused looked at anew: a record that is as it was may be taken now, because the settings of the
 * connection are others. What a worker writes at this moment is passed over.
 */
export async function lookAtRefusedAgain(tx: Transaction, connectionId: string): Promise<void> {
  const again = await tx.rows<{ kind: NetworkKind; mirrorId: string }>(
    `update talentbridge.network_record r set digest = null
     where ${tx.own('r')} and r.connection_id = $1 and r.id in (
       select w.id from talentbridge.network_record w
       where ${tx.own('w')} and w.connection_id = $1 and w.status = 'REFUSED' for update skip locked)
     returning r.kind, r.mirror_id as "mirrorId"`,
    [connectionId],
  );
  const isJob = ({ kind }: { readonly kind: NetworkKind }): boolean => dueKindOf(kind) === 'job';
  const idsOf = (records: typeof again): readonly string[] => records.map(({ mirrorId }) => mirrorId);
  await makeDue(tx, connectionId, 'job', idsOf(again.filter(isJob)));
  await makeDue(tx, connectionId, 'candidate', idsOf(again.filter((record) => !isJob(record))));
}
