import { inspect } from 'node:util';
import type { HttpRequest, Secret } from '@talentbridge/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HOST, startClient, type TestClient } from './support/http-client.js';
import { json, startVendor } from './support/vendor.js';

const VALUE = 's3cr3t/+ "quoted" & more=1';

it.each<
  [string, (key: Secret) => Partial<HttpRequest>, (seen: { url: string; body: string; headers: object }) => unknown]
>([
  ['a header', (key) => ({ headers: { 'x-key': `Key ${key};` } }), (seen) => Reflect.get(seen.headers, 'x-key')],
  [
    'a query value',
    (key) => ({ query: { k: `Key ${key};` } }),
    (seen) => new URL(seen.url, 'http://x').searchParams.get('k'),
  ],
  [
    'a query value, among several',
    (key) => ({ query: { k: ['a', `Key ${key};`] } }),
    (seen) => new URL(seen.url, 'http://x').searchParams.getAll('k')[1],
  ],
  [
    'the query of the URL, as it is',
    (key) => ({ url: `https://${HOST}/?a=%31&k=Key%20${key};` }),
    (seen) => new URL(seen.url, 'http://x').searchParams.get('k'),
  ],
  [
    'the query of the URL, encoded',
    (key) => ({ url: `https://${HOST}/?${new URLSearchParams({ a: '1', k: `Key ${key};` })}` }),
    (seen) => new URL(seen.url, 'http://x').searchParams.get('k'),
  ],
  [
    'a form value',
    (key) => ({ method: 'POST', body: { form: { k: `Key ${key};` } } }),
    (seen) => new URLSearchParams(seen.body).get('k'),
  ],
  [
    'a JSON value',
    (key) => ({ method: 'POST', body: { json: { a: [1, null, { k: `Key ${key};` }] } } }),
    (seen) => JSON.parse(seen.body).a[2].k,
  ],
  [
    'a multipart value',
    (key) => ({ method: 'POST', body: { multipart: [{ name: 'k', value: `Key ${key};` }] } }),
    (seen) => seen.body.split('\r\n')[3],
  ],
])('puts a secret into %s', async (_where, request, found) => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  await client.send(request(client.secrets.conceal('apiKey', VALUE)));
  const [seen] = vendor.seen;
  expect(seen && found(seen)).toBe(`Key ${VALUE};`);
});

it('puts secrets into Basic authentication', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const password = client.secrets.conceal('password', 'pässword: with colon');
  await client.send({ basic: { username: 'user', password } });
  const [scheme, encoded = ''] = vendor.seen[0]?.headers.authorization?.split(' ') ?? [];
  expect(scheme).toBe('Basic');
  expect(Buffer.from(encoded, 'base64').toString()).toBe('user:pässword: with colon');
});

it.each<[string, (key: Secret) => string]>([
  ['the path', (key) => `https://${HOST}/keys/${key}/jobs`],
  ['the path, encoded', (key) => `https://${HOST}/keys/${encodeURIComponent(key)}`],
  ['the host', (key) => `https://${key}.vendor.example/`],
  ['the user part', (key) => `https://${key}@${HOST}/`],
])('refuses a secret in %s', async (_where, url) => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const key = client.secrets.conceal('apiKey', VALUE);
  await expect(client.send({ url: url(key) })).rejects.toThrow(/put a secret into the host or path of a URL/);
  expect(vendor.seen).toEqual([]);
});

it.each<[string, (key: Secret) => Partial<HttpRequest>]>([
  ['a JSON name', (key) => ({ body: { json: { [key]: 1 } } })],
  ['a form name', (key) => ({ body: { form: { [key]: 'x' } } })],
  ['a query name', (key) => ({ query: { [key]: 'x' } })],
  ['a file', (key) => ({ body: { multipart: [{ name: 'f', filename: 'a.txt', value: `see ${key}` }] } })],
  ['raw bytes', (key) => ({ body: { bytes: Buffer.from(`see ${key}`), contentType: 'text/plain' } })],
])('does not put a secret into %s', async (_where, request) => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const key = client.secrets.conceal('apiKey', 'the-real-value');
  await client.send({ method: 'POST', ...request(key) });
  expect(JSON.stringify(vendor.seen)).not.toContain('the-real-value');
});

