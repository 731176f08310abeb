import {
  AtsRateLimitedError,
  AtsUnavailableError,
  PermissionMissingError,
  RecordNotFoundError,
  type RecordReference,
} from '@talentbridge/contracts';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { PROCESS_TASK, TEND_TASK } from '../../../dist/capabilities/webhooks/webhook-model.js';
import { TellingAts, type TellingAtsOptions } from './telling-ats.ts';
import { connectWebhooks, type WebhookWorld } from './webhook-world.ts';

let url: string;
beforeAll(async () => {
  url = await freshDatabase();
});
const used: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of used.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function subscribed(
  options: TellingAtsOptions = {},
): Promise<{ readonly ats: TellingAts; readonly world: WebhookWorld }> {
  const ats = await TellingAts.start(options);
  used.push(ats);
  const world = await connectWebhooks(url, ats);
  used.push(world);
  await world.tend();
  return { ats, world };
}

const candidate = (remoteId: string) => ({ kind: 'candidate', remoteId }) as const;
const tellOf = async (ats: TellingAts, ...remoteIds: readonly string[]): Promise<void> => {
  for (const remoteId of remoteIds)
    await ats.tell({ id: `event-${remoteId}`, name: `of ${remoteId}`, records: [candidate(remoteId)] });
};
/** Fails, as an ATS that answers 500, whenever this candidate is among the records. */
const failsWith = (remoteId: string) => (references: readonly RecordReference[]) => {
  if (references.some((reference) => reference.remoteId === remoteId)) {
    throw new AtsUnavailableError('Telling ATS', 'answered 500');
  }
};
/** Everything fails together twice before anybody looks which record it is. */
const processThrice = async (world: WebhookWorld): Promise<void> => {
  for (let time = 0; time < 3; time += 1) {
    await world.rows('update talentbridge.webhook_state set resume_at = null');
    await world.process();
  }
};
const reasons = (world: WebhookWorld) =>
  world.rows<{ name: string; reason: string | null; done: boolean }>(
    'select e.name, e.reason, e.done_at is not null as done from talentbridge.webhook_event e order by e.name, e.id',
  );

