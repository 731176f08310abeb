type Numbers = Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A typed array that grows at its end. Loops over many elements read `array` up to `length`. */
export class GrowingArray<T extends Numbers> {
  length = 0;

  constructor(
    /** What lies at `length` and after it is room to spare. */
    public array: T,
  ) {}

  push(value: number): void {
    if (this.length === this.array.length) this.resize(Math.ceil(this.length * 1.5) + 16);
    this.array[this.length++] = value;
  }

  at(index: number): number {
    return this.array[index] ?? 0;
  }

  /** Gives back the room to spare. */
  trim(): void {
    if (this.length < this.array.length) this.resize(this.length);
  }

  private resize(length: number): void {
    const OfKind = this.array.constructor as new (length: number) => T;
    const resized = new OfKind(length);
    resized.set(this.array.subarray(0, this.length));
    this.array = resized;
  }
}

/** For each row a list of numbers: the one of row `r` is `values` from `starts[r]` to `starts[r + 1]`, exclusive. */
export class ListColumn<T extends Numbers> {
  readonly starts = new GrowingArray(new Uint32Array(16));
  readonly values: GrowingArray<T>;

  constructor(values: T) {
    this.values = new GrowingArray(values);
    this.starts.push(0);
  }

  push(list: ArrayLike<number>): void {
    for (let index = 0; index < list.length; index++) this.values.push(list[index] as number);
    this.endRow();
  }

  /** Makes a row of the values that were added since the last one. */
  endRow(): void {
    this.starts.push(this.values.length);
  }

  /** The list of one row. */
  at(row: number): T {
    return this.values.array.subarray(this.starts.at(row), this.starts.at(row + 1)) as T;
  }

  trim(): void {
    this.starts.trim();
    this.values.trim();
  }
}
