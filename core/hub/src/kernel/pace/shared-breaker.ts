import {
  type BreakerSettings,
  type CircuitBreaker,
  type CircuitState,
  DEFAULT_BREAKER,
} from '@talentbridge/plugin-host';
import type { PaceKey, PaceStore, SharedCircuit } from './pace-store.js';

/** Counted when the right to probe is given: whatever the next probe gains on its way, they arrive a second apart. */
const PROBE_EVERY_MS = 1_050;

/**
 * Spares a vendor that is down, in all processes that use a connection: the first to see several failures in a row opens
 * it for all, one of them at a time sends the probe, and the first success closes it for all. While it is closed nothing
 * is asked of the database.
 */
export class SharedBreaker implements CircuitBreaker {
  private readonly settings: Required<BreakerSettings>;
  private failures = 0;
  private open = false;
  /** On the clock of `performance.now()`. */
  private nextProbeAt = 0;
  private telling: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: Pick<PaceStore, 'circuit'>,
    private readonly key: PaceKey,
    settings: BreakerSettings = {},
  ) {
    this.settings = { ...DEFAULT_BREAKER, probeEveryMs: PROBE_EVERY_MS, ...settings };
    // A process that starts while the vendor is down need not find out by itself.
    this.tell('look');
  }

  get state(): CircuitState {
    return this.open ? 'open' : 'closed';
  }

  get sparing(): boolean {
    return this.open && performance.now() < this.nextProbeAt;
  }

  async admit(): Promise<boolean> {
    if (!this.open) return true;
    if (this.sparing) return false;
    // Nobody else in this process asks as well.
    this.nextProbeAt = performance.now() + this.settings.probeEveryMs;
    // Nobody is to hear that the vendor is well because what was seen of it has not been told yet.
    await this.telling;
    try {
      const shared = await this.store.circuit(this.key, 'probe', this.settings.probeEveryMs);
      this.learn(shared);
      return !shared.open || shared.probe;
    } catch {
      // Nobody knows who else is probing.
      return false;
    }
  }

  succeeded(): void {
    this.failures = 0;
    if (!this.open) return;
    this.open = false;
    this.tell('closed');
  }

  failed(): void {
    this.failures += 1;
    if (this.open || this.failures < this.settings.failures) return;
    this.heardOpened();
    this.tell('opened');
  }

  /** Another process saw that the vendor is down. */
  heardOpened(): void {
    if (!this.open) this.nextProbeAt = performance.now() + this.settings.probeEveryMs;
    this.open = true;
  }

  /** Another process got an answer. */
  heardClosed(): void {
    this.open = false;
    this.failures = 0;
  }

  async close(): Promise<void> {
    await this.telling;
  }

  private tell(event: 'look' | 'opened' | 'closed'): void {
    // In order: what was seen last is what counts.
    this.telling = this.telling
      .then(() => this.store.circuit(this.key, event, this.settings.probeEveryMs))
      .then((shared) => {
        // What this process sees meanwhile counts for more than what nobody has told.
        if (event === 'opened' || (event === 'look' && shared.open)) this.learn(shared);
      })
      // Each process then decides for itself.
      .catch(() => undefined);
  }

  private learn(shared: SharedCircuit): void {
    if (!shared.open) this.heardClosed();
    else {
      this.open = true;
      this.nextProbeAt = performance.now() + shared.nextProbeMs;
    }
  }
}