describe('RED-11: events are seen to', () => {
  it('together, each record once, whatever the order in which they came', async () => {
    const { ats, world } = await subscribed();
    const told = [3, 1, 2, 1, 3].map((id, index) => ats.tell({ id: `${index}`, records: [candidate(`${id}`)] }));
    await Promise.all(told);
    expect(await world.state()).toMatchObject({ waiting: 5 });
    await world.process();
    expect(world.told).toHaveLength(1);
    expect(world.told[0]?.toSorted()).toEqual(['candidate/1', 'candidate/2', 'candidate/3']);
    expect(await world.state()).toMatchObject({ waiting: 0, lastEventAt: expect.any(Date) });
  });

  it('later, all of them, where the ATS does not answer', async () => {
    const { ats, world } = await subscribed();
    await tellOf(ats, '1', '2');
    world.onRecords = () => {
      throw new AtsUnavailableError('Telling ATS', 'answered 503');
    };
    const before = Date.now();
    await world.process();
    const first = await world.jobAt(PROCESS_TASK);
    expect(first?.getTime()).toBeGreaterThan(before + 400);
    // However long this machine stands still, it is not yet time.
    await world.rows(`update talentbridge.webhook_state set resume_at = now() + interval '1 hour'`);
    // What arrives meanwhile does not hurry it.
    await tellOf(ats, '3');
    expect(await world.jobAt(PROCESS_TASK)).toEqual(first);
    world.onRecords = () => undefined;
    await world.process();
    expect(world.told).toEqual([]);
    await world.rows('update talentbridge.webhook_state set resume_at = now()');
    await world.process();
    expect(world.told).toEqual([['candidate/1', 'candidate/2', 'candidate/3']]);
    expect(await world.state()).toMatchObject({ waiting: 0 });
  });

  it('apart from a record that cannot be read, which is marked with the reason', async () => {
    const { ats, world } = await subscribed();
    await tellOf(ats, '1', '2', '3', '4', '5');
    world.onRecords = (references) => {
      if (references.some(({ remoteId }) => remoteId === '3' || remoteId === '5')) {
        throw new RecordNotFoundError('Telling ATS', 'candidate', 'x');
      }
    };
    await world.process();
    expect(world.told.flat().toSorted()).toEqual(['candidate/1', 'candidate/2', 'candidate/4']);
    expect(await reasons(world)).toEqual([
      { name: 'of 1', reason: null, done: true },
      { name: 'of 2', reason: null, done: true },
      { name: 'of 3', reason: 'ATS_RECORD_NOT_FOUND', done: true },
      { name: 'of 4', reason: null, done: true },
      { name: 'of 5', reason: 'ATS_RECORD_NOT_FOUND', done: true },
    ]);
  });

  it('although one record can never be read: it is parted from the others, and waits by itself', async () => {
    const { ats, world } = await subscribed();
    await tellOf(ats, '1', '2', '3', '4', '5');
    world.onRecords = failsWith('3');
    const before = Date.now();
    await processThrice(world);
    expect(world.told.flat().toSorted()).toEqual(['candidate/1', 'candidate/2', 'candidate/4', 'candidate/5']);
    expect(await world.state()).toMatchObject({ waiting: 1 });
    expect((await world.jobAt(PROCESS_TASK))?.getTime()).toBeGreaterThan(before + 400);
    // However long this machine stands still, it is not yet time.
    await world.rows(
      `update talentbridge.webhook_event set resume_at = now() + interval '1 hour' where done_at is null`,
    );
    // What arrives meanwhile is seen to at once, and what names the same record holds nobody up.
    await ats.tell({ id: 'again', records: [candidate('3')] });
    await tellOf(ats, '6');
    expect((await world.jobAt(PROCESS_TASK))?.getTime()).toBeLessThanOrEqual(Date.now() + 500);
    await world.process();
    expect(world.told.at(-1)).toEqual(['candidate/6']);
    expect(await world.state()).toMatchObject({ waiting: 2 });
    // Once it can be read again, it is.
    world.onRecords = () => undefined;
    await world.rows('update talentbridge.webhook_event set resume_at = now() where done_at is null');
    await world.process();
    expect(world.told.at(-1)).toEqual(['candidate/3']);
    expect(await world.state()).toMatchObject({ waiting: 0 });
    expect((await reasons(world)).every(({ done, reason }) => done && reason === null)).toBe(true);
  });

  it('and a record that can never be read is given up in the end, with the reason', async () => {
    const { ats, world } = await subscribed();
    await tellOf(ats, '1', '2');
    world.onRecords = failsWith('2');
    await processThrice(world);
    let tries = 1;
    for (; (await world.state())?.waiting === 1 && tries < 100; tries += 1) {
      await world.rows('update talentbridge.webhook_event set resume_at = now() where done_at is null');
      await world.process();
    }
    expect(tries).toBe(20);
    expect(await reasons(world)).toEqual([
      { name: 'of 1', reason: null, done: true },
      { name: 'of 2', reason: expect.stringContaining('tried 20 times'), done: true },
    ]);
  });

  it('later, with few calls, where nothing at all can be read, however many events wait', async () => {
    const { ats, world } = await subscribed();
    const ids = Array.from({ length: 200 }, (_, index) => `${index}`);
    await Promise.all(ids.map((id) => ats.tell({ id, records: [candidate(id)] })));
    let calls = 0;
    world.onRecords = () => {
      calls += 1;
      throw new AtsUnavailableError('Telling ATS', 'answered 503');
    };
    await processThrice(world);
    expect(calls).toBeLessThan(20);
    expect(await world.state()).toMatchObject({ waiting: 200 });
    world.onRecords = () => undefined;
    await world.rows('update talentbridge.webhook_state set resume_at = now()');
    await world.rows('update talentbridge.webhook_event set resume_at = now() where tries > 0');
    await world.process();
    expect(await world.state()).toMatchObject({ waiting: 0 });
    expect(new Set(world.told.flat()).size).toBe(200);
  });

  it('once the ATS says, where it asks to be left alone: that is no fault of a record', async () => {
    const { ats, world } = await subscribed();
    await tellOf(ats, '1', '2');
    let calls = 0;
    world.onRecords = () => {
      calls += 1;
      throw new AtsRateLimitedError('Telling ATS', 60_000);
    };
    await processThrice(world);
    expect(calls).toBe(3);
    const [apart] = await world.rows('select from talentbridge.webhook_event e where e.tries > 0');
    expect(apart).toBeUndefined();
  });

  it('once an admin has mended the connection, where it is refused', async () => {
    const { ats, world } = await subscribed();
    await tellOf(ats, '1');
    world.onRecords = () => {
      throw new PermissionMissingError('Telling ATS', 'read candidates');
    };
    await world.process();
    expect(world.reported).toHaveLength(1);
    await world.change({ status: 'NEEDS_ATTENTION' });
    world.onRecords = () => undefined;
    await world.process();
    await tellOf(ats, '2');
    expect(world.told).toEqual([]);
    expect(await world.state()).toMatchObject({ status: 'PAUSED', waiting: 2 });
    await world.change({ status: 'CONNECTED' });
    expect(await world.jobAt(PROCESS_TASK)).toBeDefined();
    await world.process();
    expect(world.told).toEqual([['candidate/1', 'candidate/2']]);
  });

  it('RED-12: and once they are, nothing says which records they named', async () => {
    const { ats, world } = await subscribed();
    await tellOf(ats, 'read', 'unreadable');
    const kept = () =>
      world.rows<{ refs: string[]; reason: string | null }>(
        'select e.refs, e.reason from talentbridge.webhook_event e order by e.name',
      );
    expect((await kept()).flatMap(({ refs }) => refs)).toEqual(['candidate/read', 'candidate/unreadable']);
    world.onRecords = (references) => {
      if (references.some(({ remoteId }) => remoteId === 'unreadable')) {
        throw new RecordNotFoundError('Telling ATS', 'candidate', 'unreadable');
      }
    };
    await world.process();
    expect(await kept()).toEqual([
      { refs: [], reason: null },
      { refs: [], reason: 'ATS_RECORD_NOT_FOUND' },
    ]);
  });

  it('by the next worker, where one dies', async () => {
    const { ats, world } = await subscribed();
    await tellOf(ats, '1');
    world.onRecords = () => {
      throw new Error('The process is gone.');
    };
    await expect(world.process()).rejects.toThrow();
    world.onRecords = () => undefined;
    await world.another().process();
    expect(world.told).toEqual([['candidate/1']]);
  });
});

