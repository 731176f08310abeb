import { expect, it } from 'vitest';
import { ConsecutiveFailureBreaker } from '../src/index.js';
import { HOST, startClient } from './support/http-client.js';
import { TestClock } from './support/test-clock.js';
import { json, startVendor } from './support/vendor.js';

const noRetry = { retry: { tries: 1 } };

it('opens after five failures in a row, and lets one probe a second through', async () => {
  const clock = new TestClock();
  const breaker = new ConsecutiveFailureBreaker({}, clock);
  for (let count = 0; count < 4; count += 1) breaker.failed();
  expect(breaker.state).toBe('closed');
  breaker.failed();
  expect(breaker.state).toBe('open');
  expect(await breaker.admit()).toBe(false);
  clock.advance(999);
  expect(await breaker.admit()).toBe(false);
  clock.advance(1);
  expect(await breaker.admit()).toBe(true);
  expect(await breaker.admit()).toBe(false);
  breaker.failed();
  clock.advance(1000);
  expect(await breaker.admit()).toBe(true);
  breaker.succeeded();
  expect(breaker.state).toBe('closed');
  expect(await breaker.admit()).toBe(true);
});

it('starts to count anew after a success', () => {
  const breaker = new ConsecutiveFailureBreaker({ failures: 2 }, new TestClock());
  breaker.failed();
  breaker.succeeded();
  breaker.failed();
  expect(breaker.state).toBe('closed');
});

it('is not blocked by a probe that is never heard of again', async () => {
  const clock = new TestClock();
  const breaker = new ConsecutiveFailureBreaker({ failures: 1 }, clock);
  breaker.failed();
  clock.advance(1000);
  expect(await breaker.admit()).toBe(true);
  clock.advance(1000);
  expect(await breaker.admit()).toBe(true);
});

it('spares a vendor that is down, probes it, and goes on when it is back', async () => {
  let down = true;
  await using vendor = await startVendor((_request, response) => json(response, {}, down ? 503 : 200));
  await using client = startClient(vendor, noRetry);
  for (let count = 0; count < 5; count += 1) await client.send();
  expect(client.http.circuit).toBe('open');
  await expect(client.send({ method: 'POST' })).rejects.toMatchObject({
    code: 'ATS_UNAVAILABLE',
    effect: 'none',
    message: expect.stringContaining('is being spared'),
  });
  expect(vendor.seen).toHaveLength(5);

  client.clock.advance(1000);
  const answers = await Promise.allSettled([client.send(), client.send(), client.send()]);
  expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(vendor.seen).toHaveLength(6);

  down = false;
  client.clock.advance(1000);
  expect(await client.send()).toMatchObject({ status: 200 });
  expect(client.http.circuit).toBe('closed');
});

it('gives the vendor’s own answer when it opens between two tries', async () => {
  await using vendor = await startVendor((_request, response) => json(response, {}, 503));
  await using client = startClient(vendor);
  expect(await client.send()).toMatchObject({ status: 503 });
  expect(await client.send()).toMatchObject({ status: 503 });
  expect(vendor.seen).toHaveLength(5);
});

it.each([400, 401, 404, 429, 500])('does not open because of a %d', async (status) => {
  await using vendor = await startVendor((_request, response) => json(response, {}, status));
  await using client = startClient(vendor, noRetry);
  for (let count = 0; count < 8; count += 1) await client.send().catch(() => undefined);
  expect(client.http.circuit).toBe('closed');
});

it.each([
  ['does not blame the vendor for a deadline that left it no time', 2_000, 'closed'],
  ['blames the vendor for a long silence, though the caller had no more time', 6_000, 'open'],
])('%s', async (_title, leftMs, state) => {
  const clock = new TestClock(0);
  await using vendor = await startVendor(() => clock.advance(leftMs));
  await using client = startClient(vendor, { ...noRetry, clock });
  for (let count = 0; count < 5; count += 1) {
    const ctx = { callId: 'call-1', deadline: clock.now() + leftMs };
    await expect(client.http.send(ctx, { method: 'GET', url: `https://${HOST}/` })).rejects.toThrow(/did not answer/);
  }
  expect(client.http.circuit).toBe(state);
});
