import { exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { toJob } from './export-support.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

describe('the résumé', () => {
  it('EXP-7: hangs on the job of a candidate, and on a prospect itself', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const resume = resumeFile();
    await exporter.exportCandidate(connection.ctx, toJob(jobId, { resume }));
    await exporter.exportCandidate(connection.ctx, exportRequest({ resume }));
    const [prospect, candidate] = simulator.candidates();
    expect(candidate?.attachments).toMatchObject([{ type: 'RESUME', contentType: 'application/pdf', jobId }]);
    expect(prospect?.attachments).toMatchObject([{ type: 'RESUME' }]);
    expect(prospect?.attachments[0]).not.toHaveProperty('jobId');
  });

  it('EXP-7: is not sent when it is too large, which is a warning', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const resume = { ...resumeFile(), bytes: new Uint8Array(2 * 1024 * 1024 + 1) };
    const receipt = await connection.exporter.exportCandidate(connection.ctx, toJob(jobId, { resume }));
    expect(receipt).toMatchObject({ outcome: 'CREATED', warnings: [{ code: 'RESUME_TOO_LARGE', field: 'resume' }] });
    expect(simulator.requests.matching({ path: /attachments$/ })).toEqual([]);
  });

  it('EXP-7: is not sent twice when SmartRecruiters does not show whether it arrived', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const request = toJob(jobId, { resume: resumeFile() });
    const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
    simulator.faults.add({ method: 'GET', path: '/candidates/**attachments', fault: { kind: 'status', status: 403 } });
    const receipt = await exporter.exportCandidate(connection.ctx, { ...request, existing: { remoteId } });
    expect(receipt.warnings).toMatchObject([{ code: 'RESUME_UNCLEAR' }]);
    expect(simulator.candidates()[0]?.attachments).toHaveLength(1);
  });
});

describe('links', () => {
  it('EXP-6: warns of those that find no place', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, ctx } = smartRecruiters.connection;
    const socialUrls = [
      { network: 'website', url: 'https://ada.example' },
      { network: 'github', url: 'https://github.com/ada' },
    ] as const;
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { socialUrls } }));
    expect(receipt.warnings).toMatchObject([{ code: 'LINK_DROPPED', field: 'socialUrls' }]);
  });
});

describe('refusals', () => {
  it('EXP-6, OPS-3: names the code of SmartRecruiters, and no person', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, ctx } = smartRecruiters.connection;
    const request = exportRequest({ candidate: { emails: ['not an address'] } });
    await expect(exporter.exportCandidate(ctx, request)).rejects.toMatchObject({
      code: 'CANDIDATE_REJECTED',
      reason: 'INVALID_REQUEST',
    });
  });

  it('OPS-1: names the lane of every request, so that the hub can keep to the limits of each endpoint', async () => {
    await using smartRecruiters = await startSmartRecruiters({ rate: 10, latency: 5 });
    const { connection, simulator, jobId } = smartRecruiters;
    const requests = Array.from({ length: 8 }, () => toJob(jobId, { resume: resumeFile() }));
    await Promise.all(requests.map((request) => connection.exporter.exportCandidate(connection.ctx, request)));
    expect(simulator.traffic().filter(({ refused }) => refused > 0)).toEqual([]);
    const list = simulator.traffic().find(({ endpoint }) => endpoint === 'GET /candidates');
    expect(list).toMatchObject({ requests: 8, peakConcurrency: 1 });
  });
});
