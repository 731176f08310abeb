import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type LinkedInSimulatorOptions, SIMULATED_APPLICATIONS } from '../simulator/index.js';
import { startCallback } from './callback.js';
import {
  CONTRACT,
  candidateKey,
  contextOf,
  enable,
  idsOf,
  integrationKey,
  ORGANIZATION,
  type StartedLinkedIn,
  start,
  startEnabled,
  TYPES,
} from './start-linkedin.js';

const { clientId, clientSecret } = SIMULATED_APPLICATIONS.exampleco;
const MIRA = 'urn:li:person:m7v9x007';

/** A simulator with everything enabled, and the callback address that it tells; what it told so far is forgotten. */
async function startTold(options: LinkedInSimulatorOptions = {}) {
  const callback = await startCallback();
  const linkedIn = await startEnabled(options, callback.url);
  callback.arrived.length = 0;
  return {
    ...linkedIn,
    linkedIn,
    callback,
    exported: async (job = '') => {
      const { status, json } = await linkedIn.control('/recruiter/exports', { seat: 555, member: MIRA, job });
      await linkedIn.simulator.pushes.settled();
      return { status, id: String(json.id) };
    },
    [Symbol.asyncDispose]: async () => {
      await linkedIn[Symbol.asyncDispose]();
      await callback[Symbol.asyncDispose]();
    },
  };
}

const integrationsOf = async ({ get }: StartedLinkedIn) => {
  const query = TYPES.map((type, index) => idsOf(integrationKey(type), index)).join('&');
  const { json } = await get(`/v2/atsIntegrations?${query}`);
  return json.elements.map(({ status }: { status: string }) => status);
};

describe('integrations (sheet §3)', () => {
  const name = ({ ask }: StartedLinkedIn, type: (typeof TYPES)[number]) =>
    ask('POST', `/v2/atsIntegrations?${idsOf(integrationKey(type))}`, {
      body: { entities: { [integrationKey(type)]: { patch: { $set: { integrationName: 'Example Co' } } } } },
      restli: 'batch_partial_update',
    });
  const set = ({ control }: StartedLinkedIn, type: (typeof TYPES)[number], status = 'ENABLED') =>
    control('/recruiter/integrations', { clientId, type, context: contextOf(type), status });

  it('are there once an administrator asked, ready once named, and enabled by the administrator', async () => {
    await using linkedIn = await start();
    expect(await integrationsOf(linkedIn)).toEqual([]);
    expect((await name(linkedIn, 'CSA_API')).json.errors).toMatchObject({
      [integrationKey('CSA_API')]: { status: 404 },
    });
    const picked = await linkedIn.control('/recruiter/onboarding', { clientId, contract: CONTRACT });
    expect(picked.json).toContainEqual({
      integrationContext: ORGANIZATION,
      integrationType: 'ONE_CLICK_EXPORT',
      tenantType: 'RECRUITER',
      dataProvider: 'ATS',
    });
    expect(await integrationsOf(linkedIn)).toEqual(Array(4).fill('REQUESTED'));
    expect(await set(linkedIn, 'CSA_API')).toMatchObject({ status: 409 });
    for (const type of TYPES) await name(linkedIn, type);
    expect(await integrationsOf(linkedIn)).toEqual(Array(4).fill('PARTNER_READY'));
    // Nobody could be told of an export.
    expect(await set(linkedIn, 'ONE_CLICK_EXPORT')).toMatchObject({ status: 409 });
    expect(await set(linkedIn, 'CSA_API')).toMatchObject({ status: 200 });
    expect(await integrationsOf(linkedIn)).toEqual(['PARTNER_READY', 'PARTNER_READY', 'PARTNER_READY', 'ENABLED']);
  });

  it('tell of every change, with an id that is asked by', async () => {
    await using told = await startTold();
    await set(told.linkedIn, 'CSA_API', 'DISABLED');
    await told.simulator.pushes.settled();
    const [push] = told.callback.arrived;
    expect(push?.json).toMatchObject({ type: 'INTEGRATION_STATUS_CHANGE' });
    const { json } = await told.get(`/v2/atsIntegrations?q=request&requestId=${push?.json.id}`);
    expect(json.elements).toMatchObject([{ integrationType: 'CSA_API', status: 'DISABLED' }]);
    expect(await told.get('/v2/atsIntegrations?q=request&requestId=1')).toMatchObject({ status: 404 });
    expect(await told.get(`/v2/seatsV2?q=attributes&contracts=${CONTRACT}&start=0`)).toMatchObject({ status: 403 });
  });

  it('keep configuration values, of the right type and of their own customer alone', async () => {
    await using told = await startTold();
    const put = (type: (typeof TYPES)[number], key: string, string: string) =>
      told.put(`/v2/atsIntegrations/${integrationKey(type)}/configurations`, {
        [key]: { configurationValue: { string } },
      });
    const path = `/v2/atsIntegrations/${integrationKey('ONE_CLICK_EXPORT')}/configurations?ids=CALLBACK_URL`;
    expect((await told.get(path)).json.results.CALLBACK_URL.configurationValue).toMatchObject({
      string: told.callback.url,
    });
    for (const [type, key, value] of [
      ['ONE_CLICK_EXPORT', 'CALLBACK_URL', 'http://hub.example/hooks/1'],
      ['ONE_CLICK_EXPORT', 'CALLBACK_URL', 'https://hub.example:8443/hooks/1'],
      ['ONE_CLICK_EXPORT', 'JOB_POSTING_VIEWERS', 'NOBODY'],
      ['CSA_API', 'CALLBACK_URL', 'https://hub.example/hooks/1'],
    ] as const) {
      expect((await put(type, key, value)).json.errors).toMatchObject({ [key]: { status: 422 } });
    }
    expect((await put('ONE_CLICK_EXPORT', 'CALLBACK_URL', 'https://hub.example/hooks/1')).json.errors).toEqual({});

    const other = SIMULATED_APPLICATIONS.samplecorp;
    const token = await told.linkedIn.token(other);
    await told.control('/recruiter/onboarding', { clientId: other.clientId, contract: 'urn:li:contract:43' });
    const theirs = integrationKey('ONE_CLICK_EXPORT').replace('1234', '5678');
    const shared = await told.ask('PUT', `/v2/atsIntegrations/${theirs}/configurations?ids=CALLBACK_URL`, {
      body: { entities: { CALLBACK_URL: { configurationValue: { string: 'https://hub.example/hooks/1' } } } },
      restli: 'batch_update',
      token,
    });
    expect(shared.json.errors).toMatchObject({ CALLBACK_URL: { status: 422 } });

    expect((await told.ask('DELETE', path)).json.errors).toEqual({});
    expect((await told.get(path)).json.errors).toMatchObject({ CALLBACK_URL: { status: 404 } });
  });

  it('answer under their versioned name too', async () => {
    await using told = await startTold();
    const ids = idsOf(integrationKey('CSA_API').replace('&dataProvider=ATS', ''));
    const { json } = await told.ask('GET', `/rest/integrations?${ids}`, { headers: { 'linkedin-version': '202604' } });
    expect(json.elements).toMatchObject([{ integrationType: 'CSA_API' }]);
    expect(json.elements[0]).not.toHaveProperty('dataProvider');
  });
});

