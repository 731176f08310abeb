/** What is allowed to one credential on one endpoint (SmartRecruiters sheet §13). */
export interface TrafficLimits {
  /** Requests in any second; 0 lifts every limit. */
  readonly perSecond: number;
  /** Requests at once, by endpoint; every other has `concurrency`. */
  readonly narrow: Readonly<Record<string, number>>;
  readonly concurrency: number;
}

/** What one credential asked of one endpoint. */
export interface EndpointTraffic {
  readonly endpoint: string;
  /** The name of the token. */
  readonly credential: string;
  /** Refused ones included. */
  readonly requests: number;
  /** How many were answered 429. */
  readonly refused: number;
  /** The most requests that came within any one second, refused ones included. */
  readonly peakPerSecond: number;
  readonly peakConcurrency: number;
  /** From the first request to the last; of a single request, 1. */
  readonly requestsPerSecond: number;
}

/** The outcome of a request's arrival. */
export interface Admission {
  readonly admitted: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until the next request would be taken; absent when concurrency is what was exceeded. */
  readonly retryInMs?: number;
  /** To be called when the answer has gone out. Twice does no harm. */
  readonly leave: () => void;
}

const WINDOW_MS = 1000;

interface Lane {
  readonly endpoint: string;
  readonly credential: string;
  /** When requests came in the last second; `taken` without the refused ones. */
  readonly arrived: number[];
  readonly taken: number[];
  active: number;
  requests: number;
  refused: number;
  peakPerSecond: number;
  peakConcurrency: number;
  firstAt: number;
  lastAt: number;
}

/** Counts requests by endpoint and credential, at their arrival, and refuses what is too much. */
export class Traffic {
  readonly #lanes = new Map<string, Lane>();

  constructor(private readonly limits: TrafficLimits) {}

  /** Takes a request in, or refuses it. */
  arrive(endpoint: string, credential: string, now: number): Admission {
    const lane = this.#lane(endpoint, credential, now);
    const since = now - WINDOW_MS;
    lane.arrived.push(now);
    forgetUntil(since, lane.arrived);
    forgetUntil(since, lane.taken);
    lane.requests += 1;
    lane.lastAt = now;
    lane.peakPerSecond = Math.max(lane.peakPerSecond, lane.arrived.length);

    const { perSecond } = this.limits;
    const concurrency = this.limits.narrow[endpoint] ?? this.limits.concurrency;
    const unlimited = perSecond === 0;
    const [oldest] = lane.taken;
    const tooFast = !unlimited && lane.taken.length >= perSecond;
    const tooMany = !unlimited && lane.active >= concurrency;
    const admitted = !tooFast && !tooMany;
    let open = admitted;
    if (admitted) {
      lane.taken.push(now);
      lane.active += 1;
      lane.peakConcurrency = Math.max(lane.peakConcurrency, lane.active);
    } else {
      lane.refused += 1;
    }
    return {
      admitted,
      headers: headersOf(perSecond, lane.taken.length, concurrency, lane.active),
      ...(tooFast && oldest !== undefined ? { retryInMs: oldest + WINDOW_MS - now } : {}),
      leave: () => {
        if (open) lane.active -= 1;
        open = false;
      },
    };
  }

  /** The headers of an answer to which no request was counted: one that a fault spoiled. */
  idleHeaders(): Readonly<Record<string, string>> {
    return headersOf(this.limits.perSecond, 0, this.limits.concurrency, 0);
  }

  /** What came so far, busiest endpoint first. */
  report(): readonly EndpointTraffic[] {
    return [...this.#lanes.values()]
      .map(({ endpoint, credential, requests, refused, peakPerSecond, peakConcurrency, firstAt, lastAt }) => ({
        endpoint,
        credential,
        requests,
        refused,
        peakPerSecond,
        peakConcurrency,
        requestsPerSecond: lastAt > firstAt ? ((requests - 1) * 1000) / (lastAt - firstAt) : requests,
      }))
      .sort((one, other) => other.requests - one.requests);
  }

  /** Forgets everything. */
  reset(): void {
    this.#lanes.clear();
  }

  #lane(endpoint: string, credential: string, now: number): Lane {
    const key = `${credential} ${endpoint}`;
    const known = this.#lanes.get(key);
    if (known) return known;
    const lane: Lane = {
      endpoint,
      credential,
      arrived: [],
      taken: [],
      active: 0,
      requests: 0,
      refused: 0,
      peakPerSecond: 0,
      peakConcurrency: 0,
      firstAt: now,
      lastAt: now,
    };
    this.#lanes.set(key, lane);
    return lane;
  }
}

/** Takes off the front what is not later than a moment. */
function forgetUntil(moment: number, times: number[]): void {
  const first = times.findIndex((at) => at > moment);
  times.splice(0, first < 0 ? times.length : first);
}

/** The four headers that every answer has (SmartRecruiters sheet §13, CONFIRMED). */
function headersOf(perSecond: number, taken: number, concurrency: number, active: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(perSecond),
    'x-ratelimit-remaining': String(Math.max(0, perSecond - taken)),
    'x-ratelimit-concurrent-limit': String(concurrency),
    'x-ratelimit-concurrent-remaining': String(Math.max(0, concurrency - active)),
  };
}
