import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobDivaSimulator } from '../simulator/index.js';
import { startJobDiva } from './start-jobdiva.js';

const HOUR_MS = 3_600_000;
const SEARCH = { method: 'POST', path: '/apiv2/jobdiva/SearchJob' };
const LOGIN = { method: 'POST', path: '/apiv2/v2/login' };

// Only the date: sockets and timers go on. Plugin and simulator share the machine's clock, as they would share the world's.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function laterBy(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

function calls(simulator: JobDivaSimulator, path: RegExp): number {
  return simulator.requests.matching({ path }).length;
}

describe('signing in', () => {
  it('sends the password in a body, and once for many requests', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    await exporter.listJobs(ctx, {});
    await exporter.listJobs(ctx, {});
    expect(calls(jobdiva.simulator, /login$/)).toBe(1);
    expect(calls(jobdiva.simulator, /authenticate$/)).toBe(0);
  });

  it('is shared by requests that begin at the same time', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    await Promise.all(Array.from({ length: 5 }, () => exporter.listJobs(ctx, {})));
    expect(calls(jobdiva.simulator, /login$/)).toBe(1);
  });

  it.each([
    ['answers both tokens', {}],
    ['answers the bare token in quotes', { bareToken: true }],
  ])('uses the older call where the newer is not there, which %s', async (_how, deviations) => {
    await using jobdiva = await startJobDiva({ deviations: { withoutLogin: true, ...deviations } });
    const { exporter, ctx } = jobdiva.connection;
    expect((await exporter.listJobs(ctx, {})).items).not.toHaveLength(0);
    jobdiva.connection.expectNoLeak();
  });

  it('finds out that the token is wanted without "Bearer", and remembers it', async () => {
    await using jobdiva = await startJobDiva({ deviations: { tokenScheme: 'raw' } });
    const { exporter, ctx } = jobdiva.connection;
    await exporter.listJobs(ctx, {});
    await exporter.listJobs(ctx, {});
    const statuses = jobdiva.simulator.requests.matching({ path: /SearchJob$/ }).map(({ status }) => status);
    expect(statuses).toStrictEqual([401, 200, 200]);
  });

  it('CON-6: says that a user is disabled, and what to do', async () => {
    await using jobdiva = await startJobDiva();
    for (const user of jobdiva.simulator.account().users) user.disabled = true;
    const { identify, ctx } = jobdiva.connection;
    const error = { code: 'ATS_CREDENTIALS_REJECTED', reason: expect.stringMatching(/disabled.*My Team/) };
    await expect(identify(ctx)).rejects.toMatchObject(error);
  });

  it('CON-6: asks for other credentials once the password was changed', async () => {
    await using jobdiva = await startJobDiva({ deviations: { withoutRefresh: true } });
    const { exporter, ctx } = jobdiva.connection;
    await exporter.listJobs(ctx, {});
    for (const user of jobdiva.simulator.account().users) user.password = 'changed';
    jobdiva.simulator.sessions.forgetTokens();
    await expect(exporter.listJobs(ctx, {})).rejects.toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED' });
  });

  it('EXP-12: takes a login that fails with a 500 of another kind for an outage, in which nothing was written', async () => {
    await using jobdiva = await startJobDiva();
    jobdiva.simulator.faults.add({ ...LOGIN, fault: { kind: 'failBeforeWrite' } });
    const { exporter, ctx } = jobdiva.connection;
    const error = { code: 'ATS_UNAVAILABLE', recovery: 'retry', effect: 'none' };
    await expect(exporter.listJobs(ctx, {})).rejects.toMatchObject(error);
  });

  it.each(['garbage', 'dropAfterWrite', 'truncated'] as const)(
    'EXP-12: leaves nothing unknown behind when a login is spoilt (%s)',
    async (kind) => {
      await using jobdiva = await startJobDiva();
      jobdiva.simulator.faults.add({ ...LOGIN, fault: { kind } });
      const { exporter, ctx } = jobdiva.connection;
      await expect(exporter.checkSource?.(ctx)).rejects.toMatchObject({ recovery: 'retry', effect: 'none' });
    },
  );
});

describe('a token', () => {
  it('is renewed after 23 hours, before JobDiva forgets it', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter } = jobdiva.connection;
    await exporter.listJobs(jobdiva.connection.ctx, {});
    laterBy(22 * HOUR_MS);
    await exporter.listJobs(jobdiva.connection.ctx, {});
    expect(calls(jobdiva.simulator, /refreshToken$/)).toBe(0);
    laterBy(1 * HOUR_MS);
    await exporter.listJobs(jobdiva.connection.ctx, {});
    expect(calls(jobdiva.simulator, /refreshToken$/)).toBe(1);
    expect(calls(jobdiva.simulator, /login$/)).toBe(1);
    expect(jobdiva.simulator.requests.all().filter(({ status }) => status === 401)).toStrictEqual([]);
  });

  it('is renewed when JobDiva does not take it any more, and the request is repeated', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    await exporter.listJobs(ctx, {});
    jobdiva.simulator.sessions.forgetTokens();
    expect((await exporter.listJobs(ctx, {})).items).not.toHaveLength(0);
    expect(calls(jobdiva.simulator, /refreshToken$/)).toBe(1);
  });

  it.each([
    ['the refresh token is too old', {}],
    ['tokens cannot be refreshed', { withoutRefresh: true }],
  ])('is asked for with the password when %s', async (_why, deviations) => {
    await using jobdiva = await startJobDiva({ deviations });
    const { exporter } = jobdiva.connection;
    await exporter.listJobs(jobdiva.connection.ctx, {});
    laterBy(31 * 24 * HOUR_MS);
    await exporter.listJobs(jobdiva.connection.ctx, {});
    expect(calls(jobdiva.simulator, /login$/)).toBe(2);
  });

  it('is renewed once for requests that are refused together', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    await exporter.listJobs(ctx, {});
    jobdiva.simulator.sessions.forgetTokens();
    await Promise.all(Array.from({ length: 5 }, () => exporter.listJobs(ctx, {})));
    expect(calls(jobdiva.simulator, /refreshToken$/)).toBe(1);
  });

  it('CON-6: is renewed once for a request that goes on being refused', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    await exporter.listJobs(ctx, {});
    jobdiva.simulator.faults.add({ ...SEARCH, fault: { kind: 'status', status: 401 } });
    await expect(exporter.listJobs(ctx, {})).rejects.toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED' });
    expect(calls(jobdiva.simulator, /SearchJob$/)).toBe(3);
  });
});
