/** A map that forgets what was not used for longest once it is full. */
export class RecentCache<Key, Value> {
  private readonly entries = new Map<Key, Value>();

  constructor(private readonly capacity: number) {}

  /** The value of a key, which becomes the youngest. */
  get(key: Key): Value | undefined {
    const value = this.entries.get(key);
    if (value !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, value);
    }
    return value;
  }

  /** Remembers a value. */
  set(key: Key, value: Value): void {
    this.entries.delete(key);
    if (this.entries.size >= this.capacity) {
      // A map iterates in the order of insertion, so the first key is the oldest.
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest);
        break;
      }
    }
    this.entries.set(key, value);
  }

  /** Forgets a key; answers whether it was there. */
  delete(key: Key): boolean {
    return this.entries.delete(key);
  }

  /** How many are remembered. */
  get size(): number {
    return this.entries.size;
  }
}
