import type { RecordReference } from '@talentbridge/contracts';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { SyncCountsByKind } from '../mirror-model.js';
import type { Newer } from './known.js';
import { idsOf, rowsNamed } from './lookups.js';
import type { Counts, MirrorPlace, RemovedRecords } from './mirror-write.js';

/** Parts that were written by themselves make the hash over all of them worthless. */
const WORTHLESS_HASH = '00000000-0000-0000-0000-000000000000';

/** Deletes records with all that belongs to them. @returns How many went from which table, and whose applications went. */
export async function deleteByIds(
  tx: Transaction,
  { connectionId }: MirrorPlace,
  { candidateIds, jobIds, applicationIds }: RemovedRecords,
): Promise<{ readonly rows: Record<string, number>; readonly ownerIds: readonly string[] }> {
  const rows: Record<string, number> = {};
  let ownerIds: readonly string[] = [];
  if (applicationIds.length > 0) {
    const deleted = await tx.rows<{ candidateRemoteId: string }>(
      `delete from talentbridge.mirror_application a
       where ${tx.own('a')} and a.connection_id = $1 and a.id = any($2::uuid[])
       returning a.candidate_remote_id as "candidateRemoteId"`,
      [connectionId, applicationIds],
    );
    rows['mirror_application'] = deleted.length;
    ownerIds = await touchOwners(
      tx,
      connectionId,
      deleted.map((row) => row.candidateRemoteId),
    );
  }
  if (jobIds.length > 0) {
    rows['mirror_job'] = await countOf(
      tx,
      `delete from talentbridge.mirror_job j where ${tx.own('j')} and j.connection_id = $1 and j.id = any($2::uuid[])`,
      [connectionId, jobIds],
    );
  }
  if (candidateIds.length > 0) {
    const people = await tx.rows<{ remoteId: string }>(
      `delete from talentbridge.mirror_candidate c
       where ${tx.own('c')} and c.connection_id = $1 and c.id = any($2::uuid[]) returning c.remote_id as "remoteId"`,
      [connectionId, candidateIds],
    );
    rows['mirror_candidate'] = people.length;
    const remoteIds = people.map((row) => row.remoteId);
    const applications = await countOf(
      tx,
      `delete from talentbridge.mirror_application a where ${tx.own('a')} and a.id = any(array(
         select o.id from ${rowsNamed(tx, 'application', 'candidate_remote_id', '$2')} o))`,
      [connectionId, remoteIds],
    );
    rows['mirror_application'] = (rows['mirror_application'] ?? 0) + applications;
    rows['mirror_attachment'] = await countOf(
      tx,
      `delete from talentbridge.mirror_attachment f where ${tx.own('f')} and f.id = any(array(
         select o.id from ${rowsNamed(tx, 'attachment', 'candidate_remote_id', '$2')} o))`,
      [connectionId, remoteIds],
    );
  }
  return { rows, ownerIds };
}

/** The records of the mirror that are gone. An application that somebody saw with its candidate later is not. */
export async function goneOf(
  tx: Transaction,
  place: MirrorPlace,
  gone: readonly RecordReference[],
  newer: Newer,
): Promise<RemovedRecords> {
  const named = await idsOf(tx, place, gone, newer.ids);
  if (named.applicationIds.length === 0 || newer.owners.size === 0) return named;
  const rows = await tx.rows<{ id: string; owner: string }>(
    `select a.id, a.candidate_remote_id as owner from talentbridge.mirror_application a
     where ${tx.own('a')} and a.id = any($1::uuid[])`,
    [named.applicationIds],
  );
  return { ...named, applicationIds: rows.filter((row) => !newer.owners.has(row.owner)).map((row) => row.id) };
}

/** Deletes records that the ATS named as gone, and counts them. */
export async function removeNamed(
  tx: Transaction,
  place: MirrorPlace,
  removed: RemovedRecords,
  counts: { readonly [Kind in keyof SyncCountsByKind]: Counts },
): Promise<RemovedRecords & { readonly ownerIds: readonly string[] }> {
  const { rows, ownerIds } = await deleteByIds(tx, place, removed);
  counts.candidates.deleted += removed.candidateIds.length;
  counts.jobs.deleted += removed.jobIds.length;
  counts.applications.deleted += rows['mirror_application'] ?? 0;
  return { ...removed, ownerIds };
}

/** The candidates of applications that were written or deleted by themselves. */
export async function touchOwners(
  tx: Transaction,
  connectionId: string,
  candidateRemoteIds: readonly string[],
): Promise<readonly string[]> {
  if (candidateRemoteIds.length === 0) return [];
  const rows = await tx.rows<{ id: string; whole: boolean }>(
    `select c.id, c.applications_hash <> $3 as whole from ${rowsNamed(tx, 'candidate', 'remote_id', '$2')} c`,
    [connectionId, [...new Set(candidateRemoteIds)], WORTHLESS_HASH],
  );
  const whole = rows.filter((row) => row.whole).map((row) => row.id);
  if (whole.length > 0) {
    await tx.rows(
      `update talentbridge.mirror_candidate c set applications_hash = $2 where ${tx.own('c')} and c.id = any($1::uuid[])`,
      [whole, WORTHLESS_HASH],
    );
  }
  return rows.map((row) => row.id);
}

/** Runs a statement without a `returning`. @returns How many rows it wrote or deleted. */
export async function countOf(tx: Transaction, statement: string, parameters: readonly unknown[]): Promise<number> {
  const row = await tx.row<{ count: number }>(
    `with gone as (${statement} returning 1) select count(*)::int as count from gone`,
    parameters,
  );
  return row?.count ?? 0;
}
