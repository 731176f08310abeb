import type { Pace, PaceLimit } from '@talentbridge/contracts';
import { laneLimit } from '@talentbridge/plugin-host';

/** Speeds over less than this would be guesses. */
export const LEAST_WORKED_MS = 2_000;

/** Requests of some time. */
export interface RequestsSeen {
  /** All of them. */
  readonly requests: number;
  /** Those that named a lane, by its name. */
  readonly lanes: ReadonlyMap<string, number>;
  readonly forMs: number;
}

/** A limit over time, and what of it is used: both count the same requests. */
export interface BusiestRate {
  /** `null`: too little was seen to tell. */
  readonly usedPerSecond: number | null;
  readonly allowedPerSecond: number;
}

/**
 * Of the limits over time that requests came under, of the whole connection and of single lanes, the one that most is used of:
 * it decides how fast more can be asked. `undefined`: they came under none.
 */
export function busiestRate(pace: Pace, { requests, lanes, forMs }: RequestsSeen): BusiestRate | undefined {
  const counted: readonly (readonly [PaceLimit | undefined, number])[] = [
    [pace, requests],
    ...[...lanes].map(([lane, count]) => [laneLimit(pace, lane), count] as const),
  ];
  const [busiest] = counted
    .flatMap(([limit, count]) => (limit?.rate ? [{ count, allowedPerSecond: perSecondOf(limit.rate) }] : []))
    .toSorted((one, other) => other.count / other.allowedPerSecond - one.count / one.allowedPerSecond);
  if (!busiest) return undefined;
  const { count, allowedPerSecond } = busiest;
  return { usedPerSecond: perSecond(count, forMs), allowedPerSecond };
}

/** Requests a second. `null`: too little was seen to tell. */
export function perSecond(requests: number, forMs: number): number | null {
  return forMs < LEAST_WORKED_MS ? null : (requests * 1000) / forMs;
}

function perSecondOf({ requests, perMs }: NonNullable<PaceLimit['rate']>): number {
  return (requests * 1000) / perMs;
}
