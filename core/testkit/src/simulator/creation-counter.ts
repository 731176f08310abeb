/**
 * Counts how often a simulator created something for one identity, and forgets nothing when the record is merged or
 * deleted: the proof that a candidate was created once. A simulator chooses the identity (an email address, a profile
 * URL); tests read the counts here or from `/_sim/state`.
 */
export class CreationCounter {
  readonly #counts = new Map<string, number>();

  /** Notes one creation. */
  count(identity: string): void {
    this.#counts.set(identity, this.of(identity) + 1);
  }

  /** How often this identity was created. */
  of(identity: string): number {
    return this.#counts.get(identity) ?? 0;
  }

  /** Every identity and its count. */
  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** Forgets everything. */
  reset(): void {
    this.#counts.clear();
  }
}
