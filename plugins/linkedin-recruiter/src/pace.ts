import type { Pace, PaceLimit } from '@talentbridge/contracts';

/** LinkedIn's minutes, with a second to spare: what leaves us at even intervals arrives at uneven ones. */
const MINUTE_MS = 61_000;

/** A lane of records: one batch after the other (LinkedIn sheet §4, CONFIRMED). */
const SLOW: PaceLimit = { concurrency: 1, rate: { requests: 100, perMs: MINUTE_MS } };
/** The same where a batch has what belongs to one record, hardly ever more than ten. */
const QUICK: PaceLimit = { concurrency: 1, rate: { requests: 1000, perMs: MINUTE_MS } };

/** The lane of what one seat is asked for. */
export function seatLane(seatId: string): string {
  return `seat ${seatId}`;
}

/**
 * How fast LinkedIn may be asked (LinkedIn sheet §4, §7.5): each kind takes 10,000 records a minute, a seat is asked one
 * thing at a time and 12 in a minute. The limits of a day have no lane: LinkedIn says when they are spent.
 */
export const linkedInPace: Pace = {
  concurrency: 8,
  // Every lane that is not named here is a seat.
  eachLane: { concurrency: 1, rate: { requests: 12, perMs: MINUTE_MS } },
  lanes: {
    jobs: SLOW,
    candidates: SLOW,
    applications: SLOW,
    notes: QUICK,
    interviewFeedback: QUICK,
    stages: QUICK,
    acls: SLOW,
  },
};
