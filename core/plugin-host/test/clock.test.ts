import { expect, it } from 'vitest';
import { systemClock } from '../src/index.js';

it.each([2 ** 31, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
  'does not fire at once because a deadline is %d ms away',
  async (ms) => {
    let fired = false;
    const cancel = systemClock.after(ms, () => {
      fired = true;
    });
    // Timers of 0 and 1 ms, which is what an overflow becomes, are due after this one.
    await new Promise((resolve) => setTimeout(resolve, 5));
    cancel();
    expect(fired).toBe(false);
  },
);
