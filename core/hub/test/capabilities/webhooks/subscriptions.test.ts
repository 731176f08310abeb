import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { until } from '../../../../../test/support/running-system.ts';
import { TEND_TASK } from '../../../dist/capabilities/webhooks/webhook-model.js';
import { KeyRing } from '../../../dist/kernel/vault/key-ring.js';
import { TellingAts, type TellingAtsOptions } from './telling-ats.ts';
import { connectWebhooks, type ProcessOptions, type WebhookWorld } from './webhook-world.ts';

let url: string;
beforeAll(async () => {
  url = await freshDatabase();
});
const used: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of used.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function connect(
  options: TellingAtsOptions = {},
  process: ProcessOptions = {},
): Promise<{ readonly ats: TellingAts; readonly world: WebhookWorld }> {
  const ats = await TellingAts.start(options);
  used.push(ats);
  const world = await connectWebhooks(url, ats, process);
  used.push(world);
  return { ats, world };
}

const candidate = (remoteId: string) => ({ kind: 'candidate', remoteId }) as const;

describe('RED-11: webhooks are created at the vendor', () => {
  it('subscribes, answers the handshake and is told from then on', async () => {
    const { ats, world } = await connect();
    expect(await world.state()).toMatchObject({ status: 'PENDING', events: [], checkedAt: null });
    await world.tend();
    expect(ats.only).toMatchObject({ active: true });
    expect(ats.only.callbackUrl).toMatch(/^https:\/\/hub\.example\.com\/webhooks\/[\w-]{43}$/);
    expect(await world.state()).toMatchObject({
      status: 'ACTIVE',
      reason: null,
      events: ['candidate.changed', 'candidate.deleted'],
      checkedAt: expect.any(Date),
    });
    expect(await ats.tell({ records: [candidate('17')] })).toBe(200);
    await world.process();
    expect(world.told).toEqual([['candidate/17']]);
  });

  it('looks again about every hour, and leaves alone what is as it should be', async () => {
    const { ats, world } = await connect();
    await world.tend();
    const { id } = ats.only;
    await world.tend();
    await world.tend();
    expect(ats.only.id).toBe(id);
    expect(ats.requests.filter((request) => request === 'POST /subscriptions')).toHaveLength(1);
    const inMs = ((await world.jobAt(TEND_TASK))?.getTime() ?? 0) - Date.now();
    expect(inMs).toBeGreaterThan(40 * 60_000);
    expect(inMs).toBeLessThan(75 * 60_000);
    expect(world.gaps).toEqual([]);
  });

  it('is not set up without a public address, and says so', async () => {
    const { ats, world } = await connect({}, { publicUrl: null });
    await world.tend();
    expect(ats.requests).toEqual([]);
    expect(await world.state()).toMatchObject({
      status: 'NOT_SET_UP',
      reason: expect.stringContaining('no public address'),
    });
  });

  it('waits for an address that is not known yet', async () => {
    let address: string | undefined;
    const { ats, world } = await connect({}, { publicUrl: () => address });
    await world.tend();
    expect(await world.state()).toMatchObject({ status: 'PENDING', reason: null });
    expect(((await world.jobAt(TEND_TASK))?.getTime() ?? 0) - Date.now()).toBeLessThan(10_000);
    address = 'https://late.example.com/';
    await world.tend();
    expect(ats.only.callbackUrl).toMatch(/^https:\/\/late\.example\.com\/webhooks\//);
  });

  it('says why the ATS refuses, and breaks nothing', async () => {
    const { ats, world } = await connect();
    ats.before = (request) => (request === 'POST /subscriptions' ? 403 : undefined);
    await world.tend();
    expect(await world.state()).toMatchObject({
      status: 'NOT_SET_UP',
      reason: expect.stringContaining('manage webhooks'),
    });
    expect(world.reported).toEqual([]);
    ats.before = () => undefined;
    await world.tend();
    expect(await world.state()).toMatchObject({ status: 'ACTIVE', reason: null });
    expect(ats.subscriptions.size).toBe(1);
  });

  it('tries a handshake that failed twice more soon, and then about every hour', async () => {
    const { ats, world } = await connect();
    ats.before = (request) => (request.startsWith('PUT') ? 422 : undefined);
    const waits: number[] = [];
    for (let look = 0; look < 4; look += 1) {
      await world.tend();
      waits.push(((await world.jobAt(TEND_TASK))?.getTime() ?? 0) - Date.now());
    }
    expect(waits.map((wait) => wait < 60_000)).toEqual([true, true, false, false]);
    expect(await world.state()).toMatchObject({
      status: 'NOT_SET_UP',
      reason: expect.stringContaining('refuses the webhook'),
    });
    ats.before = () => undefined;
    await world.tend();
    expect(await world.state()).toMatchObject({ status: 'ACTIVE', reason: null });
    expect(ats.subscriptions.size).toBe(1);
  });

  it('tries again soon where the ATS does not answer', async () => {
    const { ats, world } = await connect();
    ats.before = () => 503;
    await world.tend();
    expect(await world.state()).toMatchObject({ status: 'PENDING', reason: expect.stringContaining('503') });
    expect(((await world.jobAt(TEND_TASK))?.getTime() ?? 0) - Date.now()).toBeLessThan(60_000);
  });

  it('shows its token in no listed address, error, job or table', async () => {
    const { ats, world } = await connect();
    await world.tend();
    const token = ats.only.callbackUrl.split('/').at(-1) ?? '';
    const { secret } = ats.only;
    ats.before = () => 403;
    await world.tend();
    const tables = ['webhook_state', 'webhook_subscription', 'webhook_event'];
    const texts = await Promise.all(
      tables.map((table) => world.rows(`select to_jsonb(t)::text as text from talentbridge.${table} t`)),
    );
    const { rows } = await world.database.owner.query(
      'select to_jsonb(j)::text as text from graphile_worker._private_jobs j',
    );
    const text = JSON.stringify([texts, rows, await world.state()]);
    expect(text).toContain(world.connectionId);
    expect(text).not.toContain(token);
    expect(text).not.toContain(secret);
  });
});

describe('RED-11: what a subscription comes to at the vendor', () => {
  it('is made anew when it has vanished, and what was missed is read again', async () => {
    const { ats, world } = await connect();
    await world.tend();
    const first = ats.only;
    const { checkedAt } = (await world.state()) ?? {};
    ats.subscriptions.clear();
    await world.tend();
    expect(ats.only.id).not.toBe(first.id);
    expect(world.gaps).toEqual([checkedAt]);
    expect(await ats.tell({ records: [candidate('1')] }, { to: first })).toBe(410);
    expect(await ats.tell({ records: [candidate('1')] })).toBe(200);
  });

  it('is replaced when it was switched off', async () => {
    const { ats, world } = await connect();
    await world.tend();
    const first = ats.only;
    first.active = false;
    await world.tend();
    expect(ats.only.id).not.toBe(first.id);
    expect(ats.only.active).toBe(true);
    expect(world.gaps).toHaveLength(1);
  });

  it('is reduced to one when it is there twice', async () => {
    const { ats, world } = await connect();
    await world.tend();
    const twin = { ...ats.only, id: '00000000-0000-4000-8000-000000000001' };
    ats.subscriptions.set(twin.id, twin);
    await world.tend();
    expect(ats.only.active).toBe(true);
    expect(await ats.tell({ records: [candidate('1')] })).toBe(200);
  });

  it('moves when the deployment gets another address', async () => {
    let address = 'https://old.example.com';
    const { ats, world } = await connect({}, { publicUrl: () => address });
    await world.tend();
    address = 'https://new.example.com';
    await world.tend();
    expect(ats.only.callbackUrl).toMatch(/^https:\/\/new\./);
  });

  it('leaves the subscriptions of others alone', async () => {
    const { ats, world } = await connect();
    const others = [
      'https://elsewhere.example/hook',
      `https://hub.example.com/webhooks/${'x'.repeat(43)}`,
      'no address at all',
    ];
    for (const [index, callbackUrl] of others.entries()) {
      const id = `00000000-0000-4000-8000-00000000000${index}`;
      ats.subscriptions.set(id, { id, callbackUrl, secret: '', replaced: undefined, active: true });
    }
    await world.tend();
    ats.subscriptions.delete([...ats.subscriptions.keys()].at(-1) ?? '');
    await world.tend();
    const left = [...ats.subscriptions.values()].map(({ callbackUrl }) => callbackUrl);
    expect(left).toHaveLength(4);
    expect(left.slice(0, 3)).toEqual(others);
  });

  it('asks again about what was missed while a run is under way', async () => {
    const { ats, world } = await connect();
    await world.tend();
    world.closesGaps = false;
    ats.subscriptions.clear();
    await world.tend();
    expect(((await world.jobAt(TEND_TASK))?.getTime() ?? 0) - Date.now()).toBeLessThan(10 * 60_000);
    world.closesGaps = true;
    await world.tend();
    await world.tend();
    expect(world.gaps).toHaveLength(2);
    expect(world.gaps[0]).toEqual(world.gaps[1]);
  });
});

describe('RED-11: a process that dies on the way', () => {
  /** The process is gone at this request: nothing of it goes on, and the ATS has done what it was asked. */
  const dies = ['POST /subscriptions', 'PUT /subscriptions/:id/activation', 'DELETE /subscriptions/:id'] as const;
  it.each(dies)('leaves one subscription that works, whoever goes on: at %s', async (deadly) => {
    const { ats, world } = await connect();
    if (deadly.startsWith('DELETE')) {
      await world.tend();
      ats.only.active = false;
    }
    const reached = Promise.withResolvers<void>();
    const dead = Promise.withResolvers<number>();
    ats.after = (request) => {
      if (request !== deadly) return undefined;
      ats.after = () => undefined;
      reached.resolve();
      return dead.promise;
    };
    const tending = world.tend().catch(() => undefined);
    await reached.promise;
    // What the dead process would do next meets a database that has gone on without it.
    const next = world.another();
    next.listen();
    await next.tend();
    expect(ats.only.active).toBe(true);
    const survivor = ats.only.id;
    dead.resolve(500);
    await tending;
    expect(ats.only.id).toBe(survivor);
    expect(await ats.tell({ records: [candidate('1')] })).toBe(200);
    expect(await world.state()).toMatchObject({ status: 'ACTIVE' });
  });
});

describe('RED-11: where the address is a setting of the account', () => {
  it('is set, set again when it changes, and taken away', async () => {
    let address = 'https://old.example.com';
    const { ats, world } = await connect({ oneAddress: true }, { publicUrl: () => address });
    await world.tend();
    address = 'https://new.example.com';
    await world.tend();
    expect(ats.only.callbackUrl).toMatch(/^https:\/\/new\./);
    expect(await ats.tell({ records: [candidate('1')] })).toBe(200);
    await world.change({ capabilities: ['export'] });
    await world.tend();
    expect(ats.subscriptions.size).toBe(0);
  });

  it('a process that was too slow takes away no address but its own', async () => {
    const { ats, world } = await connect({ oneAddress: true });
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<undefined>();
    ats.after = (request) => {
      if (request !== 'POST /subscriptions') return undefined;
      ats.after = () => undefined;
      reached.resolve();
      return goOn.promise;
    };
    const slow = world.tend();
    await reached.promise;
    await world.another().tend();
    const { callbackUrl } = ats.only;
    goOn.resolve(undefined);
    await slow;
    expect(ats.only).toMatchObject({ callbackUrl, active: true });
    expect(await ats.tell({ records: [candidate('1')] })).toBe(200);
  });
});

describe('RED-11: handshakes', () => {
  it('are answered by any process, and only while the subscription is being activated', async () => {
    const { ats, world } = await connect();
    const other = world.another();
    other.listen();
    await world.tend();
    expect(ats.only.active).toBe(true);
    for (const process of [world, other]) {
      process.listen();
      expect(await ats.tryAddress()).toBe(400);
    }
  });
});

describe('RED-11: keys are replaced', () => {
  it('after their time, and the one before is accepted for as long as the ATS says', async () => {
    const { ats, world } = await connect({ rotates: true, limits: { replacedSecretLivesMs: 60_000 } });
    await world.tend();
    const first = ats.only.secret;
    await world.tend();
    expect(ats.only.secret).toBe(first);
    await world.rows(`update talentbridge.webhook_subscription set secret_made_at = now() - interval '91 days'`);
    await world.tend();
    expect(ats.only.secret).not.toBe(first);
    expect(await ats.tell({ id: '1', records: [candidate('1')] })).toBe(200);
    expect(await ats.tell({ id: '2', records: [candidate('2')] }, { secret: first })).toBe(200);
    await world.rows(`update talentbridge.webhook_subscription set replaced_until = now() - interval '1 second'`);
    await until(
      () => ats.tell({ id: '3', records: [candidate('3')] }, { secret: first }),
      (status) => status === 401,
    );
    expect(await ats.tell({ id: '4', records: [candidate('4')] })).toBe(200);
  });

  it('makes another one when a process died before it could store the first', async () => {
    const { ats, world } = await connect({ rotates: true });
    await world.tend();
    await world.rows(`update talentbridge.webhook_subscription set secret_made_at = now() - interval '91 days'`);
    ats.after = (request) => (request === 'POST /subscriptions/:id/secret' ? 500 : undefined);
    await world.tend();
    // Nobody here knows the key that signs now: the ATS is to deliver again.
    expect(await ats.tell({ id: '1', records: [candidate('1')] })).toBe(503);
    ats.after = () => undefined;
    await world.tend();
    expect(await ats.tell({ id: '1', records: [candidate('1')] })).toBe(200);
    expect(await ats.tell({ id: '2', records: [candidate('2')] }, { secret: 'wrong' })).toBe(401);
  });
});

describe('CON-7: a connection that is removed', () => {
  const remove = (world: WebhookWorld) =>
    world.write(async (tx) => {
      await tx.rows(`update talentbridge.connection set status = 'REMOVING' where id = $1`, [world.connectionId]);
      await world.module.leave(tx, world.connectionId);
    });

  it('refuses what arrives at once, and unsubscribes', async () => {
    const { ats, world } = await connect();
    await world.tend();
    await ats.tell({ records: [candidate('1')] });
    const to = ats.only;
    await remove(world);
    await until(
      () => ats.tell({ records: [candidate('2')] }, { to }),
      (status) => status === 410,
    );
    expect(await world.state()).toBeUndefined();
    expect(await world.module.leaveVendor(world.scope, world.connectionId)).toEqual([]);
    expect(ats.subscriptions.size).toBe(0);
    expect(await ats.tell({ records: [candidate('3')] }, { to })).toBe(410);
    await world.tend();
    expect(await world.rows('select id from talentbridge.webhook_event')).toEqual([]);
    expect(await world.rows('select id from talentbridge.webhook_subscription where sealed is not null')).toEqual([]);
  });

  it('says what was left behind where the ATS does not answer, and the next connection clears it away', async () => {
    const { ats, world } = await connect();
    await world.tend();
    await remove(world);
    ats.before = (request) => (request.startsWith('DELETE') ? 500 : undefined);
    expect(await world.module.leaveVendor(world.scope, world.connectionId)).toEqual([
      expect.stringContaining(`${ats.only.id} is still there`),
    ]);
    ats.before = () => undefined;
    await world.change({ status: 'CONNECTED' });
    await world.tend();
    expect(ats.only.active).toBe(true);
    expect(await ats.tell({ records: [candidate('1')] })).toBe(200);
  });

  it('leaves nothing when it is removed while a subscription is being made', async () => {
    const { ats, world } = await connect();
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<undefined>();
    ats.after = (request) => {
      if (request !== 'POST /subscriptions') return undefined;
      reached.resolve();
      return goOn.promise;
    };
    const tending = world.tend();
    await reached.promise;
    await remove(world);
    const leaving = world.module.leaveVendor(world.scope, world.connectionId);
    goOn.resolve(undefined);
    expect(await leaving).toEqual([]);
    await tending;
    expect(ats.subscriptions.size).toBe(0);
  });

  it('unsubscribes as well when Rediscovery is taken out of the connection', async () => {
    const { ats, world } = await connect();
    await world.tend();
    const to = ats.only;
    await world.change({ capabilities: ['export'] });
    await world.tend();
    expect(ats.subscriptions.size).toBe(0);
    expect(await ats.tell({ records: [candidate('1')] }, { to })).toBe(410);
    expect(await world.state()).toBeUndefined();
    await world.change({ capabilities: ['rediscovery'] });
    await world.tend();
    expect(await world.state()).toMatchObject({ status: 'ACTIVE' });
  });
});

it('RED-11: shows why a subscription is not looked after whose secrets do not open', async () => {
  const { ats, world } = await connect();
  await world.tend();
  const { id } = ats.only;
  const other = world.another({ keys: KeyRing.parse(`other:${Buffer.alloc(32, 7).toString('base64')}`) });
  await other.tend();
  expect(await world.state()).toMatchObject({ reason: expect.stringContaining('sealed with the key k') });
  other.listen();
  expect(await ats.tell({ records: [candidate('17')] })).toBe(503);
  await world.rows(`update talentbridge.webhook_subscription set sealed = sealed || '{"ciphertext": "AAAA"}'`);
  await world.tend();
  expect(await world.state()).toMatchObject({ reason: expect.stringContaining('do not open') });
  expect(ats.only.id).toBe(id);
  // The connection can be removed all the same.
  await world.write((tx) => world.module.leave(tx, world.connectionId));
  expect(await world.module.leaveVendor(world.scope, world.connectionId)).toEqual([
    expect.stringContaining('may still be there'),
  ]);
  expect(await world.rows('select from talentbridge.webhook_subscription where sealed is not null')).toEqual([]);
});

it('OPS-3: a rotation of keys wraps tokens and signing keys too', async () => {
  const { KeyRing } = await import('../../../dist/kernel/vault/key-ring.js');
  const { rotateKeys } = await import('../../../dist/rotate-keys.js');
  const { ats, world } = await connect();
  await world.tend();
  const old = ['k', Buffer.alloc(32, 1)] as const;
  const fresh = ['new', Buffer.alloc(32, 2)] as const;
  const report = await rotateKeys({ databaseUrl: url, keys: new KeyRing('new', new Map([fresh, old])) });
  expect(report.rewrapped).toBeGreaterThan(0);
  expect(report.left).toEqual([]);
  const next = world.another({ keys: new KeyRing('new', new Map([fresh])) });
  next.listen();
  expect(await ats.tell({ records: [candidate('1')] })).toBe(200);
  await next.tend();
  expect(ats.requests.filter((request) => request === 'POST /subscriptions')).toHaveLength(1);
});
