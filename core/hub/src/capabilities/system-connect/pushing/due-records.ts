import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { DueKind, DueRecord } from './push-model.js';
import { waitFor } from './push-waits.js';

/** Before every id. */
export const FIRST = '00000000-0000-0000-0000-000000000000';

/** Makes candidates or jobs of the mirror due. @param first Before all that is due already. */
export async function makeDue(
  tx: Transaction,
  connectionId: string,
  kind: DueKind,
  mirrorIds: readonly string[],
  first = false,
): Promise<void> {
  if (mirrorIds.length === 0) return;
  await tx.rows(
    `insert into talentbridge.network_due as d (organization_id, connection_id, kind, mirror_id, since)
     select $1, $2, $3, n.id, case when $5 then timestamptz 'epoch' else now() end
     from (select distinct unnest($4::uuid[]) as id) n order by n.id
     on conflict (organization_id, mirror_id, kind, connection_id)
       do update set version = d.version + 1, next_at = now(), since = least(d.since, excluded.since)`,
    [tx.organizationId, connectionId, kind, mirrorIds, first],
  );
}

/** Makes all jobs due that the network has heard of. */
export async function makeJobsDue(tx: Transaction, connectionId: string): Promise<void> {
  await tx.rows(
    `insert into talentbridge.network_due as d (organization_id, connection_id, kind, mirror_id)
     select distinct $1::uuid, $2::uuid, 'job', r.mirror_id from talentbridge.network_record r
     where ${tx.own('r')} and r.connection_id = $2 and r.kind = 'job' and r.at > '-infinity' order by r.mirror_id
     on conflict (organization_id, mirror_id, kind, connection_id) do update set version = d.version + 1, next_at = now()`,
    [tx.organizationId, connectionId],
  );
}

/**
 * What is due now, those first that have been for longest. What failed before comes after the others and never along with them.
 * @param only Of these alone.
 */
export async function dueNow(
  tx: Transaction,
  connectionId: string,
  kind: DueKind,
  most: number,
  only?: readonly string[],
): Promise<readonly DueRecord[]> {
  for (const tries of ['= 0', '> 0']) {
    const due = await tx.rows<DueRecord>(
      `select d.mirror_id as "mirrorId", d.version, d.tries from talentbridge.network_due d
       where ${tx.own('d')} and d.connection_id = $1 and d.kind = $2 and d.next_at > '-infinity' and d.next_at <= now()
         and d.tries ${tries}
         and ($4::uuid[] is null or d.mirror_id = any($4::uuid[]))
       order by d.since, d.mirror_id limit $3`,
      [connectionId, kind, most, only ?? null],
    );
    if (due.length > 0) return due;
  }
  return [];
}

/**
 * What was looked at is done with, unless it changed meanwhile; what failed is due again later.
 * @param held What failed, and why, where that is known.
 */
export async function settleDue(
  tx: Transaction,
  connectionId: string,
  kind: DueKind,
  due: readonly DueRecord[],
  held: ReadonlyMap<string, object | undefined>,
): Promise<void> {
  await endDue(
    tx,
    connectionId,
    kind,
    due.filter(({ mirrorId }) => !held.has(mirrorId)),
  );
  const failed = due.filter(({ mirrorId }) => held.has(mirrorId));
  await putOff(
    tx,
    connectionId,
    kind,
    failed.map(({ mirrorId, tries }) => ({ mirrorId, inMs: waitFor(held.get(mirrorId), tries + 1) })),
  );
}

/** They are done with, unless they changed meanwhile. */
async function endDue(tx: Transaction, connectionId: string, kind: DueKind, done: readonly DueRecord[]): Promise<void> {
  if (done.length === 0) return;
  // In the order in which whoever writes to a mirror takes them.
  await tx.rows(
    `with done as materialized (
       select d.mirror_id from talentbridge.network_due d
       join unnest($3::uuid[], $4::int[]) as n (id, version) on n.id = d.mirror_id and n.version = d.version
       where ${tx.own('d')} and d.connection_id = $1 and d.kind = $2 and d.mirror_id = any($3::uuid[])
       order by d.mirror_id for update of d
     )
     delete from talentbridge.network_due d using done
     where ${tx.own('d')} and d.connection_id = $1 and d.kind = $2 and d.mirror_id = done.mirror_id
       and d.mirror_id = any($3::uuid[])`,
    [connectionId, kind, done.map(({ mirrorId }) => mirrorId), done.map(({ version }) => version)],
  );
}

/** They failed, and are due again later. */
async function putOff(
  tx: Transaction,
  connectionId: string,
  kind: DueKind,
  failed: readonly { readonly mirrorId: string; readonly inMs: number }[],
): Promise<void> {
  if (failed.length === 0) return;
  await tx.rows(
    `with failed as materialized (
       select d.mirror_id, n.ms from talentbridge.network_due d
       join unnest($3::uuid[], $4::float8[]) as n (id, ms) on n.id = d.mirror_id
       where ${tx.own('d')} and d.connection_id = $1 and d.kind = $2 and d.mirror_id = any($3::uuid[])
       order by d.mirror_id for update of d
     )
     update talentbridge.network_due d
     set tries = d.tries + 1, next_at = now() + failed.ms * interval '1 millisecond' from failed
     where ${tx.own('d')} and d.connection_id = $1 and d.kind = $2 and d.mirror_id = failed.mirror_id
       and d.mirror_id = any($3::uuid[])`,
    [connectionId, kind, failed.map(({ mirrorId }) => mirrorId), failed.map(({ inMs }) => inMs)],
  );
}

/** When the next is due that is not yet. */
export async function nextDueAt(tx: Transaction, connectionId: string): Promise<Date | undefined> {
  const row = await tx.row<{ at: Date | null }>(
    `select min(d.next_at) as at from talentbridge.network_due d where ${tx.own('d')} and d.connection_id = $1
       and d.next_at > '-infinity'`,
    [connectionId],
  );
  return row?.at ?? undefined;
}
