import type { FastifyRequest } from 'fastify';

/** How many requests a simulator takes from one credential before it answers 429. */
export interface RateLimit {
  readonly requests: number;
  /** Length of the sliding window. */
  readonly windowMs: number;
  /** Whom a request counts for. Default: its Authorization header. `undefined`: it is not limited. */
  readonly credentialOf?: (request: FastifyRequest) => string | undefined;
  /** Whether the answer says how long to wait. Default `true`. */
  readonly retryAfter?: boolean;
}

/** A sliding window per credential. */
export class SlidingWindow {
  readonly #hits = new Map<string, number[]>();

  constructor(private readonly limit: RateLimit) {}

  /** Takes one request. Answers how long to wait, in milliseconds, when it is one too many. */
  take(request: FastifyRequest, now: number): number | undefined {
    const credential = this.limit.credentialOf
      ? this.limit.credentialOf(request)
      : (request.headers.authorization ?? 'anonymous');
    if (credential === undefined) return undefined;
    const recent = (this.#hits.get(credential) ?? []).filter((at) => at > now - this.limit.windowMs);
    this.#hits.set(credential, recent);
    const oldest = recent[0];
    if (oldest !== undefined && recent.length >= this.limit.requests) return oldest + this.limit.windowMs - now;
    recent.push(now);
    return undefined;
  }

  /** Forgets everything. */
  reset(): void {
    this.#hits.clear();
  }
}
