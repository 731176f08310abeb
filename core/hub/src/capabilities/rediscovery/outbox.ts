import type { Transaction } from '../../kernel/persistence/transaction.js';

/** A table in which writers note what whoever keeps something derived has to look at again. */
export type Outbox = 'mirror_change' | 'profile_change';

/**
 * How far somebody has read an outbox: `1234/56`, all of the transactions before 1234, and of that one what was noted up to 56.
 * Transactions are committed in another order than they note, so that what was noted alone would pass some over.
 */
export type OutboxPosition = string;

/** What was noted. */
export interface NotedChange {
  readonly change: string;
  /** Absent in outboxes that are about no connection. */
  readonly connectionId?: string;
  readonly ids: readonly string[];
}

/** Some of what was noted, in the order of transactions. */
export interface NotedChanges {
  readonly changes: readonly NotedChange[];
  /** Where to go on. */
  readonly next: OutboxPosition;
  /** There is more by now. */
  readonly more: boolean;
}

/** How long changes are kept for those who do not read at the moment. Who was away for longer begins anew. */
const KEPT_DAYS = 7;

/** Where to read on from, for somebody who begins with everything that the tables hold from now on. */
export async function outboxEnd(tx: Transaction): Promise<OutboxPosition> {
  const row = await tx.row<{ horizon: string }>('select pg_snapshot_xmin(pg_current_snapshot())::text as horizon');
  return `${row?.horizon ?? '0'}/0`;
}

/**
 * What was noted after a position by transactions that cannot be overtaken any more: each is brought once, and what it is about is
 * there to be read. One that goes on for long, of any organization, holds up those that began after it.
 */
export async function readOutbox(
  tx: Transaction,
  outbox: Outbox,
  after: OutboxPosition,
  most: number,
): Promise<NotedChanges> {
  const rows = await tx.rows<{
    horizon: string;
    at: string | null;
    change: string;
    connectionId: string | null;
    ids: readonly string[];
  }>(
    `with snapshot as (select pg_snapshot_xmin(pg_current_snapshot()) as horizon)
     select s.horizon::text, n.written_in || '/' || n.position as at, n.change, n."connectionId", n.ids
     from snapshot s left join lateral (
       select m.written_in, m.position, m.change, m.ids,
         ${outbox === 'mirror_change' ? 'm.connection_id' : 'null::uuid'} as "connectionId"
       from talentbridge.${outbox} m
       where ${tx.own('m')} and (m.written_in, m.position) > ($1::xid8, $2::bigint) and m.written_in < s.horizon
       order by m.written_in, m.position limit $3
     ) n on true
     order by n.written_in, n.position`,
    [...after.split('/'), most],
  );
  const changes = rows.filter((row) => row.at !== null);
  const more = changes.length === most;
  return {
    changes: changes.map(({ change, connectionId, ids }) => ({
      change,
      ids,
      ...(connectionId ? { connectionId } : {}),
    })),
    next: (more ? changes.at(-1)?.at : undefined) ?? `${rows[0]?.horizon ?? '0'}/0`,
    more,
  };
}

/** Whether everything that was noted after a position is still there. Otherwise whoever stands there begins anew. */
export async function isReadable(tx: Transaction, outbox: Outbox, position: OutboxPosition): Promise<boolean> {
  const [transaction] = position.split('/');
  const row = await tx.row<{ readable: boolean }>(
    // One that comes after every transaction was written down beside another database, of which this one is a copy.
    `select $1::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) and not exists (
       select from talentbridge.outbox_pruning p
       where ${tx.own('p')} and p.outbox = $2 and p.up_to >= $1::xid8) as readable`,
    [transaction, outbox],
  );
  return row?.readable === true;
}

/** Deletes what was noted long ago. */
export async function pruneOutbox(tx: Transaction, outbox: Outbox): Promise<void> {
  await tx.rows(
    `with old as (
       delete from talentbridge.${outbox} m where ${tx.own('m')} and m.at < now() - interval '${KEPT_DAYS} days'
       returning m.written_in
     )
     insert into talentbridge.outbox_pruning as p (organization_id, outbox, up_to)
     select $1, $2, old.written_in from old order by old.written_in desc limit 1
     on conflict (organization_id, outbox) do update set up_to = greatest(p.up_to, excluded.up_to)`,
    [tx.organizationId, outbox],
  );
}
