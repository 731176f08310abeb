import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { ByteSource } from '@talentbridge/hub';
import Fastify from 'fastify';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { ErrorPresenter } from '../src/errors/error-presenter.js';
import { type ImportRouteOptions, registerImportRoute } from '../src/files/import-route.js';

const started: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each[Symbol.asyncDispose]();
});

/** The route, with a hub that counts what reaches it. */
async function startRoute(
  importLimit: number,
): Promise<{ readonly url: string; read(): number; ended(): Promise<unknown> }> {
  let bytes = 0;
  const end = Promise.withResolvers<unknown>();
  const hub = {
    scope: () => ({ [Symbol.asyncDispose]: async () => undefined }),
    profileImport: {
      async run(_scope: unknown, _format: unknown, source: ByteSource) {
        try {
          for await (const chunk of source) bytes += chunk.length;
          end.resolve('complete');
        } catch (error) {
          end.resolve(error);
          throw error;
        }
        return { created: 1, updated: 0, unchanged: 0, refused: 0, refusedRows: [], notes: [] };
      },
    },
  };
  const app = Fastify({ bodyLimit: 10 });
  await registerImportRoute(app, {
    hub: hub as unknown as ImportRouteOptions['hub'],
    verifier: {
      verify: async () => ({
        caller: { organizationId: 'o', userId: 'u', roles: ['ADMIN'] },
        expiresAt: Date.now() + 60_000,
      }),
    },
    presenter: new ErrorPresenter({ logger: pino({ level: 'silent' }), revealInternals: false, suggestNames: true }),
    importLimit,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  started.push({ [Symbol.asyncDispose]: () => app.close() });
  return { url: `${url}/imports/profiles?format=CSV`, read: () => bytes, ended: () => end.promise };
}

const headers = { authorization: 'Bearer token' };

it('refuses a file that says it is too large, before it reads any of it', async () => {
  const route = await startRoute(1_000);
  const response = await fetch(route.url, { method: 'POST', headers, body: randomBytes(1_001) });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({
    errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE', limit: 1_000 } }],
  });
  expect(route.read()).toBe(0);
});

it('stops a file that does not say its size where the limit is', async () => {
  const route = await startRoute(1_000);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let piece = 0; piece < 5; piece += 1) yield randomBytes(300);
  }
  const body = pieces();
  const response = await fetch(route.url, { method: 'POST', headers, body, ...{ duplex: 'half' } });
  expect(response.status).toBe(413);
  expect(route.read()).toBeLessThanOrEqual(1_000);
});

it('takes a file of exactly the limit', async () => {
  const route = await startRoute(1_000);
  const response = await fetch(route.url, { method: 'POST', headers, body: randomBytes(1_000) });
  expect(response.status).toBe(200);
  expect(route.read()).toBe(1_000);
});

it('notices an upload that breaks off, so that half a file is not taken for a whole one', async () => {
  const route = await startRoute(10_000);
  const upload = request(route.url, { method: 'POST', headers: { ...headers, 'content-length': 5_000 } });
  upload.on('error', () => undefined);
  upload.write(randomBytes(2_000), () => setTimeout(() => upload.destroy(), 50));
  expect(await route.ended()).toMatchObject({ message: expect.stringContaining('broke off') });
});
