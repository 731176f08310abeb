import type { LoggedEvent, WebhooksCapability } from '@talentbridge/contracts';
import { type PluginConnection, startConnection } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.js';
import { startLostGateway } from './lost-gateway.js';
import { subjectOf } from './smartrecruiters-subject.js';
import { askWebhooks, type StartedCallback, signatureOf, startCallback } from './start-callback.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

const PREFIX = '/webhooks-api/v201907/subscriptions';
const PERSON = { firstName: 'Ada', lastName: 'Okafor', email: 'ada@mail.example' };
const DAY_MS = 24 * 3_600_000;

/** Subscribes as the hub does, and lets deliveries begin. */
async function subscribe(
  { webhooks, ctx, reveal }: PluginConnection,
  { url }: StartedCallback,
): Promise<{ readonly remoteId: string; readonly key: string }> {
  const { remoteId, secret } = await webhooks.subscribe(ctx, { callbackUrl: url });
  await webhooks.activate?.(ctx, remoteId);
  return { remoteId, key: secret === undefined ? '' : reveal(secret) };
}

/** The log, over all pages. */
async function logOf(
  { webhooks, ctx }: PluginConnection,
  request: { readonly remoteId: string; readonly since: string },
): Promise<readonly (readonly LoggedEvent[])[]> {
  const log: NonNullable<WebhooksCapability['log']> | undefined = webhooks.log;
  const pages: (readonly LoggedEvent[])[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await log?.(ctx, cursor === undefined ? request : { ...request, cursor });
    pages.push(page?.events ?? []);
    if (page?.cursor === undefined) return pages;
    cursor = page.cursor;
  }
}

describe('RED-11: a subscription', () => {
  it('has a key before it delivers, and everything that it delivers is signed', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    await using callback = await startCallback();
    const { simulator, connection, jobId } = smartRecruiters;
    const { key } = await subscribe(connection, callback);
    expect(callback.handshakes).toBe(1);
    simulator.account().add(PERSON, jobId, simulator.clock.iso());
    await simulator.webhooks.settled();
    expect(callback.names().toSorted()).toEqual(['application.created', 'candidate.created']);
    for (const delivery of callback.events) {
      expect(delivery.headers['smartrecruiters-signature']).toBe(signatureOf(delivery, key));
    }
    const asked = simulator.requests
      .matching({ path: /^\/webhooks-api/ })
      .map(({ method, path }) => `${method} ${path}`);
    const at = `${PREFIX}/${simulator.webhooks.subscriptions()[0]?.id}`;
    expect(asked).toEqual([`POST ${PREFIX}`, `POST ${at}/secret-key`, `PUT ${at}/activation`]);
  });

  it('is removed again when no key can be made for it, so that none is left behind unusable', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { simulator, connection } = smartRecruiters;
    simulator.faults.add({ method: 'POST', path: `${PREFIX}/*/secret-key`, fault: { kind: 'status', status: 500 } });
    await expect(
      connection.webhooks.subscribe(connection.ctx, { callbackUrl: 'https://hub.example/hooks/1' }),
    ).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE', recovery: 'retry' });
    expect(simulator.webhooks.subscriptions()).toEqual([]);
  });

  it('is one too many when there are twenty, and an admin is told which', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { simulator, connection } = smartRecruiters;
    const { webhooks, ctx } = connection;
    for (let number = 0; number < 20; number += 1) {
      await askWebhooks(simulator, 'POST', '', {
        callbackUrl: `https://other.example/${number}`,
        events: ['offer.created'],
      });
    }
    await expect(webhooks.subscribe(ctx, { callbackUrl: 'https://hub.example/hooks/1' })).rejects.toMatchObject({
      code: 'ATS_PERMISSION_MISSING',
      message: expect.stringContaining('20'),
    });
    expect(await webhooks.list(ctx)).toHaveLength(20);
  });

  it('is refused for an address without HTTPS, and that is no fault of the credentials', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { webhooks, ctx } = smartRecruiters.connection;
    await expect(webhooks.subscribe(ctx, { callbackUrl: 'http://hub.example/hooks/1' })).rejects.toMatchObject({
      code: 'WEBHOOK_REFUSED',
      message: expect.stringContaining('INVALID_REQUEST'),
    });
  });

  it('says which address could not be tried, when the handshake fails, and stays to be tried again', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { simulator, connection } = smartRecruiters;
    const { webhooks, ctx } = connection;
    const { remoteId } = await webhooks.subscribe(ctx, { callbackUrl: 'http://127.0.0.1:9/hooks/1' });
    await expect(webhooks.activate?.(ctx, remoteId)).rejects.toMatchObject({
      code: 'WEBHOOK_REFUSED',
      effect: 'none',
      message: expect.stringContaining('callback address'),
    });
    expect(simulator.webhooks.subscriptions()).toMatchObject([{ status: 'inactive' }]);
    expect(await webhooks.list(ctx)).toMatchObject([{ remoteId, intact: false }]);
  });

  it.each([
    ['activate', (webhooks: WebhooksCapability, ctx: PluginConnection['ctx']) => webhooks.activate?.(ctx, 'nobody')],
    ['rotateSecret', (webhooks: WebhooksCapability, ctx: PluginConnection['ctx']) => webhooks.rotateSecret?.(ctx, 'x')],
    [
      'log',
      (webhooks: WebhooksCapability, ctx: PluginConnection['ctx']) =>
        webhooks.log?.(ctx, { remoteId: 'x', since: '2026-01-01T00:00:00.000Z' }),
    ],
  ])('that vanished is not found: %s', async (_name, act) => {
    await using smartRecruiters = await startSmartRecruiters();
    const { webhooks, ctx } = smartRecruiters.connection;
    await expect(act(webhooks, ctx)).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
  });

  it('is not taken for vanished by the 404 of something in between', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    await using gateway = await startLostGateway();
    const hostOverrides = { 'api.smartrecruiters.com': gateway.url };
    await using lost = await startConnection(plugin, { ...subjectOf(smartRecruiters.simulator), hostOverrides });
    const { webhooks, ctx } = lost;
    for (const outcome of [
      webhooks.unsubscribe(ctx, 's-1'),
      webhooks.activate?.(ctx, 's-1'),
      webhooks.rotateSecret?.(ctx, 's-1'),
    ]) {
      await expect(outcome).rejects.toMatchObject({ code: 'ATS_ANSWER_UNREADABLE', recovery: 'retry' });
    }
  });
});

