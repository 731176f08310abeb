import type { Clock } from '../../src/index.js';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * A clock that a test moves. Short pauses are skipped: time jumps to their end at once, and `skipped` notes their
 * length. Longer timers, such as time limits, wait for `advance`.
 */
export class TestClock implements Clock {
  /** Lengths of the pauses that were skipped, in order. */
  readonly skipped: number[] = [];
  readonly #timers = new Set<Timer>();
  #now = Date.UTC(2026, 0, 1);

  /** @param skipBelowMs Timers shorter than this are skipped; 0 skips none. */
  constructor(readonly skipBelowMs = 20_000) {}

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    if (ms < this.skipBelowMs) setImmediate(() => this.#skip(timer, ms));
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, and runs what is due on the way. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }

  #skip(timer: Timer, ms: number): void {
    if (!this.#timers.delete(timer)) return;
    this.#now = Math.max(this.#now, timer.at);
    this.skipped.push(ms);
    timer.run();
  }
}
