import type { Quota, Urgency } from '@talentbridge/contracts';
import { type Clock, systemClock } from '../clock.js';

/** What a vendor said of its quota. */
export interface KnownQuota {
  /** Calls in all. */
  readonly limit: number;
  /** Calls that are left. */
  readonly left: number;
  /** When all calls are there again; milliseconds since the epoch. */
  readonly resetsAt: number;
}

const DEFAULT_KEEP = { work: 0.01, background: 0.2 };

/**
 * Keeps to a quota that the vendor tells in its answers. Each process has its own: what the others use shows in the next
 * answer, and the last calls are not what they would be lost by.
 */
export class QuotaKeeper {
  readonly #quota: Quota;
  readonly #clock: Clock;
  /** What the answers said of the current period. `undefined`: nothing yet, so that anything may go. */
  #known: KnownQuota | undefined;
  #underWay = 0;

  constructor(quota: Quota, clock: Clock = systemClock) {
    this.#quota = quota;
    this.#clock = clock;
  }

  /** What the last answers said. `undefined`: nothing yet of the period that runs. */
  get known(): KnownQuota | undefined {
    // Once the period is over, nothing is known of the next one until an answer tells.
    if (this.#known && this.#known.resetsAt <= this.#clock.now()) this.#known = undefined;
    return this.#known;
  }

  /** `undefined`: a call of this urgency may go. Otherwise the milliseconds until all calls are there again. */
  refusedFor(urgency: Urgency): number | undefined {
    const { known } = this;
    if (!known) return undefined;
    const { limit, left, resetsAt } = known;
    return left - this.#underWay > limit * this.#keptFrom(urgency) ? undefined : resetsAt - this.#clock.now();
  }

  /** A request goes out, and counts until its answer says how many are left. Answers what to call when it has ended. */
  begin(): () => void {
    this.#underWay += 1;
    return () => {
      this.#underWay -= 1;
    };
  }

  /**
   * Reads an answer.
   * @returns the milliseconds until all calls are there again, where the answer says.
   */
  observe(headers: Readonly<Record<string, string | readonly string[] | undefined>>): number | undefined {
    const number = (name: string): number | undefined => {
      const value = headers[name];
      return typeof value === 'string' && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
    };
    const seconds = number(this.#quota.resetHeader);
    if (seconds === undefined) return undefined;
    const resetMs = seconds * 1000;
    const left = number(this.#quota.remainingHeader);
    if (left !== undefined) this.#learn(number(this.#quota.limitHeader), left, this.#clock.now() + resetMs);
    return resetMs;
  }

  #learn(limit: number | undefined, left: number, resetsAt: number): void {
    const known = this.#known;
    // Seconds are rounded and answers overtake each other: within a period, what is left only shrinks.
    const samePeriod = known !== undefined && resetsAt < known.resetsAt + 5_000 && this.#clock.now() < known.resetsAt;
    this.#known = samePeriod
      ? { ...known, limit: limit ?? known.limit, left: Math.min(known.left, left) }
      : { limit: limit ?? left, left, resetsAt };
  }

  #keptFrom(urgency: Urgency): number {
    if (urgency === 'interactive') return 0;
    return this.#quota.keep?.[urgency] ?? DEFAULT_KEEP[urgency];
  }
}
