import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askWebhooks, startCallback, subscribed } from './start-callback.js';
import { DAY_MS, MINUTE_MS, startWebhooks } from './start-simulated-webhooks.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

describe('the log (sheet §12)', () => {
  it('has every try for 30 days, the newest first, by outcome and time', async () => {
    await using vendor = await startWebhooks();
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
    await using vendor = await startWebhooks({ logSize: 5 });
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
