import { badRequest } from './refusal.js';

/** What a list answers (LinkedIn sheet §7, SECONDARY). */
export interface ElementPage {
  readonly elements: readonly unknown[];
  readonly paging: { readonly start: number; readonly count: number; readonly links: readonly unknown[] };
}

/** How many come when nobody says (LinkedIn sheet §7.1, CONFIRMED for seats). */
const DEFAULT_COUNT = 10;
/** The most that the sheet's samples ask for. That more are refused is INFERRED. */
const MOST = 100;

/** One page of a list, by `start` and `count`. */
export function pageOf<Item>(
  query: URLSearchParams,
  items: readonly Item[],
  show: (item: Item) => unknown,
): ElementPage {
  const start = wholeNumber(query, 'start') ?? 0;
  const count = wholeNumber(query, 'count') ?? DEFAULT_COUNT;
  if (count < 1 || count > MOST) throw badRequest(`count must be between 1 and ${MOST}`);
  return { elements: items.slice(start, start + count).map(show), paging: { start, count, links: [] } };
}

/** A parameter that is a whole number, or absent. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`Query parameter ${name} must be a whole number`);
  return Number(text);
}

/** A parameter that must be there. */
export function required(query: URLSearchParams, name: string): string {
  const text = query.get(name);
  if (text === null || text === '') throw badRequest(`Query parameter ${name} is required`);
  return text;
}

/** A parameter that must be there and a whole number. */
export function requiredNumber(query: URLSearchParams, name: string): number {
  required(query, name);
  return wholeNumber(query, name) ?? 0;
}
