/** Numbers that follow from a seed, quick enough to make millions of words a second. */
export class SeededNumbers {
  #state = 0;

  /** Starts anew: the same three numbers give the same row. */
  restart(seed: number, of: number): void {
    this.#state = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(of + 1, 0x85ebca6b)) | 0;
    this.next();
    this.next();
  }

  /** 32 bits, unsigned. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return (value ^ (value >>> 14)) >>> 0;
  }

  /** From 0 up to, and without, the limit. */
  below(limit: number): number {
    return Math.floor((this.next() / 4_294_967_296) * limit);
  }

  happens(probability: number): boolean {
    return this.next() < probability * 4_294_967_296;
  }
}

/**
 * Draws ranks from 0 up to a size, as Zipf has it: the r-th about as often as 1 / (r + 1) ** exponent. By the inverse of the
 * continuous distribution: no table, so that nothing but what is drawn passes through the processor's cache.
 */
export class ZipfRanks {
  readonly size: number;
  readonly #power: number;
  readonly #scale: number;

  constructor(size: number, exponent: number) {
    this.size = size;
    this.#power = 1 - exponent;
    const area = exponent === 1 ? Math.log(size + 1) : (size + 1) ** this.#power - 1;
    this.#scale = area / 4_294_967_296;
  }

  draw(numbers: SeededNumbers): number {
    const part = numbers.next() * this.#scale;
    const place = this.#power === 0 ? Math.exp(part) : (part + 1) ** (1 / this.#power);
    return Math.min(this.size, Math.floor(place)) - 1;
  }
}
