import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { until } from '../../../../../test/support/running-system.ts';
import { timeAtWork } from '../../../../../test/support/time-at-work.ts';
import { PROCESS_TASK } from '../../../dist/capabilities/webhooks/webhook-model.js';
import { noTelemetry } from '../../../dist/kernel/telemetry.js';
import { bodyOf, signatureOf, TellingAts, type TellingAtsOptions } from './telling-ats.ts';
import { connectWebhooks, type ProcessOptions, type WebhookWorld } from './webhook-world.ts';

let url: string;
beforeAll(async () => {
  url = await freshDatabase();
});
const used: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of used.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** A connection that is subscribed. */
async function subscribed(
  options: TellingAtsOptions = {},
  process: ProcessOptions = {},
): Promise<{ readonly ats: TellingAts; readonly world: WebhookWorld }> {
  const ats = await TellingAts.start(options);
  used.push(ats);
  const world = await connectWebhooks(url, ats, process);
  used.push(world);
  await world.tend();
  return { ats, world };
}

const candidate = (remoteId: string) => ({ kind: 'candidate', remoteId }) as const;
const stored = (world: WebhookWorld) =>
  world.rows<{ name: string; refs: readonly string[] }>(
    'select e.name, e.refs from talentbridge.webhook_event e order by e.id',
  );