describe('RED-11: a subscription is intact', () => {
  const statusBody = (status: unknown, events: unknown): readonly object[] => [
    { id: 's-1', callbackUrl: 'https://hub.example/1', events, status },
  ];
  async function intactness(body: unknown, settings = {}): Promise<readonly boolean[]> {
    await using smartRecruiters = await startSmartRecruiters();
    const connection = await smartRecruiters.connect({ settings });
    const fault = { kind: 'status', status: 200, body, headers: { 'content-type': 'application/json' } } as const;
    smartRecruiters.simulator.faults.add({ method: 'GET', path: PREFIX, fault });
    return (await connection.webhooks.list(connection.ctx)).map(({ intact }) => intact);
  }
  const ALL = [
    'candidate.created',
    'candidate.updated',
    'candidate.deleted',
    'job.created',
    'job.updated',
    'job.status.updated',
    'application.created',
    'application.status.updated',
    'application.source.updated',
    'application.attachment.created',
  ];
  const named = (names: readonly string[]): readonly object[] => names.map((name) => ({ name, version: 'v201910' }));

  it.each([
    ['active, with every event', 'active', named(ALL), true],
    ['active, with an event of whoever else', 'active', named([...ALL, 'offer.created']), true],
    ['active, its events in words alone', 'active', ALL, true],
    ['active, without one event', 'active', named(ALL.slice(1)), false],
    ['active, without events', 'active', null, false],
    ['inactive', 'inactive', named(ALL), false],
    ['in any other status', 'disabled_by_failures', named(ALL), false],
    ['without a status', undefined, named(ALL), false],
  ])('when it is %s: %s', async (_what, status, events, intact) => {
    expect(await intactness(statusBody(status, events))).toEqual([intact]);
  });

  it('without the event of files, where files are not mirrored', async () => {
    const body = statusBody('active', named(ALL.slice(0, -1)));
    expect(await intactness(body)).toEqual([false]);
    expect(await intactness(body, { mirrorAttachments: 'off' })).toEqual([true]);
  });

  it('whatever the length of the list: it is read to its end', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { simulator, connection } = smartRecruiters;
    const pages = [
      { body: statusBody('active', named(ALL)), link: `<${PREFIX}?limit=100&page_id=next%2Fpage>; rel="next"` },
      { body: [{ id: 's-2', callbackUrl: 'https://hub.example/2', events: [], status: 'inactive' }], link: '' },
    ];
    for (const { body, link } of pages) {
      const headers = { 'content-type': 'application/json', ...(link === '' ? {} : { link }) };
      simulator.faults.add({
        method: 'GET',
        path: PREFIX,
        times: 1,
        fault: { kind: 'status', status: 200, body, headers },
      });
    }
    const listed = await connection.webhooks.list(connection.ctx);
    expect(listed.map(({ remoteId }) => remoteId)).toEqual(['s-1', 's-2']);
    expect(simulator.requests.matching({ method: 'GET' }).at(-1)?.query).toMatchObject({ page_id: 'next/page' });
  });
});

