import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Counts } from '../../../../src/capabilities/rediscovery/search/embedded/facet-counts.js';
import { ShardMerge } from '../../../../src/capabilities/rediscovery/search/embedded/merge.js';
import { utf8Of } from '../../../../src/capabilities/rediscovery/search/embedded/text-column.js';
import {
  placeOfField,
  ValueDictionary,
} from '../../../../src/capabilities/rediscovery/search/embedded/value-dictionary.js';

const FIELD = 'skill';

/** A shard that has a dictionary and says what is new in it, as a `Shard` does. */
class Codes {
  dictionary = new ValueDictionary();
  private told = new ValueDictionary().size;

  constructor(
    private readonly merge: ShardMerge,
    private readonly number: number,
  ) {}

  add(value: string): void {
    this.dictionary.codeOf(FIELD, value, () => undefined);
    this.tell();
  }

  forget(value: string): void {
    const code = this.dictionary.find(FIELD, value.toLowerCase());
    if (code !== undefined && this.dictionary.forget(code)) this.merge.forgetValues(this.number, [code]);
  }

  /** Is read from its file again: everything is new. */
  reload(): void {
    const before = this.dictionary;
    this.dictionary = new ValueDictionary();
    this.told = this.dictionary.size;
    for (let code = this.told; code < before.size; code++) {
      if (!isKnown(before, code)) continue;
      this.dictionary.restore({ code, field: FIELD, key: before.key(code), label: before.label(code) });
    }
    this.tell();
  }

  has(value: string): boolean {
    return this.dictionary.find(FIELD, value.toLowerCase()) !== undefined;
  }

  /** Each value once. @param few As of few people, whose codes are noted. */
  counts(few: boolean): Counts {
    const numbers = Int32Array.from({ length: this.dictionary.size }, (_, code) =>
      isKnown(this.dictionary, code) ? 1 : 0,
    );
    if (!few) return { numbers };
    const codes = Int32Array.from(numbers.keys().filter((code) => numbers[code] === 1));
    return { codes, numbers: codes.map(() => 1) };
  }

  private tell(): void {
    const values = this.dictionary.packedFrom(this.told);
    this.told = this.dictionary.size;
    if (values) this.merge.addValues(this.number, values);
  }
}

/** Whether a code has a value that was not forgotten. */
function isKnown(dictionary: ValueDictionary, code: number): boolean {
  return dictionary.places.at(code) === placeOfField(FIELD);
}

/** Whether a text lies anywhere in what hangs on an object: as a string, or in UTF-8 in a buffer. */
function holds(root: object, text: string): boolean {
  const bytes = Buffer.from(utf8Of(text).slice());
  const seen = new Set<object>();
  const look = (value: unknown): boolean => {
    if (typeof value === 'string') return value.includes(text);
    if (typeof value !== 'object' || value === null || seen.has(value)) return false;
    seen.add(value);
    if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).includes(bytes);
    if (ArrayBuffer.isView(value)) return false;
    return Object.entries(value).some(([key, part]) => key.includes(text) || look(part));
  };
  return look(root);
}

describe('RED-12: values of people who are gone', () => {
  it('leave the memory of the thread that merges once no shard has them', () => {
    const merge = new ShardMerge(2);
    const [one, other] = [new Codes(merge, 0), new Codes(merge, 1)];
    for (const shard of [one, other]) for (const value of ['Welding', 'Xylomancy']) shard.add(value);
    one.forget('Xylomancy');
    expect([holds(merge, 'xylomancy'), holds(merge, 'Xylomancy')]).toEqual([true, true]);
    other.forget('Xylomancy');
    expect([holds(merge, 'xylomancy'), holds(merge, 'Xylomancy')]).toEqual([false, false]);
    expect([holds(merge, 'welding'), holds(merge, 'Welding')]).toEqual([true, true]);
  });

  const values = ['Alpha', 'Bravo', 'Charlie', 'Delta'];
  const step = fc.record({
    kind: fc.constantFrom('add' as const, 'add' as const, 'forget' as const, 'reload' as const),
    shard: fc.nat(1),
    value: fc.constantFrom(...values),
  });

  it('whatever comes and goes in whatever shard, others are counted, and none else is kept', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.tuple(fc.boolean(), fc.boolean()), (steps, few) => {
        const merge = new ShardMerge(2);
        const shards = [new Codes(merge, 0), new Codes(merge, 1)];
        for (const { kind, shard, value } of steps) {
          if (kind === 'reload') shards[shard]?.reload();
          else shards[shard]?.[kind](value);
        }
        const [facet] = merge.merge(
          { query: { kind: 'all' }, order: 'updated', first: 0, facets: [{ field: FIELD, top: 10 }] },
          shards.map((shard, number) => ({
            total: 1,
            ranked: undefined,
            newest: [],
            sets: [shard.counts(few[number] ?? false)],
            facets: [{ set: 0, missing: 0 }],
          })),
        ).facets;
        const held = (value: string) => shards.filter((shard) => shard.has(value)).length;
        expect(new Map(facet?.values.map(({ label, count }) => [label, count]))).toEqual(
          new Map(values.filter((value) => held(value) > 0).map((value) => [value, held(value)])),
        );
        expect(facet?.distinct).toBe(values.filter((value) => held(value) > 0).length);
        for (const value of values) expect(holds(merge, value)).toBe(held(value) > 0);
      }),
    );
  });
});
