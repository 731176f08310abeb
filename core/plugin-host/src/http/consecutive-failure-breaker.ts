import { type Clock, systemClock } from '../clock.js';
import type { CircuitBreaker, CircuitState } from './circuit-breaker.js';

/** When a breaker opens, and how often it looks whether it may close again. */
export interface BreakerSettings {
  /** Failures without a success between them that open it. Default 5. */
  readonly failures?: number;
  /** At most one probe in so many milliseconds. Default 1,000. */
  readonly probeEveryMs?: number;
}

/** Opens after a number of failures in a row; the first success closes it. */
export class ConsecutiveFailureBreaker implements CircuitBreaker {
  readonly #limit: number;
  readonly #probeEveryMs: number;
  readonly #clock: Clock;
  #failures = 0;
  #nextProbeAt = 0;

  constructor(settings: BreakerSettings = {}, clock: Clock = systemClock) {
    this.#limit = settings.failures ?? 5;
    this.#probeEveryMs = settings.probeEveryMs ?? 1000;
    this.#clock = clock;
  }

  get state(): CircuitState {
    return this.#failures >= this.#limit ? 'open' : 'closed';
  }

  admit(): boolean {
    if (this.state === 'closed') return true;
    const now = this.#clock.now();
    if (now < this.#nextProbeAt) return false;
    // Counted from the start of a probe, so that one that is never heard of again does not block the next.
    this.#nextProbeAt = now + this.#probeEveryMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures === this.#limit) this.#nextProbeAt = this.#clock.now() + this.#probeEveryMs;
  }
}
