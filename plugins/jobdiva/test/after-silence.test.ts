import { type ExportRequest, isExportInterrupted } from '@talentbridge/contracts';
import { exportRequest, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { CREATE, known, LINKS, theOnlyCandidate, UPDATE, UPLOAD } from './export-support.js';
import { startJobDiva } from './start-jobdiva.js';

/** The request of the next try, after one that was interrupted once the candidate had arrived. */
async function retryOf(request: ExportRequest, call: Promise<unknown>): Promise<ExportRequest> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isExportInterrupted(error)) throw new Error('The export was expected to be interrupted.', { cause: error });
  return { ...request, existing: error.reference };
}

describe('after silence', () => {
  it('EXP-12: somebody who was there before is not the outcome of this item, and is updated', async () => {
    await using jobdiva = await startJobDiva();
    const before = known(jobdiva.simulator, { email: 'ada@home.example' });
    const { exporter, ctx } = jobdiva.connection;
    const request = exportRequest({ candidate: { emails: ['ada@home.example'] } });
    expect(await exporter.findExported?.(ctx, request)).toBeUndefined();
    expect(await exporter.exportCandidate(ctx, request)).toMatchObject({
      remoteId: String(before.id),
      outcome: 'UPDATED',
    });
    expect(jobdiva.simulator.candidates()).toHaveLength(1);
  });

  it('EXP-12: makes nobody twice even if JobDiva does not tell when a candidate was created', async () => {
    await using jobdiva = await startJobDiva({ deviations: { withoutCreatedDate: true } });
    known(jobdiva.simulator, { email: 'ada@home.example' });
    const { exporter, ctx } = jobdiva.connection;
    const request = exportRequest({ candidate: { emails: ['ada@home.example'] } });
    const existing = await exporter.findExported?.(ctx, request);
    await exporter.exportCandidate(ctx, existing ? { ...request, existing } : request);
    expect(jobdiva.simulator.candidates()).toMatchObject([
      { city: 'Oakland', links: { LinkedIn: expect.any(String) } },
    ]);
  });

  it.each([
    ['made', false, 'CREATED'],
    ['completed', true, 'UPDATED'],
  ])('EXP-12: says of somebody whom an earlier try %s that it was %s', async (_what, wasThere, outcome) => {
    await using jobdiva = await startJobDiva();
    if (wasThere) known(jobdiva.simulator, { email: 'ada@home.example' });
    const { exporter, ctx } = jobdiva.connection;
    const request = exportRequest({ candidate: { emails: ['ada@home.example'] }, resume: resumeFile() });
    jobdiva.simulator.faults.add({ ...UPLOAD, fault: { kind: 'dropAfterWrite' } });
    const retry = await retryOf(request, exporter.exportCandidate(ctx, request));
    jobdiva.simulator.faults.clear();
    expect(await exporter.exportCandidate(ctx, retry)).toMatchObject({ outcome });
    expect(theOnlyCandidate(jobdiva.simulator).resumes).toHaveLength(1);
  });

  it('EXP-12: an update that was never answered is completed by the next try', async () => {
    await using jobdiva = await startJobDiva();
    known(jobdiva.simulator, { email: 'ada@home.example' });
    const { exporter, ctx } = jobdiva.connection;
    const request = exportRequest({ candidate: { emails: ['ada@home.example'] } });
    jobdiva.simulator.faults.add({ ...UPDATE, fault: { kind: 'failBeforeWrite', status: 503 } });
    const retry = await retryOf(request, exporter.exportCandidate(ctx, request));
    jobdiva.simulator.faults.clear();
    expect(await exporter.exportCandidate(ctx, retry)).toMatchObject({ outcome: 'UPDATED' });
    expect(theOnlyCandidate(jobdiva.simulator).city).toBe('Oakland');
  });

  it('EXP-6: the warnings of the try that was interrupted come with the next one', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const request = exportRequest({ candidate: { address: { city: 'Poseidonis', country: 'Atlantis' } } });
    jobdiva.simulator.faults.add({ ...LINKS, fault: { kind: 'failBeforeWrite', status: 503 } });
    const retry = await retryOf(request, exporter.exportCandidate(ctx, request));
    jobdiva.simulator.faults.clear();
    const { warnings } = await exporter.exportCandidate(ctx, retry);
    expect(warnings).toMatchObject([{ code: 'ADDRESS_PART_DROPPED', field: 'address' }]);
  });

  it('EXP-12: a résumé that may be there is not sent again when JobDiva does not let us look', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const request = exportRequest({ resume: resumeFile() });
    jobdiva.simulator.faults.add({ ...UPLOAD, fault: { kind: 'dropAfterWrite' } });
    const retry = await retryOf(request, exporter.exportCandidate(ctx, request));
    jobdiva.simulator.faults.clear();
    jobdiva.simulator.account().allow('CandidatesResumesDetail', false);
    const receipt = await exporter.exportCandidate(ctx, retry);
    expect(receipt.warnings).toMatchObject([{ code: 'RESUME_UNCLEAR', field: 'resume' }]);
    expect(theOnlyCandidate(jobdiva.simulator).resumes).toHaveLength(1);
  });

  it('EXP-12: a résumé of an earlier export does not stand for the one of this item', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const first = exportRequest({ resume: resumeFile() });
    const { remoteId } = await exporter.exportCandidate(ctx, first);
    const { clock } = jobdiva.simulator;
    clock.advance(3_600_000);
    const later = exportRequest({ candidate: first.candidate, resume: resumeFile(), firstTriedAt: clock.iso() });
    await exporter.exportCandidate(ctx, { ...later, existing: { remoteId } });
    expect(theOnlyCandidate(jobdiva.simulator).resumes).toHaveLength(2);
  });

  it.each([
    ['Parameter Check Failed \r\nError: Address1(x) exceeds 100 characters\r\n', 'skip', 'none'],
    ['Error: something is wrong', 'skip', 'none'],
    ['You are not allowed to access to createCandidate API.', 'reconnect', 'none'],
    ['The screening module is off', 'retry', 'unknown'],
    ['java.lang.NullPointerException', 'retry', 'unknown'],
  ])('EXP-12: takes a 500 that says %j for what it is', async (message, recovery, effect) => {
    await using jobdiva = await startJobDiva();
    jobdiva.simulator.faults.add({ ...CREATE, fault: { kind: 'status', status: 500, message } });
    const { exporter, ctx } = jobdiva.connection;
    await expect(exporter.exportCandidate(ctx, exportRequest())).rejects.toMatchObject({ recovery, effect });
  });

  it('OPS-3: repeats no address of somebody whom JobDiva refuses to search', async () => {
    await using jobdiva = await startJobDiva();
    const search = { method: 'POST', path: '/apiv2/jobdiva/searchCandidateProfile' };
    const message = 'Error: ada@home.example is no address';
    jobdiva.simulator.faults.add({ ...search, fault: { kind: 'status', status: 500, message } });
    const { exporter, ctx } = jobdiva.connection;
    const call = exporter.exportCandidate(ctx, exportRequest({ candidate: { emails: ['ada@home.example'] } }));
    const error = { code: 'CANDIDATE_REJECTED', effect: 'none', reason: '… is no address' };
    await expect(call).rejects.toMatchObject(error);
  });

  it('EXP-12: does not take a 200 with an error in it for success', async () => {
    await using jobdiva = await startJobDiva();
    jobdiva.simulator.faults.add({ ...CREATE, fault: { kind: 'status', status: 200, body: { message: 'Error: no' } } });
    const { exporter, ctx } = jobdiva.connection;
    await expect(exporter.exportCandidate(ctx, exportRequest())).rejects.toMatchObject({ recovery: 'skip' });
  });
});