it('does not give another connection’s secret away', async () => {
  await using vendor = await startVendor();
  await using mine = startClient(vendor);
  await using theirs = startClient(vendor);
  const key = theirs.secrets.conceal('apiKey', 'their-real-value');
  await mine.send({ headers: { 'x-key': key } });
  expect(vendor.seen[0]?.headers['x-key']).toBe(key);
});

it('sends text that merely looks like a placeholder as it is', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  client.secrets.conceal('apiKey', VALUE);
  const name = '[secret apiKey AAAAAAAAAAAAAAAAAAAAAA]';
  await client.send({ method: 'POST', body: { json: { name } } });
  expect(JSON.parse(vendor.seen[0]?.body ?? '')).toEqual({ name });
});

it('puts placeholders in place of what the vendor echoes: text, JSON, headers', async () => {
  await using vendor = await startVendor((request, response) =>
    json(
      response,
      { key: request.headers['x-key'], link: `https://v.example/?k=${encodeURIComponent(VALUE)}`, [VALUE]: true },
      200,
      { 'x-echo': VALUE, link: `<https://v.example/?k=${encodeURIComponent(VALUE)}>` },
    ),
  );
  await using client = startClient(vendor);
  const key = client.secrets.conceal('apiKey', VALUE);
  const answer = await client.send({ headers: { 'x-key': key } });
  expect(answer.json).toEqual({ key, link: `https://v.example/?k=${key}`, [key]: true });
  expect(answer.headers).toMatchObject({ 'x-echo': key, link: `<https://v.example/?k=${key}>` });
  expect(JSON.stringify(answer)).not.toContain('s3cr3t');
  // And the echo can be used: the next page is asked for with the real value.
  await client.send({ url: `https://${HOST}/?k=${key}` });
  expect(new URL(vendor.seen[1]?.url ?? '', 'http://x').searchParams.get('k')).toBe(VALUE);
});

