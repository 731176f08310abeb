import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offeredFilters } from '../../../../src/capabilities/rediscovery/search/offered-filters.js';
import { declaredAttribute, withoutSmallGroups } from '../../../../src/capabilities/rediscovery/search/small-groups.js';
import { documentWith } from './documents.ts';
import { ReferenceEngine } from './reference-engine.ts';

const LIMIT = 5;

/** A dimension of people of whom each has one value of each attribute, or none. */
function counted(
  attributes: Readonly<Record<string, Readonly<Record<string, number>>>>,
  total: number,
  missing: number,
) {
  const values = Object.entries(attributes)
    .flatMap(([attribute, counts]) =>
      Object.entries(counts).map(([value, count]) => ({
        key: `${attribute}: ${value}`,
        label: `${attribute}: ${value}`,
        count,
      })),
    )
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1));
  return withoutSmallGroups(
    { field: 'diversity', values, distinct: values.length, missing },
    { label: 'Self-declared attribute', total, top: 100, limit: LIMIT, attributeOf: declaredAttribute },
  );
}

const shown = (dimension: ReturnType<typeof counted>): Readonly<Record<string, number>> =>
  Object.fromEntries(dimension.values.map(({ key, count }) => [key, count]));

describe('RED-9: groups of few people in self-declared attributes', () => {
  it('are not counted, and large ones are', () => {
    const dimension = counted({ veteran: { yes: 4, no: 60 } }, 100, 36);
    expect(shown(dimension)).toEqual({ 'veteran: no': 60 });
    expect(dimension).toMatchObject({ distinct: 1, missing: null, hidesSmallGroups: true });
  });

  it('do not follow from what is shown: not from the total, and not from who declared nothing', () => {
    // 43 were found and 40 of them are women: the 3 others are hidden, so the women are too.
    expect(shown(counted({ gender: { female: 40, male: 3 } }, 43, 0))).toEqual({});
    // 44 - 40: 4 declared nothing.
    expect(shown(counted({ gender: { female: 40 } }, 44, 4))).toEqual({});
    expect(counted({ gender: { female: 40 } }, 44, 4).missing).toBeNull();
    expect(shown(counted({ gender: { female: 40, male: 20, other: 1 } }, 61, 0))).toEqual({ 'gender: female': 40 });
  });

  it('hide nothing where there are none', () => {
    const dimension = counted({ gender: { female: 40, male: 20 } }, 70, 10);
    expect(shown(dimension)).toEqual({ 'gender: female': 40, 'gender: male': 20 });
    expect(dimension).toMatchObject({ distinct: 2, missing: 10, hidesSmallGroups: false });
  });

  it('do not follow from a value that nearly everybody has, where people have several', () => {
    // 42 were found: 2 of them are not white, and 4 are not Asian.
    expect(shown(counted({ race: { white: 40, asian: 38, black: 30 } }, 42, 0))).toEqual({ 'race: black': 30 });
  });

  it('do not follow from the values that are offered to choose from', async () => {
    const engine = new ReferenceEngine();
    const declared = [...Array<string>(40).fill('gender: woman'), ...Array<string>(3).fill('gender: man')];
    await engine.write({
      upserts: declared.map((value, number) => documentWith(`id${number}`, { diversity: [value] })),
    });
    const offered = async () =>
      (await offeredFilters(engine, { kind: 'all' }, { smallGroup: LIMIT }))
        .find(({ field }) => field === 'diversity')
        ?.values?.map(({ value }) => value);
    expect(await offered()).toEqual([]);
    await engine.write({
      upserts: [4, 5].map((number) => documentWith(`other${number}`, { diversity: ['gender: man'] })),
    });
    expect(await offered()).toEqual(['gender: woman', 'gender: man']);
  });

  it('of one attribute do not hide another', () => {
    const dimension = counted({ gender: { female: 30, male: 2 }, veteran: { yes: 10, no: 90 } }, 100, 0);
    expect(shown(dimension)).toEqual({ 'gender: female': 30, 'veteran: yes': 10, 'veteran: no': 90 });
  });

  it('cannot be computed: whoever is not in a value that is shown of an attribute is nobody, or a group', () => {
    const attribute = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.nat(30), { maxKeys: 5 });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('x', 'y'), attribute, { maxKeys: 2 }),
        fc.nat(12),
        (attributes, undeclared) => {
          const sums = Object.values(attributes).map((counts) =>
            Object.values(counts).reduce((sum, one) => sum + one, 0),
          );
          const total = Math.max(0, ...sums) + undeclared;
          const dimension = counted(attributes, total, undeclared);
          expect(dimension.values.every(({ count }) => count >= LIMIT)).toBe(true);
          expect(dimension.missing === null || dimension.missing === 0 || dimension.missing >= LIMIT).toBe(true);
          const byAttribute = Map.groupBy(dimension.values, ({ key }) => key.split(':')[0]);
          for (const values of byAttribute.values()) {
            const others = total - values.reduce((sum, { count }) => sum + count, 0);
            expect(others === 0 || others >= LIMIT).toBe(true);
            // What is hidden of it, where who declared nothing is told.
            const hidden = dimension.missing === null ? 0 : others - dimension.missing;
            expect(hidden === 0 || hidden >= LIMIT || byAttribute.size > 1).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
