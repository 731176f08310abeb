/** When a request is sent again. Whether it may be is decided by what the vendor answered. */
export interface RetryPolicy {
  /** Tries in all, the first included. Default 4. */
  readonly tries?: number;
  /** The first pause in milliseconds; each further one is twice as long. Default 1,000. */
  readonly baseDelayMs?: number;
  /** A number from 0 up to 1 that spreads pauses over 50 to 100 % of their length. Default `Math.random`. */
  readonly random?: () => number;
}

/** The pause before the next try, in milliseconds: never shorter than the vendor asked for. */
export function retryDelayMs(policy: RetryPolicy, attempt: number, askedMs = 0): number {
  const full = (policy.baseDelayMs ?? 1000) * 2 ** (attempt - 1);
  const spread = full * (0.5 + (policy.random ?? Math.random)() / 2);
  return Math.max(spread, askedMs);
}

/** Tries in all. */
export function triesOf(policy: RetryPolicy): number {
  return policy.tries ?? 4;
}
