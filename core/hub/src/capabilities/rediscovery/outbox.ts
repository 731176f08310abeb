import type { Transaction } from '../../kernel/persistence/transaction.js';

/** A table in which writers note what whoever keeps something derived has to look at again. */
export type Outbox = 'mirror_change' | 'profile_change';

/**
 * How far somebody has read an outbox. Transactions are committed in another order than they began and note, so that a place in the order
 * of either would pass some over.
 */
export interface OutboxPosition {
  /** Of all transactions before this one everything was read. This alone is worth keeping: what is read twice does no harm. */
  readonly from: string;
  /** What of later ones was read already, with its transaction. */
  readonly seen: ReadonlyMap<string, string>;
}

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
  return { from: row?.horizon ?? '0', seen: new Map() };
}

/**
 * What was noted after a position by transactions that are committed: each is brought once, at once. A transaction that stays open,
 * of anybody on the server, keeps nothing back but the position.
 */
export async function readOutbox(
  tx: Transaction,
  outbox: Outbox,
  after: OutboxPosition,
  most: number,
): Promise<NotedChanges> {
  const rows = await tx.rows<{
    horizon: string;
    position: string | null;
    writtenIn: string;
    change: string;
    connectionId: string | null;
    ids: readonly string[];
  }>(
    `with snapshot as (select pg_snapshot_xmin(pg_current_snapshot()) as horizon)
     select s.horizon::text, n.position::text, n.written_in::text as "writtenIn", n.change, n."connectionId", n.ids
     from snapshot s left join lateral (
       select m.written_in, m.position, m.change, m.ids,
         ${outbox === 'mirror_change' ? 'm.connection_id' : 'null::uuid'} as "connectionId"
       from talentbridge.${outbox} m
       where ${tx.own('m')} and m.written_in >= $1::xid8 and m.position <> all($2::bigint[])
       order by m.written_in, m.position limit $3
     ) n on true
     order by n.written_in, n.position`,
    [after.from, [...after.seen.keys()], most],
  );
  const changes = rows.filter((row) => row.position !== null);
  const more = changes.length === most;
  const horizon = rows[0]?.horizon ?? after.from;
  const last = changes.at(-1)?.writtenIn;
  const from = more && last !== undefined ? earlier(last, horizon) : horizon;
  const seen = [...after.seen, ...changes.map((row) => [row.position ?? '', row.writtenIn] as const)];
  return {
    changes: changes.map(({ change, connectionId, ids }) => ({
      change,
      ids,
      ...(connectionId ? { connectionId } : {}),
    })),
    next: { from, seen: new Map(seen.filter(([, writtenIn]) => BigInt(writtenIn) >= BigInt(from))) },
    more,
  };
}

function earlier(one: string, other: string): string {
  return BigInt(one) < BigInt(other) ? one : other;
}

/** Whether everything that was noted from a transaction on is still there. Otherwise whoever stands there begins anew. */
export async function isReadable(tx: Transaction, outbox: Outbox, from: OutboxPosition['from']): Promise<boolean> {
  const row = await tx.row<{ readable: boolean }>(
    // One that comes after every transaction was written down beside another database, of which this one is a copy.
    `select $1::xid8 <= pg_snapshot_xmax(pg_current_snapshot()) and not exists (
       select from talentbridge.outbox_pruning p
       where ${tx.own('p')} and p.outbox = $2 and p.up_to >= $1::xid8) as readable`,
    [from, outbox],
  );
  return row?.readable === true;
}

/** Deletes what was noted long ago in all outboxes of the organization. */
export async function pruneOutboxes(tx: Transaction): Promise<void> {
  for (const outbox of ['mirror_change', 'profile_change'] as const) await pruneOutbox(tx, outbox);
}

/** Deletes what was noted long ago in one outbox of the organization. */
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
