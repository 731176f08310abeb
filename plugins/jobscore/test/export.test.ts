import { ExportInterruptedError, type Job } from '@talentbridge/contracts';
import { exportRequest, type PluginConnection, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import type { ErrorShape, JobScoreSimulator, JobStatus } from '../simulator/index.js';
import { startJobScore } from './start-jobscore.js';

const CREATE = { method: 'POST', path: '/v2/candidates' };
const APPLY = { method: 'POST', path: '/v2/applications' };
const UPLOAD = { method: 'POST', path: '/v2/candidates/*/documents' };

function jobId(simulator: JobScoreSimulator, status: JobStatus): string {
  const job = simulator.account().jobs.find((one) => one.status === status);
  if (!job) throw new Error(`The simulator has no job that is ${status}.`);
  return job.id;
}

function callsTo(simulator: JobScoreSimulator, method: string, path: RegExp): number {
  return simulator.requests.matching({ method, path }).length;
}

/** What an export failed with, by its class where it says that the candidate had arrived. */
async function interruptionOf(call: Promise<unknown>): Promise<ExportInterruptedError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ExportInterruptedError) return error;
  throw new Error('The export was expected to be interrupted.', { cause: error });
}

async function allJobs({ exporter, ctx }: PluginConnection, first?: number): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await exporter.listJobs(ctx, {
      ...(cursor === undefined ? {} : { cursor }),
      ...(first === undefined ? {} : { first }),
    });
    jobs.push(...page.items);
    if (page.cursor === undefined) return jobs;
    cursor = page.cursor;
  }
}

describe('the job list', () => {
  it('EXP-2: offers open and internal jobs, and no other', async () => {
    await using jobscore = await startJobScore();
    const jobs = await allJobs(jobscore.connection);
    expect(jobs.map(({ statusLabel }) => statusLabel).toSorted()).toStrictEqual(['internal', 'open']);
  });

  it.each([
    ['with the count of pages', {}],
    ['without it', { withoutPageMeta: true }],
  ])('is read to its end %s', async (_how, deviations) => {
    await using jobscore = await startJobScore({ jobs: 230, deviations });
    const jobs = await allJobs(jobscore.connection);
    expect(new Set(jobs.map(({ remoteId }) => remoteId)).size).toBe(232);
    expect(jobs).toHaveLength(232);
    expect(callsTo(jobscore.simulator, 'GET', /\/jobs$/)).toBe(3);
  });

  it('is taken as whole when more jobs come than were asked for', async () => {
    await using jobscore = await startJobScore({ jobs: 130, deviations: { withoutPaging: true } });
    expect(await allJobs(jobscore.connection)).toHaveLength(132);
  });

  it('ends when the last page is full and nobody counted', async () => {
    await using jobscore = await startJobScore({ jobs: 96, deviations: { withoutPageMeta: true } });
    expect(await allJobs(jobscore.connection)).toHaveLength(98);
    expect(callsTo(jobscore.simulator, 'GET', /\/jobs$/)).toBe(2);
  });

  it('keeps to the page size that the first page had', async () => {
    await using jobscore = await startJobScore({ jobs: 30 });
    expect(await allJobs(jobscore.connection, 7)).toHaveLength(32);
    const sizes = jobscore.simulator.requests.matching({ path: /\/jobs$/ }).map(({ query }) => query['page[size]']);
    expect(new Set(sizes)).toStrictEqual(new Set(['7']));
  });
});

describe('the source', () => {
  it('CON-5: must be there with the same capitals', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = await jobscore.connect({ settings: { sourceName: 'seekout' } });
    expect(await exporter.checkSource?.(ctx)).toMatchObject({
      name: 'seekout',
      present: false,
      remedy: expect.stringContaining('JobScore has a database named "SeekOut"'),
    });
  });

  it('CON-5: comes with instructions when it is missing', async () => {
    await using jobscore = await startJobScore({ databases: [] });
    const { exporter, ctx } = jobscore.connection;
    expect(await exporter.checkSource?.(ctx)).toMatchObject({
      present: false,
      remedy: expect.stringContaining('Admin > Sources > Database'),
    });
  });

  it('is the name of the product when the admin enters none', async () => {
    await using jobscore = await startJobScore({ databases: ['TalentBridge'] });
    const { exporter, ctx } = await jobscore.connect({ settings: {} });
    expect(await exporter.checkSource?.(ctx)).toStrictEqual({ name: 'TalentBridge', present: true });
    await exporter.exportCandidate(ctx, exportRequest());
    expect(jobscore.simulator.candidates()).toMatchObject([{ source: 'database', source_detail: 'TalentBridge' }]);
  });

  it('EXP-6: is named as the reason when JobScore does not know it', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = await jobscore.connect({ settings: { sourceName: 'seekout' } });
    await expect(exporter.exportCandidate(ctx, exportRequest())).rejects.toMatchObject({
      code: 'CANDIDATE_REJECTED',
      field: 'source',
      reason: 'Source does not exist: seekout (add it under Admin > Sources > Database, capitals matter)',
    });
  });
});

