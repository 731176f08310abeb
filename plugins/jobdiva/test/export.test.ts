import type { ExportTarget } from '@talentbridge/contracts';
import { exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import type { JobDivaSimulator, JobStatus } from '../simulator/index.js';
import { calls, LINKS, theOnlyCandidate, UPLOAD } from './export-support.js';
import { startJobDiva } from './start-jobdiva.js';

const APPLY = { method: 'POST', path: '/apiv2/jobdiva/createJobApplication' };
const RESUMES = { method: 'GET', path: '/apiv2/bi/CandidatesResumesDetail' };

function jobTarget(simulator: JobDivaSimulator, status: JobStatus = 'OPEN'): ExportTarget {
  const job = simulator.account().jobs.find((one) => one.status === status);
  if (!job) throw new Error(`The simulator has no job that is ${status}.`);
  return { kind: 'job', jobRemoteId: String(job.id) };
}

describe('somebody new', () => {
  it('EXP-10: is created with source, owner, links, résumé and application, and gets a link', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = await jobdiva.connect({
      settings: { sourceName: ' seekout ', ownerId: '4711', webHost: 'www2' },
    });
    const target = jobTarget(jobdiva.simulator);
    // In the winter of the East coast, five hours behind.
    const firstTriedAt = '2026-11-22T15:04:05.678Z';
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ target, resume: resumeFile(), firstTriedAt }));
    const candidate = theOnlyCandidate(jobdiva.simulator);
    expect(candidate).toMatchObject({
      resumeSource: 7000,
      owner: 4711,
      links: { LinkedIn: expect.stringContaining('linkedin.com') },
      applications: [{ jobId: 31_900_001, dateApplied: '2026-11-22T10:04:05', source: 7000 }],
      resumes: [{ filename: 'ada-okafor.pdf', source: 7000, bytes: resumeFile().bytes.length }],
    });
    expect(receipt).toStrictEqual({
      remoteId: String(candidate.id),
      remoteUrl: `https://www2.jobdiva.com/employers/myreports/viewcandidate2_real.jsp?docids=-1&candidateid=${candidate.id}`,
      outcome: 'CREATED',
      warnings: [],
    });
    expect(jobdiva.simulator.account().ignoredFields).toStrictEqual([]);
  });

  it('EXP-6: goes in without a state that JobDiva does not know, with a warning', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const address = { city: 'Springfield', region: 'Middle Earth', country: 'US' };
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { address } }));
    expect(receipt.warnings).toMatchObject([{ code: 'STATE_REFUSED', field: 'address' }]);
    expect(theOnlyCandidate(jobdiva.simulator)).toMatchObject({ city: 'Springfield', state: '' });
  });

  it('EXP-6: is refused with the reason and the field, and without the person in it', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const lastName = 'Wolfeschlegel (née Steinhausen) '.repeat(3);
    const call = exporter.exportCandidate(ctx, exportRequest({ candidate: { lastName } }));
    await expect(call).rejects.toMatchObject({
      code: 'CANDIDATE_REJECTED',
      effect: 'none',
      field: 'lastName',
      reason: 'Last Name(…) exceeds 50 characters',
    });
  });

  it('EXP-6: is refused before anything is sent when the source is not there, with the remedy', async () => {
    await using jobdiva = await startJobDiva({ sources: ['Monster'] });
    const { exporter, ctx } = jobdiva.connection;
    const error = { code: 'CANDIDATE_REJECTED', field: 'source', reason: expect.stringContaining('"SeekOut"') };
    await expect(exporter.exportCandidate(ctx, exportRequest())).rejects.toMatchObject(error);
    expect(jobdiva.simulator.candidates()).toStrictEqual([]);
    expect(await exporter.checkSource?.(ctx)).toMatchObject({ name: 'SeekOut', present: false });
  });

  it('is not read the sources for again and again', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    await exporter.exportCandidate(ctx, exportRequest());
    await exporter.exportCandidate(ctx, exportRequest());
    expect(calls(jobdiva.simulator, { method: 'GET', path: '/ResumeSourceList' })).toBe(1);
  });

  it('EXP-6: keeps the other links when JobDiva does not know one of the networks', async () => {
    await using jobdiva = await startJobDiva();
    const message = 'Invalid Social Network Name (X)';
    jobdiva.simulator.faults.add({
      ...LINKS,
      times: 1,
      fault: { kind: 'status', status: 500, message: `Error: ${message}` },
    });
    const { exporter, ctx } = jobdiva.connection;
    const socialUrls = [
      { network: 'linkedin' as const, url: 'https://www.linkedin.com/in/ada' },
      { network: 'github' as const, url: 'https://github.com/ada' },
    ];
    // The first of the single ones is refused, too.
    jobdiva.simulator.faults.add({
      ...LINKS,
      times: 1,
      fault: { kind: 'status', status: 500, message: `Error: ${message}` },
    });
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { socialUrls } }));
    expect(receipt.warnings).toMatchObject([{ code: 'LINKS_REFUSED', field: 'socialUrls' }]);
    expect(theOnlyCandidate(jobdiva.simulator).links).toStrictEqual({ GitHub: 'https://github.com/ada' });
  });
});

