import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import type { NotedChange, Outbox } from '../../outbox.js';
import type { QueryNode } from '../query/query-tree.js';
import type { SearchDocument } from '../search-document.js';

/** Whose documents have to be made again: the ids, and whom the index finds by these queries. */
export interface Touched {
  readonly ids: readonly string[];
  readonly queries: readonly QueryNode[];
}

/** What an index is made from: the records of one kind of an organization. */
export interface IndexedPeople {
  /** The beginning of the names of its indexes. */
  readonly name: string;
  /** Where it is told what changed. */
  readonly outboxes: readonly Outbox[];
  /** Whom changes concern. */
  touched(tx: Transaction, outbox: Outbox, changes: readonly NotedChange[]): Promise<Touched>;
  /** The documents of those of the ids that exist. Of many the event loop is let go now and then. */
  documents(tx: Transaction, ids: readonly string[]): Promise<readonly SearchDocument[]>;
  /** Those of the ids that exist. */
  existing(tx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** The ids before one, the highest first. */
  idsBefore(tx: Transaction, before: string, most: number): Promise<readonly string[]>;
  /** How many records there are with an id that is not before this one. */
  countFrom(tx: Transaction, from: string): Promise<number>;
}

/** Before no id. */
export const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Before all ids. */
export const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Those of the ids that a table has. */
export async function existing(
  tx: Transaction,
  table: 'mirror_candidate' | 'profile',
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ id: string }>(
    `select x.id from talentbridge.${table} x where ${tx.own('x')} and x.id = any($1::uuid[])`,
    [ids],
  );
  return new Set(rows.map((row) => row.id));
}

/** The ids of a table before one, the highest first. @param table A table of ours with an id. */
export async function idsBefore(
  tx: Transaction,
  table: 'mirror_candidate' | 'profile',
  before: string,
  most: number,
): Promise<readonly string[]> {
  const rows = await tx.rows<{ id: string }>(
    `select x.id from talentbridge.${table} x where ${tx.own('x')} and x.id < $1 order by x.id desc limit $2`,
    [before, most],
  );
  return rows.map((row) => row.id);
}

/** How many rows of a table have an id that is not before this one. */
export async function countFrom(tx: Transaction, table: 'mirror_candidate' | 'profile', from: string): Promise<number> {
  const row = await tx.row<{ count: string }>(
    `select count(*) as count from talentbridge.${table} x where ${tx.own('x')} and x.id >= $1`,
    [from],
  );
  return Number(row?.count ?? 0);
}

/** How long one may be at work before others have a turn, in milliseconds. */
const TURN_MS = 5;

/** Makes something of each, without keeping others waiting for longer than one takes. */
export async function mappedInTurns<Item, Made>(items: readonly Item[], make: (item: Item) => Made): Promise<Made[]> {
  const made: Made[] = [];
  let began = performance.now();
  for (const item of items) {
    if (performance.now() - began > TURN_MS) {
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      began = performance.now();
    }
    made.push(make(item));
  }
  return made;
}