describe('notifications (sheet §6)', () => {
  it('are signed with the secret of the child, over a prefix and the raw body', async () => {
    await using told = await startTold();
    await told.exported();
    const [push] = told.callback.arrived;
    const expected = createHmac('sha256', clientSecret).update(`hmacsha256=${push?.body}`).digest('hex');
    expect(push?.signature).toBe(expected);
    expect(push?.signature).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(push?.json).sort()).toEqual(['expiresAt', 'id', 'type']);
  });

  it('are repeated every five minutes, three times, then given up', async () => {
    await using told = await startTold();
    told.callback.status = 500;
    await told.exported();
    for (const tries of [1, 2, 3, 4, 4]) {
      expect(told.callback.arrived).toHaveLength(tries);
      told.simulator.clock.advance(5 * 60_000);
      await told.simulator.pushes.settled();
    }
    expect(new Set(told.callback.arrived.map(({ body }) => body)).size).toBe(1);
    expect(told.simulator.pushes.report().at(-1)).toMatchObject({ outcome: 'given up', tries: 4, lastStatus: 500 });
  });

  it('stop being repeated once they were taken', async () => {
    await using told = await startTold();
    told.callback.status = 503;
    await told.exported();
    told.callback.status = 202;
    told.simulator.clock.advance(5 * 60_000);
    await told.simulator.pushes.settled();
    told.simulator.clock.advance(60 * 60_000);
    await told.simulator.pushes.settled();
    expect(told.callback.arrived).toHaveLength(2);
  });

  it('get lost, come twice, in the opposite order and with a wrong signature when told to', async () => {
    await using told = await startTold();
    const next = async (mishaps: object, count: number) => {
      told.callback.arrived.length = 0;
      await told.control('/recruiter/mishaps', mishaps);
      const ids = [];
      for (let each = 0; each < count; each += 1) ids.push((await told.exported()).id);
      return { ids, arrived: told.callback.arrived.map(({ json }) => json.id) };
    };
    expect((await next({ lose: 1 }, 1)).arrived).toEqual([]);
    const twice = await next({ double: 1 }, 1);
    expect(twice.arrived).toEqual([twice.ids[0], twice.ids[0]]);
    const turned = await next({ reorder: 3 }, 3);
    expect(turned.arrived).toEqual(turned.ids.toReversed());
    await next({ badSignature: 1 }, 1);
    const [forged] = told.callback.arrived;
    const right = createHmac('sha256', clientSecret).update(`hmacsha256=${forged?.body}`).digest('hex');
    expect(forged?.signature).not.toBe(right);
    const again = await next({}, 1);
    await told.control('/recruiter/pushes/again', { id: again.ids[0] });
    await told.simulator.pushes.settled();
    expect(told.callback.arrived.map(({ json }) => json.id)).toEqual([again.ids[0], again.ids[0]]);
  });

  it('go to an address that proves whose it is, and to none that failed three times on end', async () => {
    await using told = await startTold();
    const challenge = () => told.control('/recruiter/challenge', { clientId });
    told.callback.secret = clientSecret;
    expect((await challenge()).json).toMatchObject([{ failuresOnEnd: 0, blocked: false }]);
    told.callback.secret = 'another';
    for (const blocked of [false, false, true]) expect((await challenge()).json).toMatchObject([{ blocked }]);
    await told.exported();
    expect(told.callback.arrived).toHaveLength(0);
    told.callback.secret = clientSecret;
    expect((await challenge()).json).toMatchObject([{ failuresOnEnd: 0, blocked: false }]);
    await told.exported();
    expect(told.callback.arrived).toHaveLength(1);
  });
});