describe('tags', () => {
  it('are listed over all pages', async () => {
    const tags = Array.from({ length: 120 }, (_, index) => `tag ${index}`);
    await using jobscore = await startJobScore({ tags, deviations: { withoutPageMeta: true } });
    const { exporter, ctx } = jobscore.connection;
    expect((await exporter.listTags?.(ctx))?.toSorted()).toStrictEqual(tags.toSorted());
  });

  it.each([99, 100, 101])('are listed once when JobScore ignores pages (%d tags)', async (count) => {
    const tags = Array.from({ length: count }, (_, index) => `tag ${index}`);
    await using jobscore = await startJobScore({ tags, deviations: { withoutPaging: true } });
    const { exporter, ctx } = jobscore.connection;
    expect((await exporter.listTags?.(ctx))?.toSorted()).toStrictEqual(tags.toSorted());
    expect(callsTo(jobscore.simulator, 'GET', /\/tags$/)).toBeLessThanOrEqual(2);
  });

  it('EXP-8: match whatever their capitals', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    await exporter.exportCandidate(ctx, exportRequest({ candidate: { tags: ['GoLang', ' BACKEND'] } }));
    expect(jobscore.simulator.candidates()).toMatchObject([{ tags: ['golang', 'backend'] }]);
    expect(exporter.limits.tagMatching).toBe('caseInsensitive');
  });

  it.each<[ErrorShape, string]>([
    ['errors', 'Tags do not exist: rust, cobol (add it under Admin > Tags)'],
    ['jsonApi', 'Tags do not exist: rust, cobol'],
    ['titles', 'Tags do not exist: rust, cobol'],
    ['error', 'Tags do not exist: rust, cobol'],
    ['message', 'Tags do not exist: rust, cobol'],
    ['empty', 'it answered 422'],
  ])('EXP-6: that JobScore lacks are named, in an error body of the shape "%s"', async (errorShape, reason) => {
    await using jobscore = await startJobScore({ deviations: { errorShape } });
    const { exporter, ctx } = jobscore.connection;
    const request = exportRequest({ candidate: { tags: ['rust', 'golang', 'cobol'] } });
    await expect(exporter.exportCandidate(ctx, request)).rejects.toMatchObject({ code: 'CANDIDATE_REJECTED', reason });
  });
});

