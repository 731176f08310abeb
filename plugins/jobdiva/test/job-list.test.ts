import type { Job } from '@talentbridge/contracts';
import type { PluginConnection } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { startJobDiva } from './start-jobdiva.js';

async function allJobs({ exporter, ctx }: PluginConnection, first?: number): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await exporter.listJobs(ctx, { ...(cursor ? { cursor } : {}), ...(first ? { first } : {}) });
    jobs.push(...page.items);
    if (page.cursor === undefined) return jobs;
    cursor = page.cursor;
  }
}

describe('the job list', () => {
  it('EXP-2: shows client, place, reference and link of open jobs', async () => {
    await using jobdiva = await startJobDiva();
    const jobs = await allJobs(jobdiva.connection);
    expect(jobs).toHaveLength(3);
    expect(jobs.find(({ title }) => title === 'Data Engineer')).toStrictEqual({
      remoteId: '31900001',
      title: 'Data Engineer',
      open: true,
      remoteUrl: 'https://www1.jobdiva.com/employers/myjobs/vieweditjobform.jsp?jobid=31900001',
      code: '26-02701',
      statusLabel: 'OPEN',
      department: 'Northwind',
      location: 'Boston, MA',
    });
  });

  it('EXP-2: finds a job by its reference number', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const { items } = await exporter.listJobs(ctx, { search: '26-02702' });
    expect(items.map(({ title }) => title)).toStrictEqual(['Registered Nurse']);
  });

  it.each([
    ['of a closed job', '26-02706'],
    ['that nobody has, for which JobDiva answers some other job', '26-09999'],
  ])('EXP-2: finds nothing by the reference number %s', async (_which, search) => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    expect((await exporter.listJobs(ctx, { search })).items).toStrictEqual([]);
  });

  it('EXP-2: is read to its end, page by page', async () => {
    await using jobdiva = await startJobDiva({ jobs: 30 });
    const jobs = await allJobs(jobdiva.connection, 7);
    expect(new Set(jobs.map(({ remoteId }) => remoteId)).size).toBe(33);
    expect(jobs).toHaveLength(33);
  });

  it('ends when JobDiva takes no notice of the offset', async () => {
    await using jobdiva = await startJobDiva({ jobs: 30, deviations: { withoutOffset: true } });
    expect(await allJobs(jobdiva.connection, 10)).toHaveLength(10);
  });

  it('leaves out a job that JobDiva answers and that was not asked for', async () => {
    await using jobdiva = await startJobDiva();
    const body = [
      { id: 1, 'job title': 'Welder', 'job status': 'CLOSED' },
      { id: 2, 'job title': 'Welder', 'job status': 'Open' },
      { id: 2, 'job title': 'Welder', 'job status': 'Open' },
    ];
    const route = { method: 'POST', path: '/apiv2/jobdiva/SearchJob' };
    jobdiva.simulator.faults.add({ ...route, fault: { kind: 'status', status: 200, body } });
    expect((await allJobs(jobdiva.connection)).map(({ remoteId }) => remoteId)).toStrictEqual(['2']);
  });

  it('does not believe a cursor of another make', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    expect((await exporter.listJobs(ctx, { cursor: 'nonsense' })).items).toHaveLength(3);
  });
});
