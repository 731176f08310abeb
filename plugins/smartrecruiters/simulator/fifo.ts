/** Something that waits in the order of arrival. Taking from the front costs the same however long it is. */
export class Fifo<Item> {
  #items: Item[] = [];
  #first = 0;

  /** How many wait. */
  get size(): number {
    return this.#items.length - this.#first;
  }

  /** The one that waits longest. */
  get front(): Item | undefined {
    return this.#items[this.#first];
  }

  /** By its place from the front, which has 0. */
  at(place: number): Item | undefined {
    return place < 0 ? undefined : this.#items[this.#first + place];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Takes the one that waits longest. */
  shift(): Item | undefined {
    const item = this.front;
    if (item === undefined) return undefined;
    this.#first += 1;
    // What was taken is let go of in one step, once it is half of all.
    if (this.#first > 1000 && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** Keeps those alone that pass. */
  keep(passes: (item: Item) => boolean): void {
    this.#items = this.#items.slice(this.#first).filter(passes);
    this.#first = 0;
  }
}
