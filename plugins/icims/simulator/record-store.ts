/** Records that nobody holds: each is made whenever it is asked for, the same every time. */
export interface GeneratedRecords<Item> {
  /** The highest id; 0 when there are none. */
  readonly lastId: number;
  has(id: number): boolean;
  get(id: number): Item | undefined;
  /** Ascending, without those up to `after`. */
  idsAfter(after: number): Iterable<number>;
}

/** Records by id, in ascending order: generated ones, and in their place or behind them those that were made or changed since. */
export class RecordStore<Item extends { readonly id: number }> {
  #generated: GeneratedRecords<Item> | undefined;
  readonly #own = new Map<number, Item>();
  readonly #erased = new Set<number>();

  /** Starts over with these, or with none. */
  reset(generated?: GeneratedRecords<Item>): void {
    this.#generated = generated;
    this.#own.clear();
    this.#erased.clear();
  }

  /** Those that were made or changed here: the others are as they were generated. */
  get own(): ReadonlyMap<number, Item> {
    return this.#own;
  }

  /** Whether there is a record with this id. */
  has(id: number): boolean {
    return this.#own.has(id) || (!this.#erased.has(id) && this.#generated?.has(id) === true);
  }

  /** A record to look at. What is changed on a generated one is forgotten: `keep` it first. */
  get(id: number): Item | undefined {
    return this.#own.get(id) ?? (this.#erased.has(id) ? undefined : this.#generated?.get(id));
  }

  /** A record to change. */
  keep(id: number): Item | undefined {
    const item = this.get(id);
    if (item) this.#own.set(id, item);
    return item;
  }

  /** One more record, with an id above all others. */
  add(item: Item): void {
    this.#own.set(item.id, item);
  }

  /** Removes a record without a trace. */
  delete(id: number): void {
    this.#own.delete(id);
    if (this.#generated?.has(id)) this.#erased.add(id);
  }

  /** Ids in ascending order, without those up to `after`. */
  *idsAfter(after: number): Generator<number> {
    const { lastId = 0 } = this.#generated ?? {};
    if (after < lastId) {
      for (const id of this.#generated?.idsAfter(after) ?? []) if (!this.#erased.has(id)) yield id;
    }
    // New ones have rising ids, and a map remembers the order in which they came.
    for (const id of this.#own.keys()) if (id > after && id > lastId) yield id;
  }

  /** All of them: for small tenants. */
  *values(): Generator<Item> {
    for (const id of this.idsAfter(0)) {
      const item = this.get(id);
      if (item) yield item;
    }
  }
}
