import { describe, expect, it } from 'vitest';
import { SIMULATED_APPLICATIONS } from '../simulator/index.js';
import { type Connected, connect, connectEnabled } from './connect.js';
import { CONTRACT, contextOf, ORGANIZATION, TYPES } from './start-linkedin.js';

const { clientId } = SIMULATED_APPLICATIONS.exampleco;

const statuses = async ({ connection }: Connected) =>
  (await connection.systemConnect.integrations(connection.ctx)).map(({ status }) => status);

describe('RSC-7: the steps until everything is enabled (sheet §3)', () => {
  it('turn from missing to enabled, each with what is to be done next', async () => {
    await using linkedIn = await connect();
    const { connection, control } = linkedIn;
    const { systemConnect, webhooks, ctx } = connection;
    expect(await statuses(linkedIn)).toEqual(['missing', 'missing', 'missing', 'missing']);
    // Nothing to prepare yet.
    await systemConnect.prepare(ctx, { name: 'Hub', jobViewers: 'everybody' });
    expect(await webhooks.list(ctx)).toEqual([]);

    await control('/recruiter/onboarding', { clientId, contract: CONTRACT });
    expect(await statuses(linkedIn)).toEqual(['requested', 'requested', 'requested', 'requested']);
    for (let times = 0; times < 2; times += 1)
      await systemConnect.prepare(ctx, { name: 'Hub', jobViewers: 'everybody' });
    expect(await statuses(linkedIn)).toEqual(['ready', 'ready', 'ready', 'ready']);
    await webhooks.subscribe(ctx, { callbackUrl: 'http://127.0.0.1:9/hooks/one' });

    for (const type of TYPES) {
      await control('/recruiter/integrations', { clientId, type, context: contextOf(type), status: 'ENABLED' });
    }
    expect(await systemConnect.integrations(ctx)).toEqual([
      { id: 'one-click-export', label: 'Export from Recruiter', status: 'enabled', carries: ['push', 'export'] },
      { id: 'in-ats-indicator', label: 'Indicator and preview in Recruiter', status: 'enabled', carries: ['push'] },
      {
        id: 'profile-plugin',
        label: 'LinkedIn profile inside the ATS',
        status: 'enabled',
        carries: ['push', 'widget'],
      },
      { id: 'recruiter-activity', label: 'Seats, InMails and notes', status: 'enabled', carries: ['pull'] },
    ]);
    const { integrations } = Object(linkedIn.simulator.snapshot());
    expect(integrations).toMatchObject([
      { type: 'ONE_CLICK_EXPORT', name: 'Hub', configured: ['JOB_POSTING_VIEWERS', 'CALLBACK_URL'] },
      { type: 'IN_ATS_INDICATOR', name: 'Hub', configured: ['APPLICATION_VIEWERS'] },
      { type: 'PROFILE_PLUGIN', name: 'Hub', configured: [] },
      { type: 'CSA_API', name: 'Hub', configured: [] },
    ]);
  });

  it('go back when an administrator switches one off', async () => {
    await using linkedIn = await connectEnabled();
    const off = { clientId, type: 'PROFILE_PLUGIN', context: ORGANIZATION, status: 'DISABLED' };
    await linkedIn.control('/recruiter/integrations', off);
    const { systemConnect, ctx } = linkedIn.connection;
    expect(await systemConnect.integrations(ctx)).toContainEqual(
      expect.objectContaining({
        id: 'profile-plugin',
        status: 'disabled',
        remedy: expect.stringContaining('ATS settings'),
      }),
    );
  });

  it('take a status that nobody knows for none that works', async () => {
    await using linkedIn = await connectEnabled();
    const element = { integrationContext: ORGANIZATION, integrationType: 'PROFILE_PLUGIN', status: 'SUSPENDED' };
    const body = { elements: [element] };
    linkedIn.simulator.faults.add({ path: '/v2/atsIntegrations', fault: { kind: 'status', status: 200, body } });
    expect(await statuses(linkedIn)).toEqual(['missing', 'missing', 'disabled', 'missing']);
  });
});

describe('CON-5: permissions', () => {
  it('have a line for each integration and one for seats', async () => {
    await using linkedIn = await connectEnabled();
    const { permissions, ctx } = linkedIn.connection;
    expect(
      (await permissions.check(ctx, ['systemConnect', 'webhooks'])).map(({ permission, status }) => [
        permission,
        status,
      ]),
    ).toEqual([
      ['one-click-export', 'granted'],
      ['in-ats-indicator', 'granted'],
      ['profile-plugin', 'granted'],
      ['recruiter-activity', 'granted'],
      ['seats.read', 'granted'],
    ]);
  });

  it('say what to do about each that is missing', async () => {
    await using linkedIn = await connect({ integrations: 'requested' });
    const { permissions, ctx } = linkedIn.connection;
    const results = await permissions.check(ctx, ['systemConnect']);
    expect(results.map(({ status }) => status)).toEqual(['missing', 'missing', 'missing', 'missing', 'unknown']);
    for (const { reason, remedy, status } of results) {
      expect(reason).toMatch(/\.$/);
      if (status === 'missing') expect(remedy).toMatch(/\.$/);
    }
  });

  it('miss a seat when none is active', async () => {
    await using linkedIn = await connectEnabled();
    for (const seat of [555, 556]) await linkedIn.control(`/recruiter/seats/${seat}`, { state: 'INACTIVE' });
    const { permissions, ctx } = linkedIn.connection;
    expect(await permissions.check(ctx, ['systemConnect'])).toContainEqual(
      expect.objectContaining({ permission: 'seats.read', status: 'missing', remedy: expect.stringContaining('seat') }),
    );
  });

  it('that could not be asked about are unknown', async () => {
    await using linkedIn = await connectEnabled();
    linkedIn.simulator.faults.add({ path: '/v2/**', fault: { kind: 'failBeforeWrite' } });
    const { permissions, ctx } = linkedIn.connection;
    const results = await permissions.check(ctx, ['systemConnect']);
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill('unknown'));
  });
});
