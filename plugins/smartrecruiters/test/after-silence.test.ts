import { exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { HOUR, posts, referenceTo, toJob } from './export-support.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

describe('after silence', () => {
  it('EXP-12: finds on the job what this item made, by both its jobs', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId, otherJobId } = smartRecruiters;
    const { exporter } = connection;
    const one = toJob(jobId);
    const { remoteId } = await exporter.exportCandidate(connection.ctx, one);
    const two = toJob(otherJobId, { candidate: one.candidate });
    await exporter.exportCandidate(connection.ctx, two);
    expect(await exporter.findExported?.(connection.ctx, one)).toEqual(referenceTo(remoteId));
    expect(await exporter.findExported?.(connection.ctx, two)).toEqual(referenceTo(remoteId));
    const elsewhere = toJob(simulator.account().jobs[2]?.id ?? '', { candidate: one.candidate });
    expect(await exporter.findExported?.(connection.ctx, elsewhere)).toBeUndefined();
  });

  it('EXP-12: does not take for its own who was there before, nor what another item made', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const earlier = toJob(jobId);
    const { remoteId } = await exporter.exportCandidate(connection.ctx, earlier);
    const same = { candidate: earlier.candidate };
    const others = toJob(jobId, { ...same, notThese: [remoteId] });
    expect(await exporter.findExported?.(connection.ctx, others)).toBeUndefined();
    simulator.clock.advance(HOUR);
    const later = toJob(jobId, { ...same, firstTriedAt: simulator.clock.iso() });
    expect(await exporter.findExported?.(connection.ctx, later)).toBeUndefined();
  });

  it('EXP-12: waits until SmartRecruiters can have listed the candidate', async () => {
    await using smartRecruiters = await startSmartRecruiters({ searchLagMs: 5_000 });
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const request = toJob(jobId);
    await exporter.exportCandidate(connection.ctx, request);
    expect(await exporter.findExported?.(connection.ctx, request)).toBeUndefined();
    simulator.clock.advance(exporter.limits.settleMs ?? 1000);
    expect(await exporter.findExported?.(connection.ctx, request)).toBeDefined();
  });

  it('EXP-12: claims to find candidates of jobs alone: prospects are in no list', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { exporter, ctx } = smartRecruiters.connection;
    const prospect = exportRequest();
    await exporter.exportCandidate(ctx, prospect);
    expect(await exporter.findExported?.(ctx, prospect)).toBeUndefined();
    expect(exporter.limits.findable).toEqual(['job']);
  });

  it('EXP-12: fails with the effect "none" while it only reads, so that nobody is thought to be created', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    for (const path of ['/candidates', '/jobs/*', '/configuration/**']) {
      const forget = simulator.faults.add({ method: 'GET', path, fault: { kind: 'failBeforeWrite', status: 503 } });
      const call = connection.exporter.exportCandidate(connection.ctx, toJob(jobId));
      await expect(call, path).rejects.toMatchObject({ recovery: 'retry', effect: 'none' });
      forget();
    }
    expect(posts(simulator)).toEqual([]);
  });
});

describe('a later try', () => {
  it('EXP-12: completes the résumé of a candidate that arrived, once', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const request = toJob(jobId, { resume: resumeFile() });
    const forget = simulator.faults.add({ path: '/candidates/**attachments', fault: { kind: 'dropAfterWrite' } });
    const error: unknown = await exporter.exportCandidate(connection.ctx, request).catch((reason: unknown) => reason);
    forget();
    expect(error).toMatchObject({ name: 'ExportInterruptedError' });
    const { reference } = Object(error);
    const receipt = await exporter.exportCandidate(connection.ctx, { ...request, existing: reference });
    expect(receipt).toEqual({ ...reference, outcome: 'CREATED', warnings: [] });
    expect(simulator.candidates()).toMatchObject([{ attachments: [{ name: 'ada-okafor.pdf', jobId }] }]);
  });

  it('EXP-6: is an update when the candidate was there before the item', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const first = toJob(jobId);
    const { remoteId } = await exporter.exportCandidate(connection.ctx, first);
    simulator.clock.advance(HOUR);
    const later = toJob(jobId, {
      candidate: first.candidate,
      firstTriedAt: simulator.clock.iso(),
      existing: { remoteId },
    });
    expect(await exporter.exportCandidate(connection.ctx, later)).toMatchObject({ remoteId, outcome: 'UPDATED' });
  });

  it('EXP-12: makes nobody again who was taken off the job, and says so', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator, jobId } = smartRecruiters;
    const { exporter } = connection;
    const request = toJob(jobId);
    const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
    simulator.account().candidate(remoteId).assignments.length = 0;
    await expect(
      exporter.exportCandidate(connection.ctx, { ...request, existing: { remoteId } }),
    ).rejects.toMatchObject({
      name: 'ExportInterruptedError',
      reference: { remoteId },
      failure: { code: 'CANDIDATE_REJECTED' },
    });
    expect(posts(simulator)).toHaveLength(1);
  });

  it('EXP-12: says when the candidate was deleted meanwhile', async () => {
    await using smartRecruiters = await startSmartRecruiters();
    const { connection, simulator } = smartRecruiters;
    const { exporter } = connection;
    const request = exportRequest();
    const { remoteId } = await exporter.exportCandidate(connection.ctx, request);
    simulator.account().remove(remoteId);
    const call = exporter.exportCandidate(connection.ctx, { ...request, existing: { remoteId } });
    await expect(call).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND', recovery: 'skip' });
  });
});
