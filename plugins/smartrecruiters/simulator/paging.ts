import { createHash } from 'node:crypto';
import { badRequest } from './refusal.js';

/** A query string, every value of each name. */
export type Query = Readonly<Record<string, readonly string[]>>;

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/** One page of a list with a cursor (SmartRecruiters sheet §3). */
export interface CursorPage<Item> {
  readonly limit: number;
  /** Still there, and always 0: offsets are no longer supported on these lists. */
  readonly offset: 0;
  readonly nextPageId?: string;
  readonly totalFound: number;
  readonly content: readonly Item[];
}

/**
 * Cuts a page out of a list. The cursor is opaque, holds characters that a URL must escape, and belongs to the filters that
 * it was made with (INFERRED).
 * @throws Refusal with status 400 for a limit out of range or a cursor that leads nowhere
 */
export function cursorPage<Item extends { readonly id: string }>(
  found: readonly Item[],
  query: Query,
): CursorPage<Item> {
  const limit = limitOf(query);
  const { pageId: [cursor] = [], limit: _limit, ...filters } = query;
  const print = createHash('sha256').update(JSON.stringify(filters)).digest('base64').slice(0, 8);
  const start = cursor === undefined ? 0 : positionAfter(found, cursor, print);
  const content = found.slice(start, start + limit);
  const last = content.at(-1);
  const more = start + limit < found.length && last !== undefined;
  return {
    limit,
    offset: 0,
    ...(more ? { nextPageId: Buffer.from(`${print}/${last.id}?>`).toString('base64') } : {}),
    totalFound: found.length,
    content,
  };
}

/** The HTTP header that names the next page, as a path (SmartRecruiters sheet §3, CONFIRMED). */
export function linkHeader(path: string, { limit, nextPageId }: CursorPage<unknown>): string | undefined {
  if (nextPageId === undefined) return undefined;
  return `<${path}?limit=${limit}&pageId=${encodeURIComponent(nextPageId)}>; rel="next"`;
}

/** One page of a list with an offset: the sources (SmartRecruiters sheet §3 and §10). */
export function offsetPage<Item>(
  all: readonly Item[],
  query: Query,
): { totalFound: number; limit: number; offset: number; content: readonly Item[] } {
  const limit = limitOf(query);
  const offset = wholeNumber(query['offset']?.[0] ?? '0', 'offset');
  return { totalFound: all.length, limit, offset, content: all.slice(offset, offset + limit) };
}

function positionAfter(found: readonly { readonly id: string }[], cursor: string, print: string): number {
  const [, of, id] = /^([^/]*(?:\/[^/]*)*)\/([^/?]+)\?>$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  const position = of === print ? found.findIndex((item) => item.id === id) : -1;
  if (position < 0) throw badRequest('pageId is invalid or has expired');
  return position + 1;
}

function limitOf({ limit: values }: Query): number {
  const text = values?.[0];
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = wholeNumber(text, 'limit');
  if (limit < 1 || limit > MAX_LIMIT) throw badRequest(`limit must be between 1 and ${MAX_LIMIT}`);
  return limit;
}

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`${name} is not a whole number`);
  return Number(text);
}
