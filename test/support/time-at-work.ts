/** How often it is looked whether the process stands still. */
const TICK_MS = 10;

/** Counts until it is disposed of. */
export interface TimeAtWork extends Disposable {
  /** How many milliseconds so far. */
  ms(): number;
}

/**
 * Counts the milliseconds that pass for this process from now on, without those in which the machine lets it stand still: for limits of
 * time that are a promise, on a machine that others use too.
 */
export function timeAtWork(): TimeAtWork {
  let counted = 0;
  let lookedAt = performance.now();
  const look = (): void => {
    const now = performance.now();
    counted += Math.min(now - lookedAt, 2 * TICK_MS);
    lookedAt = now;
  };
  const timer = setInterval(look, TICK_MS);
  return {
    ms() {
      look();
      return counted;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
