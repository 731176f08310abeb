import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { failureOf, type HttpRequest } from '@talentbridge/contracts';
import { expect, it } from 'vitest';
import { HOST, startClient, type TestClient } from './support/http-client.js';
import { json, startVendor, type Vendor } from './support/vendor.js';

const noRetry = { retry: { tries: 1 } };

function answering(body: string | Buffer, headers: Record<string, string> = {}, status = 200): Promise<Vendor> {
  return startVendor((_request, response) => response.writeHead(status, headers).end(body));
}

/** A vendor that speaks raw TCP: whatever comes in, it writes this and does with the socket what the test wants. */
async function rawVendor(write: string, end: 'end' | 'reset' | 'hang' = 'end') {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      if (end === 'reset') socket.resetAndDestroy();
      else if (end === 'end') socket.end(write);
      else socket.write(write);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    [Symbol.dispose]: () => void server.close(),
  };
}

function clientOf(origin: string, options: Parameters<typeof startClient>[1] = {}): TestClient {
  return startClient(undefined, { ...noRetry, hostOverrides: { [HOST]: origin }, ...options });
}

it.each(['application/json', 'application/json; charset=UTF-8', 'text/json', 'application/problem+json'])(
  'parses what is labelled %s',
  async (type) => {
    await using vendor = await answering('{"a":[1]}', { 'content-type': type });
    await using client = startClient(vendor);
    expect(await client.send()).toMatchObject({ status: 200, json: { a: [1] }, text: '{"a":[1]}' });
  },
);

it.each([
  ['HTML', '<p>Down</p>', 'text/html'],
  ['JSON that is not labelled', '{"a":1}', 'text/plain'],
  ['labelled JSON that does not parse', '<html>', 'application/json'],
  ['labelled JSON that is empty', '', 'application/json'],
])('does not parse %s', async (_what, body, type) => {
  await using vendor = await answering(body, { 'content-type': type });
  await using client = startClient(vendor);
  const answer = await client.send();
  expect(answer.json).toBeUndefined();
  expect(answer.text).toBe(body);
});

it('does not parse JSON that nests deeper than 64 levels', async () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  await using vendor = await startVendor((request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(nested(Number(request.url.slice(1)))),
  );
  await using client = startClient(vendor);
  expect((await client.get('/64')).json).toBeDefined();
  expect((await client.get('/65')).json).toBeUndefined();
  expect((await client.get('/200000')).json).toBeUndefined();
});

it('does not take brackets inside of strings for levels', async () => {
  const body = { text: `${'[{'.repeat(100)}"\\` };
  await using vendor = await startVendor((_request, response) => json(response, body));
  await using client = startClient(vendor);
  expect((await client.send()).json).toEqual(body);
});

it('keeps a property called __proto__ a property', async () => {
  await using vendor = await answering('{"__proto__":{"admin":true},"e":"\\u0041"}', {
    'content-type': 'application/json',
  });
  await using client = startClient(vendor);
  const { json: answer } = await client.send();
  expect(Object.getPrototypeOf(answer)).toBe(Object.prototype);
  expect(Object.keys(Object(answer))).toEqual(['__proto__', 'e']);
});

it('reads other charsets, and passes over a byte order mark', async () => {
  await using vendor = await startVendor((request, response) => {
    const isLatin = request.url === '/latin';
    response.writeHead(200, { 'content-type': `application/json; charset=${isLatin ? 'iso-8859-1' : 'utf-8'}` });
    response.end(isLatin ? Buffer.from('{"name":"Zoë"}', 'latin1') : '\ufeff{"name":"Zoë"}');
  });
  await using client = startClient(vendor);
  expect((await client.get('/latin')).json).toEqual({ name: 'Zoë' });
  expect((await client.get('/bom')).json).toEqual({ name: 'Zoë' });
});

it('gives binary bodies as bytes', async () => {
  await using vendor = await answering(Buffer.from([0, 255, 1]), { 'content-type': 'application/pdf' });
  await using client = startClient(vendor);
  expect(await client.send()).toMatchObject({ text: '', json: undefined, bytes: new Uint8Array([0, 255, 1]) });
});

it('joins several values of one header', async () => {
  await using vendor = await startVendor((_request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.setHeader('X-Total', '7');
    response.end();
  });
  await using client = startClient(vendor);
  expect((await client.send()).headers).toMatchObject({ 'set-cookie': 'a=1, b=2', 'x-total': '7' });
});

