import { createHmac } from 'node:crypto';
import type { Delivery, ReadDelivery } from '@talentbridge/contracts';
import { CallbackReceiver } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { SIMULATED_APPLICATIONS } from '../simulator/index.js';
import { type Connected, connectEnabled } from './connect.js';

const { clientSecret } = SIMULATED_APPLICATIONS.exampleco;
const MIRA = 'urn:li:person:m7v9x007';

/** A callback address of the hub, which keeps what arrives. */
async function callback({ connection }: Connected) {
  const arrived: { readonly delivery: Delivery; readonly read: ReadDelivery }[] = [];
  const receiver = await CallbackReceiver.start(async (delivery) => {
    arrived.push({ delivery, read: await connection.webhooks.read(connection.ctx, delivery) });
    return { status: 200 };
  });
  const placeholder = receiver.urlWith(connection.conceal('webhook', receiver.token));
  return { arrived, receiver, placeholder, [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose]() };
}

const delivery = (some: Partial<Delivery> = {}): Delivery => ({
  method: 'POST',
  query: {},
  headers: {},
  body: '{}',
  ...some,
});
const notification = (some: object) =>
  delivery({ body: JSON.stringify({ id: '1', type: 'EXPORT_CANDIDATE_PROFILE', ...some }) });

describe('the callback address (sheet §3.2)', () => {
  it('CON-12: is the only subscription: set, listed, set anew and taken away', async () => {
    await using linkedIn = await connectEnabled();
    const { connection } = linkedIn;
    const { webhooks } = connection;
    await using hub = await callback(linkedIn);
    await webhooks.unsubscribe(connection.ctx, 'CALLBACK_URL');
    expect(await webhooks.list(connection.ctx)).toEqual([]);
    const made = await webhooks.subscribe(connection.ctx, { callbackUrl: hub.placeholder });
    expect(made).toEqual({ remoteId: 'CALLBACK_URL' });
    expect(webhooks.signingKey && connection.reveal(webhooks.signingKey)).toBe(clientSecret);
    expect(await webhooks.list(connection.ctx)).toEqual([
      { remoteId: 'CALLBACK_URL', callbackUrl: hub.placeholder, intact: true },
    ]);
    for (let times = 0; times < 2; times += 1) await webhooks.unsubscribe(connection.ctx, 'CALLBACK_URL');
    await webhooks.unsubscribe(connection.ctx, 'another');
    expect(await webhooks.list(connection.ctx)).toEqual([]);
  });

  it('CON-12: is refused when another customer has it', async () => {
    await using linkedIn = await connectEnabled();
    const { webhooks, ctx } = linkedIn.connection;
    await expect(webhooks.subscribe(ctx, { callbackUrl: 'http://hub.example/hooks/one' })).rejects.toMatchObject({
      code: 'WEBHOOK_REFUSED',
    });
  });
});

describe('notifications (sheet §6.2, §6.3)', () => {
  it('RSC-3: arrive signed with the secret of the application, and say what to look up', async () => {
    await using linkedIn = await connectEnabled();
    await using hub = await callback(linkedIn);
    const { connection, control, simulator } = linkedIn;
    await connection.webhooks.subscribe(connection.ctx, { callbackUrl: hub.placeholder });
    await control('/recruiter/exports', { seat: 555, member: MIRA });
    await simulator.pushes.settled();
    const [arrival] = hub.arrived;
    const read = arrival?.read;
    expect(read).toMatchObject({
      kind: 'event',
      event: {
        name: 'EXPORT_CANDIDATE_PROFILE',
        records: [],
        notices: [{ capability: 'systemConnect', id: expect.stringMatching(/^export\/\d+$/) }],
      },
    });
    const { signed = '', given = [] } = read?.kind === 'event' ? (read.signature ?? {}) : {};
    expect(given).toEqual([createHmac('sha256', clientSecret).update(signed).digest('hex')]);
    expect(signed).toBe(`hmacsha256=${arrival?.delivery.body}`);
  });

  it.each([
    ['the digest alone', (digest: string) => digest],
    ['the digest with the scheme in front', (digest: string) => `hmacsha256=${digest}`],
  ])('RSC-3: a header may have %s', async (_what, header) => {
    await using linkedIn = await connectEnabled();
    const { webhooks, ctx } = linkedIn.connection;
    const digest = 'a'.repeat(64);
    const read = await webhooks.read(ctx, { ...notification({}), headers: { 'x-li-signature': header(digest) } });
    expect(read).toMatchObject({ signature: { given: [digest], encoding: 'hex' } });
  });

  it('RSC-3: without a signature, or with half of one, are never believed', async () => {
    await using linkedIn = await connectEnabled();
    const { webhooks, ctx } = linkedIn.connection;
    for (const headers of [{}, { 'x-li-signature': '' }, { 'x-li-signature': 'abc' }]) {
      expect(await webhooks.read(ctx, { ...notification({}), headers })).toMatchObject({ signature: { given: [] } });
    }
  });

  it.each([
    ['an export', {}, [{ capability: 'systemConnect', id: 'export/1' }]],
    [
      'an export that ends later',
      { expiresAt: Date.now() + 60_000 },
      [{ capability: 'systemConnect', id: 'export/1' }],
    ],
    [
      'a change of integrations',
      { type: 'INTEGRATION_STATUS_CHANGE' },
      [{ capability: 'systemConnect', id: 'integrations/1' }],
    ],
    ['an export that is over', { expiresAt: Date.now() - 1 }, undefined],
    ['something that nobody knows', { type: 'RESYNC_JOBS' }, undefined],
  ])('RSC-3: %s is told as %j', async (_what, some, notices) => {
    await using linkedIn = await connectEnabled();
    const { webhooks, ctx } = linkedIn.connection;
    const read = await webhooks.read(ctx, notification(some));
    expect(read.kind === 'event' && read.event.notices).toEqual(notices);
  });
});

describe('whose the address is (sheet §6.1)', () => {
  it('RSC-3: is answered with the code, signed', async () => {
    await using linkedIn = await connectEnabled();
    const { webhooks, ctx } = linkedIn.connection;
    const challengeCode = '890e4665-4dfe-4ab1-b689-ed553bceeed0';
    const asked = delivery({ method: 'GET', query: { challengeCode, applicationId: '12345' }, body: '' });
    expect(await webhooks.read(ctx, asked)).toEqual({
      kind: 'challenge',
      signed: challengeCode,
      encoding: 'hex',
      answer: { fields: { challengeCode }, signatureField: 'challengeResponse' },
    });
  });

  it.each(['', 'hmacsha256={"id":"1"}', 'abc', '890e4665-4dfe-4ab1-b689-ed553bceeed0x'])(
    'RSC-3: nothing else is signed for whoever asks: %j',
    async (challengeCode) => {
      await using linkedIn = await connectEnabled();
      const { webhooks, ctx } = linkedIn.connection;
      expect(await webhooks.read(ctx, delivery({ method: 'GET', query: { challengeCode } }))).toMatchObject({
        kind: 'unknown',
      });
    },
  );
});