describe('an export to a job', () => {
  it('EXP-2: makes a candidate and one application, in the first stage', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const jobRemoteId = jobId(jobscore.simulator, 'internal');
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ target: { kind: 'job', jobRemoteId } }));
    expect(receipt).toMatchObject({
      outcome: 'CREATED',
      remoteUrl: `https://hire.jobscore.com/candidates/${receipt.remoteId}`,
    });
    expect(jobscore.simulator.candidates()).toMatchObject([
      { id: receipt.remoteId, applications: [{ job_id: jobRemoteId, workflow_stage: { name: 'New' } }] },
    ]);
  });

  it.each(['closed', 'gone'])(
    'EXP-6: says that the job takes nobody when it is %s, and keeps the candidate',
    async (state) => {
      await using jobscore = await startJobScore();
      const { exporter, ctx } = jobscore.connection;
      const jobRemoteId = state === 'closed' ? jobId(jobscore.simulator, 'closed') : 'd02lIpZW9pVBUlBdjtK6_f';
      const call = exporter.exportCandidate(ctx, exportRequest({ target: { kind: 'job', jobRemoteId } }));
      const { reference, failure } = await interruptionOf(call);
      expect(failure).toMatchObject({ code: 'JOB_NOT_OPEN', jobRemoteId });
      expect(jobscore.simulator.candidates()).toMatchObject([{ id: reference.remoteId }]);
    },
  );

  it('EXP-12: takes "already on this job" for success, whatever the words', async () => {
    await using jobscore = await startJobScore({ deviations: { errorShape: 'empty' } });
    const { exporter, ctx } = jobscore.connection;
    const target = { kind: 'job', jobRemoteId: jobId(jobscore.simulator, 'open') } as const;
    // What a proxy makes of it that repeats a request on its own: the first attached, the second is refused.
    jobscore.simulator.faults.add({ ...APPLY, times: 1, fault: { kind: 'failAfterWrite', status: 422 } });
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ target }));
    expect(jobscore.simulator.candidates()).toMatchObject([{ id: receipt.remoteId, applications: [{}] }]);
  });

  it.each(['dropAfterWrite', 'failAfterWrite', 'garbage', 'truncated'] as const)(
    'EXP-12: is attached once after "%s", even if JobScore took a second application',
    async (kind) => {
      await using jobscore = await startJobScore({ deviations: { withRepeatedApplications: true } });
      const { exporter, ctx } = jobscore.connection;
      const request = exportRequest({ target: { kind: 'job', jobRemoteId: jobId(jobscore.simulator, 'open') } });
      jobscore.simulator.faults.add({ ...APPLY, times: 1, fault: { kind } });
      const { reference } = await interruptionOf(exporter.exportCandidate(ctx, request));
      await exporter.exportCandidate(ctx, { ...request, existing: reference });
      expect(jobscore.simulator.candidates()).toMatchObject([{ applications: [{}] }]);
    },
  );

  it('EXP-12: is not taken for attached because some proxy answered 200 with a page', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    jobscore.simulator.faults.add({ ...APPLY, fault: { kind: 'html', status: 200 } });
    const target = { kind: 'job', jobRemoteId: jobId(jobscore.simulator, 'open') } as const;
    const { failure } = await interruptionOf(exporter.exportCandidate(ctx, exportRequest({ target })));
    expect(failure).toMatchObject({ code: 'ATS_ANSWER_UNREADABLE', recovery: 'retry' });
  });

  it('EXP-12: attaches the candidate of an earlier try to the job, and makes no other', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const request = exportRequest({ target: { kind: 'job', jobRemoteId: jobId(jobscore.simulator, 'open') } });
    jobscore.simulator.faults.add({ ...APPLY, times: 1, fault: { kind: 'failBeforeWrite' } });
    const { reference } = await interruptionOf(exporter.exportCandidate(ctx, request));
    const receipt = await exporter.exportCandidate(ctx, { ...request, existing: reference });
    expect(receipt.remoteId).toBe(reference.remoteId);
    expect(callsTo(jobscore.simulator, 'POST', /\/candidates$/)).toBe(1);
    expect(jobscore.simulator.candidates()).toMatchObject([{ applications: [{}] }]);
  });

  it('says that the candidate is gone when it lost a merge in between', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const { candidate } = exportRequest();
    await exporter.exportCandidate(ctx, exportRequest({ candidate }));
    const { remoteId } = await exporter.exportCandidate(ctx, exportRequest({ candidate }));
    jobscore.simulator.clock.advance(60_000);
    const [pair] = jobscore.simulator.account().duplicates;
    jobscore.simulator.account().mergeDuplicate(pair?.id ?? '', jobscore.simulator.clock.iso());

    const target = { kind: 'job', jobRemoteId: jobId(jobscore.simulator, 'open') } as const;
    const { failure } = await interruptionOf(
      exporter.exportCandidate(ctx, exportRequest({ candidate, target, existing: { remoteId } })),
    );
    expect(failure).toMatchObject({ code: 'ATS_RECORD_NOT_FOUND', recordType: 'candidate' });
  });
});