it('RED-11: whatever the moment, no event is left without somebody who sees to it', async () => {
  const { ats, world } = await subscribed();
  const workers = [world, world.another(), world.another()];
  let telling = true;
  /** Takes the job that waits, if there is one, as a worker does. */
  const takeJob = async (): Promise<boolean> => {
    const { rowCount } = await world.database.owner.query(`delete from graphile_worker._private_jobs where key = $1`, [
      `${PROCESS_TASK}:${world.connectionId}`,
    ]);
    return rowCount === 1;
  };
  // The jobs of one record never run side by side, whoever runs them.
  let running = Promise.resolve();
  const work = async (worker: (typeof workers)[number]): Promise<void> => {
    while (telling) {
      const before = running;
      const turn = Promise.withResolvers<void>();
      running = turn.promise;
      await before;
      if (await takeJob()) await worker.process();
      turn.resolve();
    }
  };
  const tell = async (teller: number): Promise<void> => {
    for (let index = 0; index < 60; index += 1) {
      const id = `${teller}-${index}`;
      expect(await ats.tell({ id, records: [candidate(id)] })).toBe(200);
    }
  };
  const working = workers.map(work);
  for (const worker of workers) worker.listen();
  await Promise.all([1, 2, 3, 4].map(tell));
  telling = false;
  await Promise.all(working);
  while (await takeJob()) await world.process();
  expect(await world.state()).toMatchObject({ waiting: 0 });
  expect(new Set(world.told.flat()).size).toBe(240);
}, 60_000);

describe('CON-2: Rediscovery is switched off', () => {
  it('pauses what is seen to; what is delivered is stored, and seen to once it is on again', async () => {
    const { ats, world } = await subscribed();
    await world.switch('rediscovery', false);
    expect(await world.state()).toMatchObject({ status: 'PAUSED', reason: expect.stringContaining('switched off') });
    await tellOf(ats, '1');
    await world.process();
    await world.tend();
    expect(world.told).toEqual([]);
    expect(ats.subscriptions.size).toBe(1);
    await world.switch('rediscovery', true);
    expect(await world.jobAt(PROCESS_TASK)).toBeDefined();
    expect(await world.jobAt(TEND_TASK)).toBeDefined();
    await world.process();
    expect(world.told).toEqual([['candidate/1']]);
  });
});

describe('RED-11: what could not be delivered', () => {
  const now = () => new Date().toISOString();

  it('is found in the log of the ATS, and what is known already is not seen to again', async () => {
    const { ats, world } = await subscribed({ logs: true });
    await tellOf(ats, 'known');
    await world.process();
    ats.log.push(
      { id: 'event-known', name: 'candidate.changed', records: [candidate('known')], at: now() },
      { id: 'event-missed', name: 'candidate.changed', records: [candidate('missed')], at: now() },
      { id: 'event-empty', name: 'other', records: [], at: now() },
    );
    await world.tend();
    await world.process();
    await world.tend();
    await world.process();
    expect(world.told).toEqual([['candidate/known'], ['candidate/missed']]);
  });

  it('is looked for as far back as the last look, with an overlap, and never beyond a month', async () => {
    const { ats, world } = await subscribed({ logs: true });
    await world.tend();
    await world.rows(`update talentbridge.webhook_state set log_read_until = now() - interval '2 hours'`);
    await world.tend();
    await world.rows(`update talentbridge.webhook_state set log_read_until = now() - interval '90 days'`);
    await world.tend();
    const agoMinutes = ats.askedSince.map((since) => Math.round((Date.now() - since.getTime()) / 60_000));
    expect(agoMinutes).toEqual([10, 130, 30 * 24 * 60]);
  });

  it('does not hide that the log cannot be read, and what is told goes on', async () => {
    const { ats, world } = await subscribed({ logs: true });
    ats.before = (request) => (request.endsWith('/log') ? 404 : undefined);
    await world.tend();
    expect(await world.state()).toMatchObject({ status: 'ACTIVE', reason: expect.any(String) });
    await tellOf(ats, '1');
    await world.process();
    expect(world.told).toEqual([['candidate/1']]);
  });
});

it('RED-11: events that were seen to are forgotten after a month, and others are not', async () => {
  const { ats, world } = await subscribed();
  await tellOf(ats, 'old', 'fresh');
  await world.process();
  await tellOf(ats, 'waits');
  await world.rows(
    `update talentbridge.webhook_event set received_at = now() - interval '31 days' where name <> 'of fresh'`,
  );
  await world.tend();
  expect((await reasons(world)).map(({ name }) => name)).toEqual(['of fresh', 'of waits']);
});