it('callback addresses are asked every two hours where a test wants that (sheet §6.1)', async () => {
  await using told = await startTold({ checksOwnership: true });
  const after = async (hours: number) => {
    told.simulator.clock.advance(hours * 60 * 60_000);
    await told.simulator.pushes.settled();
    return told.simulator.snapshot();
  };
  for (const [hours, failuresOnEnd] of [
    [2, 1],
    [1, 1],
    [1, 2],
    [2, 3],
  ] as const) {
    expect(await after(hours)).toMatchObject({ ownership: [{ failuresOnEnd, blocked: failuresOnEnd === 3 }] });
  }
  await told.exported();
  expect(told.callback.arrived).toHaveLength(0);
});

describe('exports (sheet §6.4, §10.6)', () => {
  const fetched = ({ get }: StartedLinkedIn, id: string) => get(`/v2/exportedCandidates?q=request&requestId=${id}`);

  it('are 404 when unknown or expired', async () => {
    await using told = await startTold();
    expect(await fetched(told.linkedIn, '1')).toMatchObject({ status: 404 });
    const { id } = await told.exported();
    expect(await fetched(told.linkedIn, id)).toMatchObject({ status: 200 });
    told.simulator.clock.advance(8 * 24 * 60 * 60_000);
    const token = await told.linkedIn.token();
    const late = await told.ask('GET', `/v2/exportedCandidates?q=request&requestId=${id}`, { token });
    expect(late).toMatchObject({ status: 404 });
  });

  it('can be expired at once, or of another customer, when told to', async () => {
    await using told = await startTold();
    await told.control('/recruiter/mishaps', { expired: 1, foreignContext: 1 });
    expect(await fetched(told.linkedIn, (await told.exported()).id)).toMatchObject({ status: 404 });
    const foreign = await fetched(told.linkedIn, (await told.exported()).id);
    expect(foreign.json.elements).toMatchObject([{ integrationContext: 'urn:li:organization:5678' }]);
  });

  it('have no job where none was typed, and are refused for one that is not in the list', async () => {
    await using told = await startTold();
    const { id } = await told.exported();
    expect((await fetched(told.linkedIn, id)).json.elements[0]).not.toHaveProperty('externalJobPostingId');
    expect(await told.exported('Nothing like it')).toMatchObject({ status: 422 });
  });

  it('are 300 a seat and month, by the month of the simulated clock', async () => {
    await using told = await startTold({ limits: { exportsPerMonth: 2 } });
    for (const status of [200, 200, 429]) expect(await told.exported()).toMatchObject({ status });
    const other = { seat: 556, member: MIRA };
    expect(await told.control('/recruiter/exports', other)).toMatchObject({ status: 200 });
    told.simulator.clock.advance(32 * 24 * 60 * 60_000);
    expect(await told.exported()).toMatchObject({ status: 200 });
  });

  it('are off while the integration is, or the seat is not active', async () => {
    await using told = await startTold();
    await told.control('/recruiter/seats/555', { state: 'PARKED' });
    expect(await told.exported()).toMatchObject({ status: 403 });
    await told.control('/recruiter/seats/555', { state: 'ACTIVE' });
    const change = { clientId, type: 'ONE_CLICK_EXPORT', context: ORGANIZATION, status: 'DISABLED' };
    await told.control('/recruiter/integrations', change);
    expect(await told.exported()).toMatchObject({ status: 409 });
  });

  it('tell who has closed the account since (§6.5)', async () => {
    await using told = await startTold();
    const closed = () =>
      told.get(`/v2/exportedCandidates?q=closedCandidates&integrationContext=${ORGANIZATION}&start=0`);
    await told.exported();
    expect((await closed()).json.elements).toEqual([]);
    await told.control('/recruiter/members/close', { member: MIRA });
    expect((await closed()).json.elements).toMatchObject([{ member: MIRA, closedAt: expect.any(Number) }]);
  });
});

it('a callback address on this machine is enough to walk every step', async () => {
  await using callback = await startCallback();
  await using linkedIn = await start();
  await enable(linkedIn, callback.url);
  expect(await linkedIn.put('/v2/atsCandidates', { [candidateKey('C')]: {} })).toMatchObject({ status: 200 });
});
