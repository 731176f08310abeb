import { LEAST_WORKED_MS } from './busiest-rate.js';
import type { SyncCountsByKind } from './mirror-model.js';

/** What the ATS says of how much there is, and how quickly a run got where it is. */
export interface ExpectedCounts {
  readonly candidates?: number;
  readonly jobs?: number;
  readonly share?: number;
  /** Where the run was earlier: after a quarter to a half of the time that it has worked, and later. Absent: nobody could tell. */
  readonly pace?: { readonly early?: Milestone; readonly late: Milestone };
}

/** How much was done after some work, in the measure of `amountOf`. */
interface Milestone {
  readonly done: number;
  readonly workedMs: number;
}

type ReadCounts = Readonly<Record<'candidates' | 'jobs', Pick<SyncCountsByKind['candidates'], 'read'>>>;

/** Estimates are not told before this much was done, of counts and of what a plugin calls its share: they would be guesses. */
const LEAST_COUNTED = 0.01;
const LEAST_SHARE = 0.1;
/** A run is never told to be further before it is complete. */
const MOST_SHARE = 0.99;
/** As soon as the pace of late and that of the whole run differ more, what is left goes at a pace that nobody knows. */
const STEADY = 1.5;

/** The part of a run that is done, 0 to 1, before it is complete. `null`: nobody can tell. */
export function shareOf(counts: ReadCounts, expected: ExpectedCounts, allRead: boolean): number | null {
  if (allRead) return MOST_SHARE;
  if (expected.share !== undefined) return Math.min(MOST_SHARE, expected.share);
  const { candidates, jobs = 0 } = expected;
  // Jobs alone say little of how many candidates there are.
  if (candidates === undefined || candidates === 0) return null;
  // What is read twice is not done twice.
  const read = Math.min(candidates, counts.candidates.read) + Math.min(jobs, counts.jobs.read);
  return Math.min(MOST_SHARE, read / (candidates + jobs));
}

/** What is expected after a page, with how quickly the run got there. */
export function withPace(expected: ExpectedCounts, counts: ReadCounts, workedMs: number): ExpectedCounts {
  const { pace, ...rest } = expected;
  const amount = amountOf(counts, rest);
  if (!amount) return rest;
  const now = { done: amount.done, workedMs };
  // Told anew, or in another measure: what was done before says nothing of it.
  if (!pace || pace.late.done > now.done) return { ...rest, pace: { late: now } };
  return { ...rest, pace: workedMs >= 2 * pace.late.workedMs ? { early: pace.late, late: now } : pace };
}

/**
 * How long a run will still read, in milliseconds, at the pace of the later half of its work. `null`: nobody can tell, because all
 * that was told of is read and it reads on, or because it goes now quicker and now slower.
 */
export function remainingMs(counts: ReadCounts, expected: ExpectedCounts, workedMs: number): number | null {
  const amount = amountOf(counts, expected);
  const early = expected.pace?.early;
  if (!amount || !early || workedMs < LEAST_WORKED_MS) return null;
  const { done, all, least } = amount;
  if (done >= all || done < least * all) return null;
  const whole = done / workedMs;
  const late = (done - early.done) / (workedMs - early.workedMs);
  const isSteady = late <= STEADY * whole && whole <= STEADY * late;
  return isSteady ? Math.round((all - done) / late) : null;
}

/**
 * How much is done of how much. Candidates alone, where they are counted: they are by far the most, and jobs are read at another
 * pace.
 */
function amountOf(
  counts: ReadCounts,
  { candidates, share }: ExpectedCounts,
): { readonly done: number; readonly all: number; readonly least: number } | undefined {
  if (share !== undefined) return { done: share, all: 1, least: LEAST_SHARE };
  return candidates ? { done: counts.candidates.read, all: candidates, least: LEAST_COUNTED } : undefined;
}
