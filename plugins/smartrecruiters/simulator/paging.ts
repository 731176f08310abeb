import { createHash } from 'node:crypto';
import { badRequest, type Refusal } from './refusal.js';

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
 * The cursors of one vendor: opaque, with characters that a URL must escape, and of use with the filters alone that they
 * were made with (INFERRED).
 */
export class Cursors {
  #epoch = 0;

  /** @param lifeMs How long a cursor lasts, in milliseconds. Absent: until `expire`. */
  constructor(
    private readonly now: () => number,
    private readonly lifeMs?: number,
  ) {}

  /** Makes a cursor for what follows a position. */
  write(query: Query, position: string): string {
    return Buffer.from(`${printOf(query)}|${this.#epoch}|${this.now()}|${position}?>`).toString('base64');
  }

  /**
   * The position of a cursor; `undefined` where the list begins.
   * @throws Refusal with status 400 for one that leads nowhere (INFERRED)
   */
  read(query: Query): string | undefined {
    const { pageId: [cursor] = [] } = query;
    if (cursor === undefined) return undefined;
    const [, print, epoch, madeAt, position] =
      /^([^|]+)\|(\d+)\|(\d+)\|(.+)\?>$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
    const isOld = this.lifeMs !== undefined && Number(madeAt) + this.lifeMs < this.now();
    if (print !== printOf(query) || Number(epoch) !== this.#epoch || isOld) throw leadsNowhere();
    return position;
  }

  /** Makes every cursor useless that was made so far. */
  expire(): void {
    this.#epoch += 1;
  }
}

/**
 * Cuts a page out of a list.
 * @throws Refusal with status 400 for a limit out of range or a cursor that leads nowhere
 */
export function cursorPage<Item extends { readonly id: string }>(
  found: readonly Item[],
  query: Query,
  cursors: Cursors,
): CursorPage<Item> {
  const limit = limitOf(query);
  const after = cursors.read(query);
  const start = after === undefined ? 0 : found.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) throw leadsNowhere();
  const content = found.slice(start, start + limit);
  const last = content.at(-1);
  const more = start + limit < found.length && last !== undefined;
  return {
    limit,
    offset: 0,
    ...(more ? { nextPageId: cursors.write(query, last.id) } : {}),
    totalFound: found.length,
    content,
  };
}

/** The moment of a filter, in milliseconds since the epoch; `undefined` without one. */
export function momentOf(query: Query, name: string): number | undefined {
  const [text] = query[name] ?? [];
  if (text === undefined) return undefined;
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) throw badRequest(`${name} is no date`);
  return moment;
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

function printOf({ pageId: _cursor, limit: _limit, ...filters }: Query): string {
  return createHash('sha256').update(JSON.stringify(filters)).digest('base64').slice(0, 8);
}

function leadsNowhere(): Refusal {
  return badRequest('pageId is invalid or has expired');
}

/** @throws Refusal with status 400 */
export function limitOf({ limit: values }: Query): number {
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
