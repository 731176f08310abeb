import { describe, expect, it } from 'vitest';
import { posts, toJob } from './export-support.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

describe('jobs', () => {
  it('EXP-2: offers those that take candidates, with their reference number and place, and no template', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, ctx } = smartRecruiters.connection;
    const { items } = await exporter.listJobs(ctx, {});
    expect(items.map(({ title }) => title).toSorted()).toEqual([
      'Backend Engineer',
      'Controller',
      'Platform Engineer',
      'Talent Partner',
    ]);
    expect(items.find(({ title }) => title === 'Backend Engineer')).toMatchObject({
      code: 'REF1A',
      open: true,
      statusLabel: 'SOURCING',
      department: 'Engineering',
      location: 'Oakland, CA, US',
    });
  });

  it('EXP-2: searches titles, over pages that keep the search', async () => {
    await using smartRecruiters = await startSmartRecruiters({ jobs: 250 });
    const { exporter, ctx } = smartRecruiters.connection;
    const titles: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await exporter.listJobs(ctx, { search: 'field', ...(cursor === undefined ? {} : { cursor }) });
      titles.push(...page.items.map(({ title }) => title));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(titles).size).toBe(250);
  });

  it.each(['FILLED', 'CANCELLED', 'ON_HOLD'] as const)('EXP-6: sends nobody to a job that is %s', async (status) => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    const closed = simulator.account().jobs.find((job) => job.status === status)?.id ?? '';
    await expect(connection.exporter.exportCandidate(connection.ctx, toJob(closed))).rejects.toMatchObject({
      code: 'JOB_NOT_OPEN',
      message: expect.stringContaining(status),
    });
    expect(posts(simulator)).toEqual([]);
  });

  it('EXP-6: says that a job was closed in the moment before', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    await connection.exporter.exportCandidate(connection.ctx, toJob(jobId));
    simulator.account().job(jobId).status = 'FILLED';
    await expect(connection.exporter.exportCandidate(connection.ctx, toJob(jobId))).rejects.toMatchObject({
      code: 'JOB_NOT_OPEN',
    });
  });
});
