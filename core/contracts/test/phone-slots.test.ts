import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Phone, phoneSlots } from '../src/index.js';

const SLOTS = ['cell', 'private', 'office'] as const;
const SLOT_OF_TYPE = { mobile: 'cell', home: 'private', work: 'office' } as const;

const anyPhones = (most: number): fc.Arbitrary<Phone[]> =>
  fc.uniqueArray(fc.record({ number: fc.uuid(), type: fc.constantFrom('mobile', 'home', 'work', 'other') }), {
    maxLength: most,
    selector: ({ number }) => number,
  });

const spread = (phones: readonly Phone[]) => phoneSlots(phones, SLOTS, SLOT_OF_TYPE);

describe('EXP-8: phone numbers in the places that an ATS has', () => {
  it('are all sent while there are places, each once, whatever their types', () => {
    fc.assert(
      fc.property(anyPhones(SLOTS.length), (phones) => {
        const numbers = phones.map(({ number }) => number);
        expect(Object.values(spread(phones)).toSorted()).toStrictEqual(numbers.toSorted());
      }),
    );
  });

  it('never displace one that is in the place of its type', () => {
    fc.assert(
      fc.property(anyPhones(8), (phones) => {
        const slots = spread(phones);
        for (const type of ['mobile', 'home', 'work'] as const) {
          const first = phones.find((one) => one.type === type);
          if (first) expect(slots[SLOT_OF_TYPE[type]]).toBe(first.number);
        }
      }),
    );
  });

  it('fill the free places in their order', () => {
    const phones = ['1', '2', '3', '4'].map((number) => ({ number, type: 'work' as const }));
    expect(spread(phones)).toStrictEqual({ office: '1', cell: '2', private: '3' });
  });

  it('are left out where they are empty', () => {
    expect(spread([{ number: ' ', type: 'mobile' }])).toStrictEqual({});
  });
});
