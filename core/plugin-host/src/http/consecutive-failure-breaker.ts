import { type Clock, systemClock } from '../clock.js';
import type { CircuitBreaker, CircuitState } from './circuit-breaker.js';

/** When a breaker opens, and how often it looks whether it may close again. */
export interface BreakerSettings {
  /** Failures without a success between them that open it. Default 5. */
  readonly failures?: number;
  /** At most one probe in so many milliseconds. Default 1,000. */
  readonly probeEveryMs?: number;
}

/** What a breaker does unless it is told otherwise. */
export const DEFAULT_BREAKER: Required<BreakerSettings> = { failures: 5, probeEveryMs: 1000 };

/** Opens after a number of failures in a row; the first success closes it. Knows of one process. */
export class ConsecutiveFailureBreaker implements CircuitBreaker {
  readonly #settings: Required<BreakerSettings>;
  readonly #clock: Clock;
  #failures = 0;
  #nextProbeAt = 0;

  constructor(settings: BreakerSettings = {}, clock: Clock = systemClock) {
    this.#settings = { ...DEFAULT_BREAKER, ...settings };
    this.#clock = clock;
  }

  get state(): CircuitState {
    return this.#failures >= this.#settings.failures ? 'open' : 'closed';
  }

  get sparing(): boolean {
    return this.state === 'open' && this.#clock.now() < this.#nextProbeAt;
  }

  async admit(): Promise<boolean> {
    if (this.state === 'closed') return true;
    if (this.sparing) return false;
    // Counted from the start of a probe, so that one that is never heard of again does not block the next.
    this.#nextProbeAt = this.#clock.now() + this.#settings.probeEveryMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures === this.#settings.failures) {
      this.#nextProbeAt = this.#clock.now() + this.#settings.probeEveryMs;
    }
  }
}
