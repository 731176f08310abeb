import { exportRequest } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { SIMULATED_TOKENS } from '../simulator/index.js';
import { referenceTo, toJob } from './export-support.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

describe('an account', () => {
  it('CON-5: is known by the identifier of its company, and labelled with its name', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { identify, ctx } = smartRecruiters.connection;
    expect(await identify(ctx)).toEqual({ accountId: 'ExampleCo', label: 'Example Co' });
  });

  it('EXP-12: has links to its candidates in production alone, because nobody says where the sandbox shows them', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, connect } = smartRecruiters;
    const sandbox = await connect({ settings: { environment: 'sandbox', sourceName: 'SeekOut' } });
    const shown = await connection.exporter.exportCandidate(connection.ctx, exportRequest());
    expect(shown).toMatchObject(referenceTo(shown.remoteId));
    expect(await sandbox.exporter.exportCandidate(sandbox.ctx, exportRequest())).not.toHaveProperty('remoteUrl');
  });

  it('EXP-5: is another one in the sandbox, so that an export there does not count in production', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { identify, ctx } = await smartRecruiters.connect({
      settings: { environment: 'sandbox', sourceName: 'SeekOut' },
    });
    expect(await identify(ctx)).toMatchObject({ accountId: 'sandbox/ExampleCo' });
  });

  it('CON-8: shows nothing of another customer', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, connect, simulator, jobId } = smartRecruiters;
    const other = await connect({ credentials: { smartToken: SIMULATED_TOKENS.secondAccount } });
    const request = toJob(jobId);
    await connection.exporter.exportCandidate(connection.ctx, request);
    expect(await other.exporter.findExported?.(other.ctx, request)).toBeUndefined();
    expect(simulator.candidates().map(({ account }) => account)).toEqual(['ExampleCo']);
  });
});

describe('permissions', () => {
  it('CON-5: says that a token without candidates_create cannot create, when it is told to', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, permissions, ctx } = await smartRecruiters.connect({
      credentials: { smartToken: SIMULATED_TOKENS.withoutCreate },
    });
    const results = await permissions.check(ctx, ['export']);
    expect(results.map(({ permission, status }) => `${permission} ${status}`)).toEqual([
      'company.read granted',
      'jobs.read granted',
      'sources.read granted',
      'candidates.read granted',
      'candidates.create unknown',
    ]);
    await expect(exporter.exportCandidate(ctx, toJob(smartRecruiters.jobId))).rejects.toMatchObject({
      code: 'ATS_PERMISSION_MISSING',
      message: expect.stringContaining('OAuthPermissionsException'),
    });
  });

  it('CON-5: names each right that hangs on a missing scope', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    for (const { scopes } of simulator.account().tokens) scopes.delete('configuration_read');
    const results = await connection.permissions.check(connection.ctx, ['export']);
    expect(results.filter(({ status }) => status === 'missing')).toMatchObject([
      { permission: 'sources.read', remedy: expect.stringContaining('configuration_read') },
    ]);
  });

  it('CON-5: hints at a narrow role when a list is empty', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    simulator.account().jobs.length = 0;
    const results = await connection.permissions.check(connection.ctx, ['export']);
    expect(results.find(({ permission }) => permission === 'jobs.read')).toMatchObject({
      status: 'granted',
      reason: expect.stringContaining('empty'),
      remedy: expect.stringContaining('role'),
    });
  });

  it('CON-5: asks nothing that Export alone needs while Export is off', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    await connection.permissions.check(connection.ctx, []);
    expect(simulator.requests.all().map(({ path }) => path)).toEqual(['/configuration/company']);
  });
});

describe('the source', () => {
  it('EXP-10: is found behind several pages of others, and carried by its ids', async () => {
    await using smartRecruiters = await startSmartRecruiters({
      sources: [...Array.from({ length: 130 }, (_, index) => `Vendor ${index}`), 'SeekOut'],
    });
    const { connection, simulator, jobId } = smartRecruiters;
    const receipt = await connection.exporter.exportCandidate(connection.ctx, toJob(jobId));
    expect(receipt.warnings).toEqual([]);
    expect(simulator.candidates()[0]?.assignments).toMatchObject([{ source: 'SeekOut', status: 'LEAD' }]);
  });

  it('CON-5: fails the check with the page to add it on, and lets candidates go with a warning', async () => {
    await using smartRecruiters = await startSmartRecruiters({ sources: ['Indeed Resume'] });
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    expect(await exporter.checkSource?.(connection.ctx)).toEqual({
      name: 'SeekOut',
      present: false,
      remedy: expect.stringContaining('https://www.smartrecruiters.com/settings/configuration/custom-sources'),
    });
    const receipt = await exporter.exportCandidate(connection.ctx, toJob(jobId));
    expect(receipt.warnings).toMatchObject([{ code: 'SOURCE_MISSING', field: 'source' }]);
    expect(simulator.candidates()[0]?.assignments).toMatchObject([{ source: 'API' }]);
  });

  it('CON-5: is carried as soon as verification has seen it', async () => {
    await using smartRecruiters = await startSmartRecruiters({ sources: [] });
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    await exporter.exportCandidate(connection.ctx, toJob(jobId));
    simulator.account().sourceTypes.at(-1)?.values.push({ id: 'new-source', label: 'seekout' });
    expect(await exporter.checkSource?.(connection.ctx)).toMatchObject({ present: true });
    expect((await exporter.exportCandidate(connection.ctx, toJob(jobId))).warnings).toEqual([]);
  });

  it('EXP-10: is read once for many candidates', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const requests = Array.from({ length: 8 }, () => toJob(jobId));
    await Promise.all(requests.map((request) => connection.exporter.exportCandidate(connection.ctx, request)));
    expect(simulator.requests.matching({ path: /^\/configuration\/sources$/ })).toHaveLength(1);
    expect(simulator.requests.matching({ path: /^\/jobs\/[^/]+$/ })).toHaveLength(1);
  });

  it('EXP-12: is looked up again when SmartRecruiters refuses it, and the candidate arrives once', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    await exporter.exportCandidate(connection.ctx, toJob(jobId));
    const values = simulator.account().sourceTypes.at(-1)?.values;
    values?.splice(0, values.length, { id: 'made-anew', label: 'SeekOut' });
    const request = toJob(jobId);
    expect((await exporter.exportCandidate(connection.ctx, request)).warnings).toEqual([]);
    expect(simulator.creations.of(request.candidate.emails[0] ?? '')).toBe(1);
  });

  it('EXP-6: may not be readable, which is a warning', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    for (const { scopes } of simulator.account().tokens) scopes.delete('configuration_read');
    const receipt = await connection.exporter.exportCandidate(connection.ctx, toJob(jobId));
    expect(receipt.warnings).toMatchObject([{ code: 'SOURCE_MISSING' }]);
  });
});
