/** The passing of time, so that a test can pass it by itself. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs something once, `ms` milliseconds from now. Answers what cancels it; cancelling late or twice does nothing. */
  after(ms: number, run: () => void): () => void;
}

/** Timers cannot be set any further ahead, and one that is fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. What is further off than 24 days happens after 24 days. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
