import { InvalidInputError } from '../errors.js';
import { isUuid } from './organization-scope.js';
import type { Transaction } from './transaction.js';

/** Which part of a list: at most `first` items after the cursor. */
export interface PageRequest {
  /** 1 to 200. */
  readonly first: number;
  /** A cursor that an earlier page gave. Absent: from the start. */
  readonly after?: string | undefined;
}

/** Part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** A cursor for each item, in step with `items`. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  /** How many there are in all; asked for only when somebody wants it. */
  total(): Promise<number>;
}

/** The parts of a paged query. Only constants of ours go in; values go through `parameters`. */
export interface PagedQuery {
  readonly select: string;
  /** Tables and conditions: `talentbridge.export e where ...`. */
  readonly from: string;
  readonly order: string;
  /** The column that the cursor holds: a UUID or a whole number. */
  readonly after: { readonly column: string; readonly comparison: '<' | '>'; readonly kind?: 'uuid' | 'number' };
  /** For `$1` ... of `from`. */
  readonly parameters?: readonly unknown[];
}

/**
 * Answers one page of a query, by keyset: fast on every page, and stable while rows are added.
 * @throws InvalidInputError when the cursor is none of ours.
 */
export async function pageOf<Item extends object>(
  tx: Transaction,
  page: PageRequest,
  query: PagedQuery,
): Promise<Page<Item>> {
  const parameters = [...(query.parameters ?? [])];
  const { column, comparison, kind = 'uuid' } = query.after;
  let where = '';
  if (page.after !== undefined) {
    parameters.push(readCursor(page.after, kind));
    where = ` and ${column} ${comparison} $${parameters.length}`;
  }
  parameters.push(page.first + 1);
  const rows = await tx.rows<Item & { readonly cursorValue: string | number }>(
    `select ${query.select}, ${column} as "cursorValue" from ${query.from}${where} order by ${query.order} limit $${parameters.length}`,
    parameters,
  );
  return pageFrom<Item & { readonly cursorValue: string | number }>(rows, page, {
    cursorValue: (row) => row.cursorValue,
    total: async () => {
      const counted = await tx.readLater((now) =>
        now.row<{ count: string }>(`select count(*) as count from ${query.from}`, query.parameters),
      );
      return Number(counted?.count ?? 0);
    },
  });
}

/** Makes a page of what a query with the limit `first + 1` answered: the one too many says whether more follows. */
export function pageFrom<Item>(
  found: readonly Item[],
  page: PageRequest,
  parts: { readonly cursorValue: (item: Item) => string | number; readonly total: () => Promise<number> },
): Page<Item> {
  const items = found.slice(0, page.first);
  return {
    items,
    cursors: items.map((item) => writeCursor(parts.cursorValue(item))),
    hasNextPage: found.length > page.first,
    total: parts.total,
  };
}

/** The opaque cursor of a value. */
function writeCursor(value: string | number): string {
  return Buffer.from(`v1:${value}`, 'utf8').toString('base64url');
}

/**
 * What a cursor holds.
 * @throws InvalidInputError when it is none of ours.
 */
export function readCursor(cursor: string, kind: 'uuid' | 'number'): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const value = text.startsWith('v1:') ? text.slice(3) : '';
  const known = kind === 'uuid' ? isUuid(value) : /^\d{1,15}$/.test(value);
  if (!known) {
    throw new InvalidInputError([
      { field: 'after', message: 'This is no cursor of this list. Take endCursor from an earlier page.' },
    ]);
  }
  return value;
}