it('finds an echo behind any JSON escape, and in the text too', async () => {
  const escaped = [...'the-real-value'].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('');
  await using vendor = await startVendor((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"echo":"${escaped}"}`),
  );
  await using client = startClient(vendor);
  const key = client.secrets.conceal('apiKey', 'the-real-value');
  const answer = await client.send();
  expect(answer.json).toEqual({ echo: key });
  expect(answer.text).toBe(JSON.stringify({ echo: key }));
});

it('leaves JSON valid when a secret is all digits', async () => {
  await using vendor = await startVendor((_request, response) => json(response, { id: 9912345678, pin: 12345678 }));
  await using client = startClient(vendor);
  const pin = client.secrets.conceal('pin', '12345678');
  expect((await client.send()).json).toEqual({ id: `99${pin}`, pin });
});

it('conceals what secretsAt points to before the plugin sees it, and sends it later', async () => {
  await using vendor = await startVendor((_request, response) =>
    json(response, { data: [{ 'access/token': 'fresh-token-1' }], expires: 60, n: 12345678 }, 200, {
      'set-cookie': 'sid=fresh-token-1',
    }),
  );
  await using client = startClient(vendor);
  const secretsAt = ['/data/0/access~1token', '/n', '/absent', '/expires/deeper', '/data'];
  const answer = await client.send({ method: 'POST', secretsAt });
  const token = (answer.json as { data: Record<string, Secret>[] }).data[0]?.['access/token'];
  expect(token).toMatch(/^\[secret access-token [\w-]{22}\]$/);
  expect(answer.json).toMatchObject({ expires: 60, n: expect.stringMatching(/^\[secret n /) });
  expect(inspect(answer)).not.toContain('fresh-token-1');
  await client.send({ headers: { authorization: `Bearer ${token}` } });
  expect(vendor.seen[1]?.headers.authorization).toBe('Bearer fresh-token-1');
});

it.each([
  ['a bare token as text', 'text/plain', 'fresh-token-1\n'],
  ['a bare token as JSON', 'application/json', '"fresh-token-1"'],
  ['a token without a content type', undefined, 'fresh-token-1'],
])('conceals %s when secretsAt has the empty pointer', async (_what, type, body) => {
  await using vendor = await startVendor((_request, response) =>
    response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(body),
  );
  await using client = startClient(vendor);
  const answer = await client.send({ secretsAt: [''] });
  expect(inspect(answer)).not.toContain('fresh-token');
  const token = typeof answer.json === 'string' ? answer.json : answer.text;
  await client.send({ headers: { token } });
  expect(vendor.seen[1]?.headers['token']).toBe('fresh-token-1');
});

it('conceals in JSON that is labelled as text, and leaves an error’s words readable', async () => {
  await using vendor = await startVendor((request, response) =>
    request.url === '/ok'
      ? response.writeHead(200, { 'content-type': 'text/html' }).end('{"token":"fresh-token-1"}')
      : response.writeHead(400, { 'content-type': 'text/plain' }).end('Unknown user'),
  );
  await using client = startClient(vendor);
  const good = await client.send({ url: `https://${HOST}/ok`, secretsAt: ['/token'] });
  expect(good.text).toMatch(/^\{"token":"\[secret token [\w-]{22}\]"\}$/);
  expect(await client.send({ secretsAt: [''] })).toMatchObject({ status: 400, text: 'Unknown user' });
});

it('shows nothing of a damaged answer that should have had a secret in it', async () => {
  await using vendor = await startVendor((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"token":"fresh-token-1"'),
  );
  await using client = startClient(vendor);
  expect(await client.send({ secretsAt: ['/token'] })).toMatchObject({ json: undefined, text: '' });
});

/** Everything of a failure that could be logged. */
async function shownOf(client: TestClient, request: Partial<HttpRequest>): Promise<string> {
  const error: unknown = await client.send(request).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  const stack = error instanceof Error ? error.stack : '';
  return [
    inspect(error, { depth: null, showHidden: true }),
    JSON.stringify(error),
    stack,
    JSON.stringify(client.log),
  ].join();
}

it('has no secret in errors, logs and what is printed of the client', async () => {
  await using vendor = await startVendor((_request, response) => void response.socket?.destroy());
  await using client = startClient(vendor, { retry: { tries: 1 } });
  const key = client.secrets.conceal('apiKey', 'the-real-value');
  const request: Partial<HttpRequest> = {
    method: 'POST',
    url: `https://${HOST}/a`,
    query: { key },
    headers: { authorization: `Bearer ${key}` },
    body: { json: { key } },
  };
  expect(await shownOf(client, request)).not.toContain('the-real-value');
  expect(await shownOf(client, { ...request, url: 'https://the-real-value.example/' })).not.toContain('the-real-value');
  expect(inspect(client.http, { depth: null, showHidden: false })).not.toContain('the-real-value');
  expect(JSON.stringify(client.http)).not.toContain('the-real-value');
});

it('PROPERTY: any secret arrives unchanged in JSON, forms and queries, whatever stands around it', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(text, text, text, async (before, value, after) => {
      const key = client.secrets.conceal('k', value);
      const sent = `${before}${key}${after}`;
      await client.send({ method: 'POST', query: { q: sent }, body: { json: { j: sent } } });
      await client.send({ method: 'POST', body: { form: { f: sent } } });
      const [withJson, withForm] = vendor.seen.slice(-2);
      const expected = `${before}${value}${after}`;
      expect(JSON.parse(withJson?.body ?? '')).toEqual({ j: expected });
      expect(new URL(withJson?.url ?? '', 'http://x').searchParams.get('q')).toBe(expected);
      expect(new URLSearchParams(withForm?.body).get('f')).toBe(expected);
    }),
    { numRuns: 60 },
  );
});