it.each([400, 401, 404, 422, 500])('answers a %d instead of throwing', async (status) => {
  await using vendor = await answering('{"message":"no"}', { 'content-type': 'application/json' }, status);
  await using client = startClient(vendor);
  expect(await client.send()).toMatchObject({ status, json: { message: 'no' } });
  expect(vendor.seen).toHaveLength(1);
});

it.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['gzip, br', (body: string) => brotliCompressSync(gzipSync(body))],
  ['identity', (body: string) => Buffer.from(body)],
])('unpacks %s', async (encoding, pack) => {
  await using vendor = await answering(pack('{"packed":true}'), {
    'content-type': 'application/json',
    'content-encoding': encoding,
  });
  await using client = startClient(vendor);
  expect((await client.send()).json).toEqual({ packed: true });
});

it.each([
  ['gzip', gzipSync(Buffer.alloc(20_000_000)), 'unpacks to more than 10485760 bytes'],
  ['br', brotliCompressSync(Buffer.alloc(20_000_000)), 'unpacks to more than 10485760 bytes'],
  ['gzip', gzipSync('hello').subarray(0, 10), 'cannot be unpacked'],
  ['gzip', Buffer.from('no gzip'), 'cannot be unpacked'],
  ['zstd', Buffer.from('x'), 'was not offered'],
  ['gzip, gzip, gzip', Buffer.from('x'), 'too many times'],
])('gives up on %s that it cannot unpack within the limit', async (encoding, body, reason) => {
  await using vendor = await answering(body, { 'content-encoding': encoding, 'content-type': 'application/json' });
  await using client = startClient(vendor);
  const failure = { code: 'ATS_ANSWER_UNREADABLE', message: expect.stringContaining(reason) };
  await expect(client.send()).rejects.toMatchObject({ ...failure, effect: 'none' });
  await expect(client.send({ method: 'POST' })).rejects.toMatchObject({ ...failure, effect: 'unknown' });
});

it.each([
  ['announced', { 'content-length': '2000' }, 10],
  ['not announced', {}, 1500],
])('gives up on a body over the limit whose length is %s, and closes the socket', async (_how, headers, begun) => {
  const closed = Promise.withResolvers<void>();
  await using vendor = await startVendor((_request, response) => {
    response.on('close', closed.resolve);
    // The rest never comes: only a client that gives up by itself gets past this.
    response.writeHead(200, headers).write('x'.repeat(begun));
  });
  await using client = startClient(vendor, { limits: { maxResponseBytes: 1000 } });
  await expect(client.send({ method: 'POST' })).rejects.toMatchObject({
    code: 'ATS_ANSWER_UNREADABLE',
    effect: 'unknown',
    message: expect.stringContaining('larger than 1000 bytes'),
  });
  await closed.promise;
  expect(client.log).toMatchObject([{ errorCode: 'TOO_LARGE' }]);
});

it('skips an answer that is larger than the request takes, and takes one that just fits', async () => {
  await using vendor = await answering('x'.repeat(1000), { 'content-type': 'text/plain' });
  await using client = startClient(vendor, { limits: { maxResponseBytes: 10, hardMaxResponseBytes: 2000 } });
  expect((await client.send({ maxBytes: 1000 })).text).toHaveLength(1000);
  await expect(client.send({ maxBytes: 999 })).rejects.toMatchObject({
    code: 'ATS_ANSWER_TOO_LARGE',
    recovery: 'skip',
    effect: 'none',
    maxBytes: 999,
  });
  await expect(client.send({ method: 'POST', reads: true, maxBytes: 999 })).rejects.toMatchObject({
    code: 'ATS_ANSWER_TOO_LARGE',
    effect: 'none',
  });
});

it('takes no more than its own limit, whatever a request asks for', async () => {
  await using vendor = await answering('x'.repeat(1000), { 'content-type': 'text/plain' });
  await using client = startClient(vendor, { limits: { hardMaxResponseBytes: 500 } });
  await expect(client.send({ maxBytes: 5000 })).rejects.toMatchObject({ code: 'ATS_ANSWER_TOO_LARGE', maxBytes: 500 });
});

it('skips an answer that unpacks to more than the request takes', async () => {
  const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
  await using vendor = await answering(gzipSync('x'.repeat(1000)), headers);
  await using client = startClient(vendor);
  await expect(client.send({ maxBytes: 999 })).rejects.toMatchObject({ code: 'ATS_ANSWER_TOO_LARGE' });
  expect((await client.send({ maxBytes: 1000 })).text).toHaveLength(1000);
});

