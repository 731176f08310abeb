import { describe, expect, it } from 'vitest';
import { startEcho, startSilence } from './odd-callbacks.js';
import { askWebhooks, subscribed } from './start-callback.js';
import { DAY_MS, PERSON, startWebhooks } from './start-simulated-webhooks.js';

describe('subscriptions (sheet §12)', () => {
  it('delivers nothing before the handshake, and everything that is asked for after it', async () => {
    await using vendor = await startWebhooks();
    const { simulator, callback, change } = vendor;
    const { json } = await askWebhooks(simulator, 'POST', '', {
      callbackUrl: callback.url,
      events: ['candidate.updated'],
    });
    expect(json).toMatchObject({
      callbackUrl: callback.url,
      events: [{ name: 'candidate.updated', version: 'v201910' }],
      status: 'inactive',
    });
    await change();
    expect(callback.events).toEqual([]);
    expect(await askWebhooks(simulator, 'PUT', `/${json.id}/activation`)).toMatchObject({ status: 204 });
    expect(callback.handshakes).toBe(1);
    await change();
    simulator.account().add(PERSON, undefined, simulator.clock.iso());
    await simulator.webhooks.settled();
    expect(callback.names()).toEqual(['candidate.updated']);
  });

  it.each([
    ['another status', 202, true],
    ['without the secret', 200, false],
  ])('stays inactive when the handshake is answered with %s', async (_what, status, echo) => {
    await using vendor = await startWebhooks();
    await using server = await startEcho(status, echo);
    const { simulator } = vendor;
    const body = { callbackUrl: server.url, events: ['candidate.updated'] };
    const { json } = await askWebhooks(simulator, 'POST', '', body);
    expect(await askWebhooks(simulator, 'PUT', `/${json.id}/activation`)).toMatchObject({ status: 400 });
    expect(await askWebhooks(simulator, 'GET', `/${json.id}`)).toMatchObject({ json: { status: 'inactive' } });
  });

  it('gives up on a handshake that nobody answers', async () => {
    await using vendor = await startWebhooks({ handshakeWithinMs: 50 });
    await using silent = await startSilence();
    const { simulator } = vendor;
    const { json } = await askWebhooks(simulator, 'POST', '', { callbackUrl: silent.url, events: ['job.updated'] });
    expect(await askWebhooks(simulator, 'PUT', `/${json.id}/activation`)).toMatchObject({ status: 400 });
  });

  it.each([
    ['https://hub.example/hooks', 201],
    ['http://127.0.0.1:4000/hooks', 201],
    ['http://[::1]:4000/hooks', 201],
    ['http://localhost:4000/hooks', 201],
    ['http://hub.example/hooks', 400],
    ['http://127.0.0.1.hub.example/hooks', 400],
    ['http://10.0.0.1/hooks', 400],
    ['ftp://127.0.0.1/hooks', 400],
    ['hooks', 400],
  ])('takes callback addresses with HTTPS, and others on this machine alone: %s', async (callbackUrl, status) => {
    await using vendor = await startWebhooks();
    const body = { callbackUrl, events: ['candidate.deleted'] };
    expect(await askWebhooks(vendor.simulator, 'POST', '', body)).toMatchObject({ status });
  });

  it.each([
    [{ callbackUrl: 'https://hub.example/1' }],
    [{ callbackUrl: 'https://hub.example/1', events: [] }],
    [{ callbackUrl: 'https://hub.example/1', events: ['job.deleted'] }],
    [{ callbackUrl: 'https://hub.example/1', events: ['job.updated'], active: true }],
  ])('refuses what cannot be subscribed: %j', async (body) => {
    await using vendor = await startWebhooks();
    expect(await askWebhooks(vendor.simulator, 'POST', '', body)).toMatchObject({ status: 400 });
  });

  it('takes twenty of a user and no more, and lists them in pages with a cursor in the Link header', async () => {
    await using vendor = await startWebhooks();
    const { simulator } = vendor;
    const body = { callbackUrl: 'https://hub.example/1', events: ['job.updated'] };
    for (let count = 0; count < 20; count += 1) await askWebhooks(simulator, 'POST', '', body);
    expect(await askWebhooks(simulator, 'POST', '', body)).toMatchObject({ status: 400 });
    const first = await askWebhooks(simulator, 'GET', '?limit=15');
    const cursor = /page_id=([^&>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1];
    const second = await askWebhooks(simulator, 'GET', `?limit=15&page_id=${cursor}`);
    expect([first.json.length, second.json.length]).toEqual([15, 5]);
    expect(second.headers.get('link')).toBeNull();
    const ids = [...first.json, ...second.json].map(({ id }) => id);
    expect(new Set(ids).size).toBe(20);
    expect(await askWebhooks(simulator, 'GET', '?page_id=nonsense')).toMatchObject({ status: 400 });
  });

  it('shows an account to its own tokens, with the scopes that it takes', async () => {
    await using vendor = await startWebhooks();
    const { simulator, callback } = vendor;
    const { id } = await subscribed(simulator, callback, ['candidate.deleted']);
    const other = 'sim-smarttoken-samplecorp';
    expect(await askWebhooks(simulator, 'GET', '', undefined, other)).toMatchObject({ json: [] });
    expect(await askWebhooks(simulator, 'DELETE', `/${id}`, undefined, other)).toMatchObject({ status: 404 });
    const token = simulator.account().tokens.find(({ name }) => name === 'full');
    const statuses = async (): Promise<readonly number[]> => {
      const asked = [];
      for (const [method, path] of [
        ['GET', ''],
        ['PUT', `/${id}/activation`],
        ['DELETE', `/${id}`],
      ] as const) {
        asked.push((await askWebhooks(simulator, method, path)).status);
      }
      return asked;
    };
    token?.scopes.delete('webhooks_manage');
    expect(await statuses()).toEqual([403, 403, 403]);
    token?.scopes.add('webhooks_read');
    expect(await statuses()).toEqual([200, 403, 403]);
    token?.scopes.add('webhooks_write').add('webhooks_delete');
    expect(await statuses()).toEqual([200, 204, 204]);
  });
});

describe('keys (sheet §12)', () => {
  it('shows the last one, and none where none was made', async () => {
    await using vendor = await startWebhooks();
    const { simulator, callback } = vendor;
    const { id } = await subscribed(simulator, callback, ['job.updated'], { withKey: false });
    expect(await askWebhooks(simulator, 'GET', `/${id}/secret-key`)).toMatchObject({ status: 404 });
    await askWebhooks(simulator, 'POST', `/${id}/secret-key`);
    const { json } = await askWebhooks(simulator, 'POST', `/${id}/secret-key`);
    expect((await askWebhooks(simulator, 'GET', `/${id}/secret-key`)).json.secretKey).toBe(json.secretKey);
  });

  it('are sixteen at most, of which replaced ones expire after a day', async () => {
    await using vendor = await startWebhooks();
    const { simulator, callback } = vendor;
    const { id } = await subscribed(simulator, callback, ['job.updated'], { withKey: false });
    const make = async (): Promise<number> => (await askWebhooks(simulator, 'POST', `/${id}/secret-key`)).status;
    for (let count = 0; count < 16; count += 1) expect(await make()).toBe(201);
    expect(await make()).toBe(400);
    simulator.clock.advance(DAY_MS);
    expect(await make()).toBe(201);
    expect(simulator.webhooks.subscription(id).liveKeys(simulator.clock.now())).toBe(2);
  });
});
