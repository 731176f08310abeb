import type { PullRequest } from '@talentbridge/contracts';
import { z } from 'zod';

/**
 * How far JobScore's clock and ours may be apart, and how late a change may show up in its lists: the changes of this
 * time come again with the next run.
 */
const OVERLAP_MS = 5 * 60_000;

const placeInList = z.object({
  /** From 1. */
  page: z.number().int().positive(),
  size: z.number().int().positive(),
  /** The ids of the page before, as they were when it was read. */
  before: z.array(z.string()),
  /** How many items there were then, where JobScore counts them. */
  total: z.number().optional(),
  /** What has come of this page already. */
  done: z.array(z.string()),
  /** How often the walk lost its place: what it then passes again is another place, and no circle. */
  returns: z.number().int().nonnegative(),
  /** Nobody of the page before was where they were: they are looked for around a page, so many pages apart from it. */
  search: z.object({ around: z.number().int().positive(), apart: z.number().int().nonnegative() }).exactOptional(),
});

/** Where a walk through a list stands. */
export type PlaceInList = z.output<typeof placeInList>;

const runPosition = z.object({
  list: z.enum(['jobs', 'candidates']),
  /** The second round of a run of all: what changed since it began. */
  again: z.literal(true).exactOptional(),
  place: placeInList,
  /** The `since` of the next run. Absent until JobScore has answered once. */
  mark: z.string().optional(),
});

/** Where a run stands: all that there is in a cursor. It holds ids, and nothing of a person. */
export type RunPosition = z.output<typeof runPosition>;

/** The beginning of a list. */
export function firstPage(size: number): PlaceInList {
  return { page: 1, size, before: [], done: [], returns: 0 };
}

/** Where the hub asks a run to go on. */
export function readPosition({ cursor }: PullRequest, jobPageSize: number): RunPosition {
  if (cursor === undefined) return { list: 'jobs', place: firstPage(jobPageSize) };
  return runPosition.parse(JSON.parse(cursor));
}

/** A position as the hub keeps it. */
export function writePosition(position: RunPosition): string {
  return JSON.stringify(position);
}

/**
 * The mark of a run that begins now: by the vendor's clock where it tells the time, for that is what changes are dated by.
 *
 * @param answeredAt When JobScore gave its first answer, in milliseconds since the epoch.
 */
export function markOf(answeredAt: number | undefined, now: number): string {
  return new Date(Math.min(answeredAt ?? now, now) - OVERLAP_MS).toISOString();
}
