import { describe, expect, it } from 'vitest';
import { startClosing } from './odd-callbacks.js';
import { loadOpenApiContract } from './openapi-contract.js';
import { askWebhooks, signatureOf, subscribed } from './start-callback.js';
import { DAY_MS, MINUTE_MS, PERSON, startWebhooks } from './start-simulated-webhooks.js';

function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`There are ${items.length}, not one.`);
  return item;
}

describe('deliveries (sheet §12)', () => {
  it('names the event in headers, and signs them with every live key', async () => {
    await using vendor = await startWebhooks();
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
    await using vendor = await startWebhooks();
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated'], { withKey: false });
    await change();
    expect(Object.keys(only(callback.events).headers).filter((name) => name.startsWith('smartrecruiters'))).toEqual([]);
  });

  it('is caused by whatever changes data, with the body that the document describes', async () => {
    await using vendor = await startWebhooks();
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
    await using vendor = await startWebhooks();
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
    await using vendor = await startWebhooks();
    const { simulator, callback } = vendor;
    await subscribed(simulator, callback, ['candidate.created']);
    simulator.account('SampleCorp').add(PERSON, undefined, simulator.clock.iso());
    await simulator.webhooks.settled();
    expect(callback.events).toEqual([]);
  });

  it.each([200, 204, 301, 400, 500])('is not received when the answer is %i: 202 alone counts', async (status) => {
    await using vendor = await startWebhooks();
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated']);
    callback.answering(() => ({ status }));
    await change();
    expect(simulator.webhooks.waiting).toBe(1);
    expect(simulator.webhooks.totals).toMatchObject({ told: 1, delivered: 0, failedTries: 1 });
  });

  it('is not received when the answer takes too long', async () => {
    await using vendor = await startWebhooks({ answerWithinMs: 50 });
    const { simulator, callback, change } = vendor;
    await subscribed(simulator, callback, ['candidate.updated']);
    const { promise, resolve } = Promise.withResolvers<{ status: number }>();
    callback.answering(() => promise);
    await change();
    resolve({ status: 202 });
    expect(simulator.webhooks.waiting).toBe(1);
  });

  it('is made again ten times: after 1, 3, 10, 45 and 120 minutes first, and 1440 after the ninth', async () => {
    await using vendor = await startWebhooks();
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
    await using vendor = await startWebhooks({ redeliveryUnitMs: 20 });
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
    await using vendor = await startWebhooks();
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
    await using vendor = await startWebhooks({ suspendAfter: 3 });
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

it('goes on over connections that the other side closed meanwhile', async () => {
  await using vendor = await startWebhooks();
  const { simulator, change } = vendor;
  await using closing = await startClosing();
  await subscribed(simulator, closing, ['candidate.updated']);
  for (let count = 0; count < 20; count += 1) await change();
  expect(simulator.webhooks.totals).toMatchObject({ told: 20, delivered: 20, failedTries: 0 });
});

it('keeps no more than so many events, and counts what it had no room for', async () => {
  await using vendor = await startWebhooks({ mostWaiting: 10 });
  const { simulator, callback, change } = vendor;
  await subscribed(simulator, callback, ['candidate.updated']);
  callback.answering(() => ({ status: 500 }));
  for (let count = 0; count < 25; count += 1) await change();
  expect(simulator.webhooks.waiting).toBe(10);
  expect(simulator.webhooks.totals).toMatchObject({ told: 25, overflowed: 15 });
});
