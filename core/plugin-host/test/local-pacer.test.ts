import type { Pace, Urgency } from '@talentbridge/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LocalPacer, type NoTurn, type Turn, type TurnRequest } from '../src/index.js';
import { startClient } from './support/http-client.js';
import { TestClock } from './support/test-clock.js';
import { json, startVendor } from './support/vendor.js';

const FAR = Number.MAX_SAFE_INTEGER;

const by = (deadline: number, lane?: string, urgency: Urgency = 'work'): TurnRequest => ({ deadline, lane, urgency });

function release(turn: Turn | NoTurn): void {
  if (!turn.granted) throw new Error('There was no turn.');
  turn.release();
}

/** Whether a promise is settled once everything that can happen now has happened. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  await new Promise(setImmediate);
  return (await Promise.race([promise, open])) !== open;
}

it('lets no more requests be under way than allowed, first come, first served', async () => {
  const pacer = new LocalPacer({ concurrency: 2 }, new TestClock(0));
  const first = await pacer.acquire(by(FAR));
  await pacer.acquire(by(FAR));
  const third = pacer.acquire(by(FAR));
  const fourth = pacer.acquire(by(FAR));
  expect(await isSettled(third)).toBe(false);
  release(first);
  expect(await isSettled(third)).toBe(true);
  expect(await isSettled(fourth)).toBe(false);
  release(await third);
  expect(await isSettled(fourth)).toBe(true);
});

it('keeps to the rate in every window, not only in those that begin on the hour', async () => {
  const clock = new TestClock(0);
  const pacer = new LocalPacer({ concurrency: 100, rate: { requests: 2, perMs: 1000 } }, clock);
  release(await pacer.acquire(by(FAR)));
  clock.advance(900);
  release(await pacer.acquire(by(FAR)));
  const third = pacer.acquire(by(FAR));
  const fourth = pacer.acquire(by(FAR));
  clock.advance(99);
  expect(await isSettled(third)).toBe(false);
  clock.advance(1);
  expect(await isSettled(third)).toBe(true);
  clock.advance(899);
  expect(await isSettled(fourth)).toBe(false);
  clock.advance(1);
  expect(await isSettled(fourth)).toBe(true);
});

it('answers without a turn when none comes before the deadline', async () => {
  const clock = new TestClock(0);
  const pacer = new LocalPacer({ concurrency: 1 }, clock);
  const first = await pacer.acquire(by(FAR));
  const second = pacer.acquire(by(clock.now() + 500));
  clock.advance(500);
  expect(await second).toEqual({ granted: false });
  release(first);
  expect((await pacer.acquire(by(FAR))).granted).toBe(true);
});

it('pauses when the vendor asks for it, and answers at once when the pause outlasts the deadline', async () => {
  const clock = new TestClock(0);
  const pacer = new LocalPacer({}, clock);
  pacer.slowDown(5000);
  expect(await pacer.acquire(by(clock.now() + 4000))).toEqual({ granted: false, retryAfterMs: 5000 });
  const waiting = pacer.acquire(by(FAR));
  clock.advance(4999);
  expect(await isSettled(waiting)).toBe(false);
  clock.advance(1);
  expect(await isSettled(waiting)).toBe(true);
});

it('halves the concurrency after a 429, once for all that come together, and lets it grow back', async () => {
  const clock = new TestClock(0);
  const pacer = new LocalPacer({ concurrency: 4 }, clock);
  pacer.slowDown(1000);
  pacer.slowDown(1000);
  clock.advance(1000);
  await pacer.acquire(by(FAR));
  const second = await pacer.acquire(by(FAR));
  const third = pacer.acquire(by(FAR));
  expect(await isSettled(third)).toBe(false);
  release(second);
  for (let count = 0; count < 30; count += 1) {
    const turn = count === 0 ? await third : await pacer.acquire(by(FAR));
    release(turn);
  }
  await pacer.acquire(by(FAR));
  expect(await isSettled(pacer.acquire(by(FAR)))).toBe(true);
});

it('never falls below one request at a time', async () => {
  const clock = new TestClock(0);
  const pacer = new LocalPacer({ concurrency: 2 }, clock);
  for (let count = 0; count < 10; count += 1) {
    pacer.slowDown(10);
    clock.advance(10);
  }
  expect((await pacer.acquire(by(FAR))).granted).toBe(true);
});

it('limits each lane by itself, and all of them together', async () => {
  const pacer = new LocalPacer(
    { concurrency: 3, eachLane: { concurrency: 2 }, lanes: { narrow: { concurrency: 1 } } },
    new TestClock(0),
  );
  const wide = await pacer.acquire(by(FAR, 'wide'));
  await pacer.acquire(by(FAR, 'narrow'));
  const narrow = pacer.acquire(by(FAR, 'narrow'));
  expect(await isSettled(narrow)).toBe(false);
  // Whoever waits for one lane holds up no other.
  await pacer.acquire(by(FAR, 'wide'));
  const anything = pacer.acquire(by(FAR));
  expect(await isSettled(anything)).toBe(false);
  release(wide);
  expect(await isSettled(anything)).toBe(true);
  expect(await isSettled(narrow)).toBe(false);
});

it('lets the more urgent go first', async () => {
  const pacer = new LocalPacer({ concurrency: 1 }, new TestClock(0));
  const first = await pacer.acquire(by(FAR));
  const order: string[] = [];
  const waiting = (['background', 'work', 'interactive', 'work'] as const).map(async (urgency) => {
    const turn = await pacer.acquire(by(FAR, undefined, urgency));
    order.push(urgency);
    release(turn);
  });
  release(first);
  await Promise.all(waiting);
  expect(order).toEqual(['interactive', 'work', 'work', 'background']);
});

it('pauses one lane when the vendor speaks of that lane', async () => {
  const clock = new TestClock(0);
  const pacer = new LocalPacer({ eachLane: { rate: { requests: 10, perMs: 1000 } } }, clock);
  pacer.slowDown(5000, 'jobs');
  expect(await pacer.acquire(by(clock.now() + 4000, 'jobs'))).toEqual({ granted: false, retryAfterMs: 5000 });
  expect((await pacer.acquire(by(FAR, 'candidates'))).granted).toBe(true);
});

it('never lets more begin in any window than any of its limits allows, whoever asks when', async () => {
  const limit = fc.record({
    rate: fc.record({ requests: fc.integer({ min: 1, max: 5 }), perMs: fc.integer({ min: 1, max: 20 }) }),
  });
  const asks = fc.array(
    fc.record({ afterMs: fc.integer({ min: 0, max: 15 }), lane: fc.constantFrom('a', 'b', undefined) }),
    { maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(limit, limit, limit, asks, async (whole, eachLane, ofB, list) => {
      const clock = new TestClock(0);
      const pacer = new LocalPacer({ ...whole, eachLane, lanes: { b: ofB } } satisfies Pace, clock);
      const begun: { readonly at: number; readonly lane: string | undefined }[] = [];
      const waiting = [...list];
      let nextAskAt = clock.now() + (waiting[0]?.afterMs ?? 0);
      while (begun.length < list.length) {
        while (waiting[0] && nextAskAt <= clock.now()) {
          const lane = waiting.shift()?.lane;
          nextAskAt += waiting[0]?.afterMs ?? 0;
          void pacer.acquire(by(FAR, lane)).then((turn) => {
            begun.push({ at: clock.now(), lane });
            release(turn);
          });
        }
        // Everything that can happen now happens before time goes on.
        await new Promise(setImmediate);
        clock.advance(1);
      }
      const most = (of: readonly { readonly at: number }[], perMs: number): number =>
        Math.max(0, ...of.map(({ at }) => of.filter((other) => other.at <= at && other.at > at - perMs).length));
      expect(most(begun, whole.rate.perMs)).toBeLessThanOrEqual(whole.rate.requests);
      for (const [lane, { rate }] of [
        ['a', eachLane],
        ['b', ofB],
      ] as const) {
        const own = begun.filter((one) => one.lane === lane);
        expect(most(own, rate.perMs)).toBeLessThanOrEqual(rate.requests);
      }
    }),
    { numRuns: 50 },
  );
});

it('paces the requests of a client', async () => {
  const held: (() => void)[] = [];
  const full = Promise.withResolvers<void>();
  await using vendor = await startVendor((_request, response, count) => {
    if (count > 3) return json(response, {});
    if (held.push(() => json(response, {})) === 3) full.resolve();
    return undefined;
  });
  await using client = startClient(vendor, { pacer: new LocalPacer({ concurrency: 3 }, new TestClock()) });
  const sending = Promise.all(Array.from({ length: 10 }, () => client.send()));
  await full.promise;
  expect(await isSettled(sending)).toBe(false);
  expect(vendor.seen).toHaveLength(3);
  for (const answer of held) answer();
  await sending;
  expect(vendor.seen).toHaveLength(10);
});

it('gives the turn back whatever happens', async () => {
  await using vendor = await startVendor((_request, response) => void response.socket?.destroy());
  await using client = startClient(vendor, {
    retry: { tries: 1 },
    pacer: new LocalPacer({ concurrency: 1 }, new TestClock()),
  });
  for (let count = 0; count < 3; count += 1) await expect(client.send()).rejects.toThrow(/broke the connection/);
  expect(vendor.seen).toHaveLength(3);
});
