import { describe, expect, it } from 'vitest';
import { startIcims } from './start-icims.js';

describe('the account', () => {
  it('is the customer of a region, whoever the API user is', async () => {
    await using icims = await startIcims();
    const { identify, ctx } = icims.connection;
    expect(await identify(ctx)).toStrictEqual({ accountId: 'us-1234', label: 'iCIMS customer 1234' });
    const variant = await icims.connectVariant();
    expect(await variant.identify(ctx)).toMatchObject({ accountId: 'us-5678' });
  });

  it('CON-6: is closed to credentials that were withdrawn', async () => {
    await using icims = await startIcims();
    icims.simulator.revokeCredentials();
    const { identify, permissions, ctx } = icims.connection;
    await expect(identify(ctx)).rejects.toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED' });
    await expect(permissions.check(ctx, ['export'])).rejects.toMatchObject({ code: 'ATS_CREDENTIALS_REJECTED' });
  });
});

describe('permissions', () => {
  it('CON-5: are told one by one; what only writing can prove is unknown', async () => {
    await using icims = await startIcims();
    const { user } = icims.simulator.tenant();
    user.integrationUser = false;
    user.hiddenFields.add('education');
    const { permissions, ctx } = icims.connection;
    const results = await permissions.check(ctx, ['permissions', 'export']);
    expect(Object.fromEntries(results.map(({ permission, status }) => [permission, status]))).toStrictEqual({
      'api.access': 'granted',
      'people.search': 'missing',
      'workflows.search': 'missing',
      'jobs.read.1': 'granted',
      'jobs.read.2': 'granted',
      'fields.basic': 'granted',
      'fields.linkedin': 'granted',
      'fields.work': 'granted',
      'fields.education': 'unknown',
      'people.write': 'unknown',
      'workflows.write': 'unknown',
    });
    expect(results.find(({ permission }) => permission === 'people.search')?.remedy).toContain(
      'Integration User group',
    );
    expect(results.find(({ permission }) => permission === 'fields.education')?.reason).toContain('with a warning');
  });

  it('CON-5, RED-1: of a mirror are proven by reading alone, and say what a day of the first load brings', async () => {
    await using icims = await startIcims({ quota: 10_000 });
    icims.simulator.tenant().user.hiddenWorkflowFields.add('status');
    const { permissions, ctx } = icims.connection;
    const results = await permissions.check(ctx, ['permissions', 'rediscovery']);
    expect(Object.fromEntries(results.map(({ permission, status }) => [permission, status]))).toStrictEqual({
      'api.access': 'granted',
      'people.search': 'granted',
      'workflows.search': 'granted',
      'jobs.search': 'granted',
      'jobs.read.1': 'granted',
      'jobs.read.2': 'granted',
      'fields.basic': 'granted',
      'fields.linkedin': 'granted',
      'fields.work': 'granted',
      'fields.education': 'granted',
      'workflows.fields': 'missing',
    });
    const named = (permission: string) => results.find((one) => one.permission === permission);
    expect(named('api.access')?.reason).toContain('8000 a day');
    expect(named('api.access')?.reason).toContain('4000 people');
    expect(named('workflows.fields')).toMatchObject({
      reason: 'Not visible: its status.',
      remedy: expect.stringContaining('login group'),
    });
    expect(named('fields.basic')?.label).toBe('Read names, email address and phone numbers');
  });

  it('CON-5: name the fields that the API user has to see', async () => {
    await using icims = await startIcims();
    const { user } = icims.simulator.tenant();
    user.hiddenFields.add('phones').add('lastname');
    const { permissions, ctx } = icims.connection;
    const results = await permissions.check(ctx, ['export']);
    expect(results.find(({ permission }) => permission === 'fields.basic')).toMatchObject({
      status: 'missing',
      reason: 'Not visible: last name, phones.',
    });
  });

  it('CON-9: say that the address is not on the allow-list', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().user.allowedAddresses = ['203.0.113.7'];
    const { permissions, ctx } = icims.connection;
    expect(await permissions.check(ctx, ['permissions'])).toMatchObject([
      {
        permission: 'api.access',
        status: 'missing',
        reason: expect.stringContaining('not among the addresses'),
        remedy: expect.stringContaining('IP address restrictions'),
      },
    ]);
  });

  it('CON-5: say that the user may not use web services', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().user.webServices = false;
    const { permissions, ctx } = icims.connection;
    const [access] = await permissions.check(ctx, ['permissions']);
    expect(access).toMatchObject({ status: 'missing', reason: expect.stringContaining('web services') });
  });

  it('tell how many calls of the day are left', async () => {
    await using icims = await startIcims({ quota: 20 });
    const { permissions, ctx } = icims.connection;
    const [access] = await permissions.check(ctx, ['permissions']);
    expect(access?.reason).toBe('19 of 20 calls are left until 00:00 UTC.');
  });

  it('CON-5: are unknown, and not missing, when the calls of the day are used up', async () => {
    await using icims = await startIcims({ quota: 10 });
    icims.simulator.tenant().quota.used = 10;
    icims.simulator.tenant().quota.day = icims.simulator.clock.iso().slice(0, 10);
    const { permissions, ctx } = icims.connection;
    expect(await permissions.check(ctx, ['permissions'])).toMatchObject([
      { permission: 'api.access', status: 'unknown' },
    ]);
  });
});
