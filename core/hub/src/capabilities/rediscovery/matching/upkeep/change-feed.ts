import type { Transaction } from '../../../../kernel/persistence/transaction.js';

/** A place in an outbox. Rows become readable in the order of their transactions, which is not that of their positions. */
export interface FeedPlace {
  /** The transaction of the last row that was read. */
  readonly writtenIn: string;
  readonly position: string;
}

/** Before everything that will ever be written. */
export const FEED_START: FeedPlace = { writtenIn: '0', position: '0' };

/** What was read of an outbox. */
export interface FeedPage {
  readonly rows: readonly {
    readonly change: string;
    readonly ids: readonly string[];
    /** Of a mirror. */
    readonly connectionId: string | null;
  }[];
  /** Where to go on. */
  readonly place: FeedPlace;
}

/**
 * Reads the next rows of an outbox. A row is readable once every transaction that began before its own has ended, so that nothing
 * is added before a place that was read already.
 */
export async function readFeed(
  tx: Transaction,
  outbox: 'mirror_change' | 'profile_change',
  after: FeedPlace,
  most: number,
): Promise<FeedPage> {
  const rows = await tx.rows<FeedPage['rows'][number] & FeedPlace>(
    `select o.change, o.ids, ${outbox === 'mirror_change' ? 'o.connection_id' : 'null'} as "connectionId", o.written_in::text as "writtenIn", o.position::text as position from talentbridge.${outbox} o
     where ${tx.own('o')} and (o.written_in, o.position) > ($1::xid8, $2::bigint)
       and o.written_in < pg_snapshot_xmin(pg_current_snapshot())
     order by o.written_in, o.position limit ${most}`,
    [after.writtenIn, after.position],
  );
  const last = rows.at(-1);
  return { rows, place: last ? { writtenIn: last.writtenIn, position: last.position } : after };
}

/** The place behind all that can be read now. */
export async function feedEnd(tx: Transaction, outbox: 'mirror_change' | 'profile_change'): Promise<FeedPlace> {
  const row = await tx.row<FeedPlace>(
    `select o.written_in::text as "writtenIn", o.position::text as position from talentbridge.${outbox} o
     where ${tx.own('o')} and o.written_in < pg_snapshot_xmin(pg_current_snapshot())
     order by o.written_in desc, o.position desc limit 1`,
  );
  return row ?? FEED_START;
}

/** Whether there is more behind a place, be it readable or not yet. */
export async function hasMore(
  tx: Transaction,
  outbox: 'mirror_change' | 'profile_change',
  after: FeedPlace,
): Promise<boolean> {
  const row = await tx.row(
    `select from talentbridge.${outbox} o
     where ${tx.own('o')} and (o.written_in, o.position) > ($1::xid8, $2::bigint) limit 1`,
    [after.writtenIn, after.position],
  );
  return row !== undefined;
}
