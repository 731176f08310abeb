import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calls } from './support/sample.resolver.js';
import { startTestGateway, type TestGateway } from './support/test-gateway.js';

let server: TestGateway;
let isReady: () => Promise<boolean> = async () => true;
beforeAll(async () => {
  server = await startTestGateway({ CORS_ORIGINS: 'https://app.example.com' }, { isReady: () => isReady() });
});
afterAll(() => server.gateway.close());

it('says that it lives', async () => {
  const response = await fetch(`${server.url}/health`);
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});

const readiness: readonly (readonly [string, () => Promise<boolean>, number])[] = [
  ['can', async () => true, 200],
  ['cannot', async () => false, 503],
  ['fails to find out', async () => Promise.reject(new Error('no database')), 503],
  ['never finds out', () => new Promise<boolean>(() => undefined), 503],
];
it.each(readiness)('says whether it can serve: it %s', async (_what, check, status) => {
  isReady = check;
  expect((await fetch(`${server.url}/ready`)).status).toBe(status);
});

describe('metrics', () => {
  it('count operations by outcome, without names of clients', async () => {
    await server.ask('query SecretName { viewer { userId } }');
    await server.ask('{ nothingLikeThat }');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toMatch(/gateway_operations_total\{transport="http",type="\w+",outcome="ok"\} \d+/);
    expect(text).toContain('outcome="GRAPHQL_VALIDATION_FAILED"');
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toContain('SecretName');
  });

  it('can ask for a token', async () => {
    await using guarded = await startTestGateway({ METRICS_TOKEN: 'a-token-of-sixteen-letters' });
    expect((await fetch(`${guarded.url}/metrics`)).status).toBe(401);
    const headers = { authorization: 'Bearer a-token-of-sixteen-letters' };
    expect((await fetch(`${guarded.url}/metrics`, { headers })).status).toBe(200);
  });

  it('can be off', async () => {
    await using without = await startTestGateway({ METRICS: 'off' });
    expect((await fetch(`${without.url}/metrics`)).status).toBe(404);
  });
});

it('sets security headers on every answer', async () => {
  for (const path of ['/health', '/graphql?query={__typename}', '/nothing-here']) {
    const { headers } = await fetch(`${server.url}${path}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

describe('CORS', () => {
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it('lets the configured origins in, and no other', async () => {
    expect((await preflight(server.url, 'https://app.example.com')).headers.get('access-control-allow-origin')).toBe(
      'https://app.example.com',
    );
    expect(
      (await preflight(server.url, 'https://evil.example.com')).headers.get('access-control-allow-origin'),
    ).not.toBe('https://evil.example.com');
  });

  it('lets this machine in during development', async () => {
    await using local = await startTestGateway();
    expect((await preflight(local.url, 'http://localhost:5173')).headers.get('access-control-allow-origin')).toBe(
      'http://localhost:5173',
    );
    expect(
      (await preflight(local.url, 'http://localhost.evil.example.com')).headers.get('access-control-allow-origin'),
    ).toBeNull();
  });

  it('never allows cookies', async () => {
    expect(
      (await preflight(server.url, 'https://app.example.com')).headers.get('access-control-allow-credentials'),
    ).toBeNull();
  });
});

describe('the log', () => {
  it('holds request ids, and neither tokens nor variables', async () => {
    const token = await server.token();
    const { headers } = await server.ask('query ($how: String!) { fails(how: $how) }', {
      token,
      variables: { how: 'canary-variable' },
      headers: { 'x-request-id': 'request-12345', cookie: 'canary-cookie=1' },
    });
    expect(headers.get('x-request-id')).toBe('request-12345');
    await fetch(
      `${server.url}/graphql?${new URLSearchParams({ query: '{ __typename }', variables: '{"x":"canary-variable"}' })}`,
    );
    expect(server.log()).toContain('request-12345');
    expect(server.log()).not.toContain(token);
    expect(server.log()).not.toMatch(/canary-(variable|cookie)/);
  });

  it('takes no request id that could forge a line', async () => {
    const { headers } = await server.ask('{ __typename }', { headers: { 'x-request-id': '"},{"level":60' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('stopping', () => {
  it('finishes what runs and tells sockets to come back', async () => {
    const stopping = await startTestGateway();
    const token = await stopping.token();
    const socket = new WebSocket(`${stopping.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = codeOfClose(socket);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const before = calls.count;
    const slow = stopping.ask('{ wait(ms: 300) }', { token });
    // The request must have arrived before the server stops to listen.
    await expect.poll(() => calls.count, { interval: 5 }).toBe(before + 1);
    const startedAt = performance.now();
    await stopping.gateway.close();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect((await slow).data).toEqual({ wait: 300 });
    expect(await closed).toBe(1001);
    await expect(fetch(`${stopping.url}/health`)).rejects.toThrow();
  });

  it('can be told twice', async () => {
    const stopping = await startTestGateway();
    await Promise.all([stopping.gateway.close(), stopping.gateway.close()]);
  });
});

function codeOfClose(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)));
}