describe('the résumé', () => {
  it('EXP-7: becomes the primary résumé', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ resume: resumeFile('ada-okafor.pdf') }));
    expect(receipt.warnings).toStrictEqual([]);
    const [candidate] = jobscore.simulator.candidates();
    expect(candidate?.documents).toMatchObject([
      { filename: 'ada-okafor.pdf', document_type: 'resume', content_type: 'application/pdf' },
    ]);
    expect(candidate?.primary_resume_id).toBe(candidate?.documents[0]?.id);
  });

  it.each([
    [
      'is too large',
      { kind: 'status', status: 413, message: 'File is larger than 10 MB' },
      'File is larger than 10 MB',
    ],
    [
      'is of a type that JobScore does not take',
      { kind: 'status', status: 415, message: 'No such type.' },
      'No such type',
    ],
    ['may not be uploaded with this key', { kind: 'status', status: 403, message: 'Forbidden' }, 'Forbidden'],
    ['has nowhere to go', { kind: 'status', status: 404, message: 'Not found' }, 'Not found'],
    ['is refused without a reason', { kind: 'status', status: 422, body: {} }, 'it answered 422'],
  ] as const)('EXP-7: is a warning with the reason when it %s', async (_why, fault, reason) => {
    await using jobscore = await startJobScore();
    jobscore.simulator.faults.add({ ...UPLOAD, fault });
    const { exporter, ctx } = jobscore.connection;
    const { warnings } = await exporter.exportCandidate(ctx, exportRequest({ resume: resumeFile() }));
    expect(warnings).toStrictEqual([
      {
        code: 'RESUME_REFUSED',
        field: 'resume',
        message: `JobScore did not take the résumé: ${reason}. Add it there by hand if it is needed.`,
      },
    ]);
  });

  it('OPS-3: does not name the person in the warning', async () => {
    await using jobscore = await startJobScore();
    const { candidate } = exportRequest();
    const message = `Cannot store ada-okafor.pdf of ${candidate.firstName} ${candidate.lastName}`;
    jobscore.simulator.faults.add({ ...UPLOAD, fault: { kind: 'status', status: 422, message } });
    const { exporter, ctx } = jobscore.connection;
    const { warnings } = await exporter.exportCandidate(
      ctx,
      exportRequest({ candidate, resume: resumeFile('ada-okafor.pdf') }),
    );
    expect(warnings[0]?.message).not.toMatch(/ada|okafor/i);
  });

  it.each(['failBeforeWrite', 'failAfterWrite', 'dropAfterWrite', 'html', 'garbage', 'truncated'] as const)(
    'EXP-12: arrives once, on the next try, after "%s"',
    async (kind) => {
      await using jobscore = await startJobScore();
      const { exporter, ctx } = jobscore.connection;
      const request = exportRequest({ resume: resumeFile() });
      jobscore.simulator.faults.add({ ...UPLOAD, fault: { kind } });
      const { reference, failure } = await interruptionOf(exporter.exportCandidate(ctx, request));
      expect(failure).toMatchObject({ recovery: 'retry' });
      jobscore.simulator.faults.clear();
      expect(await exporter.exportCandidate(ctx, { ...request, existing: reference })).toMatchObject({ warnings: [] });
      expect(jobscore.simulator.candidates()).toMatchObject([{ documents: [{ document_type: 'resume' }] }]);
    },
  );

  it('CON-6: asks an admin to reconnect when the key was revoked just before', async () => {
    await using jobscore = await startJobScore();
    jobscore.simulator.faults.add({ ...UPLOAD, fault: { kind: 'status', status: 401 } });
    const { exporter, ctx } = jobscore.connection;
    const { failure } = await interruptionOf(exporter.exportCandidate(ctx, exportRequest({ resume: resumeFile() })));
    expect(failure).toMatchObject({ recovery: 'reconnect' });
  });

  it.each([403, 404, 422])('is not sent twice when JobScore does not show what arrived (%d)', async (status) => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const request = exportRequest({ resume: resumeFile() });
    jobscore.simulator.faults.add({ ...UPLOAD, times: 1, fault: { kind: 'failAfterWrite' } });
    const { reference } = await interruptionOf(exporter.exportCandidate(ctx, request));
    jobscore.simulator.faults.add({ method: 'GET', path: UPLOAD.path, fault: { kind: 'status', status } });
    const { warnings } = await exporter.exportCandidate(ctx, { ...request, existing: reference });
    expect(warnings).toMatchObject([{ code: 'RESUME_UNCLEAR' }]);
    expect(jobscore.simulator.candidates()).toMatchObject([{ documents: [{}] }]);
  });

  it('EXP-11: is neither declared nor sent when the admin switched it off', async () => {
    await using jobscore = await startJobScore();
    const { exporter, permissions, ctx } = await jobscore.connect({
      settings: { sourceName: 'SeekOut', sendResume: false },
    });
    expect(exporter.fields.map(({ name }) => name)).not.toContain('resume');
    await exporter.exportCandidate(ctx, exportRequest({ resume: resumeFile() }));
    expect(jobscore.simulator.candidates()).toMatchObject([{ documents: [] }]);
    const rights = await permissions.check(ctx, ['export']);
    expect(rights.map(({ permission }) => permission)).not.toContain('documents.write');
  });
});

