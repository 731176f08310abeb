import { type ExportRequest, type ExportTarget, isExportInterrupted, type Job } from '@talentbridge/contracts';
import { exportRequest, type PluginConnection, resumeFile } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import type { CandidateState, JobDivaSimulator, JobStatus } from '../simulator/index.js';
import { startJobDiva } from './start-jobdiva.js';

const CREATE = { method: 'POST', path: '/apiv2/jobdiva/createCandidate' };
const UPDATE = { method: 'POST', path: '/apiv2/jobdiva/updateCandidateProfile' };
const LINKS = { method: 'POST', path: '/apiv2/jobdiva/updateCandidateSNLinks' };
const UPLOAD = { method: 'POST', path: '/apiv2/jobdiva/uploadResume' };
const APPLY = { method: 'POST', path: '/apiv2/jobdiva/createJobApplication' };
const RESUMES = { method: 'GET', path: '/apiv2/bi/CandidatesResumesDetail' };

function jobTarget(simulator: JobDivaSimulator, status: JobStatus = 'OPEN'): ExportTarget {
  const job = simulator.account().jobs.find((one) => one.status === status);
  if (!job) throw new Error(`The simulator has no job that is ${status}.`);
  return { kind: 'job', jobRemoteId: String(job.id) };
}

function theOnlyCandidate(simulator: JobDivaSimulator): CandidateState {
  const [candidate, ...others] = simulator.candidates();
  if (!candidate || others.length > 0) throw new Error(`There are ${others.length + 1} candidates, not one.`);
  return candidate;
}

function calls(
  simulator: JobDivaSimulator,
  { method, path }: { readonly method: string; readonly path: string },
): number {
  return simulator.requests.matching({ method, path: new RegExp(`${path}$`) }).length;
}

/** Somebody who is in JobDiva already, put there by somebody else. */
function known(simulator: JobDivaSimulator, fields: Readonly<Record<string, string>>): CandidateState {
  const account = simulator.account();
  const { linkedIn, ...texts } = fields;
  const { id } = account.createCandidate(
    { firstName: 'Ada', lastName: 'Byron', ...texts },
    simulator.clock.now() - 86_400_000,
  );
  if (linkedIn) account.updateLinks({ candidateid: id, socialnetworks: [{ name: 'LinkedIn', link: linkedIn }] }, 0);
  const state = simulator.candidates().find((candidate) => candidate.id === id);
  if (!state) throw new Error('unreachable');
  return state;
}

async function allJobs({ exporter, ctx }: PluginConnection, first?: number): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await exporter.listJobs(ctx, { ...(cursor ? { cursor } : {}), ...(first ? { first } : {}) });
    jobs.push(...page.items);
    if (page.cursor === undefined) return jobs;
    cursor = page.cursor;
  }
}

/** The request of the next try, after one that was interrupted once the candidate had arrived. */
async function retryOf(request: ExportRequest, call: Promise<unknown>): Promise<ExportRequest> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isExportInterrupted(error)) throw new Error('The export was expected to be interrupted.', { cause: error });
  return { ...request, existing: error.reference };
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

