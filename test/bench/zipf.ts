import type { SeededNumbers } from '../support/seeded-numbers.ts';

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