it.each([
  ['text/plain', Buffer.from('\ufeffZoë', 'utf16le')],
  ['text/plain; charset=windows-1252', Buffer.from('Zo\u00eb \u0096', 'latin1')],
  ['text/html; charset=utf-8', Buffer.from('\ufeff<p>Zoë</p>')],
  ['application/json', Buffer.from('{"a":1}\n')],
  ['application/pdf', Buffer.from('%PDF-\u0000', 'latin1')],
  ['', Buffer.from('x')],
])('RED-8: hands a body of the type "%s" on as it is, when bytes are asked for', async (type, body) => {
  await using vendor = await answering(body, type === '' ? {} : { 'content-type': type });
  await using client = startClient(vendor);
  const response = await client.send({ answer: 'bytes' });
  expect(response).toMatchObject({ status: 200, json: undefined, text: '' });
  expect(Buffer.from(response.bytes ?? []).equals(body)).toBe(true);
});

it('reads a refusal as ever, when bytes are asked for', async () => {
  await using vendor = await startVendor((_request, response) => {
    response.writeHead(403, { 'content-type': 'application/json' }).end('{"code":"scope"}');
  });
  await using client = startClient(vendor);
  expect(await client.send({ answer: 'bytes' })).toMatchObject({ status: 403, json: { code: 'scope' } });
});

it.each([
  ['GET', {}, 'none'],
  ['POST', {}, 'unknown'],
  ['POST', { reads: true }, 'none'],
] as const)('tells with the answer to a %s %j what it leaves open: %s', async (method, request, effect) => {
  await using vendor = await startVendor((_request, response) => {
    response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
  });
  await using client = startClient(vendor);
  const response = await client.send({ method, ...request });
  expect(response).toMatchObject({ status: 500, effect });
  expect(failureOf(response, { atsName: 'Test ATS', action: 'try it' })).toMatchObject({ effect, recovery: 'retry' });
});

it('takes a body that just fits', async () => {
  await using vendor = await answering('x'.repeat(1000), { 'content-type': 'text/plain' });
  await using client = startClient(vendor, { limits: { maxResponseBytes: 1000 } });
  expect((await client.send()).text).toHaveLength(1000);
});

it.each<[HttpRequest['method'], string]>([
  ['GET', 'none'],
  ['POST', 'unknown'],
])('reports a %s whose answer was cut off, with the effect %s', async (method, effect) => {
  using vendor = await rawVendor('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
  await using client = clientOf(vendor.origin);
  await expect(client.send({ method })).rejects.toMatchObject({ code: 'ATS_ANSWER_UNREADABLE', effect });
});

it('reports a chunked answer that ends too soon as cut off', async () => {
  using vendor = await rawVendor('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n');
  await using client = clientOf(vendor.origin);
  await expect(client.send()).rejects.toMatchObject({ code: 'ATS_ANSWER_UNREADABLE' });
});

it.each<[HttpRequest['method'], string]>([
  ['GET', 'none'],
  ['PUT', 'unknown'],
])('reports a %s that was reset before the answer, with the effect %s', async (method, effect) => {
  using vendor = await rawVendor('', 'reset');
  await using client = clientOf(vendor.origin);
  await expect(client.send({ method })).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE', effect });
});

it('does not take an interim answer for the answer', async () => {
  using vendor = await rawVendor('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n');
  await using client = clientOf(vendor.origin);
  expect(await client.send()).toMatchObject({ status: 201 });
  using silent = await rawVendor('HTTP/1.1 103 Early Hints\r\n\r\n');
  await using other = clientOf(silent.origin);
  await expect(other.send()).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE' });
});

it('does not send a request whose time ran out before there was a connection', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor, noRetry);
  const sending = client.send({ method: 'POST', url: `https://${HOST}/late` });
  sending.catch(() => undefined);
  // Only microtasks run here: the request is queued, and the socket cannot have connected yet.
  for (let count = 0; count < 20; count += 1) await null;
  client.clock.advance(30_000);
  await expect(sending).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE', effect: 'none' });
  await client.get('/next');
  expect(vendor.seen.map((request) => request.url)).toEqual(['/next']);
});

it('keeps no piece of a broken answer in the error', async () => {
  using vendor = await rawVendor('this is no HTTP, but it is private');
  await using client = clientOf(vendor.origin);
  const error: unknown = await client.send().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'ATS_ANSWER_UNREADABLE', cause: { name: 'TransportError' } });
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('private');
});

