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
      const tops = new TopValuesByPlace();
      for (const { place, values } of placed.filter((one) => one.set === set)) tops.take(place, values);
      this.eachCount(
        answers.map((answer) => answer.sets[set]),
        tops,
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
  private eachCount(sets: readonly (Counts | undefined)[], tops: TopValuesByPlace): void {
    const { size } = this.dictionary;
    if (this.sums.length < size) this.sums = new Int32Array(size * 1.25);
    for (const [shard, counts] of sets.entries()) if (counts) this.addUp(this.codes[shard] ?? NO_CODES, counts);
    if (sets.every((counts) => counts?.codes)) {
      for (const [shard, counts] of sets.entries()) this.handOn(tops, counts?.codes ?? NO_CODES, this.codes[shard]);
    } else this.handOnAll(tops);
    tops.end();
  }

  /** @param codes By code of the shard: ours. */
  private addUp(codes: Int32Array, { codes: counted, numbers }: Counts): void {
    const { sums } = this;
    if (counted) {
      for (let place = 0; place < numbers.length; place++) {
        const ours = codes[counted[place] as number] as number;
        sums[ours] = (sums[ours] as number) + (numbers[place] as number);
      }
    } else {
      for (let theirs = 0; theirs < numbers.length; theirs++) {
        const number = numbers[theirs] as number;
        if (number === 0) continue;
        const ours = codes[theirs] as number;
        sums[ours] = (sums[ours] as number) + number;
      }
    }
  }

  /** Hands on the sums of some values. What another shard has too is 0 when it comes again. */
  private handOn(tops: TopValuesByPlace, counted: Int32Array, codes: Int32Array = NO_CODES): void {
    const { sums } = this;
    const places = this.dictionary.places.array;
    for (let place = 0; place < counted.length; place++) {
      const ours = codes[counted[place] as number] as number;
      const count = sums[ours] as number;
      if (count === 0) continue;
      sums[ours] = 0;
      tops.add(places[ours] as number, ours, count);
    }
  }

  private handOnAll(tops: TopValuesByPlace): void {
    const { sums } = this;
    const places = this.dictionary.places.array;
    for (let ours = 0, { size } = this.dictionary; ours < size; ours++) {
      const count = sums[ours] as number;
      if (count === 0) continue;
      sums[ours] = 0;
      tops.add(places[ours] as number, ours, count);
    }
  }
}

const NO_CODES = new Int32Array(0);

/** A place is a byte. */
const PLACES = 256;

/** Hands values to the facets of their fields. Most are too few for any, and cost next to nothing. */
class TopValuesByPlace {
  private readonly facets = new Map<number, TopValues[]>();
  private readonly distinct = new Int32Array(PLACES);
  /** Fewer are too few for all facets of the field. */
  private readonly least = new Int32Array(PLACES).fill(2 ** 31 - 1);

  /** Takes a facet of a field in. */
  take(place: number, values: TopValues): void {
    this.facets.set(place, [...(this.facets.get(place) ?? []), values]);
    this.least[place] = 0;
  }

  add(place: number, code: number, count: number): void {
    this.distinct[place] = (this.distinct[place] as number) + 1;
    if (count < (this.least[place] as number)) return;
    const facets = this.facets.get(place) ?? [];
    for (const values of facets) values.add(code, count);
    this.least[place] = Math.min(...facets.map(({ least }) => least));
  }

  /** Tells facets how many values there were. */
  end(): void {
    for (const [place, facets] of this.facets) {
      for (const values of facets) values.distinct = this.distinct[place] ?? 0;
    }
  }
}

/** Keeps the values of most documents. */
class TopValues {
  distinct = 0;
  /** Fewer are too few, once there are enough values. */
  least = 0;
  private readonly best: { readonly code: number; readonly count: number }[] = [];

  constructor(
    private readonly dictionary: ValueDictionary,
    private readonly most: number,
  ) {}

  add(code: number, count: number): void {
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
