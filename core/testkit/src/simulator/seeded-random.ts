/**
 * Random numbers that repeat: the same seed gives the same sequence on every machine. For data of simulators and
 * tests, never for secrets.
 */
export class SeededRandom {
  #state: number;

  constructor(readonly seed: number = 1) {
    this.#state = seed >>> 0;
  }

  /** At least 0, below 1. */
  next(): number {
    // mulberry32: small, fast, and good enough to shuffle lists.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, at least 0 and below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** A new list with the same items in another order: what a vendor that promises no order answers. */
  shuffle<Item>(items: readonly Item[]): Item[] {
    return items
      .map((item) => ({ item, rank: this.next() }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  }

  /** An identifier of so many characters out of an alphabet, as a vendor makes them. */
  id(length: number, alphabet: string = ALPHANUMERIC): string {
    return Array.from({ length }, () => alphabet.charAt(this.below(alphabet.length))).join('');
  }

  /** Starts the sequence again. */
  reset(): void {
    this.#state = this.seed >>> 0;
  }
}

/** `A-Z a-z 0-9`. */
export const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `A-Z a-z 0-9 _ -`. */
export const URL_SAFE = `${ALPHANUMERIC}_-`;

/** `0-9`, for vendors that number their records. */
export const DIGITS = '0123456789';
