import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OneAtATime } from '../../../src/capabilities/export/one-at-a-time.js';

describe('One at a time', () => {
  it('never lets two that share a key in together, lets the others, and ends for everybody', async () => {
    const visitors = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(visitors, fc.scheduler(), async (keysOfAll, scheduler) => {
        const turns = new OneAtATime();
        const inside = new Set<string>();
        const order: number[] = [];
        const visits = keysOfAll.map(async (keys, index) => {
          const leave = await turns.enter(keys);
          for (const key of keys) {
            expect(inside.has(key)).toBe(false);
            inside.add(key);
          }
          order.push(index);
          await scheduler.schedule(Promise.resolve());
          for (const key of keys) inside.delete(key);
          leave();
        });
        await scheduler.waitFor(Promise.all(visits));
        expect(order.toSorted((a, b) => a - b)).toEqual(keysOfAll.map((_, index) => index));
      }),
      { numRuns: 50 },
    );
  });
});
