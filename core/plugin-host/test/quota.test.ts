import type { Quota, Urgency } from '@talentbridge/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { QuotaKeeper } from '../src/index.js';
import { HOST, startClient } from './support/http-client.js';
import { TestClock } from './support/test-clock.js';
import { json, startVendor } from './support/vendor.js';

const quota: Quota = { limitHeader: 'x-limit', remainingHeader: 'x-left', resetHeader: 'x-reset' };

const headers = (limit: number, left: number, resetSeconds: number) => ({
  'x-limit': String(limit),
  'x-left': String(left),
  'x-reset': String(resetSeconds),
});

/** Which urgencies may call. */
function admitted(keeper: QuotaKeeper): readonly Urgency[] {
  return (['interactive', 'work', 'background'] as const).filter((urgency) => keeper.refusedFor(urgency) === undefined);
}

it('leaves a share of the calls to the more urgent ones', () => {
  const keeper = new QuotaKeeper(quota, new TestClock(0));
  expect(admitted(keeper)).toEqual(['interactive', 'work', 'background']);
  keeper.observe(headers(10_000, 2001, 3600));
  expect(admitted(keeper)).toEqual(['interactive', 'work', 'background']);
  keeper.observe(headers(10_000, 2000, 3600));
  expect(admitted(keeper)).toEqual(['interactive', 'work']);
  keeper.observe(headers(10_000, 100, 3600));
  expect(admitted(keeper)).toEqual(['interactive']);
  keeper.observe(headers(10_000, 0, 3600));
  expect(admitted(keeper)).toEqual([]);
});

it('keeps the shares that the plugin names', () => {
  const keeper = new QuotaKeeper({ ...quota, keep: { work: 0.5, background: 0.9 } }, new TestClock(0));
  keeper.observe(headers(100, 60, 3600));
  expect(admitted(keeper)).toEqual(['interactive', 'work']);
  keeper.observe(headers(100, 50, 3600));
  expect(admitted(keeper)).toEqual(['interactive']);
});

it('counts what is under way, and lets everything go once the calls are there again', () => {
  const clock = new TestClock(0);
  const keeper = new QuotaKeeper(quota, clock);
  keeper.observe(headers(100, 1, 60));
  const ended = keeper.begin();
  expect(keeper.refusedFor('interactive')).toBe(60_000);
  ended();
  expect(keeper.refusedFor('interactive')).toBeUndefined();
  keeper.observe(headers(100, 0, 60));
  clock.advance(59_999);
  expect(keeper.refusedFor('interactive')).toBe(1);
  clock.advance(1);
  expect(admitted(keeper)).toEqual(['interactive', 'work', 'background']);
});

it('never lets more calls of an urgency go than are left to it, in whatever order their answers come', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom<Urgency>('interactive', 'work', 'background'),
      fc.array(fc.nat(7), { maxLength: 200 }),
      (limit, urgency, steps) => {
        const keeper = new QuotaKeeper({ ...quota, keep: { work: 0.1, background: 0.5 } }, new TestClock(0));
        let left = limit;
        keeper.observe(headers(limit, left, 3600));
        const underWay: { readonly ended: () => void; readonly left: number }[] = [];
        for (const step of steps) {
          // Low steps ask, high ones answer any of those that are under way.
          if (step < 5 && keeper.refusedFor(urgency) === undefined) {
            left -= 1;
            underWay.push({ ended: keeper.begin(), left });
          }
          const [answered] = step < 5 ? [] : underWay.splice(step % (underWay.length || 1), 1);
          if (answered) {
            keeper.observe(headers(limit, answered.left, 3600));
            answered.ended();
          }
        }
        const kept = { interactive: 0, work: 0.1, background: 0.5 }[urgency];
        expect(left).toBeGreaterThanOrEqual(Math.floor(limit * kept));
      },
    ),
  );
});

it('sends nothing while the quota is used up, says how long, and burns no tries', async () => {
  await using vendor = await startVendor((_request, response) => json(response, {}, 429, headers(10_000, 0, 5)));
  await using client = startClient(vendor, { quota });
  for (let count = 0; count < 3; count += 1) {
    await expect(client.send()).rejects.toMatchObject({ code: 'ATS_RATE_LIMITED', retryAfterMs: 5000, effect: 'none' });
  }
  expect(vendor.seen).toHaveLength(1);
  client.clock.advance(5000);
  await expect(client.send()).rejects.toMatchObject({ code: 'ATS_RATE_LIMITED' });
  expect(vendor.seen).toHaveLength(2);
});

it('takes the time until the reset for a Retry-After that is missing, and not for one that is there', async () => {
  await using vendor = await startVendor((_request, response, count) => {
    if (count === 1) return json(response, {}, 429, headers(100, 50, 7));
    if (count === 2) return json(response, {}, 429, { ...headers(100, 50, 7), 'retry-after': '3' });
    return json(response, {});
  });
  await using client = startClient(vendor, { quota });
  expect(await client.send()).toMatchObject({ status: 200 });
  expect(client.clock.skipped).toEqual(expect.arrayContaining([7000, 3000]));
});

it('keeps background calls back while people are served', async () => {
  await using vendor = await startVendor((_request, response) => json(response, {}, 200, headers(100, 15, 3600)));
  await using client = startClient(vendor, { quota });
  const send = (urgency: Urgency) =>
    client.http.send({ ...client.ctx(), urgency }, { method: 'GET', url: `https://${HOST}/` });
  await send('background');
  await expect(send('background')).rejects.toMatchObject({ code: 'ATS_RATE_LIMITED', retryAfterMs: 3_600_000 });
  expect(await send('work')).toMatchObject({ status: 200 });
  expect(await send('interactive')).toMatchObject({ status: 200 });
});

it('tells what is known of the quota, until it is there again', async () => {
  await using vendor = await startVendor((_request, response, count) =>
    json(response, {}, 200, count === 1 ? {} : headers(10_000, 4_000, 60)),
  );
  await using client = startClient(vendor, { quota });
  await client.send();
  expect(client.http.quota).toBeUndefined();
  await client.send();
  expect(client.http.quota).toEqual({ limit: 10_000, left: 4_000, resetsAt: client.clock.now() + 60_000 });
  client.clock.advance(60_000);
  expect(client.http.quota).toBeUndefined();
});
