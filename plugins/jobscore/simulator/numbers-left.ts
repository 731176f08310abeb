/** The whole numbers from zero on without those that were taken away, by their place among the ones that are left. */
export class NumbersLeft {
  readonly #gone: number[] = [];

  constructor(private readonly limit: number) {}

  /** How many are left. */
  get count(): number {
    return this.limit - this.#gone.length;
  }

  /** Whether a number is among them. */
  has(number: number): boolean {
    return (
      Number.isInteger(number) && number >= 0 && number < this.limit && this.#gone[this.#placeOf(number)] !== number
    );
  }

  /** The number at a place, which must be at least 0 and below `count`. */
  at(place: number): number {
    // In front of the k-th that is gone, as many are left as it is larger than k.
    const goneBefore = firstWhere(this.#gone.length, (index) => (this.#gone[index] ?? 0) - index > place);
    return place + goneBefore;
  }

  /** Takes a number away. */
  remove(number: number): void {
    if (this.has(number)) this.#gone.splice(this.#placeOf(number), 0, number);
  }

  #placeOf(number: number): number {
    return firstWhere(this.#gone.length, (index) => (this.#gone[index] ?? 0) >= number);
  }
}

/** The first index for which something is true, when it stays true from there on; `length` when there is none. */
function firstWhere(length: number, isTrue: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
