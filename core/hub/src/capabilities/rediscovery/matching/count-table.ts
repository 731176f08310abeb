/** Counts by 32-bit key: open addressing in two typed arrays, 8 bytes a place. */
export class CountTable {
  #keys = new Int32Array(1 << 12);
  #counts = new Int32Array(1 << 12);
  #used = 0;

  /** How often the key was counted. */
  get(key: number): number {
    return this.#counts[this.#placeOf(key)] ?? 0;
  }

  /** Counts once more, or once less. */
  add(key: number, change: 1 | -1): void {
    const place = this.#placeOf(key);
    if (this.#keys[place] === 0) {
      if (change < 0) return;
      this.#keys[place] = key || 1;
      this.#used += 1;
    }
    this.#counts[place] = Math.max(0, (this.#counts[place] ?? 0) + change);
    if (this.#used * 4 > this.#keys.length * 3) this.#grow();
  }

  #placeOf(key: number): number {
    const wanted = key || 1;
    const mask = this.#keys.length - 1;
    let place = (Math.imul(wanted, 0x9e3779b1) >>> 7) & mask;
    for (;;) {
      const found = this.#keys[place];
      if (found === wanted || found === 0) return place;
      place = (place + 1) & mask;
    }
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts];
    this.#keys = new Int32Array(keys.length * 2);
    this.#counts = new Int32Array(keys.length * 2);
    for (const [index, key] of keys.entries()) {
      if (key === 0) continue;
      const place = this.#placeOf(key);
      this.#keys[place] = key;
      this.#counts[place] = counts[index] ?? 0;
    }
  }
}
