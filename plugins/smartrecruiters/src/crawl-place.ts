import { z } from 'zod';

/** Where a run stands: what the cursor of a page holds. */
export interface CrawlPlace {
  readonly list: 'jobs' | 'candidates';
  /** 0: the run proper. Above: a sweep behind a run of everything. */
  readonly sweep: number;
  /** ISO 8601: only what changed after this moment is asked for. Absent: everything. */
  readonly updatedAfter?: string | undefined;
  /** SmartRecruiters' own cursor. Absent: the list begins. */
  readonly pageId?: string | undefined;
  /** ISO 8601: when this sweep began. Absent until its first answer. */
  readonly mark?: string | undefined;
  /** How often a list of this run began again because its cursor had expired. */
  readonly restarts: number;
  /** How many candidates the run has read before this list, and of this list. Absent: none. */
  readonly readBefore?: number | undefined;
  readonly readHere?: number | undefined;
}

/**
 * How much earlier than the mark a run of changes begins: SmartRecruiters answers from an index that lags, and its servers'
 * clocks differ (sheet §5, INFERRED). What comes twice does no harm.
 */
const OVERLAP_MS = 10 * 60_000;

/** Each sweep is far shorter than the one before, so that a busy account is done after these. */
const MAX_SWEEPS = 3;

const place = z.object({
  list: z.enum(['jobs', 'candidates']),
  sweep: z.number().int().min(0),
  updatedAfter: z.string().optional(),
  pageId: z.string().optional(),
  mark: z.string().optional(),
  restarts: z.number().int().min(0),
  readBefore: z.number().int().min(0).optional(),
  readHere: z.number().int().min(0).optional(),
});

/** Where a run begins: with the jobs, so that applications find theirs. */
export function firstPlace(since: string | undefined): CrawlPlace {
  const updatedAfter = since === undefined ? {} : { updatedAfter: withOverlap(since) };
  return { list: 'jobs', sweep: 0, restarts: 0, ...updatedAfter };
}

/**
 * Where a run goes on after a page; `undefined` when it is complete.
 *
 * A run of everything ends with sweeps over what changed since it began. A list may show what changed last first, so that
 * a candidate who changes while the list is read moves to a page that has been read already; without a sweep the run would
 * have missed somebody who is there. Sweeps end with one that fits on a page, within which nothing can move.
 *
 * @param next SmartRecruiters' cursor; absent on the last page of a list.
 * @param read How many candidates the page led to.
 */
export function placeAfter(
  { pageId, readHere = 0, ...here }: CrawlPlace,
  {
    next,
    mark,
    everything,
    read,
  }: {
    readonly next: string | undefined;
    readonly mark: string;
    readonly everything: boolean;
    readonly read: number;
  },
): CrawlPlace | undefined {
  if (next !== undefined) return { ...here, mark, pageId: next, readHere: readHere + read };
  if (here.list === 'jobs') return { ...here, mark, list: 'candidates' };
  const fitOnePage = here.sweep > 0 && pageId === undefined;
  if (!everything || fitOnePage || here.sweep >= MAX_SWEEPS) return undefined;
  const { sweep, restarts, readBefore = 0 } = here;
  return {
    list: 'jobs',
    sweep: sweep + 1,
    updatedAfter: withOverlap(mark),
    restarts,
    readBefore: readBefore + readHere + read,
  };
}

/** The beginning of the list in which a cursor has expired. */
export function placeAgain({ pageId: _expired, readBefore = 0, readHere = 0, ...here }: CrawlPlace): CrawlPlace {
  return { ...here, restarts: here.restarts + 1, readBefore: readBefore + readHere };
}

/** A place as an opaque cursor. */
export function writeCursor(here: CrawlPlace): string {
  return Buffer.from(JSON.stringify(here)).toString('base64url');
}

/** The place of a cursor; `undefined` when it is none of this version's. */
export function readCursor(cursor: string): CrawlPlace | undefined {
  try {
    return place.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}

function withOverlap(moment: string): string {
  return new Date(Date.parse(moment) - OVERLAP_MS).toISOString();
}
