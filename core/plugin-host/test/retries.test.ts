import type { ServerResponse } from 'node:http';
import type { HttpRequest } from '@talentbridge/contracts';
import { expect, it } from 'vitest';
import { HOST, startClient } from './support/http-client.js';
import { json, startVendor, type Vendor } from './support/vendor.js';

/** Answers with these statuses in turn, and with 200 from then on. A 0 breaks the connection. */
function answering(statuses: readonly number[], headers: Record<string, string> = {}): Promise<Vendor> {
  return startVendor((_request, response: ServerResponse, count) => {
    const status = statuses[count - 1] ?? 200;
    if (status === 0) response.socket?.destroy();
    else json(response, { status }, status, status === 200 ? {} : headers);
  });
}

it.each([429, 502, 503, 504, 0])('repeats a GET after %d, with pauses that double', async (status) => {
  await using vendor = await answering([status, status, status]);
  await using client = startClient(vendor);
  expect(await client.send()).toMatchObject({ status: 200 });
  expect(client.clock.skipped).toEqual([1000, 2000, 4000]);
  expect(client.log.map((entry) => entry.attempt)).toEqual([1, 2, 3, 4]);
});

it('spreads the pauses, so that clients do not come back together', async () => {
  await using vendor = await answering([503, 503]);
  const numbers = [0, 0.5];
  await using client = startClient(vendor, { retry: { random: () => numbers.shift() ?? 1 } });
  await client.send();
  expect(client.clock.skipped).toEqual([500, 1500]);
});

it.each([
  ['in seconds', '7'],
  ['as a date', new Date(Date.UTC(2026, 0, 1) + 7000).toUTCString()],
])('waits as long as Retry-After says, %s', async (_how, value) => {
  await using vendor = await answering([429], { 'retry-after': value });
  await using client = startClient(vendor);
  await client.send();
  expect(client.clock.skipped).toEqual([7000]);
});

it('does not come back sooner than its own pace because Retry-After is 0', async () => {
  await using vendor = await answering([503], { 'retry-after': '0' });
  await using client = startClient(vendor);
  await client.send();
  expect(client.clock.skipped).toEqual([1000]);
});

it('repeats a POST after a 429, which did nothing', async () => {
  await using vendor = await answering([429]);
  await using client = startClient(vendor);
  expect(await client.send({ method: 'POST', body: { json: { a: 1 } } })).toMatchObject({ status: 200 });
  expect(vendor.seen.map((request) => request.body)).toEqual(['{"a":1}', '{"a":1}']);
});

it.each<HttpRequest['method']>(['POST', 'PUT', 'PATCH', 'DELETE'])(
  'never repeats a %s that may have done something, unless it is said to be repeatable',
  async (method) => {
    for (const status of [502, 503, 504]) {
      await using vendor = await answering([status]);
      await using client = startClient(vendor);
      expect(await client.send({ method })).toMatchObject({ status });
      expect(vendor.seen).toHaveLength(1);
    }
    await using broken = await answering([0]);
    await using client = startClient(broken);
    await expect(client.send({ method })).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE', effect: 'unknown' });
    expect(broken.seen).toHaveLength(1);

    await using vendor = await answering([0, 503]);
    await using other = startClient(vendor);
    expect(await other.send({ method, repeatable: true })).toMatchObject({ status: 200 });
  },
);

it('repeats a POST that only reads, and leaves nothing open after silence', async () => {
  await using vendor = await answering([0, 503, 0, 0]);
  await using client = startClient(vendor, { retry: { tries: 3, random: () => 1 } });
  await expect(client.send({ method: 'POST', reads: true })).rejects.toMatchObject({
    code: 'ATS_UNAVAILABLE',
    effect: 'none',
  });
  expect(await client.send({ method: 'POST', reads: true })).toMatchObject({ status: 200, effect: 'none' });
  expect(vendor.seen).toHaveLength(5);
});

it('does not repeat a GET that is said not to be repeatable', async () => {
  await using vendor = await answering([503]);
  await using client = startClient(vendor);
  expect(await client.send({ repeatable: false })).toMatchObject({ status: 503 });
});