describe('somebody whom JobDiva knows', () => {
  it('EXP-10: is found by email whatever its capitals, and completed; nothing that is there changes', async () => {
    await using jobdiva = await startJobDiva();
    const before = known(jobdiva.simulator, {
      email: 'ADA@Home.example',
      address1: '1 Own St',
      city: 'Reno',
      cellphone: '702 555 0100',
    });
    const { exporter, ctx } = jobdiva.connection;
    const candidate = {
      emails: ['ada@home.example', 'ada@work.example'],
      phones: [
        { number: '+17025550100', type: 'mobile' as const },
        { number: '+17025550199', type: 'work' as const },
      ],
    };
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate, resume: resumeFile() }));
    expect(receipt).toMatchObject({ remoteId: String(before.id), outcome: 'UPDATED' });
    expect(receipt.warnings).toMatchObject([{ code: 'HISTORY_NOT_UPDATED' }]);
    expect(theOnlyCandidate(jobdiva.simulator)).toMatchObject({
      firstName: 'Ada',
      lastName: 'Byron',
      email: 'ADA@Home.example',
      alternateemail: 'ada@work.example',
      address1: '1 Own St',
      city: 'Reno',
      state: '',
      phones: [{ phone: '702 555 0100' }, { phone: '+17025550199', type: 'W' }],
      resumes: [{ source: 7000 }],
    });
  });

  it('is not updated when nothing is missing', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const request = exportRequest();
    const first = await exporter.exportCandidate(ctx, request);
    const again = await exporter.exportCandidate(ctx, exportRequest({ candidate: request.candidate }));
    expect(again).toMatchObject({ remoteId: first.remoteId, outcome: 'UPDATED' });
    expect(calls(jobdiva.simulator, UPDATE)).toBe(0);
  });

  it('is found by the LinkedIn URL when the address is another one, and gets the address as the second', async () => {
    await using jobdiva = await startJobDiva();
    const linkedIn = 'https://www.linkedin.com/in/ada-byron';
    const before = known(jobdiva.simulator, { email: 'ada@old.example', linkedIn });
    const { exporter, ctx } = jobdiva.connection;
    const candidate = {
      firstName: 'ADA',
      lastName: 'Býron',
      emails: ['ada@new.example'],
      socialUrls: [{ network: 'linkedin' as const, url: linkedIn }],
    };
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate }));
    expect(receipt).toMatchObject({ remoteId: String(before.id), outcome: 'UPDATED' });
    expect(theOnlyCandidate(jobdiva.simulator)).toMatchObject({
      email: 'ada@old.example',
      alternateemail: 'ada@new.example',
    });
  });

  it('EXP-4: does not get a placeholder address when it is found by the LinkedIn URL', async () => {
    await using jobdiva = await startJobDiva();
    const linkedIn = 'https://www.linkedin.com/in/ada-byron';
    known(jobdiva.simulator, { email: 'ada@old.example', linkedIn });
    const { exporter, ctx } = jobdiva.connection;
    const candidate = {
      firstName: 'Ada',
      lastName: 'Byron',
      emails: ['no-email-1047659244@seekout.example.com'],
      socialUrls: [{ network: 'linkedin' as const, url: linkedIn }],
    };
    expect(await exporter.exportCandidate(ctx, exportRequest({ candidate }))).toMatchObject({ outcome: 'UPDATED' });
    expect(theOnlyCandidate(jobdiva.simulator).alternateemail).toBe('');
  });

  it.each([
    ['is called otherwise', ['Grace']],
    ['is called the same twice', ['Ada', 'Ada']],
  ])('EXP-4: is no stranger who shares the LinkedIn URL and %s', async (_how, firstNames) => {
    await using jobdiva = await startJobDiva();
    const linkedIn = 'https://www.linkedin.com/in/ada-byron';
    for (const [index, firstName] of firstNames.entries()) {
      known(jobdiva.simulator, { firstName, email: `${index}@old.example`, linkedIn });
    }
    const { exporter, ctx } = jobdiva.connection;
    const socialUrls = [{ network: 'linkedin' as const, url: linkedIn }];
    const request = exportRequest({ candidate: { firstName: 'Ada', lastName: 'Byron', socialUrls } });
    expect(await exporter.exportCandidate(ctx, request)).toMatchObject({ outcome: 'CREATED' });
    expect(jobdiva.simulator.candidates()).toHaveLength(firstNames.length + 1);
  });

  it('EXP-4, EXP-5: is exported again as somebody new under another placeholder address', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const first = exportRequest({ candidate: { emails: ['no-email-1@seekout.example.com'] } });
    const { remoteId } = await exporter.exportCandidate(ctx, first);
    const candidate = { ...first.candidate, emails: ['no-email--2@seekout.example.com'] };
    const again = await exporter.exportCandidate(ctx, exportRequest({ candidate, notThese: [remoteId] }));
    expect(again.outcome).toBe('CREATED');
    expect(again.remoteId).not.toBe(remoteId);
  });

  it('EXP-5: is updated when it is exported again under its own address, which JobDiva takes once', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const first = exportRequest();
    const { remoteId } = await exporter.exportCandidate(ctx, first);
    const again = await exporter.exportCandidate(
      ctx,
      exportRequest({ candidate: first.candidate, notThese: [remoteId] }),
    );
    expect(again).toMatchObject({ remoteId, outcome: 'UPDATED' });
    expect(jobdiva.simulator.creations.of(first.candidate.emails[0] ?? '')).toBe(1);
  });

  it('EXP-12: is updated when somebody else creates it between the search and the creation', async () => {
    await using jobdiva = await startJobDiva();
    const { exporter, ctx } = jobdiva.connection;
    const emails = ['ada@home.example'];
    const message = 'Parameter Check Failed \r\nError: Email(ada@home.example) Already used\r\n';
    jobdiva.simulator.faults.add({ ...CREATE, times: 1, fault: { kind: 'status', status: 500, message } });
    // Not there for the first search, there for the second.
    jobdiva.simulator.faults.add({
      method: 'POST',
      path: '/apiv2/jobdiva/searchCandidateProfile',
      times: 1,
      fault: { kind: 'status', status: 200, body: [] },
    });
    const { id } = known(jobdiva.simulator, { email: 'ada@home.example' });
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { emails, socialUrls: [] } }));
    expect(receipt).toMatchObject({ remoteId: String(id), outcome: 'UPDATED' });
  });

  it('is found by the second address when JobDiva refuses the candidate because of it', async () => {
    await using jobdiva = await startJobDiva();
    const { id } = known(jobdiva.simulator, { email: 'ada@work.example' });
    const { exporter, ctx } = jobdiva.connection;
    const emails = ['ada@home.example', 'Ada@Work.example'];
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { emails, socialUrls: [] } }));
    expect(receipt).toMatchObject({ remoteId: String(id), outcome: 'UPDATED' });
    expect(theOnlyCandidate(jobdiva.simulator).alternateemail).toBe('ada@home.example');
  });

  it('EXP-6: keeps its other news when the second address belongs to somebody else', async () => {
    await using jobdiva = await startJobDiva();
    const { id } = known(jobdiva.simulator, { email: 'ada@home.example' });
    known(jobdiva.simulator, { email: 'ada@work.example', firstName: 'Grace' });
    const { exporter, ctx } = jobdiva.connection;
    const emails = ['ada@home.example', 'ada@work.example'];
    const receipt = await exporter.exportCandidate(ctx, exportRequest({ candidate: { emails } }));
    expect(receipt.remoteId).toBe(String(id));
    expect(receipt.warnings.map(({ code }) => code)).toContain('EMAIL_TAKEN');
    expect(jobdiva.simulator.candidates()[0]).toMatchObject({ city: 'Oakland', alternateemail: '' });
  });

  it('EXP-6: says so when an address is taken by somebody whom the API does not show', async () => {
    await using jobdiva = await startJobDiva();
    const message = 'Error: Email(ada@home.example) Already used';
    jobdiva.simulator.faults.add({ ...CREATE, fault: { kind: 'status', status: 500, message } });
    const { exporter, ctx } = jobdiva.connection;
    const error = { code: 'CANDIDATE_REJECTED', field: 'emails', effect: 'none' };
    await expect(exporter.exportCandidate(ctx, exportRequest())).rejects.toMatchObject(error);
  });
});

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
