import type { FacetAnswer, FacetRequest, SearchAnswer, SearchRequest } from '../search-engine.js';
import type { Counts } from './facet-counts.js';
import { GrowingArray } from './growing-array.js';
import { compareHits, cursorOf, orderOf } from './hit-order.js';
import type { ShardAnswer } from './shard.js';
import { FIRST_VALUE_CODE, firstCodeOf, type PackedValues, placeOfField, ValueDictionary } from './value-dictionary.js';

/** Makes one answer of those of all shards. Each shard has codes of its own, so that a dictionary of all values lies between. */
export class ShardMerge {
  private readonly dictionary = new ValueDictionary();
  /** By shard and its code: ours. */
  private readonly codes: Int32Array[];
  /** By our code: how many shards have the value. */
  private readonly holders = new GrowingArray(new Uint32Array(256));
  /** By our code: 0, except while counts are added up. */
  private sums = new Int32Array(0);

  constructor(shards: number) {
    this.codes = Array.from({ length: shards }, () => Int32Array.from({ length: FIRST_VALUE_CODE }, (_, code) => code));
  }

  /**
   * Learns values of a shard, which come in the order of their codes and before any answer that counts them. A shard that was read
   * anew begins with its first one again.
   */
  addValues(shard: number, values: PackedValues): void {
    let codes = this.codes[shard] ?? new Int32Array(0);
    const before = firstCodeOf(values) === FIRST_VALUE_CODE ? codes.slice(FIRST_VALUE_CODE) : [];
    if (before.length > 0) codes.fill(0, FIRST_VALUE_CODE);
    this.dictionary.addPacked(values, (theirs, ours) => {
      if (theirs >= codes.length) {
        const larger = new Int32Array(theirs + 16 + (theirs >>> 2));
        larger.set(codes);
        codes = larger;
      }
      codes[theirs] = ours;
      this.hold(ours, 1);
    });
    this.codes[shard] = codes;
    for (const ours of before) this.hold(ours, -1);
  }

  /** A shard has nobody with these values any more. What no shard has is not kept. @param theirs Codes of the shard. */
  forgetValues(shard: number, theirs: readonly number[]): void {
    const codes = this.codes[shard];
    if (!codes) return;
    for (const code of theirs) {
      this.hold(codes[code] ?? 0, -1);
      codes[code] = 0;
    }
  }

  private hold(code: number, by: 1 | -1): void {
    if (code < FIRST_VALUE_CODE) return;
    while (this.holders.length <= code) this.holders.push(0);
    const holders = this.holders.at(code) + by;
    this.holders.array[code] = holders;
    if (holders === 0) this.dictionary.forget(code);
  }

  /** @param answers Of all shards, in their order. */
  merge(request: SearchRequest, answers: readonly ShardAnswer[]): SearchAnswer {
    const { first, after, facets = [] } = request;
    const total = sum(answers.map((answer) => answer.total));
    const rankedBy = orderOf(request, total);
    const hits = answers
      .flatMap(({ ranked, newest }) => (rankedBy === 'relevance' ? (ranked ?? []) : newest))
      .toSorted(compareHits);
    return {
      hits: hits.slice(0, first).map((hit) => ({ id: hit.id, cursor: cursorOf(rankedBy, hit) })),
      hasNextPage: first === 0 && after === undefined ? total > 0 : hits.length > first,
      total,
      facets: this.facets(facets, answers),
      rankedBy,
    };
  }

  private facets(requests: readonly FacetRequest[], answers: readonly ShardAnswer[]): FacetAnswer[] {
    const placed = requests.map(({ field, top }, index) => ({
      set: answers[0]?.facets[index]?.set ?? 0,
      place: placeOfField(field),
      values: new TopValues(this.dictionary, top),
    }));
    for (const set of answers[0]?.sets.keys() ?? []) {
      const byPlace: TopValues[][] = [];
      for (const facet of placed.filter((one) => one.set === set)) {
        byPlace[facet.place] = [...(byPlace[facet.place] ?? []), facet.values];
      }
      this.eachCount(
        answers.map((answer) => answer.sets[set]),
        byPlace,
      );
    }
    return placed.map(({ values }, index) => ({
      field: requests[index]?.field ?? '',
      values: values.top(),
      distinct: values.distinct,
      missing: sum(answers.map((answer) => answer.facets[index]?.missing ?? 0)),
    }));
  }

  /** Adds up what the shards counted of a set, and hands each value that occurs to the facets of its field. */
  private eachCount(sets: readonly (Counts | undefined)[], byPlace: readonly (readonly TopValues[])[]): void {
    const { size } = this.dictionary;
    if (this.sums.length < size) this.sums = new Int32Array(size * 1.25);
    const { sums } = this;
    for (const [shard, counts] of sets.entries()) {
      const codes = this.codes[shard];
      if (!codes || !counts) continue;
      for (let theirs = 0; theirs < counts.length; theirs++) {
        const count = counts[theirs] as number;
        if (count === 0) continue;
        const ours = codes[theirs] as number;
        sums[ours] = (sums[ours] as number) + count;
      }
    }
    const places = this.dictionary.places.array;
    for (let code = 0; code < size; code++) {
      const count = sums[code] as number;
      if (count === 0) continue;
      sums[code] = 0;
      const facets = byPlace[places[code] as number];
      if (facets) for (const values of facets) values.add(code, count);
    }
  }
}

/** Keeps the values of most documents. */
class TopValues {
  distinct = 0;
  /** Fewer are too few, once there are enough values. */
  private least = 0;
  private readonly best: { readonly code: number; readonly count: number }[] = [];

  constructor(
    private readonly dictionary: ValueDictionary,
    private readonly most: number,
  ) {}

  add(code: number, count: number): void {
    this.distinct++;
    if (count < this.least) return;
    const { best, most } = this;
    let place = best.length;
    while (place > 0 && this.comesBefore(code, count, best[place - 1])) place--;
    if (place === most) return;
    best.splice(place, 0, { code, count });
    if (best.length > most) best.pop();
    if (best.length === most) this.least = best[most - 1]?.count ?? 0;
  }

  top(): FacetAnswer['values'] {
    return this.best.map(({ code, count }) => ({
      key: this.dictionary.key(code),
      label: this.dictionary.label(code),
      count,
    }));
  }

  private comesBefore(code: number, count: number, other: { code: number; count: number } | undefined): boolean {
    if (!other || count !== other.count) return count > (other?.count ?? 0);
    return this.dictionary.comesBefore(code, other.code);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}