describe('finding what an unanswered try has made', () => {
  it('EXP-12: works when JobScore does not filter by email address, over all pages', async () => {
    await using jobscore = await startJobScore({ deviations: { withoutEmailFilter: true, withoutPageMeta: true } });
    const { exporter, ctx } = jobscore.connection;
    for (let count = 0; count < 120; count += 1) await exporter.exportCandidate(ctx, exportRequest());
    const request = exportRequest();
    expect(await exporter.findExported?.(ctx, request)).toBeUndefined();
    const { remoteId } = await exporter.exportCandidate(ctx, request);
    expect(await exporter.findExported?.(ctx, request)).toMatchObject({ remoteId });
  });

  it('RSC-3: goes by where somebody comes from, when that is not us', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const request = exportRequest({ source: 'A Network' });
    const { remoteId } = await exporter.exportCandidate(ctx, request);
    expect(jobscore.simulator.candidates()).toMatchObject([{ source: 'other', source_detail: 'A Network' }]);
    expect(await exporter.findExported?.(ctx, request)).toMatchObject({ remoteId });
    const { source: _source, ...ours } = request;
    expect(await exporter.findExported?.(ctx, ours)).toBeUndefined();
  });

  it('takes the oldest when there are several', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const request = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, request);
    for (let count = 0; count < 5; count += 1) {
      jobscore.simulator.clock.advance(1_000);
      await exporter.exportCandidate(ctx, request);
    }
    expect(await exporter.findExported?.(ctx, request)).toMatchObject({ remoteId });
  });

  it('compares names without capitals and spacing', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const { remoteId } = await exporter.exportCandidate(
      ctx,
      exportRequest({ candidate: { firstName: 'ADA  LU', lastName: 'okafor', emails: ['ADA@home.example'] } }),
    );
    const asked = exportRequest({
      candidate: { firstName: 'Ada Lu ', lastName: 'Okafor', emails: ['ada@home.example'] },
    });
    expect(await exporter.findExported?.(ctx, asked)).toMatchObject({ remoteId });
  });

  it.each([
    ['has another name', { firstName: 'Bola' }, {}],
    ['has the address as the work address alone', { emails: ['x@home.example', 'ada@home.example'] }, {}],
    ['came from another source', {}, { sourceName: 'Indeed Resume' }],
  ])('EXP-12: is not misled by a candidate who %s', async (_what, changes, settings) => {
    await using jobscore = await startJobScore();
    const candidate = { firstName: 'Ada', lastName: 'Okafor', emails: ['ada@home.example'] };
    const other = await jobscore.connect({ settings: { sourceName: 'SeekOut', ...settings } });
    await other.exporter.exportCandidate(other.ctx, exportRequest({ candidate: { ...candidate, ...changes } }));
    const { exporter, ctx } = jobscore.connection;
    expect(await exporter.findExported?.(ctx, exportRequest({ candidate }))).toBeUndefined();
  });

  it('makes allowance for clocks that differ a little, and not for more', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const request = exportRequest();
    await exporter.exportCandidate(ctx, request);
    const triedIn = (ms: number) => ({ ...request, firstTriedAt: new Date(Date.now() + ms).toISOString() });
    expect(await exporter.findExported?.(ctx, triedIn(60_000))).toBeDefined();
    expect(await exporter.findExported?.(ctx, triedIn(10 * 60_000))).toBeUndefined();
  });

  it('EXP-12: does not call an outage "nothing there"', async () => {
    await using jobscore = await startJobScore();
    jobscore.simulator.faults.add({ method: 'GET', path: CREATE.path, fault: { kind: 'failBeforeWrite' } });
    const { exporter, ctx } = jobscore.connection;
    await expect(exporter.findExported?.(ctx, exportRequest())).rejects.toMatchObject({ recovery: 'retry' });
  });
});

describe('duplicates', () => {
  it('EXP-8: are made by sending a person twice, as JobScore finds them later', async () => {
    await using jobscore = await startJobScore();
    const { exporter, ctx } = jobscore.connection;
    const { candidate } = exportRequest();
    await exporter.exportCandidate(ctx, exportRequest({ candidate }));
    await exporter.exportCandidate(ctx, exportRequest({ candidate }));
    expect(jobscore.simulator.candidates()).toHaveLength(2);
    expect(exporter.limits.absorbsRepeats ?? false).toBe(false);
  });
});
