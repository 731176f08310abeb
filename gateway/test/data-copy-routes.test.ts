import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { type ByteSource, FileTooLargeError } from '@talentbridge/hub';
import Fastify from 'fastify';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { ErrorPresenter } from '../src/errors/error-presenter.js';
import { type DataCopyRouteOptions, registerDataCopyRoutes } from '../src/files/data-copy-routes.js';

const started: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of started.splice(0)) await each[Symbol.asyncDispose]();
});

const ID = '01900000-0000-7000-8000-000000000001';
const headers = { authorization: 'Bearer token' };

/** The routes, with a hub that counts what reaches it. */
async function startRoutes(importLimit: number) {
  const paths: string[] = [];
  let bytes = 0;
  const end = Promise.withResolvers<unknown>();
  const hub = {
    scope: () => ({ close: async () => undefined, [Symbol.asyncDispose]: async () => undefined }),
    dataCopies: {
      async upload(_scope: unknown, _id: string, path: string, source: ByteSource, limit: number) {
        paths.push(path);
        try {
          for await (const chunk of source) {
            bytes += chunk.length;
            if (bytes > limit) throw new FileTooLargeError(limit);
          }
        } catch (error) {
          end.resolve(error);
          throw error;
        }
        return { path, size: bytes, sha256: 'hash' };
      },
      get: async () => undefined,
      refusedRows: async () => undefined,
    },
  };
  const app = Fastify({ bodyLimit: 10 });
  await registerDataCopyRoutes(app, {
    hub: hub as unknown as DataCopyRouteOptions['hub'],
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
  const base = `${url}/imports/data-copies/${ID}`;
  const put = (path: string, init: RequestInit): Promise<Response> =>
    fetch(`${base}/files/${path}`, { method: 'PUT', headers, ...init });
  return { base, paths, put, read: () => bytes, ended: () => end.promise };
}

describe('RED-3: PUT /imports/data-copies/:id/files/*', () => {
  it('streams a file of exactly the limit, whatever it is called and says it is', async () => {
    const routes = await startRoutes(1_000);
    const name = `${'Ordner/'.repeat(30)}Lebenslauf Zoë & Söhne #1 100%.pdf`;
    const response = await routes.put(name.split('/').map(encodeURIComponent).join('/'), {
      body: randomBytes(1_000),
      headers: { ...headers, 'content-type': 'application/json' },
    });
    expect([response.status, await response.json()]).toEqual([200, { path: name, size: 1_000, sha256: 'hash' }]);
  });

  it('refuses a file that says it is too large, before it reads any of it', async () => {
    const routes = await startRoutes(1_000);
    const response = await routes.put('a.csv', { body: randomBytes(1_001) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE', limit: 1_000 } }],
    });
    expect(routes.paths).toEqual([]);
  });

  it('stops a file that does not say its size where the limit is', async () => {
    const routes = await startRoutes(1_000);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let piece = 0; piece < 5; piece += 1) yield randomBytes(300);
    }
    const body = pieces();
    const response = await routes.put('a.csv', { body, ...{ duplex: 'half' } });
    expect(response.status).toBe(413);
  });

  it('notices an upload that breaks off, so that half a file is not taken for a whole one', async () => {
    const routes = await startRoutes(10_000);
    const options = { method: 'PUT', headers: { ...headers, 'content-length': 5_000 } };
    const upload = request(`${routes.base}/files/a.csv`, options);
    upload.on('error', () => undefined);
    upload.write(randomBytes(2_000), () => setTimeout(() => upload.destroy(), 50));
    expect(await routes.ended()).toMatchObject({ message: expect.stringContaining('Nothing was stored') });
  });

  it('wants a token, an id, and the file as it is', async () => {
    const routes = await startRoutes(1_000);
    expect((await routes.put('a.csv', { body: 'x', headers: {} })).status).toBe(401);
    const compressed = { ...headers, 'content-encoding': 'gzip' };
    expect((await routes.put('a.csv', { body: 'x', headers: compressed })).status).toBe(415);
    const other = routes.base.replace(ID, 'no-id');
    expect((await fetch(`${other}/files/a.csv`, { method: 'PUT', headers, body: 'x' })).status).toBe(400);
    expect((await fetch(`${other}/refused-rows`, { headers })).status).toBe(400);
    expect((await fetch(`${routes.base}/refused-rows`, { headers })).status).toBe(404);
    expect(routes.paths).toEqual([]);
  });
});
