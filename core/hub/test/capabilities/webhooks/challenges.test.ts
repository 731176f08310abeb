import { createHmac } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { until } from '../../../../../test/support/running-system.ts';
import { bodyOf, TellingAts, type TellingAtsOptions } from './telling-ats.ts';
import { connectWebhooks, type WebhookWorld } from './webhook-world.ts';

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
): Promise<{ readonly ats: TellingAts; readonly world: WebhookWorld }> {
  const ats = await TellingAts.start(options);
  used.push(ats);
  const world = await connectWebhooks(url, ats);
  used.push(world);
  return { ats, world };
}

const CODE = '890e4665-4dfe-4ab1-b689-ed553bceeed0';
const proof = (key: string): string => createHmac('sha256', key).update(CODE).digest('hex');
const candidate = (remoteId: string) => ({ kind: 'candidate', remoteId }) as const;

describe('RED-11: whoever asks whose an address is', () => {
  it('is answered by any process, at any time, with the signature of the newest key', async () => {
    const { ats, world } = await connect({ rotates: true, limits: { replacedSecretLivesMs: 60_000 } });
    await world.tend();
    const other = world.another();
    for (const process of [world, other]) {
      process.listen();
      const { status, headers, body } = await ats.challenge(CODE);
      expect({ status, headers }).toEqual({
        status: 200,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
      });
      expect(JSON.parse(body ?? '')).toEqual({ code: CODE, proof: proof(ats.only.secret) });
    }
    const before = ats.only.secret;
    await world.rows(`update talentbridge.webhook_subscription set secret_made_at = now() - interval '91 days'`);
    await world.tend();
    expect(ats.only.secret).not.toBe(before);
    await until(
      () => ats.challenge(CODE),
      ({ body }) => body?.includes(proof(ats.only.secret)) ?? false,
    );
  });

  it('gets nothing signed that could be an event', async () => {
    const { ats, world } = await connect();
    await world.tend();
    const event = bodyOf({ records: [candidate('17')] });
    for (const code of [event, '', ' ', 'x'.repeat(101), `${CODE}\n`, 'a.b', 'é', '[]', '17 ']) {
      expect(await ats.challenge(code), code).toEqual({ status: 400, headers: {} });
    }
  });

  it('learns nothing of an address that is nobody’s, or was given up', async () => {
    const { ats, world } = await connect();
    await world.tend();
    const to = ats.only;
    const foreign = { ...to, callbackUrl: `https://hub.example.com/webhooks/${'x'.repeat(43)}` };
    expect((await ats.challenge(CODE, foreign)).status).toBe(404);
    await world.write(async (tx) => {
      await tx.rows(`update talentbridge.connection set status = 'REMOVING' where id = $1`, [world.connectionId]);
      await world.module.leave(tx, world.connectionId);
    });
    await until(
      () => ats.challenge(CODE, to),
      ({ status }) => status === 410,
    );
  });

  it('is refused where there is no key, and asked to come again while it is not known yet', async () => {
    const { ats, world } = await connect({ signs: false, activates: false });
    await world.tend();
    expect(await ats.challenge(CODE)).toEqual({ status: 401, headers: {} });
    const { ats: early, world: other } = await connect();
    const answers: number[] = [];
    early.after = async (request) => {
      if (request === 'POST /subscriptions') answers.push((await early.challenge(CODE)).status);
      return undefined;
    };
    await other.tend();
    expect(answers).toEqual([503]);
    expect((await early.challenge(CODE)).status).toBe(200);
  });
});

it('RED-11: nothing else comes by GET', async () => {
  const { ats, world } = await connect();
  await world.tend();
  const body = bodyOf({ records: [candidate('17')] });
  const headers = { 'x-signature': createHmac('sha256', ats.only.secret).update(body).digest('hex') };
  for (const sent of [
    { headers, body },
    { headers: { 'x-challenge': 'a challenge' }, body: '' },
    { headers, body: '' },
  ]) {
    const asked = { method: 'GET', query: {} } as const;
    expect(await ats.deliver(ats.only.callbackUrl, sent.headers, sent.body, asked)).toEqual({
      status: 405,
      headers: { allow: 'POST' },
    });
  }
  expect(await world.rows('select from talentbridge.webhook_event')).toEqual([]);
});

describe('RED-11: where the key is one of the credentials', () => {
  it('events and challenges are signed with it, from before the subscription is made', async () => {
    const { ats, world } = await connect({ signsWithCredential: true });
    const early: (string | undefined)[] = [];
    ats.after = async (request) => {
      if (request === 'POST /subscriptions') early.push((await ats.challenge(CODE)).body);
      return undefined;
    };
    await world.tend();
    expect(early).toEqual([JSON.stringify({ code: CODE, proof: proof(ats.apiKey) })]);
    expect(await ats.tell({ records: [candidate('17')] })).toBe(200);
    expect(await ats.tell({ records: [candidate('18')] }, { secret: 'wrong' })).toBe(401);
    expect(
      JSON.stringify(await world.rows('select to_jsonb(s) from talentbridge.webhook_subscription s')),
    ).not.toContain(ats.apiKey);
  });

  it('it is replaced with them, and the subscription stays as it is', async () => {
    const { ats, world } = await connect({ signsWithCredential: true });
    await world.tend();
    const { id } = ats.only;
    ats.apiKey = 'another key of this connection';
    await world.change({ credentialVersion: 2 });
    await until(
      () => ats.tell({ records: [candidate('17')] }),
      (status) => status === 200,
    );
    expect(await ats.tell({ records: [candidate('18')] }, { secret: 'the key of this connection' })).toBe(401);
    await world.tend();
    expect(ats.only.id).toBe(id);
    expect(world.gaps).toEqual([]);
  });
});
