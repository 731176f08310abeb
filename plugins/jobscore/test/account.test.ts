import { readFields } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../simulator/index.js';
import plugin from '../src/index.js';
import { startJobScore } from './start-jobscore.js';

describe('the account behind a key', () => {
  it('is the same for every key of it, and another for a key of another', async () => {
    await using jobscore = await startJobScore();
    const accountOf = async (apiKey: string): Promise<string> => {
      const { identify, ctx } = await jobscore.connect({ credentials: { apiKey } });
      return (await identify(ctx)).accountId;
    };
    const [rita] = jobscore.simulator.account().users;
    expect(await accountOf(SIMULATED_KEYS.user)).toBe(rita?.id);
    expect(await accountOf(SIMULATED_KEYS.otherUser)).toBe(rita?.id);
    expect(await accountOf(SIMULATED_KEYS.account)).toBe(rita?.id);
    const [ines] = jobscore.simulator.account('samplecorp').users;
    expect(await accountOf(SIMULATED_KEYS.secondAccountUser)).toBe(ines?.id);
  });

  it('is found over all pages of users', async () => {
    await using jobscore = await startJobScore();
    const { users } = jobscore.simulator.account();
    const [rita] = users;
    if (!rita) throw new Error('The simulator starts with users.');
    const hired = Array.from({ length: 250 }, (_, index) => ({
      ...rita,
      id: `user-${index}`.padEnd(22, '_'),
      created_on: `2025-06-01T09:00:${String(index % 60).padStart(2, '0')}Z`,
    }));
    users.push(...hired);
    const { identify, ctx } = jobscore.connection;
    expect(await identify(ctx)).toStrictEqual({ accountId: rita.id });
  });

  it('is known by the user of the key when users may not be listed', async () => {
    await using jobscore = await startJobScore({ deviations: { withoutUserList: true } });
    const [, tariq] = jobscore.simulator.account().users;
    const { identify, ctx } = jobscore.connection;
    expect(await identify(ctx)).toStrictEqual({ accountId: tariq?.id });
  });

  it('does not change its name because of an outage', async () => {
    await using jobscore = await startJobScore();
    jobscore.simulator.faults.add({ path: '/v2/users', fault: { kind: 'failBeforeWrite' } });
    const { identify, ctx } = jobscore.connection;
    await expect(identify(ctx)).rejects.toMatchObject({ recovery: 'retry' });
  });

  it('CON-6: is closed to a key that was revoked', async () => {
    await using jobscore = await startJobScore();
    jobscore.simulator.revokeApiKeys();
    const { identify, permissions, ctx } = jobscore.connection;
    await expect(identify(ctx)).rejects.toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED' });
    await expect(permissions.check(ctx, ['export'])).rejects.toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED' });
  });
});

describe('acting on behalf of another user', () => {
  it('works with an account key', async () => {
    await using jobscore = await startJobScore({ deviations: { withoutUserList: true } });
    const [, tariq] = jobscore.simulator.account().users;
    const { identify, ctx } = await jobscore.connect({
      credentials: { apiKey: SIMULATED_KEYS.account },
      settings: { onBehalfOfUserId: tariq?.id },
    });
    expect(await identify(ctx)).toStrictEqual({ accountId: tariq?.id });
  });

  it('says what is wrong when the key is a User Key', async () => {
    await using jobscore = await startJobScore();
    const [rita] = jobscore.simulator.account().users;
    const { permissions, ctx } = await jobscore.connect({ settings: { onBehalfOfUserId: rita?.id } });
    const [access] = await permissions.check(ctx, ['export']);
    expect(access).toMatchObject({
      permission: 'api.access',
      status: 'missing',
      reason: expect.stringContaining('takes an account key'),
    });
  });
});

describe('permissions', () => {
  it('CON-5: are told one by one; what only writing can prove is unknown', async () => {
    await using jobscore = await startJobScore();
    jobscore.simulator.faults.add({
      path: '/v2/tags',
      fault: { kind: 'status', status: 403, message: 'No tags for you' },
    });
    jobscore.simulator.faults.add({ path: '/v2/sources/databases', fault: { kind: 'failBeforeWrite' } });
    const { permissions, ctx } = jobscore.connection;
    const results = await permissions.check(ctx, ['permissions', 'export']);
    expect(Object.fromEntries(results.map(({ permission, status }) => [permission, status]))).toStrictEqual({
      'api.access': 'granted',
      'jobs.read': 'granted',
      'sources.read': 'unknown',
      'tags.read': 'missing',
      'candidates.read': 'granted',
      'candidates.write': 'unknown',
      'applications.write': 'unknown',
      'documents.write': 'unknown',
    });
    expect(results.find(({ permission }) => permission === 'tags.read')?.reason).toContain('No tags for you');
  });

  it('ask for nothing more than access when nothing is exported', async () => {
    await using jobscore = await startJobScore();
    const { permissions, ctx } = jobscore.connection;
    expect(await permissions.check(ctx, ['permissions'])).toMatchObject([
      { permission: 'api.access', status: 'granted' },
    ]);
  });
});

describe('the forms', () => {
  it('CON-4: take a key that was pasted with spaces around it, and refuse one with words', () => {
    const read = (apiKey: string) => readFields(plugin.credentials, { apiKey }, { brand: 'SeekOut' });
    expect(read('  sim-user-key-exampleco ')).toStrictEqual({ ok: true, values: { apiKey: 'sim-user-key-exampleco' } });
    expect(read('Key: sim-user-key')).toMatchObject({ ok: false, problems: [{ field: 'apiKey' }] });
  });

  it('default to the brand as the source, and to sending the résumé', () => {
    expect(readFields(plugin.settings, {}, { brand: 'SeekOut' })).toStrictEqual({
      ok: true,
      values: { sourceName: 'SeekOut', sendResume: true },
    });
  });

  it('refuse a user id that cannot be one', () => {
    expect(readFields(plugin.settings, { onBehalfOfUserId: 'rita' }, { brand: 'SeekOut' })).toMatchObject({
      ok: false,
      problems: [{ field: 'onBehalfOfUserId' }],
    });
  });
});