it('reports a refused connection as never reached', async () => {
  const vendor = await startVendor();
  await vendor[Symbol.asyncDispose]();
  await using client = clientOf(vendor.origin);
  await expect(client.send({ method: 'POST' })).rejects.toMatchObject({
    code: 'ATS_UNAVAILABLE',
    effect: 'none',
    message: expect.stringContaining('cannot be reached (ECONNREFUSED)'),
  });
});

it('reports failed TLS as never reached', async () => {
  await using vendor = await startVendor();
  await using client = clientOf(vendor.origin.replace('http:', 'https:'));
  await expect(client.send({ method: 'POST' })).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE', effect: 'none' });
  expect(vendor.seen).toEqual([]);
});

it.each<[HttpRequest['method'], string]>([
  ['GET', 'none'],
  ['POST', 'unknown'],
])('gives a %s up after its time limit, with the effect %s', async (method, effect) => {
  const arrived = Promise.withResolvers<void>();
  await using vendor = await startVendor(() => arrived.resolve());
  await using client = startClient(vendor, noRetry);
  const sending = client.send({ method, timeoutMs: 25_000 });
  sending.catch(() => undefined);
  await arrived.promise;
  client.clock.advance(24_999);
  expect(client.log).toEqual([]);
  client.clock.advance(1);
  await expect(sending).rejects.toMatchObject({
    code: 'ATS_UNAVAILABLE',
    effect,
    message: expect.stringContaining('did not answer within 25 s'),
  });
  expect(client.log).toMatchObject([{ errorCode: 'TIMEOUT', durationMs: 25_000 }]);
});

it('counts the time limit over the whole answer, so that a trickle does not extend it', async () => {
  using vendor = await rawVendor('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', 'hang');
  await using client = clientOf(vendor.origin);
  const sending = client.send();
  sending.catch(() => undefined);
  while (client.log.length === 0) {
    client.clock.advance(1000);
    await new Promise(setImmediate);
  }
  await expect(sending).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE' });
  expect(client.log).toMatchObject([{ errorCode: 'TIMEOUT', durationMs: 30_000 }]);
});

it.each([
  ['30 s when the request says nothing', undefined, 30_000],
  ['at most 120 s', 3_600_000, 120_000],
])('waits %s', async (_what, timeoutMs, waited) => {
  const arrived = Promise.withResolvers<void>();
  await using vendor = await startVendor(() => arrived.resolve());
  await using client = startClient(vendor, noRetry);
  const sending = client.send(timeoutMs === undefined ? {} : { timeoutMs });
  sending.catch(() => undefined);
  await arrived.promise;
  client.clock.advance(3_600_000);
  await expect(sending).rejects.toThrow(/did not answer/);
  expect(client.log).toMatchObject([{ durationMs: 3_600_000 }]);
  await expect(sending).rejects.toThrow(`within ${waited / 1000} s`);
});

it('never waits past the deadline of the call', async () => {
  const arrived = Promise.withResolvers<void>();
  await using vendor = await startVendor(() => arrived.resolve());
  await using client = startClient(vendor, noRetry);
  const sending = client.http.send(client.ctx(21_000), { method: 'GET', url: `https://${HOST}/` });
  sending.catch(() => undefined);
  await arrived.promise;
  client.clock.advance(21_000);
  await expect(sending).rejects.toThrow(/within 21 s/);
});

it('does not even begin after the deadline', async () => {
  await using vendor = await startVendor();
  await using client = startClient(vendor);
  const request: HttpRequest = { method: 'POST', url: `https://${HOST}/` };
  await expect(client.http.send(client.ctx(0), request)).rejects.toMatchObject({
    code: 'ATS_UNAVAILABLE',
    effect: 'none',
  });
  expect(vendor.seen).toEqual([]);
});

it('reuses its connections', async () => {
  const sockets = new Set<unknown>();
  await using vendor = await startVendor((_request, response) => {
    sockets.add(response.socket);
    json(response, {});
  });
  await using client = startClient(vendor);
  for (let count = 0; count < 10; count += 1) await client.send();
  // Two, because undici leaves a socket alone for one turn of the event loop after each answer.
  expect(sockets.size).toBeLessThanOrEqual(2);
});

it('ends what is under way when it is closed, and refuses what comes after', async () => {
  const arrived = Promise.withResolvers<void>();
  await using vendor = await startVendor(() => arrived.resolve());
  await using client = startClient(vendor);
  const sending = client.send();
  sending.catch(() => undefined);
  await arrived.promise;
  await client.http.close();
  await expect(sending).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE' });
  expect(client.clock.skipped).toEqual([]);
  await expect(client.send()).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE', effect: 'none' });
  expect(vendor.seen).toHaveLength(1);
});
