import { gzipSync } from 'node:zlib';
import type { Delivery } from '@talentbridge/contracts';
import type { DeliveryAnswer } from '@talentbridge/hub';
import Fastify from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { registerWebhookRoutes } from '../src/webhooks/webhook-routes.js';

const started: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each[Symbol.asyncDispose]();
});

interface StartedRoute {
  readonly url: string;
  readonly received: [string, Delivery][];
  /** How what was refused is counted. */
  readonly counted: string[];
}

/** The route, with a hub that remembers what reaches it. */
async function startRoute(answer: Partial<DeliveryAnswer> = {}): Promise<StartedRoute> {
  const received: [string, Delivery][] = [];
  const counted: string[] = [];
  const app = Fastify({ bodyLimit: 10 });
  await registerWebhookRoutes(app, {
    telemetry: { webhookDelivery: (outcome) => void counted.push(outcome) },
    hub: {
      webhooks: {
        async receive(token, delivery) {
          received.push([token, delivery]);
          return { status: 202, headers: { 'x-hook-challenge': 'the same' }, ...answer };
        },
      },
    },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  started.push({ [Symbol.asyncDispose]: () => app.close() });
  return { url: `${url}/webhooks/the-token`, received, counted };
}

it('hands the body on byte for byte, whatever it says it is, and answers as it is told', async () => {
  const { url, received } = await startRoute();
  const body = '\ufeff{ "name" :\r\n "Zoë 🎈"}  ';
  for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'x/y; charset=latin1']) {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': type, 'X-Signature': 'a' }, body });
    expect(response.status).toBe(202);
    expect(response.headers.get('x-hook-challenge')).toBe('the same');
    expect(await response.text()).toBe('');
  }
  expect(received).toHaveLength(4);
  for (const [token, delivery] of received) {
    expect(token).toBe('the-token');
    expect(delivery.body).toBe(body);
    expect(delivery.headers).toMatchObject({ 'x-signature': 'a' });
  }
});

it('takes a delivery without a body', async () => {
  const { url, received } = await startRoute();
  expect((await fetch(url, { method: 'POST' })).status).toBe(202);
  expect(received[0]?.[1].body).toBe('');
});

it('joins headers that come several times', async () => {
  const { url, received } = await startRoute();
  const headers = new Headers([
    ['x-signature', 'one'],
    ['x-signature', 'two'],
  ]);
  await fetch(url, { method: 'POST', headers });
  expect(received[0]?.[1].headers['x-signature']).toBe('one, two');
});

it('refuses what is no UTF-8, compressed or too large, counts it, and repeats nothing of it', async () => {
  const { url, received, counted } = await startRoute();
  const post = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const answers = [
    await post(Buffer.from([0x22, 0xc3, 0x28, 0x22])),
    await post(gzipSync('{}'), { 'content-encoding': 'gzip' }),
    await post(Buffer.alloc(262_145, 'x')),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 415, 413]);
  expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['', '', '']);
  expect(received).toEqual([]);
  expect(counted).toEqual(['unreadable', 'encoded', 'too_large']);
  expect((await post(Buffer.alloc(262_144, 'x'))).status).toBe(202);
});

it('hands on what is asked by GET, with the last of parameters that come twice, and answers with the body that it is told', async () => {
  const { url, received } = await startRoute({ body: '{"code":"a"}', headers: { 'content-type': 'application/json' } });
  const response = await fetch(`${url}?code=a&code=b%20c&__proto__=d&e`);
  expect(response.status).toBe(202);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.text()).toBe('{"code":"a"}');
  expect(received).toHaveLength(1);
  const [[token, { method, query, body }] = fail()] = received;
  expect({ token, method, body }).toEqual({ token: 'the-token', method: 'GET', body: '' });
  expect(Object.entries(query)).toEqual([
    ['code', 'b c'],
    ['__proto__', 'd'],
    ['e', ''],
  ]);
  await fetch(`${url}?code=a`, { method: 'POST', body: '{}' });
  expect(received[1]?.[1]).toMatchObject({ method: 'POST', query: { code: 'a' }, body: '{}' });
});

it('refuses more than 50 parameters, and counts it', async () => {
  const { url, received, counted } = await startRoute();
  const parameters = Array.from({ length: 50 }, (_, index) => `p${index}=`).join('&');
  expect((await fetch(`${url}?${parameters}`)).status).toBe(202);
  expect((await fetch(`${url}?${parameters}&one-more=`)).status).toBe(400);
  expect(received).toHaveLength(1);
  expect(counted).toEqual(['unreadable']);
});

it('takes nothing but POST and GET', async () => {
  const { url, received } = await startRoute();
  for (const method of ['HEAD', 'PUT', 'DELETE', 'OPTIONS']) expect((await fetch(url, { method })).status).toBe(404);
  expect(received).toEqual([]);
});

function fail(): never {
  throw new Error('Nothing was received.');
}
