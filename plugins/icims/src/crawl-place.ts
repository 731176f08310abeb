import { z } from 'zod';

/** Where a walk through the lists stands. */
export interface WalkPlace {
  readonly list: 'count' | 'posted' | 'jobs' | 'workflows' | 'people';
  /** The last id that is done; 0 at the beginning of a list. */
  readonly after: number;
  /** ISO 8601: when the run began, with overlap. Absent until the first answer. */
  readonly mark?: string | undefined;
  /** People whose workflows are looked for at once. */
  readonly together: number;
  /** People in all, as far as they are counted. */
  readonly people: number;
  /** A person with more workflows than fit on a page, who is being told, and the last of their workflows that is. */
  readonly within?: { readonly person: number; readonly after: number } | undefined;
}

/** Where a run stands: what the cursor of a page holds. Ids, counts and times, and nothing of a person. */
export interface CrawlPlace extends WalkPlace {
  /** ISO 8601: what changed before this moment was brought, by walks beside the crawl. Absent: there was none yet. */
  readonly caughtUp?: string | undefined;
  /** A walk through what changed since a moment, which comes before the crawl goes on. */
  readonly aside?: (WalkPlace & { readonly since: string }) | undefined;
}

/** People on a page of a run of everything. */
export const MOST_TOGETHER = 40;

/**
 * What of a moment may still come in late: iCIMS dates by the minute, and a search may lag behind a write (iCIMS sheet §12,
 * INFERRED). Whoever comes twice does no harm.
 */
const OVERLAP_MS = 15 * 60_000;

/**
 * A run of everything takes weeks. So often it stops to bring what changed meanwhile, so that nobody waits for the end of it to see
 * who applied yesterday.
 */
const ASIDE_EVERY_MS = 60 * 60_000;

/**
 * The lists of a run in their order. A run of everything begins with the jobs that take candidates; all the others, which can be
 * tens of thousands, come when people are in. A run of changes ends with people, so that who is gone stays gone.
 */
const LISTS = {
  all: ['count', 'posted', 'people', 'jobs'],
  changes: ['jobs', 'workflows', 'people'],
} as const satisfies Readonly<Record<string, readonly WalkPlace['list'][]>>;

const id = z.number().int().min(0);
const walk = z.object({
  list: z.enum(['count', 'posted', 'jobs', 'workflows', 'people']),
  after: id,
  mark: z.iso.datetime().optional(),
  together: z.number().int().min(1).max(MOST_TOGETHER),
  people: id,
  within: z.object({ person: id, after: id }).optional(),
});
const place = walk.extend({
  mark: z.iso.datetime(),
  caughtUp: z.iso.datetime().optional(),
  aside: walk.extend({ since: z.iso.datetime() }).optional(),
});

/** Where a run begins. */
export function firstPlace(kind: keyof typeof LISTS): WalkPlace {
  return { list: LISTS[kind][0], after: 0, together: MOST_TOGETHER, people: 0 };
}

/** The beginning of the list after this one; `undefined` when it is the last. */
export function nextList(kind: keyof typeof LISTS, { within: _told, ...here }: WalkPlace): WalkPlace | undefined {
  const lists: readonly WalkPlace['list'][] = LISTS[kind];
  const list = lists[lists.indexOf(here.list) + 1];
  return list === undefined ? undefined : { ...here, list, after: 0 };
}

/**
 * The place of a crawl, with a walk through what changed before it goes on, when that is due.
 * @param now By whichever clock is behind, in milliseconds since the epoch, like marks.
 */
export function asideWhenDue(crawl: CrawlPlace & { readonly mark: string }, now: number): CrawlPlace {
  const since = crawl.caughtUp ?? crawl.mark;
  const isDue = now - Date.parse(since) - OVERLAP_MS >= ASIDE_EVERY_MS;
  return isDue ? { ...crawl, aside: { ...firstPlace('changes'), since } } : crawl;
}

/**
 * What the next run of changes begins at: before anything was read, by whichever clock is behind, ours or that of iCIMS.
 *
 * @param ours When the first question was sent, in milliseconds since the epoch.
 * @param theirs When it was answered, where the answer says.
 */
export function markOf(ours: number, theirs: number = ours): string {
  return new Date(Math.min(ours, theirs) - OVERLAP_MS).toISOString();
}

/** A place as an opaque cursor. */
export function writeCursor(here: CrawlPlace): string {
  return Buffer.from(JSON.stringify(here)).toString('base64url');
}

/** The place of a cursor of a run of this kind; `undefined` when it is none of this version's. */
export function readCursor(kind: keyof typeof LISTS, cursor: string): CrawlPlace | undefined {
  try {
    const read = place.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString())).data;
    const lists: readonly WalkPlace['list'][] = LISTS[kind];
    return read && lists.includes(read.list) ? read : undefined;
  } catch {
    return undefined;
  }
}
