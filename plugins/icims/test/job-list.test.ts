import { exportRequest } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { JOB } from './export-support.js';
import { callsSince, startIcims } from './start-icims.js';

describe('the jobs to choose from', () => {
  it('EXP-2: are those of all portals, each once, with their own titles', async () => {
    await using icims = await startIcims();
    const { exporter, ctx } = icims.connection;
    const { items } = await exporter.listJobs(ctx, {});
    expect(items.map(({ remoteId, title, code }) => [remoteId, title, code])).toStrictEqual([
      ['1709', 'Data Engineer', '2026-1709'],
      ['1710', 'Talent Partner', '2026-1710'],
      ['1711', 'Field Technician', '2026-1711'],
    ]);
    expect(items[0]).toMatchObject({ open: true, statusLabel: 'Approved', location: 'Oakland, CA' });
  });

  it('cost one call a portal once their titles are known, and no call a job where there are many', async () => {
    await using icims = await startIcims({ jobs: 300 });
    const { exporter, ctx } = icims.connection;
    const { items } = await exporter.listJobs(ctx, {});
    expect(items).toHaveLength(303);
    expect(items.at(-1)).toMatchObject({ title: 'Field Engineer 300' });
    expect(callsSince(icims.simulator)).toHaveLength(2);
    await exporter.listJobs(ctx, { search: 'technician' });
    await exporter.listJobs(ctx, { search: 'technician' });
    expect(callsSince(icims.simulator).filter((call) => call.startsWith('GET /jobs/'))).toStrictEqual([
      'GET /jobs/1711',
    ]);
    expect(callsSince(icims.simulator)).toHaveLength(2 + 2 + 1 + 2);
  });

  it('EXP-2: come in pages of the wished size', async () => {
    await using icims = await startIcims({ jobs: 40 });
    const { exporter, ctx } = icims.connection;
    const first = await exporter.listJobs(ctx, { first: 20 });
    expect(first.items).toHaveLength(20);
    const second = await exporter.listJobs(ctx, { first: 20, cursor: first.cursor ?? '' });
    const third = await exporter.listJobs(ctx, { first: 20, cursor: second.cursor ?? '' });
    expect(third.cursor).toBeUndefined();
    const ids = [first, second, third].flatMap(({ items }) => items.map(({ remoteId }) => remoteId));
    expect(new Set(ids).size).toBe(43);
  });

  it('EXP-2: are all there on a portal with more than a thousand', async () => {
    await using icims = await startIcims({ jobs: 2300 });
    const { exporter, ctx } = icims.connection;
    const ids = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const page = await exporter.listJobs(ctx, cursor === undefined ? {} : { cursor });
      for (const { remoteId } of page.items) ids.add(remoteId);
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    expect(ids.size).toBe(2303);
  });

  it('EXP-12: are checked on the portals that answer when another one is gone', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().portals.delete('2');
    const { exporter, ctx } = icims.connection;
    expect(await exporter.exportCandidate(ctx, exportRequest({ target: JOB }))).toMatchObject({ outcome: 'CREATED' });
    const elsewhere = { kind: 'job', jobRemoteId: '1711' } as const;
    await expect(exporter.exportCandidate(ctx, exportRequest({ target: elsewhere }))).rejects.toMatchObject({
      recordType: 'job portal',
    });
  });

  it('say which portal is unknown', async () => {
    await using icims = await startIcims();
    icims.simulator.tenant().portals.delete('2');
    const { exporter, permissions, ctx } = icims.connection;
    await expect(exporter.listJobs(ctx, {})).rejects.toMatchObject({ recordType: 'job portal', remoteId: '2' });
    const results = await permissions.check(ctx, ['export']);
    expect(results.filter(({ status }) => status === 'missing')).toMatchObject([{ permission: 'jobs.read.2' }]);
  });
});
