import type { Pace, PaceLimit } from '@talentbridge/contracts';
import { type Clock, systemClock } from '../clock.js';
import { laneLimit, withDefaultPace } from './pace-limits.js';
import { type NoTurn, type Pacer, rankOf, type Turn, type TurnRequest } from './pacer.js';

interface Waiter {
  readonly lane: Gate | undefined;
  readonly rank: number;
  readonly answer: (turn: Turn | NoTurn) => void;
  readonly cancelDeadline: () => void;
}

/** The concurrency that is allowed after a 429 grows back by one for each so many times it was used up. */
const RECOVERY_ROUNDS = 8;

/**
 * Paces within one process, the most urgent first, then first come, first served: caps on concurrency, sliding windows,
 * and a pause after each 429, which also halves the concurrency; it grows back as requests go through.
 */
export class LocalPacer implements Pacer {
  readonly #pace: Pace;
  readonly #clock: Clock;
  readonly #whole: Gate;
  readonly #lanes = new Map<string, Gate | undefined>();
  /** In the order in which they are served. */
  readonly #waiting: Waiter[] = [];
  #cancelWakeUp: (() => void) | undefined;

  /** @param pace Default: 8 requests at once. */
  constructor(pace: Pace = {}, clock: Clock = systemClock) {
    this.#pace = withDefaultPace(pace);
    this.#clock = clock;
    this.#whole = new Gate(this.#pace);
  }

  async acquire({ lane: name, urgency, deadline }: TurnRequest): Promise<Turn | NoTurn> {
    const now = this.#clock.now();
    const lane = this.#laneOf(name);
    const opensAt = this.#opensAt(lane, now);
    // Whoever waits for this lane was here before.
    if (opensAt <= now && !this.#waiting.some((waiter) => waiter.lane === lane)) return this.#grant(lane, now);
    // `Infinity` means that a request must end first, which may happen at any moment.
    if (opensAt !== Number.POSITIVE_INFINITY && opensAt > deadline)
      return { granted: false, retryAfterMs: opensAt - now };
    return new Promise((answer) => {
      const rank = rankOf(urgency);
      const waiter: Waiter = {
        lane,
        rank,
        answer,
        cancelDeadline: this.#clock.after(Math.max(0, deadline - now), () => {
          this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
          answer({ granted: false });
        }),
      };
      const behind = this.#waiting.findLastIndex((other) => other.rank <= rank);
      this.#waiting.splice(behind + 1, 0, waiter);
      this.#serve();
    });
  }

  slowDown(ms: number, lane?: string): void {
    (this.#laneOf(lane) ?? this.#whole).slowDown(ms, this.#clock.now());
    this.#serve();
  }

  /** What limits a lane by itself; `undefined` when nothing does. */
  #laneOf(name: string | undefined): Gate | undefined {
    if (name === undefined) return undefined;
    if (!this.#lanes.has(name)) {
      const limit = laneLimit(this.#pace, name);
      this.#lanes.set(name, limit && new Gate(limit));
    }
    return this.#lanes.get(name);
  }

  /** When the next request may begin: `Infinity` while too many are under way. */
  #opensAt(lane: Gate | undefined, now: number): number {
    const whole = this.#whole.opensAt(now);
    return lane ? Math.max(whole, lane.opensAt(now)) : whole;
  }

  #grant(lane: Gate | undefined, now: number): Turn {
    this.#whole.enter(now);
    lane?.enter(now);
    return {
      granted: true,
      begin: () => true,
      release: () => {
        this.#whole.leave();
        lane?.leave();
        if (this.#waiting.length > 0) this.#serve();
      },
    };
  }

  #serve(): void {
    this.#cancelWakeUp?.();
    this.#cancelWakeUp = undefined;
    const now = this.#clock.now();
    let nextAt = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.#waiting.length; ) {
      const waiter = this.#waiting[index];
      if (waiter === undefined) break;
      const opensAt = this.#opensAt(waiter.lane, now);
      if (opensAt > now) {
        nextAt = Math.min(nextAt, opensAt);
        // While the whole connection is held up, looking at the other lanes is of no use.
        if (this.#whole.opensAt(now) > now) break;
        index += 1;
        continue;
      }
      this.#waiting.splice(index, 1);
      waiter.cancelDeadline();
      waiter.answer(this.#grant(waiter.lane, now));
    }
    if (nextAt !== Number.POSITIVE_INFINITY) {
      this.#cancelWakeUp = this.#clock.after(nextAt - now, () => this.#serve());
    }
  }
}

/** One limit, and what counts against it. */
class Gate {
  readonly #maxConcurrency: number;
  readonly #rate: PaceLimit['rate'];
  /** When the requests of the current window began, oldest first. */
  readonly #begun: number[] = [];
  #allowed: number;
  #underWay = 0;
  #pausedUntil = 0;

  constructor(limit: PaceLimit) {
    this.#maxConcurrency = limit.concurrency ?? Number.POSITIVE_INFINITY;
    this.#rate = limit.rate;
    this.#allowed = this.#maxConcurrency;
  }

  opensAt(now: number): number {
    if (this.#underWay >= Math.floor(this.#allowed)) return Number.POSITIVE_INFINITY;
    return Math.max(now, this.#pausedUntil, this.#windowOpensAt(now));
  }

  enter(now: number): void {
    this.#underWay += 1;
    if (this.#rate !== undefined) this.#begun.push(now);
  }

  leave(): void {
    this.#underWay -= 1;
    this.#allowed = Math.min(this.#maxConcurrency, this.#allowed + 1 / (RECOVERY_ROUNDS * this.#allowed));
  }

  slowDown(ms: number, now: number): void {
    // Requests that were under way together come back with a 429 each: that is one warning, not several.
    if (this.#pausedUntil <= now) this.#allowed = Math.max(1, this.#allowed / 2);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + ms);
  }

  #windowOpensAt(now: number): number {
    if (this.#rate === undefined) return now;
    while (this.#begun[0] !== undefined && this.#begun[0] <= now - this.#rate.perMs) this.#begun.shift();
    const oldest = this.#begun[this.#begun.length - this.#rate.requests];
    return oldest === undefined ? now : oldest + this.#rate.perMs;
  }
}
