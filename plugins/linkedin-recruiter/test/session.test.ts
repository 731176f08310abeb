import { startConnection } from '@talentbridge/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SIMULATED_APPLICATIONS } from '../simulator/index.js';
import plugin from '../src/index.js';
import { CREDENTIALS, connectEnabled, hostsAt } from './connect.js';
import { candidate } from './mirrored.js';
import { start } from './start-linkedin.js';

const TOKEN = { method: 'POST', path: '/oauth/v2/accessToken' };

// Only the date: sockets and timers go on. Plugin and simulator share the machine's clock, as they would share the world's.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('tokens (sheet §2.1)', () => {
  it('serve many requests, and are made anew shortly before they end', async () => {
    await using linkedIn = await connectEnabled();
    const { connection, simulator } = linkedIn;
    const asked = () => simulator.requests.matching({ path: /accessToken$/ }).length;
    const before = asked();
    await connection.systemConnect.seats(connection.ctx, {});
    await Promise.all(Array.from({ length: 5 }, () => connection.systemConnect.matches(connection.ctx, ['C-1'])));
    expect(asked()).toBe(before + 1);
    vi.setSystemTime(Date.now() + 27 * 60_000);
    await connection.systemConnect.seats(connection.ctx, {});
    expect(asked()).toBe(before + 1);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    await connection.systemConnect.seats(connection.ctx, {});
    expect(asked()).toBe(before + 2);
    expect(simulator.requests.all().filter(({ status }) => status === 401)).toEqual([]);
  });

  it('are shared by requests that begin at the same time', async () => {
    await using linkedIn = await connectEnabled();
    const { connection, simulator } = linkedIn;
    simulator.requests.reset();
    await Promise.all(Array.from({ length: 5 }, () => connection.systemConnect.seats(connection.ctx, {})));
    expect(simulator.requests.matching({ path: /accessToken$/ })).toHaveLength(1);
  });

  it('RSC-2: are renewed in the middle of a batch when LinkedIn takes them back, once', async () => {
    await using linkedIn = await connectEnabled();
    const { connection, simulator } = linkedIn;
    const { systemConnect } = connection;
    await systemConnect.seats(connection.ctx, {});
    simulator.revokeTokens();
    const batch = { kind: 'candidate', records: [{ candidate: candidate() }] } as const;
    expect(await systemConnect.push(connection.ctx, batch)).toEqual([{ ok: true }]);
    const statuses = simulator.requests.matching({ path: /atsCandidates$/ }).map(({ status }) => status);
    expect(statuses).toEqual([401, 200]);
  });

  it('are asked for once more and no oftener when every token is refused', async () => {
    await using linkedIn = await connectEnabled();
    const { connection, simulator } = linkedIn;
    await connection.systemConnect.seats(connection.ctx, {});
    simulator.requests.reset();
    simulator.faults.add({ path: '/v2/seatsV2', fault: { kind: 'status', status: 401 } });
    await expect(connection.systemConnect.seats(connection.ctx, {})).rejects.toMatchObject({
      code: 'ATS_CREDENTIALS_REJECTED',
    });
    expect(simulator.requests.matching({ path: /seatsV2$/ })).toHaveLength(2);
  });

  it('come with a life that is written as a text, too', async () => {
    await using linkedIn = await connectEnabled();
    const { connection, simulator, token } = linkedIn;
    const body = { access_token: await token(), expires_in: '1800' };
    simulator.requests.reset();
    simulator.faults.add({ ...TOKEN, fault: { kind: 'status', status: 200, body } });
    await connection.systemConnect.seats(connection.ctx, {});
    await connection.systemConnect.seats(connection.ctx, {});
    expect(simulator.requests.matching({ path: /accessToken$/ })).toHaveLength(1);
  });
});

describe('identity', () => {
  it('CON-1: is the organization and the contract, which stay when the application changes', async () => {
    await using linkedIn = await connectEnabled();
    expect(await linkedIn.connection.identify(linkedIn.connection.ctx)).toEqual({
      accountId: 'urn:li:organization:1234/urn:li:contract:42',
      label: 'Organization 1234, contract 42',
    });
  });

  it.each([
    ['a client that does not exist', { childClientId: 'nobody' }],
    ['another secret', { childClientSecret: SIMULATED_APPLICATIONS.samplecorp.clientSecret }],
  ])('CON-6: rejects %s', async (_what, wrong) => {
    await using linkedIn = await start();
    const target = { hostOverrides: hostsAt(linkedIn.simulator.url), credentials: { ...CREDENTIALS, ...wrong } };
    await using connection = await startConnection(plugin, target);
    await expect(connection.identify(connection.ctx)).rejects.toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED' });
    connection.expectNoLeak();
  });

  it('EXP-12: takes an outage of the token endpoint for one, in which nothing was written', async () => {
    await using linkedIn = await connectEnabled();
    const { connection, simulator } = linkedIn;
    simulator.faults.add({ ...TOKEN, fault: { kind: 'failBeforeWrite' } });
    await expect(connection.identify(connection.ctx)).rejects.toMatchObject({
      code: 'ATS_UNAVAILABLE',
      effect: 'none',
    });
  });
});
