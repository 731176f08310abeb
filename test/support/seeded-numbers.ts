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
