import { type Clock, systemClock } from '../clock.js';
import type { NoTurn, Pacer, Turn } from './pacer.js';

/** How fast a vendor may be asked. */
export interface Pace {
  /** Most requests under way at once. Default 8. */
  readonly concurrency?: number;
  /** Most requests begun within any window of this length. Default: no such limit. */
  readonly rate?: { readonly requests: number; readonly perMs: number };
}

interface Waiter {
  readonly answer: (turn: Turn | NoTurn) => void;
  readonly cancelDeadline: () => void;
}

const DEFAULT_CONCURRENCY = 8;

/** The concurrency that is allowed after a 429 grows back by one for each so many times it was used up. */
const RECOVERY_ROUNDS = 8;

/**
 * Paces within one process, first come, first served: a cap on concurrency, a sliding window, and a pause after each
 * 429, which also halves the concurrency; it grows back as requests go through.
 */
export class LocalPacer implements Pacer {
  readonly #maxConcurrency: number;
  readonly #rate: Pace['rate'];
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiter>();
  /** When the requests of the current window began, oldest first. */
  readonly #begun: number[] = [];
  #allowed: number;
  #underWay = 0;
  #pausedUntil = 0;
  #cancelWakeUp: (() => void) | undefined;

  constructor(pace: Pace = {}, clock: Clock = systemClock) {
    this.#maxConcurrency = pace.concurrency ?? DEFAULT_CONCURRENCY;
    this.#rate = pace.rate;
    this.#clock = clock;
    this.#allowed = this.#maxConcurrency;
  }

  async acquire(deadline: number): Promise<Turn | NoTurn> {
    const now = this.#clock.now();
    if (this.#waiting.size === 0 && this.#opensAt(now) <= now) return this.#grant(now);
    const opensAt = this.#opensAt(now);
    // `Infinity` means that a request must end first, which may happen at any moment.
    if (opensAt !== Number.POSITIVE_INFINITY && opensAt > deadline)
      return { granted: false, retryAfterMs: opensAt - now };
    return new Promise((answer) => {
      const waiter: Waiter = {
        answer,
        cancelDeadline: this.#clock.after(Math.max(0, deadline - now), () => {
          this.#waiting.delete(waiter);
          answer({ granted: false });
        }),
      };
      this.#waiting.add(waiter);
      this.#serve();
    });
  }

  slowDown(ms: number): void {
    const now = this.#clock.now();
    // Requests that were under way together come back with a 429 each: that is one warning, not several.
    if (this.#pausedUntil <= now) this.#allowed = Math.max(1, this.#allowed / 2);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + ms);
    this.#serve();
  }

  /** When the next request may begin: `Infinity` while too many are under way. */
  #opensAt(now: number): number {
    if (this.#underWay >= Math.floor(this.#allowed)) return Number.POSITIVE_INFINITY;
    return Math.max(now, this.#pausedUntil, this.#windowOpensAt(now));
  }

  #windowOpensAt(now: number): number {
    if (this.#rate === undefined) return now;
    while (this.#begun[0] !== undefined && this.#begun[0] <= now - this.#rate.perMs) this.#begun.shift();
    const oldest = this.#begun[this.#begun.length - this.#rate.requests];
    return oldest === undefined ? now : oldest + this.#rate.perMs;
  }

  #grant(now: number): Turn {
    this.#underWay += 1;
    if (this.#rate !== undefined) this.#begun.push(now);
    return {
      granted: true,
      release: () => {
        this.#underWay -= 1;
        this.#allowed = Math.min(this.#maxConcurrency, this.#allowed + 1 / (RECOVERY_ROUNDS * this.#allowed));
        if (this.#waiting.size > 0) this.#serve();
      },
    };
  }

  #serve(): void {
    this.#cancelWakeUp?.();
    this.#cancelWakeUp = undefined;
    for (const waiter of this.#waiting) {
      const now = this.#clock.now();
      const opensAt = this.#opensAt(now);
      if (opensAt > now) {
        if (opensAt !== Number.POSITIVE_INFINITY) {
          this.#cancelWakeUp = this.#clock.after(opensAt - now, () => this.#serve());
        }
        return;
      }
      this.#waiting.delete(waiter);
      waiter.cancelDeadline();
      waiter.answer(this.#grant(now));
    }
  }
}