describe('RED-11: a delivery', () => {
  it('is acknowledged as the ATS wants it, once it is stored with the job that sees to it', async () => {
    const { ats, world } = await subscribed({ limits: { acknowledgeWith: 202 } });
    expect(await ats.tell({ name: 'candidate.deleted', records: [candidate('17'), candidate('17')] })).toBe(202);
    expect(await stored(world)).toEqual([{ name: 'candidate.deleted', refs: ['candidate/17'] }]);
    expect(await world.jobAt(PROCESS_TASK)).toBeDefined();
    expect(await world.state()).toMatchObject({ waiting: 1, lastEventAt: expect.any(Date) });
  });

  it('keeps nothing of the body but the records', async () => {
    const { ats, world } = await subscribed();
    const event = { name: 'candidate.changed', records: [candidate('17')], person: 'Grace Hopper' };
    expect(await ats.tell(event)).toBe(200);
    const body = JSON.stringify({ ...JSON.parse(bodyOf(event)), person: 'Grace Hopper' });
    const answer = await ats.deliver(ats.only.callbackUrl, { 'x-signature': signatureOf(body, ats.only.secret) }, body);
    expect(answer.status).toBe(200);
    const rows = await world.rows('select to_jsonb(e)::text as text from talentbridge.webhook_event e');
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('Grace');
  });

  it('is stored once, however often and wherever it comes', async () => {
    const { ats, world } = await subscribed();
    const other = world.another();
    const event = { id: 'event-1', records: [candidate('1')] };
    const nameless = { records: [candidate('2')] };
    for (const process of [world, other, world]) {
      process.listen();
      const told = Array.from({ length: 20 }, (_, index) => ats.tell(index % 2 === 0 ? event : nameless));
      expect(new Set(await Promise.all(told))).toEqual(new Set([200]));
    }
    expect((await stored(world)).map(({ refs }) => refs[0]).sort()).toEqual(['candidate/1', 'candidate/2']);
    await world.process();
    expect(await ats.tell(event)).toBe(200);
    await world.process();
    expect(world.told.flat().sort()).toEqual(['candidate/1', 'candidate/2']);
  });

  it('of which nothing is of interest is acknowledged and not kept', async () => {
    const { ats, world } = await subscribed();
    expect(await ats.tell({ records: [] })).toBe(200);
    expect(await ats.tell({ records: [{ kind: 'secret', remoteId: '1' } as never, { kind: 'job' } as never] })).toBe(
      200,
    );
    expect(await stored(world)).toEqual([]);
    expect(await world.jobAt(PROCESS_TASK)).toBeUndefined();
  });

  it('without the right signature is refused', async () => {
    const { ats, world } = await subscribed();
    const to = ats.only;
    const body = bodyOf({ records: [candidate('1')] });
    const right = signatureOf(body, to.secret);
    const wrong: readonly Readonly<Record<string, string>>[] = [
      {},
      { 'x-signature': '' },
      { 'x-signature': signatureOf(body, 'wrong') },
      { 'x-signature': signatureOf(`${body} `, to.secret) },
      { 'x-signature': right.slice(0, -1) },
      { 'x-signature': `${right}0` },
      { 'x-signature': 'é'.repeat(64) },
    ];
    for (const headers of wrong) {
      expect((await ats.deliver(to.callbackUrl, headers, body)).status, JSON.stringify(headers)).toBe(401);
    }
    expect(await stored(world)).toEqual([]);
    // An ATS that is replacing its key sends two.
    expect((await ats.deliver(to.callbackUrl, { 'x-signature': `${'0'.repeat(64)},${right}` }, body)).status).toBe(200);
  });

  it('that nobody understands is refused', async () => {
    const { ats } = await subscribed();
    for (const body of ['', '{', '[]', 'null', '{"records": 1}']) {
      const headers = { 'x-signature': signatureOf(body, ats.only.secret) };
      expect((await ats.deliver(ats.only.callbackUrl, headers, body)).status, body).toBe(400);
    }
  });

  it('with a token that nobody gave out is not found', async () => {
    const { ats } = await subscribed();
    for (const token of ['', 'x', 'x'.repeat(43), `${'x'.repeat(42)}é`, '../graphql', 'x'.repeat(100_000)]) {
      expect((await ats.deliver(`https://hub.example.com/webhooks/${token}`, {}, '{}')).status).toBe(404);
    }
  });

  it('of an ATS that signs nothing is known by its token', async () => {
    const { ats, world } = await subscribed({ signs: false, activates: false });
    expect(await ats.tell({ records: [candidate('1')] })).toBe(200);
    expect(await stored(world)).toHaveLength(1);
  });

  it('that comes before its key is known here is asked for again', async () => {
    const ats = await TellingAts.start({ activates: false });
    used.push(ats);
    const world = await connectWebhooks(url, ats);
    used.push(world);
    const early: number[] = [];
    ats.after = async (request) => {
      if (request === 'POST /subscriptions') early.push(await ats.tell({ id: '1', records: [candidate('1')] }));
      return undefined;
    };
    await world.tend();
    expect(early).toEqual([503]);
    expect(await ats.tell({ id: '1', records: [candidate('1')] })).toBe(200);
  });
});

