import { expect, it } from 'vitest';
import { HOST, startClient } from './support/http-client.js';
import { json, startVendor, type Vendor } from './support/vendor.js';

/** Sends everything at `/from` on to a location. */
async function redirecting(location: string | ((origin: string) => string), status = 302): Promise<Vendor> {
  const vendor: Vendor = await startVendor((request, response) => {
    if (!request.url.startsWith('/from')) return json(response, { at: request.url });
    const target = typeof location === 'string' ? location : location(vendor.origin);
    return response.writeHead(status, { location: target }).end();
  });
  return vendor;
}

it.each([
  ['relative', '/to?x=1'],
  ['absolute, as the vendor', `https://${HOST}/to?x=1`],
  ['absolute, as what stands in for the vendor', (origin: string) => `${origin}/to?x=1`],
])('follows a redirect of a GET to the same host: %s', async (_how, location) => {
  await using vendor = await redirecting(location);
  await using client = startClient(vendor);
  const key = client.secrets.conceal('key', 'the-real-key');
  const answer = await client.send({ url: `https://${HOST}/from`, headers: { authorization: `Bearer ${key}` } });
  expect(answer.json).toEqual({ at: '/to?x=1' });
  expect(vendor.seen.map((request) => request.headers.authorization)).toEqual([
    'Bearer the-real-key',
    'Bearer the-real-key',
  ]);
  expect(client.log.map((entry) => [entry.path, entry.status, entry.attempt])).toEqual([
    ['/from', 302, 1],
    ['/to', 200, 1],
  ]);
});

it.each([
  'https://evil.example/',
  '//evil.example/',
  `https://${HOST}.evil.example/`,
  `http://${HOST}/`,
  `https://${HOST}:8443/`,
  `https://user@${HOST}/`,
  'http://169.254.169.254/latest/meta-data',
  'http://127.0.0.1:1/',
  'file:///etc/passwd',
  'http://[',
])('answers a redirect to %s to the plugin as it is', async (location) => {
  await using vendor = await redirecting(location);
  await using client = startClient(vendor);
  const answer = await client.get('/from');
  expect(answer).toMatchObject({ status: 302, headers: { location } });
  expect(vendor.seen).toHaveLength(1);
});

it.each([301, 302, 303, 307, 308])('never repeats a POST because of a %d', async (status) => {
  await using vendor = await redirecting('/to', status);
  await using client = startClient(vendor);
  const answer = await client.send({ method: 'POST', url: `https://${HOST}/from`, body: { json: {} } });
  expect(answer.status).toBe(status);
  expect(vendor.seen).toHaveLength(1);
});

it('follows three redirects and answers the fourth', async () => {
  await using vendor = await redirecting('/from-again');
  await using client = startClient(vendor);
  expect((await client.get('/from')).status).toBe(302);
  expect(vendor.seen).toHaveLength(4);
});

it('answers a redirect without a location as it is', async () => {
  await using vendor = await startVendor((_request, response) => response.writeHead(304).end());
  await using client = startClient(vendor);
  expect((await client.get('/')).status).toBe(304);
});
