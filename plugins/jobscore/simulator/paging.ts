import { createHash } from 'node:crypto';

/** A query string as the server hands it over. */
export type Query = Readonly<Record<string, string | undefined>>;

const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 100;

/** One page of a list, with the count of all pages (JobScore sheet §2, INFERRED for v2). */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly resources: number;
  readonly pages: number;
}

/** Items in an order of their own, of which a part can be had without the rest. */
export interface ItemList<Item> {
  readonly length: number;
  /** Those from a place on, up to but without another; beyond the end there are none. */
  slice(start: number, end: number): readonly Item[];
}

/** Cuts a page out of a list. */
export function pageOf<Item>(all: ItemList<Item>, query: Query): ListPage<Item> {
  const number = wholeNumber(query['page[number]'], 1);
  const size = Math.min(wholeNumber(query['page[size]'], DEFAULT_PAGE_SIZE), MAX_PAGE_SIZE);
  const items = all.slice((number - 1) * size, number * size);
  return { items, resources: all.length, pages: Math.max(1, Math.ceil(all.length / size)) };
}

/**
 * The items in an order that has nothing to do with when they were made, the same each time: JobScore promises no order
 * (JobScore sheet §2), but pages that shifted between two calls could not be read by anybody.
 */
export function shuffled<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, rank: createHash('sha256').update(`shuffle ${item.id}`).digest('hex') }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);
}

/** The items by their last change. */
export function newestFirst<Item extends { readonly id: string; readonly updated_on: string }>(
  items: readonly Item[],
): readonly Item[] {
  return items.toSorted((a, b) =>
    a.updated_on === b.updated_on ? order(a.id, b.id) : order(b.updated_on, a.updated_on),
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 ? number : otherwise;
}
