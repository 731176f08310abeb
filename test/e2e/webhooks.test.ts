import { SIMULATED_API_KEY } from '@talentbridge/plugin-example/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseText } from '../support/database-text.ts';
import { type OrganizationClient, organizationOf } from '../support/organization-client.ts';
import { type RunningSystem, startSystem, until } from '../support/running-system.ts';

let system: RunningSystem;
let organization: OrganizationClient;

beforeAll(async () => {
  system = await startSystem();
  organization = organizationOf(system);
});
afterAll(() => system[Symbol.asyncDispose]());

const STATE = `query ($id: ID!) { connection(id: $id) {
  webhooks { status reason events lastEventAt waiting checkedAt } } }`;
const webhooksOf = async (id: string) => (await organization.ask(STATE, { id })).webhooks;
const connected = async (): Promise<string> => {
  const id = await organization.connect(SIMULATED_API_KEY, 'example', ['EXPORT', 'REDISCOVERY']);
  await until(
    () => webhooksOf(id),
    ({ status }) => status === 'ACTIVE',
  );
  return id;
};
const loaded = (connectionId: string) =>
  until(
    () => organization.candidates(connectionId),
    ({ nodes }) => nodes.length > 0,
  );
const PRODUCED = { external_id: 'x', source: 'x', emails: [], phones: [], links: [], positions: [], tags: [] };

describe('RED-11: with the whole gateway', () => {
  it('a connection is subscribed by itself, and who is deleted in the ATS disappears here within seconds', async () => {
    const { example } = system.vendors;
    const made = await fetch(`${example.url}/v1/candidates`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SIMULATED_API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...PRODUCED, first_name: 'Gone', last_name: 'Soon' }),
    });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { readonly id: string };
    const connectionId = await connected();
    expect(example.webhooks.all.map(({ url }) => new URL(url).origin)).toEqual([system.url]);
    await loaded(connectionId);
    await until(
      async () =>
        (await organization.ask(`query ($id: ID!) { mirror(connectionId: $id) { completeAt } }`, { id: connectionId }))
          .completeAt,
      (at) => at !== null,
    );
    example.deleteCandidate(id);
    await until(
      () => organization.candidates(connectionId),
      ({ nodes }) => nodes.every(({ remoteId }: { readonly remoteId: string }) => remoteId !== id),
      5_000,
    );
    expect(await webhooksOf(connectionId)).toMatchObject({ status: 'ACTIVE', reason: null, waiting: 0 });
    expect((await webhooksOf(connectionId)).lastEventAt).not.toBeNull();
  });

  it('whoever asks whose the address is gets the answer signed by GET, and nothing else by GET', async () => {
    const { example } = system.vendors;
    const before = new Set(example.webhooks.all.map(({ id }) => id));
    await connected();
    const own = example.webhooks.all.find((webhook) => !before.has(webhook.id));
    if (!own) throw new Error('No webhook was made.');
    expect(await example.webhooks.challenge(own)).toBe(true);
    const code = '890e4665-4dfe-4ab1-b689-ed553bceeed0';
    const asked = await fetch(`${own.url}?challenge=${code}`);
    expect(asked.status).toBe(200);
    expect(asked.headers.get('content-type')).toBe('application/json');
    expect(await asked.json()).toEqual({ challenge: code, signature: expect.stringMatching(/^[\da-f]{64}$/) });
    const others: readonly (readonly [string, RequestInit, number])[] = [
      [own.url, {}, 405],
      [`${own.url}?challenge=${encodeURIComponent('1.{"id":"ev-1"}')}`, {}, 405],
      [own.url, { headers: { 'x-hook-challenge': 'a' } }, 405],
      [own.url, { method: 'HEAD' }, 404],
      [`${system.url}/webhooks/${'x'.repeat(43)}?challenge=${code}`, {}, 404],
    ];
    for (const [url, init, status] of others) {
      const answer = await fetch(url, init);
      expect(answer.status).toBe(status);
      expect(await answer.text()).not.toContain('signature');
    }
  });

  it('its token stands in no log line, answer or table', async () => {
    const { example } = system.vendors;
    const tokens = example.webhooks.all.map(({ url }) => url.split('/').at(-1) ?? '');
    expect(tokens.length).toBeGreaterThan(0);
    const texts = [system.log(), system.answers(), await databaseText(system.databaseUrl)];
    expect(texts[0]).toContain('/webhooks/[token]');
    for (const token of tokens) for (const text of texts) expect(text).not.toContain(token);
  });

  it('is shown to admins alone, and is nothing where there is no Rediscovery', async () => {
    const id = await organization.connect(SIMULATED_API_KEY, 'example', ['EXPORT']);
    expect(await webhooksOf(id)).toBeNull();
    const refused = await organization.answer(STATE, { id }, ['RECRUITER']);
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('CON-5: a verification says that changes are told at once, and warns where they cannot be', async () => {
    const { example } = system.vendors;
    const id = await connected();
    const check = async () => {
      const verified = await organization.ask(
        `mutation ($id: ID!) { verifyConnection(input: { connectionId: $id, testTarget: { prospect: true } }) {
           ... on ConnectionVerified { report { allGood checks { id status reason remedy } } } } }`,
        { id },
      );
      const { allGood, checks } = verified.report;
      return { allGood, check: checks.find((one: { readonly id: string }) => one.id === 'webhooks:subscribe') };
    };
    expect(await check()).toMatchObject({ allGood: true, check: { status: 'PASSED' } });
    const scopes = example.keys[0]?.scopes;
    scopes?.delete('webhooks:manage');
    expect(await check()).toMatchObject({ allGood: true, check: { status: 'WARNED', remedy: expect.any(String) } });
    scopes?.add('webhooks:manage');
  });

  it('CON-7: removing a connection removes its subscription', async () => {
    const { example } = system.vendors;
    const before = new Set(example.webhooks.all.map(({ id }) => id));
    const id = await connected();
    const own = example.webhooks.all.find((webhook) => !before.has(webhook.id));
    expect(own?.status).toBe('active');
    await organization.remove(id);
    const gone = await until(
      () => organization.connection(id),
      ({ status }) => status === 'REMOVED',
    );
    expect(gone.leftBehind).toEqual([]);
    expect(example.webhooks.all.map((webhook) => webhook.id)).not.toContain(own?.id);
    expect((await fetch(own?.url ?? '', { method: 'POST', body: '{}' })).status).toBe(410);
  });
});

it('CON-5: without a public address nothing is subscribed, and the verification says so', async () => {
  await using deaf = await startSystem({ vendorsAreLocal: false });
  const client = organizationOf(deaf);
  const id = await client.begin('example', ['REDISCOVERY']);
  const { report } = await client.submit(id, SIMULATED_API_KEY, { testTarget: undefined });
  expect(report.allGood).toBe(true);
  expect(report.checks.find((check: { readonly id: string }) => check.id === 'webhooks:subscribe')).toMatchObject({
    status: 'WARNED',
    reason: expect.stringContaining('no public address'),
    remedy: expect.stringContaining('PUBLIC_URL'),
  });
  expect((await client.finish(id)).status).toBe('CONNECTED');
  const { webhooks } = await until(
    () => client.ask(STATE, { id }),
    (connection) => connection.webhooks.status === 'NOT_SET_UP',
  );
  expect(webhooks.reason).toContain('no public address');
  expect(deaf.vendors.example.webhooks.all).toEqual([]);
});
