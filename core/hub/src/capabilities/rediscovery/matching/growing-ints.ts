/** A list of 32-bit integers that grows, without an object per entry. */
export class GrowingInts {
  /** As long as what fits, not as what is in it. */
  values: Int32Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 1_024) {
    this.values = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.values.length) this.reserve(1);
    this.values[this.length] = value;
    this.length += 1;
  }

  /** Makes room for so many more. */
  reserve(more: number): void {
    if (this.length + more <= this.values.length) return;
    // Half as much again: doubling a list of hundreds of megabytes would keep as much idle.
    const larger = new Int32Array(Math.max(this.length + more, Math.ceil(this.values.length * 1.5)));
    larger.set(this.values.subarray(0, this.length));
    this.values = larger;
  }
}