it.each([400, 401, 403, 404, 409, 422, 500, 501])('does not repeat after a %d', async (status) => {
  await using vendor = await answering([status]);
  await using client = startClient(vendor);
  expect(await client.send()).toMatchObject({ status });
  expect(vendor.seen).toHaveLength(1);
});

it('gives up after four tries: a 429 is thrown with the time to wait', async () => {
  await using vendor = await answering([429, 429, 429, 429], { 'retry-after': '3' });
  await using client = startClient(vendor);
  await expect(client.send()).rejects.toMatchObject({ code: 'ATS_RATE_LIMITED', retryAfterMs: 3000, effect: 'none' });
  expect(vendor.seen).toHaveLength(4);
});

it('gives up after four tries: a 5xx is answered, for the plugin to judge', async () => {
  await using vendor = await answering([503, 503, 503, 503]);
  await using client = startClient(vendor);
  expect(await client.send()).toMatchObject({ status: 503, json: { status: 503 } });
  expect(vendor.seen).toHaveLength(4);
});

it('does not wait past the deadline', async () => {
  await using vendor = await answering([429, 429], { 'retry-after': '60' });
  await using client = startClient(vendor);
  const request: HttpRequest = { method: 'GET', url: `https://${HOST}/` };
  await expect(client.http.send(client.ctx(50_000), request)).rejects.toMatchObject({
    code: 'ATS_RATE_LIMITED',
    retryAfterMs: 60_000,
  });
  expect(client.clock.skipped).toEqual([]);
  expect(vendor.seen).toHaveLength(1);
});

it('makes everyone on the connection wait after a 429', async () => {
  await using vendor = await answering([429], { 'retry-after': '60' });
  await using client = startClient(vendor);
  const request: HttpRequest = { method: 'GET', url: `https://${HOST}/` };
  await expect(client.http.send(client.ctx(50_000), request)).rejects.toMatchObject({ code: 'ATS_RATE_LIMITED' });
  await expect(client.http.send(client.ctx(40_000), request)).rejects.toMatchObject({
    code: 'ATS_RATE_LIMITED',
    retryAfterMs: 60_000,
    effect: 'none',
  });
  expect(vendor.seen).toHaveLength(1);
});

it('makes everyone wait a little after a 429 that does not say how long', async () => {
  await using vendor = await answering([429]);
  await using client = startClient(vendor, { retry: { tries: 1, random: () => 1 } });
  await expect(client.send()).rejects.toMatchObject({ code: 'ATS_RATE_LIMITED' });
  expect(await client.send()).toMatchObject({ status: 200 });
  expect(client.clock.skipped).toEqual([1000]);
});

it('remembers that a gateway’s answer says nothing about what the vendor did', async () => {
  const vendor = await startVendor((_request, response) => {
    json(response, {}, 503, { connection: 'close' });
    void vendor[Symbol.asyncDispose]();
  });
  await using client = startClient(vendor);
  await expect(client.send({ method: 'PUT', repeatable: true })).rejects.toMatchObject({ effect: 'unknown' });
});

it('remembers that an earlier try may have written something', async () => {
  const vendor = await startVendor((_request, response) => {
    response.socket?.destroy();
    void vendor[Symbol.asyncDispose]();
  });
  await using client = startClient(vendor);
  // The first try is lost on the way, and the others find nobody at home.
  await expect(client.send({ method: 'PUT', repeatable: true })).rejects.toMatchObject({
    effect: 'unknown',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

it('repeats whatever never left', async () => {
  let lookups = 0;
  await using client = startClient(undefined, {
    resolveHost: async () => {
      lookups += 1;
      throw Object.assign(new Error('try again'), { code: 'EAI_AGAIN' });
    },
  });
  await expect(client.send({ method: 'POST' })).rejects.toMatchObject({ effect: 'none' });
  expect(lookups).toBe(4);
});

it('stops waiting when it is closed', async () => {
  const answered = Promise.withResolvers<void>();
  await using vendor = await startVendor((_request, response) => {
    json(response, {}, 503, { 'retry-after': '30' });
    answered.resolve();
  });
  await using client = startClient(vendor);
  const sending = client.send();
  sending.catch(() => undefined);
  await answered.promise;
  while (client.log.length === 0) await new Promise(setImmediate);
  await client.http.close();
  await expect(sending).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE' });
  expect(vendor.seen).toHaveLength(1);
});
