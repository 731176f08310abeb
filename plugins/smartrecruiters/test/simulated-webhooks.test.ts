import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startSimulator, type WebhookOptions } from '../simulator/index.js';
import { startClosing, startEcho, startSilence } from './odd-callbacks.js';
import { loadOpenApiContract } from './openapi-contract.js';
import { askWebhooks, signatureOf, startCallback, subscribed } from './start-callback.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const PERSON = { firstName: 'Ada', lastName: 'Okafor', email: 'ada@mail.example' };

/** A simulator without limits, and a callback address. */
async function start(webhooks: WebhookOptions = {}) {
  const started = new AsyncDisposableStack();
  const simulator = started.use(await startSimulator({ rate: 0, candidates: 10, webhooks }));
  const callback = started.use(await startCallback());
  return {
    simulator,
    callback,
    /** Something happens: one event for whoever wants `candidate.updated`. */
    async change(): Promise<void> {
      const candidate = simulator.account().pick(0);
      simulator.account().change(candidate?.id ?? '', {}, simulator.clock.iso());
      await simulator.webhooks.settled();
    },
    async control(path: string, body: unknown): Promise<Response> {
      return fetch(`${simulator.url}/_sim/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`There are ${items.length}, not one.`);
  return item;
}

describe('subscriptions (sheet §12)', () => {
  it('delivers nothing before the handshake, and everything that is asked for after it', async () => {
    await using vendor = await start();
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
    await using vendor = await start();
    await using server = await startEcho(status, echo);
    const { simulator } = vendor;
    const body = { callbackUrl: server.url, events: ['candidate.updated'] };
    const { json } = await askWebhooks(simulator, 'POST', '', body);
    expect(await askWebhooks(simulator, 'PUT', `/${json.id}/activation`)).toMatchObject({ status: 400 });
    expect(await askWebhooks(simulator, 'GET', `/${json.id}`)).toMatchObject({ json: { status: 'inactive' } });
  });

  it('gives up on a handshake that nobody answers', async () => {
    await using vendor = await start({ handshakeWithinMs: 50 });
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
    await using vendor = await start();
    const body = { callbackUrl, events: ['candidate.deleted'] };
    expect(await askWebhooks(vendor.simulator, 'POST', '', body)).toMatchObject({ status });
  });

  it.each([
    [{ callbackUrl: 'https://hub.example/1' }],
    [{ callbackUrl: 'https://hub.example/1', events: [] }],
    [{ callbackUrl: 'https://hub.example/1', events: ['job.deleted'] }],
    [{ callbackUrl: 'https://hub.example/1', events: ['job.updated'], active: true }],
  ])('refuses what cannot be subscribed: %j', async (body) => {
    await using vendor = await start();
    expect(await askWebhooks(vendor.simulator, 'POST', '', body)).toMatchObject({ status: 400 });
  });

  it('takes twenty of a user and no more, and lists them in pages with a cursor in the Link header', async () => {
    await using vendor = await start();
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
    await using vendor = await start();
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

describe('deliveries (sheet §12)', () => {
  it('names the event in headers, and signs them with every live key', async () => {
    await using vendor = await start();
    const { simulator, callback, change } = vendor;
    const { id, key } = await subscribed(simulator, callback, ['candidate.updated']);
    await change();
    const { json } = await askWebhooks(simulator, 'POST', `/${id}/secret-key`);
    await change();
    const [first, second] = callback.events;
    if (!first || !second) throw new Error('Two events were expected.');
    expect(first.headers).toMatchObject({
      'content-type': 'application/json',
      'event-id': expect.stringMatching(/^[\da-f-]{36}$/),
      'event-name': 'candidate.updated',
      'event-version': 'v201910',
      link: expect.stringMatching(/^<https:\/\/api\.smartrecruiters\.com\/candidates\/[\da-f-]{36}>; rel=self$/),
      'smartrecruiters-timestamp': expect.stringMatching(/^\d{10}$/),
    });
    expect(first.headers['smartrecruiters-signature']).toBe(signatureOf(first, key));
    const both = [signatureOf(second, key), signatureOf(second, json.secretKey)].join(';');
    expect(second.headers['smartrecruiters-signature']).toBe(both);
  });

  it('is not signed while there is no key', async () => {
    await using vendor = await start();
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated'], { withKey: false });
    await change();
    expect(Object.keys(only(callback.events).headers).filter((name) => name.startsWith('smartrecruiters'))).toEqual([]);
  });

  it('is caused by whatever changes data, with the body that the document describes', async () => {
    await using vendor = await start();
    const { simulator, callback } = vendor;
    const { required } = await loadOpenApiContract();
    const events = [
      ...['candidate.created', 'candidate.updated', 'candidate.deleted'],
      ...['job.created', 'job.updated', 'job.status.updated'],
      ...['application.created', 'application.status.updated', 'application.source.updated'],
      'application.attachment.created',
    ];
    await subscribed(simulator, callback, events);
    const ask = async (method: string, path: string, body?: unknown): Promise<{ readonly id: string }> => {
      const isForm = body instanceof FormData;
      const response = await fetch(`${simulator.url}${path}`, {
        method,
        headers: {
          'x-smarttoken': 'sim-smarttoken-exampleco',
          ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      });
      expect(response.status, `${method} ${path}`).toBeLessThan(300);
      return response.status === 204 ? { id: '' } : ((await response.json()) as { id: string });
    };
    const jobId = simulator.account().jobs.find(({ status }) => status === 'SOURCING')?.id ?? '';
    const { id } = await ask('POST', `/jobs/${jobId}/candidates`, PERSON);
    await ask('PATCH', `/candidates/${id}`, { firstName: 'Ida' });
    await ask('PUT', `/candidates/${id}/jobs/${jobId}/status`, { status: 'HIRED' });
    const type = simulator.account().sourceTypes.at(-1);
    const source = { sourceTypeId: type?.id, sourceId: type?.values[0]?.id };
    await ask('PUT', `/candidates/${id}/jobs/${jobId}/source`, source);
    expect(simulator.account().assignment(id, jobId).source).toBe(type?.values[0]?.label);
    const file = new FormData();
    file.set('attachmentType', 'RESUME');
    file.set('file', new Blob(['x'], { type: 'application/pdf' }), 'a.pdf');
    await ask('POST', `/candidates/${id}/jobs/${jobId}/attachments`, file);
    await ask('DELETE', `/candidates/${id}`);
    const job = (await (await vendor.control('jobs', { title: 'Welder' })).json()) as { id: string };
    await vendor.control('jobs', { id: job.id, title: 'Senior Welder' });
    await vendor.control('jobs', { id: job.id, status: 'CANCELLED' });
    await vendor.control('jobs', { id: job.id, remove: true });
    await simulator.webhooks.settled();

    expect(callback.names().toSorted()).toEqual([...events, 'job.status.updated'].toSorted());
    const schemas = [
      [/^candidate\./, 'CandidateWebhookPayload'],
      [/^job\./, 'JobWebhookPayload'],
      [/attachment/, 'ApplicationAttachmentWebhookPayload'],
      [/^application\./, 'ApplicationWebhookPayload'],
    ] as const;
    for (const { headers, body } of callback.events) {
      const { x_undocumented: _more, ...named } = JSON.parse(body);
      const schema = schemas.find(([pattern]) => pattern.test(headers['event-name'] ?? ''))?.[1] ?? '';
      expect(Object.keys(named).toSorted(), headers['event-name']).toEqual(required(schema).toSorted());
    }
    const deleted = callback.events.find(({ headers }) => headers['event-name'] === 'candidate.deleted');
    expect(deleted?.headers['link'], 'of who is there no more').toBeUndefined();
  });

  it('is caused by churn, a merge included', async () => {
    await using vendor = await start();
    const { simulator, callback } = vendor;
    await subscribed(simulator, callback, ['candidate.updated', 'candidate.deleted', 'job.status.updated']);
    const report = simulator.churn({ change: 2, remove: 1, merge: 1, jobs: 1 });
    await simulator.webhooks.settled();
    const idsOf = (name: string): readonly string[] =>
      callback.events.filter(({ headers }) => headers['event-name'] === name).map(({ body }) => JSON.parse(body).id);
    expect(idsOf('candidate.updated')).toEqual(expect.arrayContaining(report?.change ?? []));
    expect(idsOf('candidate.deleted')).toEqual(
      expect.arrayContaining([...(report?.remove ?? []), ...(report?.merge ?? [])]),
    );
    expect(idsOf('job.status.updated')).toEqual(report?.jobs);
  });

  it('goes to the account where it happened', async () => {
    await using vendor = await start();
    const { simulator, callback } = vendor;
    await subscribed(simulator, callback, ['candidate.created']);
    simulator.account('SampleCorp').add(PERSON, undefined, simulator.clock.iso());
    await simulator.webhooks.settled();
    expect(callback.events).toEqual([]);
  });

  it.each([200, 204, 301, 400, 500])('is not received when the answer is %i: 202 alone counts', async (status) => {
    await using vendor = await start();
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated']);
    callback.answering(() => ({ status }));
    await change();
    expect(simulator.webhooks.waiting).toBe(1);
    expect(simulator.webhooks.totals).toMatchObject({ told: 1, delivered: 0, failedTries: 1 });
  });

  it('is not received when the answer takes too long', async () => {
    await using vendor = await start({ answerWithinMs: 50 });
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated']);
    const { promise, resolve } = Promise.withResolvers<{ status: number }>();
    callback.answering(() => promise);
    await change();
    resolve({ status: 202 });
    expect(simulator.webhooks.waiting).toBe(1);
  });

  it('is made again ten times: after 1, 3, 10, 45 and 120 minutes first, and 1440 after the ninth', async () => {
    await using vendor = await start();
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated']);
    callback.answering(() => ({ status: 500 }));
    await change();
    const waits: number[] = [];
    for (let minutes = 0, since = 0; simulator.webhooks.waiting > 0 && minutes < 10_000; minutes += 1) {
      const before = callback.events.length;
      simulator.clock.advance(MINUTE_MS);
      await simulator.webhooks.settled();
      since += 1;
      if (callback.events.length === before) continue;
      waits.push(since);
      since = 0;
    }
    expect(waits).toHaveLength(10);
    expect(waits.slice(0, 5)).toEqual([1, 3, 10, 45, 120]);
    expect(waits.at(-1)).toBe(1440);
    expect(new Set(callback.events.map(({ headers }) => headers['event-id'])).size).toBe(1);
    expect(new Set(callback.events.map(({ headers }) => headers['smartrecruiters-timestamp'])).size).toBe(11);
    expect(simulator.webhooks.totals).toMatchObject({ failedTries: 11, givenUp: 1 });
  });

  it('is made again until it arrives; minutes can be made short, without a clock that is moved', async () => {
    await using vendor = await start({ redeliveryUnitMs: 20 });
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated']);
    const { promise, resolve } = Promise.withResolvers<void>();
    let tries = 0;
    callback.answering(() => {
      tries += 1;
      if (tries === 3) resolve();
      return { status: tries < 3 ? 500 : 202 };
    });
    await change();
    await promise;
    await simulator.webhooks.settled();
    expect(simulator.webhooks.totals).toMatchObject({ delivered: 1, failedTries: 2 });
    expect(simulator.webhooks.waiting).toBe(0);
  });

  it('ends with the subscription, redeliveries included', async () => {
    await using vendor = await start();
    const { simulator, callback, change } = vendor;
    const { id } = await subscribed(simulator, callback, ['candidate.updated']);
    callback.answering(() => ({ status: 500 }));
    await change();
    expect(await askWebhooks(simulator, 'DELETE', `/${id}`)).toMatchObject({ status: 204 });
    expect(simulator.webhooks.waiting).toBe(0);
    simulator.clock.advance(DAY_MS);
    await change();
    expect(callback.events).toHaveLength(1);
    expect(await askWebhooks(simulator, 'DELETE', `/${id}`)).toMatchObject({ status: 404 });
  });

  it('is suspended after so many failures on end, and begins again with another handshake', async () => {
    await using vendor = await start({ suspendAfter: 3 });
    const { simulator, callback, change } = vendor;
    const { id } = await subscribed(simulator, callback, ['candidate.updated']);
    const status = async (): Promise<string> => (await askWebhooks(simulator, 'GET', `/${id}`)).json.status;
    let answer = 500;
    callback.answering(() => ({ status: answer }));
    await change();
    await change();
    answer = 202;
    await change();
    answer = 500;
    await change();
    await change();
    expect(await status()).toBe('active');
    await change();
    expect(await status()).toBe('suspended');
    expect(simulator.webhooks.waiting).toBe(0);
    await change();
    expect(callback.events).toHaveLength(6);
    await askWebhooks(simulator, 'PUT', `/${id}/activation`);
    answer = 202;
    await change();
    expect(callback.events).toHaveLength(7);
  });
});

describe('keys (sheet §12)', () => {
  it('shows the last one, and none where none was made', async () => {
    await using vendor = await start();
    const { simulator, callback } = vendor;
    const { id } = await subscribed(simulator, callback, ['job.updated'], { withKey: false });
    expect(await askWebhooks(simulator, 'GET', `/${id}/secret-key`)).toMatchObject({ status: 404 });
    await askWebhooks(simulator, 'POST', `/${id}/secret-key`);
    const { json } = await askWebhooks(simulator, 'POST', `/${id}/secret-key`);
    expect((await askWebhooks(simulator, 'GET', `/${id}/secret-key`)).json.secretKey).toBe(json.secretKey);
  });

  it('are sixteen at most, of which replaced ones expire after a day', async () => {
    await using vendor = await start();
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

describe('the log (sheet §12)', () => {
  it('has every try for 30 days, the newest first, by outcome and time', async () => {
    await using vendor = await start();
    const { simulator, callback, change } = vendor;
    const { id } = await subscribed(simulator, callback, ['candidate.updated']);
    let answer = 202;
    callback.answering(() => ({ status: answer }));
    const times: string[] = [];
    for (const status of [202, 500, 202]) {
      answer = status;
      times.push(simulator.clock.iso());
      simulator.clock.advance(1000);
      await change();
      simulator.clock.advance(1000);
    }
    const log = async (query = ''): Promise<readonly string[]> => {
      const { json } = await askWebhooks(simulator, 'GET', `/${id}/callbacks-log${query}`);
      return json.map(({ status }: { status: string }) => status);
    };
    expect(await log()).toEqual(['successful', 'failed', 'successful']);
    expect(await log('?callbackStatus=failed')).toEqual(['failed']);
    expect(await log(`?after=${times[1]}`)).toHaveLength(2);
    expect(await log(`?before=${times[1]}`)).toHaveLength(1);
    expect(await log('?limit=2')).toEqual(['successful', 'failed']);
    expect(await askWebhooks(simulator, 'GET', `/${id}/callbacks-log?after=never`)).toMatchObject({ status: 400 });
    const { json } = await askWebhooks(simulator, 'GET', `/${id}/callbacks-log?limit=1`);
    expect(json[0]).toMatchObject({
      requestDetails: {
        url: callback.url,
        body: callback.events.at(-1)?.body,
        headers: { 'Event-Id': callback.events.at(-1)?.headers['event-id'] },
      },
    });
    simulator.clock.advance(30 * DAY_MS);
    await simulator.webhooks.settled();
    expect(await log(), 'the redelivery of what failed, and nothing else').toEqual(['successful']);
  });

  it('keeps its place while more is logged, and forgets the oldest when it is full', async () => {
    await using vendor = await start({ logSize: 5 });
    const { simulator, callback, change } = vendor;
    const { id } = await subscribed(simulator, callback, ['candidate.updated']);
    for (let count = 0; count < 8; count += 1) await change();
    const idsIn = (json: readonly { requestDetails: { headers: Record<string, string> } }[]): readonly unknown[] =>
      json.map(({ requestDetails }) => requestDetails.headers['Event-Id']);
    const delivered = callback.events.map(({ headers }) => headers['event-id']).reverse();
    const first = await askWebhooks(simulator, 'GET', `/${id}/callbacks-log?limit=2`);
    expect(idsIn(first.json)).toEqual(delivered.slice(0, 2));
    await change();
    const cursor = /page_id=([^&>]+)>/.exec(first.headers.get('link') ?? '')?.[1];
    const second = await askWebhooks(simulator, 'GET', `/${id}/callbacks-log?limit=2&page_id=${cursor}`);
    expect(idsIn(second.json)).toEqual(delivered.slice(2, 4));
  });
});

describe('the control surface', () => {
  it('loses, doubles and reorders events on purpose', async () => {
    await using vendor = await start();
    const { simulator, callback, change, control } = vendor;
    const { id } = await subscribed(simulator, callback, ['candidate.updated', 'candidate.created']);
    const namesAfter = async (mishaps: object, act: () => unknown): Promise<readonly string[]> => {
      const before = callback.events.length;
      await control('webhooks/mishaps', mishaps);
      await act();
      await simulator.webhooks.settled();
      return callback.names().slice(before);
    };
    expect(await namesAfter({ lose: 1, events: 1 }, change)).toEqual([]);
    expect((await askWebhooks(simulator, 'GET', `/${id}/callbacks-log`)).json).toMatchObject([{ status: 'failed' }]);
    expect(await namesAfter({ double: 1, events: 1 }, change)).toHaveLength(2);
    expect(callback.events[0]?.headers['event-id']).toBe(callback.events[1]?.headers['event-id']);
    const both = (): void => {
      const candidate = simulator.account().pick(0);
      simulator.account().change(candidate?.id ?? '', {}, simulator.clock.iso());
      simulator.account().add(PERSON, undefined, simulator.clock.iso());
    };
    expect(await namesAfter({ reorder: 1, events: 1 }, both)).toEqual(['candidate.created', 'candidate.updated']);
    expect(await namesAfter({}, change)).toEqual(['candidate.updated']);
    expect(simulator.webhooks.totals).toMatchObject({ lost: 1 });
  });

  it('drops and suspends a subscription, and delivers its newest event again', async () => {
    await using vendor = await start();
    const { simulator, callback, change, control } = vendor;
    const { id } = await subscribed(simulator, callback, ['candidate.updated']);
    await change();
    await control(`webhooks/subscriptions/${id}`, { action: 'again' });
    await simulator.webhooks.settled();
    expect(new Set(callback.events.map(({ headers }) => headers['event-id'])).size).toBe(1);
    expect(callback.events).toHaveLength(2);
    await control(`webhooks/subscriptions/${id}`, { action: 'suspend' });
    expect(await askWebhooks(simulator, 'GET', `/${id}`)).toMatchObject({ json: { status: 'suspended' } });
    await control(`webhooks/subscriptions/${id}`, { action: 'drop' });
    expect(await askWebhooks(simulator, 'GET', `/${id}`)).toMatchObject({ status: 404 });
    expect(await control(`webhooks/subscriptions/${id}`, { action: 'drop' })).toMatchObject({ status: 404 });
    expect(await control('webhooks/mishaps', { lose: 2 })).toMatchObject({ status: 400 });
  });

  it('fires so many events a second, each of which arrives once', async () => {
    await using vendor = await start();
    const { simulator, callback, control } = vendor;
    const { promise, resolve } = Promise.withResolvers<void>();
    callback.answering(() => {
      if (callback.events.length === 500) resolve();
      return { status: 202 };
    });
    await subscribed(simulator, callback, ['candidate.updated']);
    await control('webhooks/fire', { perSecond: 2000, seconds: 0.25 });
    await promise;
    await simulator.webhooks.settled();
    expect(new Set(callback.events.map(({ headers }) => headers['event-id'])).size).toBe(500);
    expect(simulator.webhooks.totals).toMatchObject({ told: 500, delivered: 500, failedTries: 0 });
  });

  it('shows a page that works without scripts, and neither keys nor callback addresses', async () => {
    await using vendor = await start();
    const { simulator, callback, change } = vendor;
    const { id, key } = await subscribed(simulator, callback, ['candidate.updated']);
    await change();
    const page = await (await fetch(`${simulator.url}/_sim/webhooks`)).text();
    expect(page).toContain(id);
    const dropped = await fetch(`${simulator.url}/_sim/webhooks/subscriptions/${id}`, {
      method: 'POST',
      body: new URLSearchParams({ action: 'drop' }),
    });
    expect(dropped.url).toBe(`${simulator.url}/_sim/webhooks`);
    expect(await dropped.text()).not.toContain(id);
    const shown = [page, JSON.stringify(simulator.snapshot()), await (await fetch(`${simulator.url}/_sim`)).text()];
    for (const text of shown) {
      expect(text.includes(key), 'the key').toBe(false);
      expect(text.includes(new URL(callback.url).pathname), 'the callback address').toBe(false);
    }
  });

  it('starts over, and ends, without a delivery left', async () => {
    await using vendor = await start();
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated']);
    callback.answering(() => ({ status: 500 }));
    await change();
    simulator.reset();
    expect(simulator.webhooks.waiting).toBe(0);
    expect(await askWebhooks(simulator, 'GET', '')).toMatchObject({ json: [] });
    await change();
    expect(callback.events).toHaveLength(1);
  });
});

it('goes on over connections that the other side closed meanwhile', async () => {
  await using vendor = await start();
  const { simulator, change } = vendor;
  await using closing = await startClosing();
  await subscribed(simulator, closing, ['candidate.updated']);
  for (let count = 0; count < 20; count += 1) await change();
  expect(simulator.webhooks.totals).toMatchObject({ told: 20, delivered: 20, failedTries: 0 });
});

it('keeps no more than so many events, and counts what it had no room for', async () => {
  await using vendor = await start({ mostWaiting: 10 });
  const { simulator, callback, change } = vendor;
  await subscribed(simulator, callback, ['candidate.updated']);
  callback.answering(() => ({ status: 500 }));
  for (let count = 0; count < 25; count += 1) await change();
  expect(simulator.webhooks.waiting).toBe(10);
  expect(simulator.webhooks.totals).toMatchObject({ told: 25, overflowed: 15 });
});

it('RED-11: brings every event in the end, or has it in the log, whatever goes wrong on the way', async () => {
  const share = fc.constantFrom(0, 0.1, 0.5);
  await fc.assert(
    fc.asyncProperty(
      fc.record({ lose: share, double: share, reorder: share }),
      fc.array(fc.constantFrom('change', 'fail', 'recover', 'advance'), { minLength: 5, maxLength: 30 }),
      async (mishaps, steps) => {
        await using smartRecruiters = await startSmartRecruiters({ candidates: 5 });
        await using callback = await startCallback();
        const { simulator, connection } = smartRecruiters;
        const { webhooks, ctx } = connection;
        const since = simulator.clock.iso();
        const { remoteId } = await webhooks.subscribe(ctx, { callbackUrl: callback.url });
        await webhooks.activate?.(ctx, remoteId);
        simulator.webhooks.setMishaps(mishaps);
        const acknowledged = new Set<string>();
        let status = 202;
        callback.answering(() => {
          const id = callback.events.at(-1)?.headers['event-id'] ?? '';
          if (status === 202) acknowledged.add(id);
          return { status };
        });
        for (const step of steps) {
          if (step === 'change') simulator.churn({ change: 3, status: 2, create: 1, remove: 1 });
          if (step === 'fail') status = 503;
          if (step === 'recover') status = 202;
          if (step === 'advance') simulator.clock.advance(10 * MINUTE_MS);
          await simulator.webhooks.settled();
        }
        status = 202;
        for (let minutes = 0; minutes < 11 && simulator.webhooks.waiting > 0; minutes += 1) {
          simulator.clock.advance(1440 * MINUTE_MS);
          await simulator.webhooks.settled();
        }
        const logged = new Set<string>();
        for (let cursor: string | undefined, more = true; more; ) {
          const page = await webhooks.log?.(ctx, { remoteId, since, ...(cursor === undefined ? {} : { cursor }) });
          for (const { id = '' } of page?.events ?? []) logged.add(id);
          cursor = page?.cursor;
          more = cursor !== undefined;
        }
        const { told, lost } = simulator.webhooks.totals;
        expect(acknowledged.size, 'each event arrives, but for those lost on purpose').toBe(told - lost);
        expect(logged.size, 'the log has every event').toBe(told);
        for (const id of acknowledged) expect(logged).toContain(id);
      },
    ),
    { numRuns: 15 },
  );
});
