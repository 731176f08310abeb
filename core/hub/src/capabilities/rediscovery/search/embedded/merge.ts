import type { FacetAnswer, FacetRequest, SearchAnswer, SearchRequest } from '../search-engine.js';
import type { CountedSet } from './facet-counts.js';
import { compareHits, cursorOf, orderOf } from './hit-order.js';
import type { ShardAnswer } from './shard.js';
import { FIRST_VALUE_CODE, type ListedValue, placeOfField, ValueDictionary } from './value-dictionary.js';

/** Makes one answer of those of all shards. Each shard has codes of its own, so that a dictionary of all values lies between. */
export class ShardMerge {
  private readonly dictionary = new ValueDictionary();
  /** By shard and its code: ours. */
  private readonly codes: readonly Int32Array[];

  constructor(shards: number) {
    this.codes = Array.from({ length: shards }, () => Int32Array.from({ length: FIRST_VALUE_CODE }, (_, code) => code));
  }

  /** Learns values of a shard, which come in the order of their codes and before any answer that counts them. */
  addValues(shard: number, values: readonly ListedValue[]): void {
    const last = values.at(-1);
    if (!last) return;
    let codes = this.codes[shard] ?? new Int32Array(0);
    if (codes.length <= last.code) {
      const larger = new Int32Array(last.code + 1 + (last.code >>> 2));
      larger.set(codes);
      codes = larger;
      (this.codes as Int32Array[])[shard] = codes;
    }
    for (const { code, field, key, label } of values) codes[code] = this.dictionary.add(field, key, label);
  }

  /** @param answers Of all shards, in their order. */
  merge({ query, order, first, after, facets = [] }: SearchRequest, answers: readonly ShardAnswer[]): SearchAnswer {
    const rankedBy = orderOf(query, order);
    const hits = answers.flatMap((answer) => answer.hits).toSorted(compareHits);
    return {
      hits: hits.slice(0, first).map((hit) => ({ id: hit.id, cursor: cursorOf(rankedBy, hit) })),
      hasNextPage: first === 0 && after === undefined ? answers.some(({ total }) => total > 0) : hits.length > first,
      total: sum(answers.map(({ total }) => total)),
      facets: this.facets(facets, answers),
      rankedBy,
    };
  }

  private facets(requests: readonly FacetRequest[], answers: readonly ShardAnswer[]): FacetAnswer[] {
    const sets = answers[0]?.sets.map((_, set) => this.add(answers.map((answer) => answer.sets[set]))) ?? [];
    const placed = requests.map(({ field, top }, index) => ({
      set: answers[0]?.facets[index]?.set ?? 0,
      place: placeOfField(field),
      values: new TopValues(this.dictionary, top),
    }));
    for (const [set, counts] of sets.entries()) {
      const byPlace: TopValues[][] = [];
      for (const facet of placed.filter((one) => one.set === set)) {
        byPlace[facet.place] = [...(byPlace[facet.place] ?? []), facet.values];
      }
      const places = this.dictionary.places.array;
      for (let code = FIRST_VALUE_CODE; code < counts.length; code++) {
        const count = counts[code] as number;
        if (count === 0) continue;
        const facetsOfCode = byPlace[places[code] as number];
        if (facetsOfCode) for (const values of facetsOfCode) values.add(code, count);
      }
    }
    return placed.map(({ values }, index) => ({
      field: requests[index]?.field ?? '',
      values: values.top(),
      distinct: values.distinct,
      missing: sum(answers.map((answer) => answer.facets[index]?.missing ?? 0)),
    }));
  }

  private add(sets: readonly (CountedSet | undefined)[]): CountedSet {
    const counts = new Int32Array(this.dictionary.size);
    for (const [shard, set] of sets.entries()) {
      const codes = this.codes[shard];
      if (!codes || !set) continue;
      for (let code = 0; code < set.length; code++) {
        const ours = codes[code] as number;
        counts[ours] = (counts[ours] as number) + (set[code] as number);
      }
    }
    return counts;
  }
}

/** Keeps the values of most documents. */
class TopValues {
  distinct = 0;
  private readonly best: { readonly code: number; readonly count: number }[] = [];

  constructor(
    private readonly dictionary: ValueDictionary,
    private readonly most: number,
  ) {}

  add(code: number, count: number): void {
    this.distinct++;
    const { best, most } = this;
    if (best.length === most && count < (best[most - 1]?.count ?? Infinity)) return;
    let place = best.length;
    while (place > 0 && this.comesBefore(code, count, best[place - 1])) place--;
    if (place === most) return;
    best.splice(place, 0, { code, count });
    if (best.length > most) best.pop();
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
    return this.dictionary.key(code) < this.dictionary.key(other.code);
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => one + other, 0);
}
