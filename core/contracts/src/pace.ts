/** Most requests at once, or within a time. What is left out has no limit. */
export interface PaceLimit {
  /** Most requests under way at once. */
  readonly concurrency?: number;
  /** Most requests begun within any window of `perMs` milliseconds. */
  readonly rate?: { readonly requests: number; readonly perMs: number };
}

/**
 * How fast an ATS may be asked with one set of credentials. The hub keeps to it across all its processes, so that a
 * plugin neither counts nor sleeps.
 */
export interface Pace extends PaceLimit {
  /** Limits of each lane by itself: of everything that names the same `HttpRequest.lane`, such as one endpoint. */
  readonly eachLane?: PaceLimit;
  /** Lanes with other limits than `eachLane`, by name. */
  readonly lanes?: Readonly<Record<string, PaceLimit>>;
  /** The ATS counts calls over a long time, such as a day, and says in each answer how many are left. */
  readonly quota?: Quota;
}

/** A number of calls over a long time, told by headers of the answers. Header names in lower case. */
export interface Quota {
  /** The header with the number of calls in all. */
  readonly limitHeader: string;
  /** The header with the number of calls that are left. */
  readonly remainingHeader: string;
  /** The header with the seconds until all calls are there again. It stands in for a missing Retry-After of a 429. */
  readonly resetHeader: string;
  /**
   * The share of all calls, 0 to 1, that calls of an urgency leave for the more urgent ones. Default: work leaves 0.01 to
   * people who wait, background leaves 0.2 to both.
   */
  readonly keep?: { readonly work?: number; readonly background?: number };
}
