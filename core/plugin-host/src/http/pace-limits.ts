import type { Pace, PaceLimit } from '@talentbridge/contracts';

/** Requests at once, in each process, to an ATS that declares no limit. */
const DEFAULT_CONCURRENCY = 8;

/** Whether a pace limits what is under way or begun. A quota alone does not: the answers themselves tell it. */
export function hasLimits(pace: Pace): boolean {
  const { eachLane, lanes = {} } = pace;
  return [pace, eachLane, ...Object.values(lanes)].some((limit) => limit !== undefined && isLimit(limit));
}

/** The pace with a cap of 8 requests at once where it has no limit at all. */
export function withDefaultPace(pace: Pace): Pace {
  return hasLimits(pace) ? pace : { ...pace, concurrency: DEFAULT_CONCURRENCY };
}

/** What limits a lane by itself; `undefined` when nothing does. */
export function laneLimit(pace: Pace, lane: string): PaceLimit | undefined {
  const limit = pace.lanes && Object.hasOwn(pace.lanes, lane) ? pace.lanes[lane] : pace.eachLane;
  return limit && isLimit(limit) ? limit : undefined;
}

function isLimit({ concurrency, rate }: PaceLimit): boolean {
  return concurrency !== undefined || rate !== undefined;
}