describe('RED-11: the log', () => {
  it('gives what arrived and what did not, the newest first, over all pages', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    await using callback = await startCallback();
    const { simulator, connection } = smartRecruiters;
    const { remoteId } = await subscribe(connection, callback);
    const since = simulator.clock.iso();
    simulator.clock.advance(1000);
    for (let number = 0; number < 150; number += 1) {
      if (number === 120) callback.answering(() => ({ status: 500 }));
      simulator.account().add({ ...PERSON, email: `${number}@mail.example` }, undefined, simulator.clock.iso());
      await simulator.webhooks.settled();
    }
    const pages = await logOf(connection, { remoteId, since });
    expect(pages.map(({ length }) => length)).toEqual([100, 50]);
    const ids = simulator.candidates().map(({ id }) => id);
    const logged = pages.flat();
    expect(logged.flatMap(({ records }) => records.map((record) => record.remoteId))).toEqual(ids);
    const delivered = callback.events.map(({ headers }) => headers['event-id']);
    expect(new Set(logged.map(({ id }) => id))).toEqual(new Set(delivered));
  });

  it('leaves out what lies before, and what was never an event', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    await using callback = await startCallback();
    const { simulator, connection } = smartRecruiters;
    const { remoteId } = await subscribe(connection, callback);
    simulator.account().add(PERSON, undefined, simulator.clock.iso());
    await simulator.webhooks.settled();
    simulator.clock.advance(60_000);
    const since = simulator.clock.iso();
    simulator.clock.advance(60_000);
    expect((await logOf(connection, { remoteId, since })).flat()).toEqual([]);
    const [candidate] = simulator.candidates();
    simulator.account().remove(candidate?.id ?? '');
    await simulator.webhooks.settled();
    expect((await logOf(connection, { remoteId, since })).flat()).toMatchObject([{ name: 'candidate.deleted' }]);
  });

  it('is asked for no more than the 30 days that it goes back', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    await using callback = await startCallback();
    const { simulator, connection } = smartRecruiters;
    const { remoteId } = await subscribe(connection, callback);
    await logOf(connection, { remoteId, since: '2020-01-01T00:00:00.000Z' });
    const asked = simulator.requests.matching({ path: /callbacks-log$/ }).at(-1)?.query['after'] ?? '';
    expect(Date.now() - Date.parse(asked)).toBeLessThanOrEqual(30 * DAY_MS + 60_000);
  });

  it('is read as far as it can be: names of headers in any case, values in lists, odd entries and such without an id passed over', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { simulator, connection } = smartRecruiters;
    const entry = (headers: object, body: unknown, timestamp = '2026-11-20T10:00:00.000+0000'): object => ({
      status: 'failed',
      timestamp,
      requestDetails: { url: 'https://hub.example/1', body, headers },
    });
    const body = [
      entry({ 'EVENT-NAME': ['candidate.deleted'], 'Event-Id': 'e-1' }, '{"id":"c-1"}'),
      entry({ 'Event-Name': 'job.status.updated', 'event-id': 'e-2' }, { id: 'j-1' }),
      entry({ 'event-name': 'job.status.updated' }, { id: 'j-2' }),
      entry({ 'X-Hook-Secret': 'abc' }, ''),
      entry({}, '{"id":"c-2"}'),
      entry({ 'event-name': 'candidate.deleted' }, '{"id":"c-3"}', 'yesterday'),
      { status: 'failed' },
      null,
    ];
    const headers = { 'content-type': 'application/json' };
    simulator.faults.add({ path: `${PREFIX}/**`, fault: { kind: 'status', status: 200, body, headers } });
    const at = '2026-11-20T10:00:00.000Z';
    expect((await logOf(connection, { remoteId: 's-1', since: at })).flat()).toEqual([
      { id: 'e-1', name: 'candidate.deleted', records: [{ kind: 'candidate', remoteId: 'c-1' }], at },
      { id: 'e-2', name: 'job.status.updated', records: [{ kind: 'job', remoteId: 'j-1' }], at },
    ]);
  });
});

describe('RED-11: a new key', () => {
  it('signs beside the one before it for a day, and alone after that', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    await using callback = await startCallback();
    const { simulator, connection } = smartRecruiters;
    const { remoteId, key: old } = await subscribe(connection, callback);
    const rotated = await connection.webhooks.rotateSecret?.(connection.ctx, remoteId);
    const fresh = rotated === undefined ? '' : connection.reveal(rotated);
    expect(connection.webhooks.limits.replacedSecretLivesMs).toBe(DAY_MS);
    const signatures = async (): Promise<readonly string[]> => {
      simulator.account().add(PERSON, undefined, simulator.clock.iso());
      const [candidate] = simulator.candidates();
      simulator.account().remove(candidate?.id ?? '');
      await simulator.webhooks.settled();
      const last = callback.events.at(-1);
      if (!last) throw new Error('Nothing arrived.');
      const { connection: reader } = smartRecruiters;
      const read = await reader.webhooks.read(reader.ctx, last);
      const given = read.kind === 'event' ? (read.signature?.given ?? []) : [];
      return [old, fresh].filter((key) => given.includes(signatureOf(last, key).slice(3)));
    };
    expect(await signatures()).toEqual([old, fresh]);
    simulator.clock.advance(DAY_MS + 1000);
    expect(await signatures()).toEqual([fresh]);
  });
});