describe('a job', () => {
  it('EXP-2: can be applied to again by somebody who is on it', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const target = jobTarget(jobdiva.simulator);
    const first = exportRequest({ target });
    await exporter.exportCandidate(ctx, first);
    await exporter.exportCandidate(ctx, exportRequest({ target, candidate: first.candidate }));
    expect(theOnlyCandidate(jobdiva.simulator).applications).toHaveLength(1);
  });

  it.each(['ON HOLD', 'FILLED', 'CLOSED'] as const)('EXP-6: that is %s takes nobody, and says why', async (status) => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const call = exporter.exportCandidate(ctx, exportRequest({ target: jobTarget(jobdiva.simulator, status) }));
    await expect(call).rejects.toMatchObject({
      failure: { code: 'JOB_NOT_OPEN', reason: expect.stringContaining(status) },
    });
  });

  it('EXP-6: that is open and refuses somebody all the same is not called closed', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    jobdiva.simulator.faults.add({ ...APPLY, fault: { kind: 'status', status: 500, message: 'Error: do not hire' } });
    const call = exporter.exportCandidate(ctx, exportRequest({ target: jobTarget(jobdiva.simulator) }));
    await expect(call).rejects.toMatchObject({ failure: { code: 'CANDIDATE_REJECTED', reason: 'do not hire' } });
  });

  it('EXP-6: that is gone is not there, though JobDiva answers some other job for it', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const call = exporter.exportCandidate(ctx, exportRequest({ target: { kind: 'job', jobRemoteId: '31999999' } }));
    await expect(call).rejects.toMatchObject({ failure: { code: 'JOB_NOT_OPEN', reason: 'it is not there' } });
  });

  it('EXP-6: whose id is no number is not there', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const target = { kind: 'job', jobRemoteId: 'job-7' } as const;
    const call = exporter.exportCandidate(ctx, exportRequest({ target }));
    await expect(call).rejects.toMatchObject({ failure: { code: 'JOB_NOT_OPEN' } });
  });
});

describe('the pace', () => {
  it('is one request at a time, however many candidates are under way', async () => {
    await using jobdiva = await startJobDiva({ latency: 2 });
    const { exporter, ctx } = jobdiva.connection;
    await Promise.all(Array.from({ length: 4 }, () => exporter.exportCandidate(ctx, exportRequest())));
    expect(jobdiva.simulator.account().overlapping).toBe(0);
    expect(jobdiva.simulator.candidates()).toHaveLength(4);
  });

  it('EXP-6: passes on how long a quota lasts', async () => {
    await using jobdiva = await startJobDiva({ rate: 2 });
    const { exporter, ctx } = jobdiva.connection;
    await exporter.listJobs(ctx, {});
    await exporter.listJobs(ctx, {});
    const error = { code: 'ATS_RATE_LIMITED', retryAfterMs: expect.any(Number) };
    await expect(exporter.listJobs(ctx, {})).rejects.toMatchObject(error);
  });
});

describe('permissions', () => {
  it.each(['message', 'status', 'emptyList'] as const)(
    'CON-5: understands a BI read that is denied by %s',
    async (biRefusal) => {
      await using jobdiva = await startJobDiva({ deviations: { biRefusal } });
      for (const method of ['ResumeSourceList', 'CandidatesResumesDetail'])
        jobdiva.simulator.account().allow(method, false);
      const { permissions, ctx } = jobdiva.connection;
      const results = await permissions.check(ctx, ['permissions', 'export']);
      const missing = results.filter(({ status }) => status === 'missing');
      expect(missing.map(({ permission }) => permission)).toStrictEqual(['sources.read', 'resumes.read']);
      for (const { permission, remedy } of missing) expect(remedy, permission).toMatch(/enable the API method \w+/);
    },
  );

  it('CON-5: asks for nothing about résumés where none is sent', async () => {
    await using jobdiva = await startJobDiva();
    const { permissions, exporter, ctx } = await jobdiva.connect({
      settings: { sourceName: 'SeekOut', sendResume: false },
    });
    const names = (await permissions.check(ctx, ['permissions', 'export'])).map(({ permission }) => permission);
    expect(names.filter((name) => name.startsWith('resumes'))).toStrictEqual([]);
    await exporter.exportCandidate(ctx, exportRequest({ resume: resumeFile() }));
    expect(calls(jobdiva.simulator, UPLOAD) + calls(jobdiva.simulator, RESUMES)).toBe(0);
  });

  it('reads BI rows with a header, too', async () => {
    await using jobdiva = await startJobDiva({ deviations: { headerRows: true } });
    const { exporter, ctx } = jobdiva.connection;
    expect(await exporter.checkSource?.(ctx)).toMatchObject({ present: true });
  });
});
