/** How long tries are apart, in milliseconds. */
export interface RetryPace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** How long to wait after so many failed tries, in milliseconds: what the ATS says, else twice as long each time, with jitter. */
export function waitAfter(error: object, tries: number, { firstMs, longestMs }: RetryPace): number {
  const ownMs = Math.min(longestMs, firstMs * 2 ** Math.min(tries - 1, 20)) * (0.5 + Math.random() / 2);
  return toldToWait(error) ?? ownMs;
}

/** How long the ATS asks to wait, in milliseconds; `undefined`: it does not say. */
export function toldToWait(error: object): number | undefined {
  const told = 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  return typeof told === 'number' && told >= 0 ? told : undefined;
}
