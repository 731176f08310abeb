/**
 * The time inside a simulator. It follows the machine's clock, so that "created after this moment" means the same on
 * both sides, and can be moved ahead to make background work due.
 */
export class SimulatorClock {
  #offset = 0;
  readonly #listeners = new Set<(now: number) => void>();

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** ISO 8601 in UTC. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Moves time ahead, then runs the background work that `onAdvance` registered. */
  advance(milliseconds: number): void {
    this.#offset += milliseconds;
    for (const listener of this.#listeners) listener(this.now());
  }

  /** Registers background work (a duplicate check, say) that runs whenever time is moved ahead. */
  onAdvance(listener: (now: number) => void): void {
    this.#listeners.add(listener);
  }

  /** Back to the machine's time. Background work stays registered. */
  reset(): void {
    this.#offset = 0;
  }
}
