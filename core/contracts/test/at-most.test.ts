import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atMost } from '../src/at-most.js';

describe('so many at once', () => {
  it('nothing more is begun after a failure', async () => {
    const begun: number[] = [];
    const act = async (item: number): Promise<number> => {
      begun.push(item);
      await Promise.resolve();
      if (item === 2) throw new Error('no');
      return item;
    };
    await expect(atMost(2, [1, 2, 3, 4, 5, 6], act)).rejects.toThrow('no');
    expect(begun).toEqual([1, 2, 3]);
  });

  it('outcomes are in the order of the items, and never more under way than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5)), fc.integer({ min: 1, max: 9 }), async (turns, limit) => {
        let [underWay, most] = [0, 0];
        const outcomes = await atMost(limit, [...turns.entries()], async ([index, waits]) => {
          underWay += 1;
          most = Math.max(most, underWay);
          for (let turn = 0; turn < waits; turn += 1) await Promise.resolve();
          underWay -= 1;
          return index;
        });
        expect(outcomes).toEqual([...turns.keys()]);
        expect(most).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