describe('RED-11: nothing is acknowledged that is not stored', () => {
  it('when the database hangs: the ATS is asked to deliver again within its time', async () => {
    const { ats, world } = await subscribed({ limits: { answerWithinMs: 1_500 } });
    const { rows } = await world.database.owner.query<{ pid: number }>('select pg_backend_pid() as pid');
    expect(rows).toHaveLength(1);
    const client = await world.database.owner.connect();
    try {
      await client.query('begin');
      await client.query('lock table talentbridge.webhook_event in access exclusive mode');
      using time = timeAtWork();
      const told = [1, 2, 3].map((index) => ats.tell({ id: `${index}`, records: [candidate(`${index}`)] }));
      expect(await Promise.all(told)).toEqual([503, 503, 503]);
      expect(time.ms()).toBeLessThan(1_500);
    } finally {
      await client.query('rollback');
      client.release();
    }
    // Delivered again, it is stored once.
    expect(await ats.tell({ id: '1', records: [candidate('1')] })).toBe(200);
    await until(
      () => stored(world),
      (events) => events.length === 3,
    );
  });

  it('when connections to the database break', async () => {
    const { ats, world } = await subscribed();
    const acknowledged = new Set<string>();
    let ended = false;
    const breaking = (async () => {
      while (!ended) {
        await world.database.owner
          .query(
            `select pg_terminate_backend(pid) from pg_stat_activity
             where datname = current_database() and query ilike '%webhook_event%' and pid <> pg_backend_pid()`,
          )
          .catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    })();
    const tell = async (worker: number): Promise<void> => {
      for (let index = 0; index < 40; index += 1) {
        const id = `${worker}-${index}`;
        if ((await ats.tell({ id, records: [candidate(id)] })) === 200) acknowledged.add(`candidate/${id}`);
      }
    };
    await Promise.all([1, 2, 3, 4, 5].map(tell));
    ended = true;
    await breaking;
    expect(acknowledged.size).toBeGreaterThan(0);
    const events = await until(
      async () => stored(world).catch(() => []),
      (all) => all.length > 0,
    );
    const kept = new Set(events.flatMap(({ refs }) => refs));
    expect(acknowledged.difference(kept)).toEqual(new Set());
  });

  it('and many that come together share few commits', async () => {
    const { ats, world } = await subscribed();
    await ats.tell({ id: 'first', records: [candidate('first')] });
    const commits = async (): Promise<number> => {
      const [row] = await world.rows<{ count: number }>(
        'select count(distinct xmin::text)::int as count from talentbridge.webhook_event',
      );
      return row?.count ?? 0;
    };
    const told = Array.from({ length: 300 }, (_, index) =>
      ats.tell({ id: `${index}`, records: [candidate(`${index}`)] }),
    );
    expect(new Set(await Promise.all(told))).toEqual(new Set([200]));
    expect(await stored(world)).toHaveLength(301);
    expect(await commits()).toBeLessThan(30);
  });
});

describe('RED-12: an erased person', () => {
  it('is taken out of what events said, and none of these is taken for new', async () => {
    const { ats, world } = await subscribed();
    const event = {
      id: '1',
      records: [
        candidate('17'),
        { kind: 'job', remoteId: '17' } as const,
        { kind: 'application', remoteId: '17/17' } as const,
      ],
    };
    await ats.tell(event);
    await ats.tell({ id: '2', records: [candidate('18')] });
    const { connectionId } = world;
    const erased = { connectionId, remoteId: '17', applicationIds: ['17/17'] };
    expect(await world.write((tx) => world.webhooks.forget(tx, erased))).toBe(1);
    expect((await stored(world)).map(({ refs }) => refs)).toEqual([['job/17'], ['candidate/18']]);
    await ats.tell(event);
    await world.process();
    expect(world.told).toEqual([['job/17', 'candidate/18']]);
  });
});

it('RED-11: counts what is stored, what came twice, and what is refused, by reason', async () => {
  const counted: string[] = [];
  const telemetry = {
    ...noTelemetry,
    webhookDelivery: (outcome: string) => void counted.push(outcome),
    webhookEvents: (stored: number, duplicate: number) => void counted.push(`${stored} new, ${duplicate} known`),
  };
  const { ats, world } = await subscribed({}, { telemetry });
  counted.length = 0;
  await ats.tell({ id: '1', records: [candidate('17')] });
  await ats.tell({ id: '1', records: [candidate('17')] });
  const { callbackUrl } = ats.only;
  await ats.deliver(callbackUrl, {}, bodyOf({ id: '2', records: [candidate('17')] }));
  await ats.deliver(callbackUrl, {}, 'nonsense');
  await ats.deliver(`${callbackUrl.slice(0, -1)}/unknown`, {}, '{}');
  expect(counted).toEqual([
    ...['1 new, 0 known', 'accepted'],
    ...['0 new, 1 known', 'accepted'],
    ...['not_signed', 'not_understood', 'unknown_token'],
  ]);
  const before = (await world.webhooks.waiting()) ?? 0;
  expect(before).toBeGreaterThanOrEqual(1);
});
