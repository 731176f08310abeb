import type { PulledPage } from '@talentbridge/contracts';
import { callContext } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { type JobDivaSimulator, type SimulatedAccount, toEastern } from '../simulator/index.js';
import { Mirror } from './mirror.js';
import { LINKEDIN_FIELD } from './mirrored-account.js';
import { type StartedJobDiva, startJobDiva } from './start-jobdiva.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const APPLICATIONS = { method: 'GET', path: '/apiv2/bi/CandidateApplicationRecords' };
const CANDIDATES = { method: 'GET', path: '/apiv2/bi/NewUpdatedCandidateRecords' };

/** Fills the first account with so many candidates, updated over sixty days until a time. */
function populate({ simulator }: StartedJobDiva, candidates: number, until = Date.now() - DAY_MS): SimulatedAccount {
  simulator.account().populate({ candidates, until, days: 60, jobs: 6 });
  return simulator.account();
}

/** A mirror of so many candidates that is complete, and the mark that the next run begins at. */
async function mirrored(
  jobdiva: StartedJobDiva,
  candidates: number,
): Promise<{ readonly account: SimulatedAccount; readonly mirror: Mirror; readonly mark: string }> {
  const account = populate(jobdiva, candidates);
  const mirror = new Mirror();
  const mark = await mirror.follow(jobdiva.connection, { kind: 'all' });
  mirror.expectEqual(account);
  return { account, mirror, mark };
}

function calls({ requests }: JobDivaSimulator, method: string): number {
  return requests.matching({ path: new RegExp(`/${method}$`) }).length;
}

function idOf(account: SimulatedAccount, index: number): number {
  const id = account.people.tenant?.idOf(index);
  if (id === undefined) throw new Error('There is no such candidate.');
  return id;
}

/** Every page of a run, from its first to its last. */
async function pagesOf({ connection }: StartedJobDiva, since: string): Promise<readonly PulledPage[]> {
  const pages: PulledPage[] = [];
  for (let cursor: string | undefined; ; ) {
    const request = { kind: 'changes', since, ...(cursor === undefined ? {} : { cursor }) } as const;
    const page = await connection.rediscovery.pull(connection.ctx, request);
    pages.push(page);
    if (page.cursor === undefined) return pages;
    cursor = page.cursor;
  }
}

describe('a first load', () => {
  it('RED-1: mirrors every candidate, job and application to the last property', async () => {
    await using jobdiva = await startJobDiva();
    const { mirror } = await mirrored(jobdiva, 120);
    expect(mirror.candidates.size).toBe(120);
    expect(new Set([...mirror.applications.values()].map(({ statusLabel }) => statusLabel))).toEqual(
      new Set(['Active', 'Hired', 'Interview', 'Internal submittal', 'Rejected', 'Submitted']),
    );
    const [candidate] = mirror.candidates.values();
    expect(candidate?.attachments?.length).toBeLessThanOrEqual(1);
  });

  it('RED-1: knows everybody who was exported a moment before', async () => {
    await using jobdiva = await startJobDiva();
    const account = jobdiva.simulator.account();
    // Jobs of long ago, which nobody is on, would lie beyond a year without anybody.
    for (const job of account.jobs) account.editJob(job.id, {}, Date.now() - DAY_MS);
    const { id } = account.createCandidate(
      { firstName: 'Ada', lastName: 'Byron', email: 'a@home.example' },
      Date.now(),
    );
    const mirror = new Mirror();
    await mirror.follow(await jobdiva.connect({ settings: {} }), { kind: 'all' });
    expect([...mirror.candidates.keys()]).toEqual([String(id)]);
    mirror.expectEqual(account);
  });

  it('RED-1: goes no further back than the day that an admin chose', async () => {
    await using jobdiva = await startJobDiva();
    populate(jobdiva, 60);
    const historyStart = new Date(Date.now() - 20 * DAY_MS).toISOString().slice(0, 10);
    const connection = await jobdiva.connect({ settings: { historyStart } });
    const mirror = new Mirror();
    await mirror.follow(connection, { kind: 'all' });
    expect(mirror.candidates.size).toBeGreaterThan(5);
    expect(mirror.candidates.size).toBeLessThan(30);
  });

  it('RED-1: ends after a year without anybody, rather than after ten', async () => {
    await using jobdiva = await startJobDiva();
    populate(jobdiva, 3);
    const connection = await jobdiva.connect({ settings: {} });
    await new Mirror().follow(connection, { kind: 'all' });
    const windows = calls(jobdiva.simulator, 'NewUpdatedCandidateRecords');
    expect(windows).toBeGreaterThan(26);
    expect(windows).toBeLessThan(60);
  });

  it('RED-1: reads nothing again on a connection of its own for each page but the window of that page', async () => {
    await using jobdiva = await startJobDiva();
    const account = populate(jobdiva, 500);
    const mirror = new Mirror();
    let cursor: string | undefined;
    do {
      const { rediscovery, ctx } = await jobdiva.connect({});
      const page = await rediscovery.pull(ctx, { kind: 'all', ...(cursor === undefined ? {} : { cursor }) });
      mirror.take(page);
      cursor = page.cursor;
    } while (cursor !== undefined);
    mirror.expectEqual(account);
  });

  it('RED-4: brings the LinkedIn URL out of the user-defined field that an admin named', async () => {
    await using jobdiva = await startJobDiva();
    populate(jobdiva, 20);
    const mirror = new Mirror();
    await mirror.follow(await jobdiva.connect({ settings: { linkedInField: LINKEDIN_FIELD } }), { kind: 'all' });
    const links = [...mirror.candidates.values()].flatMap(({ socialUrls }) => socialUrls);
    expect(links.length).toBeGreaterThan(3);
    for (const { network, url } of links) expect([network, url]).toEqual(['linkedin', expect.stringContaining('/in/')]);
  });

  it('RED-4: brings education and experience when an admin wants them', async () => {
    await using jobdiva = await startJobDiva();
    populate(jobdiva, 3);
    const mirror = new Mirror();
    await mirror.follow(await jobdiva.connect({ settings: { readHistory: true } }), { kind: 'all' });
    for (const { education, workExperience } of mirror.candidates.values()) {
      expect(education).toMatchObject([{ school: 'Example State University', degree: 'BSc' }]);
      expect(workExperience).toMatchObject([{ employer: expect.any(String), title: expect.any(String) }]);
    }
  });

  it('RED-2: passes over a candidate whose history fails for good, after some tries, and reads it once it can', async () => {
    await using jobdiva = await startJobDiva();
    populate(jobdiva, 60);
    const { rediscovery, ctx } = await jobdiva.connect({ settings: { readHistory: true } });
    const failOnce = () =>
      jobdiva.simulator.faults.add({
        method: 'GET',
        path: '/apiv2/bi/CandidateEducationDetail',
        nth: 2,
        fault: { kind: 'html', status: 200 },
      });
    failOnce();
    const unreadable = { code: 'ATS_ANSWER_UNREADABLE' };
    await expect(rediscovery.pull(ctx, { kind: 'all' })).rejects.toMatchObject(unreadable);
    jobdiva.simulator.faults.clear();
    failOnce();
    const page = await rediscovery.pull(ctx, { kind: 'all', attempt: 3 });
    expect(page.candidates.length).toBeGreaterThan(1);
    expect(page.unreadable).toHaveLength(1);
    const references = (page.unreadable ?? []).map(({ reference }) => reference);
    const { candidates } = await rediscovery.read(ctx, references);
    expect(candidates.map(({ remoteId }) => remoteId)).toEqual(references.map(({ remoteId }) => remoteId));
  });

  it('RED-8: asks for no résumés when an admin does not want them', async () => {
    await using jobdiva = await startJobDiva();
    populate(jobdiva, 20);
    const mirror = new Mirror();
    await mirror.follow(await jobdiva.connect({ settings: { listResumes: false } }), { kind: 'all' });
    expect(calls(jobdiva.simulator, 'CandidatesResumesDetail')).toBe(0);
    for (const candidate of mirror.candidates.values()) expect(candidate.attachments).toBeUndefined();
  });

  it.each([
    ['answers rows as lists under a header', { headerRows: true }],
    ['lists nothing but the ids of those who changed', { feedHasIdsAlone: true }],
  ])('RED-1: is the same when JobDiva %s', async (_how, deviations) => {
    await using jobdiva = await startJobDiva({ deviations });
    await mirrored(jobdiva, 40);
  });
});

describe('a window', () => {
  it('RED-1: that JobDiva takes too long for is halved until it is served', async () => {
    await using jobdiva = await startJobDiva({ bi: { mostRows: 12 } });
    await mirrored(jobdiva, 200);
    expect(jobdiva.simulator.requests.all().filter(({ status }) => status === 504).length).toBeGreaterThan(2);
  });

  it('RED-1: that is not answered in time is halved', { timeout: 60_000 }, async () => {
    await using jobdiva = await startJobDiva();
    const account = populate(jobdiva, 10);
    jobdiva.simulator.faults.add({ ...CANDIDATES, times: 1, fault: { kind: 'hang' } });
    const { rediscovery } = jobdiva.connection;
    // Ten seconds of silence are the least that the plugin takes for an answer.
    const page = await rediscovery.pull(callContext(15_000), { kind: 'all' });
    const mirror = new Mirror();
    mirror.take(page);
    for (let { cursor } = page; cursor !== undefined; ) {
      const next = await rediscovery.pull(callContext(), { kind: 'all', cursor });
      mirror.take(next);
      cursor = next.cursor;
    }
    mirror.expectEqual(account);
  });

  it('RED-1: whose answer is too large to be read is halved', async () => {
    await using jobdiva = await startJobDiva();
    populate(jobdiva, 60);
    jobdiva.simulator.faults.add({ ...CANDIDATES, times: 2, fault: { kind: 'huge' } });
    const mirror = new Mirror();
    await mirror.follow(jobdiva.connection, { kind: 'all' });
    mirror.expectEqual(jobdiva.simulator.account());
  });

  it('RED-1: that fails at its smallest is an outage', async () => {
    await using jobdiva = await startJobDiva();
    jobdiva.simulator.faults.add({ ...CANDIDATES, fault: { kind: 'status', status: 504 } });
    const { rediscovery, ctx } = jobdiva.connection;
    await expect(rediscovery.pull(ctx, { kind: 'all' })).rejects.toMatchObject({ code: 'ATS_UNAVAILABLE' });
    expect(calls(jobdiva.simulator, 'NewUpdatedCandidateRecords')).toBeLessThan(12);
  });

  it.each([
    [{ message: 'Error: Something is wrong', data: [] }, 'ATS_ANSWER_UNREADABLE'],
    [{ data: [] }, 'ATS_ANSWER_UNREADABLE'],
    [{ message: 'Query "x" completed successfully', data: [{ EMAIL: 'a@home.example' }] }, 'ATS_ANSWER_UNREADABLE'],
    [{ message: 'There are too many API requests in the queue. Please try again in 3 minutes.' }, 'ATS_RATE_LIMITED'],
    [{ message: 'Error: You are not allowed to query this BIData metric.' }, 'ATS_PERMISSION_MISSING'],
  ])('RED-1: that answers 200 and %j has failed', async (body, code) => {
    await using jobdiva = await startJobDiva();
    jobdiva.simulator.faults.add({ ...CANDIDATES, fault: { kind: 'status', status: 200, body } });
    const { rediscovery, ctx } = jobdiva.connection;
    await expect(rediscovery.pull(ctx, { kind: 'all' })).rejects.toMatchObject({ code });
  });

  it('RED-1: full of applications is halved, and paged only where all of them came within an hour', async () => {
    await using jobdiva = await startJobDiva();
    const account = populate(jobdiva, 400);
    const at = Date.now() - 5 * DAY_MS;
    const [job] = account.jobs;
    for (let index = 0; index < 250; index += 1) account.applyAt(idOf(account, index), job?.id ?? 0, at);
    const mirror = new Mirror();
    await mirror.follow(jobdiva.connection, { kind: 'all' });
    mirror.expectEqual(account);
  });

  it('RED-1: is not read for ever when JobDiva takes no notice of the page', async () => {
    await using jobdiva = await startJobDiva({ deviations: { withoutPages: true } });
    const account = populate(jobdiva, 200);
    const at = Date.now() - 5 * DAY_MS;
    for (let index = 0; index < 150; index += 1) account.applyAt(idOf(account, index), account.jobs[0]?.id ?? 0, at);
    await new Mirror().follow(jobdiva.connection, { kind: 'all' });
  });

  it('RED-2: holds what changed in the hour that the clock shows twice', async () => {
    await using jobdiva = await startJobDiva();
    const account = jobdiva.simulator.account();
    const back = Date.parse('2026-11-01T06:00:00Z');
    expect(toEastern(back - HOUR_MS)).toBe(toEastern(back));
    for (let minutes = -90; minutes <= 90; minutes += 10) {
      const at = back + minutes * MINUTE_MS;
      account.addCandidate({ firstName: 'Ada', lastName: `${minutes}`, email: `a${minutes}@home.example` }, at);
    }
    // Windows of a day that begin and end within that hour, whichever of the two it is.
    for (const minutes of [-45, -15, 15, 45]) {
      const mirror = new Mirror();
      const since = new Date(back + minutes * MINUTE_MS).toISOString();
      await mirror.follow(jobdiva.connection, { kind: 'changes', since });
      const names = new Set([...mirror.candidates.values()].map(({ lastName }) => Number(lastName)));
      for (let later = Math.ceil(minutes / 10) * 10; later <= 90; later += 10) expect([...names]).toContain(later);
    }
  });
});

describe('changes', () => {
  it('RED-2: take one request for each list, and one for the time, when there are none', async () => {
    await using jobdiva = await startJobDiva();
    const { mark } = await mirrored(jobdiva, 20);
    jobdiva.simulator.requests.reset();
    const pages = await pagesOf(jobdiva, mark);
    expect(pages).toHaveLength(1);
    expect(jobdiva.simulator.requests.all().map(({ path }) => path.split('/').at(-1))).toEqual([
      'ApiLimits',
      'NewUpdatedCandidateRecords',
      'NewUpdatedJobRecords',
      'CandidateApplicationRecords',
      'SubmittalInterviewHireActivitiesList',
      'DeletedCandidateRecords',
      'DeletedJobRecords',
      'MergedCandidates',
      'MergedJobs',
    ]);
  });

  it('RED-2: hold what was committed late, and what is as old as the mark to the second', async () => {
    await using jobdiva = await startJobDiva();
    const { account, mirror, mark } = await mirrored(jobdiva, 20);
    const stamp = Math.floor(Date.parse(mark) / 1000) * 1000;
    account.editCandidate(idOf(account, 1), { lastName: 'Same second' }, stamp);
    account.editCandidate(idOf(account, 2), { lastName: 'Same second' }, stamp);
    // A transaction of twenty minutes: its time is before the mark, and it shows only now.
    account.editCandidate(idOf(account, 3), { lastName: 'Late' }, Date.parse(mark) - 20 * MINUTE_MS);
    await mirror.follow(jobdiva.connection, { kind: 'changes', since: mark });
    mirror.expectEqual(account);
  });

  it('RED-2: hold what is committed only after a run that looked at its time', async () => {
    await using jobdiva = await startJobDiva();
    const { account, mirror, mark } = await mirrored(jobdiva, 20);
    const { clock } = jobdiva.simulator;
    const stamp = clock.now();
    account.commitLate(stamp + 10 * MINUTE_MS, () =>
      account.editCandidate(idOf(account, 3), { lastName: 'Late' }, stamp),
    );
    const next = await mirror.follow(jobdiva.connection, { kind: 'changes', since: mark });
    clock.advance(11 * MINUTE_MS);
    await mirror.follow(jobdiva.connection, { kind: 'changes', since: next });
    mirror.expectEqual(account);
    expect(account.people.find(idOf(account, 3))?.lastName).toBe('Late');
  });

  it.each([-3, 3])("RED-2: are seen when JobDiva's clock is %i hours off ours", async (hours) => {
    await using jobdiva = await startJobDiva();
    const account = populate(jobdiva, 20);
    jobdiva.simulator.clock.advance(hours * HOUR_MS);
    const { clock } = jobdiva.simulator;
    const mirror = new Mirror();
    account.editCandidate(idOf(account, 1), { lastName: 'Before' }, clock.now());
    const mark = await mirror.follow(jobdiva.connection, { kind: 'all' });
    mirror.expectEqual(account);
    account.editCandidate(idOf(account, 2), { lastName: 'After' }, clock.now());
    await mirror.follow(jobdiva.connection, { kind: 'changes', since: mark });
    mirror.expectEqual(account);
  });

  it('RED-2: of half a year are read in windows', async () => {
    await using jobdiva = await startJobDiva();
    const account = populate(jobdiva, 60);
    const mirror = new Mirror();
    const since = new Date(Date.now() - 180 * DAY_MS).toISOString();
    await mirror.follow(jobdiva.connection, { kind: 'changes', since });
    expect([...mirror.candidates.keys()]).toHaveLength(60);
    mirror.expectEqual(account);
  });

  it('RED-12: tell who was deleted and who was merged, and move what hung on them', async () => {
    await using jobdiva = await startJobDiva();
    const { account, mirror, mark } = await mirrored(jobdiva, 30);
    account.deleteCandidate(idOf(account, 1), Date.now());
    account.mergeCandidates(idOf(account, 2), idOf(account, 3), Date.now());
    account.deleteJob(account.jobs[0]?.id ?? 0, Date.now());
    account.deleteJob(account.jobs[1]?.id ?? 0, Date.now(), account.jobs[2]?.id);
    await mirror.follow(jobdiva.connection, { kind: 'changes', since: mark });
    mirror.expectEqual(account);
    expect(mirror.candidates.has(String(idOf(account, 2)))).toBe(false);
  });

  it('RED-3: do not take somebody for deleted whom JobDiva deems inactive', async () => {
    await using jobdiva = await startJobDiva();
    const { account, mirror, mark } = await mirrored(jobdiva, 10);
    const id = idOf(account, 4);
    account.editCandidate(id, { active: false }, Date.now());
    const pages = await pagesOf(jobdiva, mark);
    for (const page of pages) mirror.take(page);
    expect(pages.flatMap(({ gone }) => gone)).toEqual([]);
    expect(mirror.candidates.has(String(id))).toBe(true);
    const { rediscovery, ctx } = jobdiva.connection;
    const references = [{ kind: 'candidate', remoteId: String(id) }] as const;
    expect(await rediscovery.read(ctx, references)).toMatchObject({ candidates: [], gone: [] });
    expect(rediscovery.limits.completeWhenFull).toBe(false);
  });
});

describe('an application', () => {
  it('RED-8: is one with its submittal, whichever of the two is touched last', async () => {
    await using jobdiva = await startJobDiva();
    const account = populate(jobdiva, 1);
    const [candidateId, jobId] = [idOf(account, 0), account.jobs[3]?.id ?? 0];
    const key = `${candidateId}/${jobId}`;
    const mirror = new Mirror();
    const { clock } = jobdiva.simulator;
    account.applyAt(candidateId, jobId, clock.now());
    let mark = await mirror.follow(jobdiva.connection, { kind: 'all' });
    expect(mirror.applications.get(key)).toMatchObject({ status: 'active', statusLabel: 'Active' });

    clock.advance(2 * HOUR_MS);
    const { id } = account.submit(candidateId, jobId, clock.now(), 'interview');
    mark = await mirror.follow(jobdiva.connection, { kind: 'changes', since: mark });
    const recruiter = { name: 'Rita Moss', remoteId: '410001' };
    expect(mirror.applications.get(key)).toMatchObject({ status: 'active', statusLabel: 'Interview', recruiter });

    clock.advance(2 * HOUR_MS);
    account.moveApplication(candidateId, jobId, 'Reviewed', clock.now());
    mark = await mirror.follow(jobdiva.connection, { kind: 'changes', since: mark });
    expect(mirror.applications.get(key)).toMatchObject({ statusLabel: 'Interview' });

    clock.advance(2 * HOUR_MS);
    account.moveSubmittal(id, 'rejected', clock.now(), 'Salary');
    await mirror.follow(jobdiva.connection, { kind: 'changes', since: mark });
    expect(mirror.applications.get(key)).toMatchObject({ status: 'rejected', rejectionReason: 'Salary' });
    mirror.expectEqual(account);
  });

  it('RED-8: keeps its submittal through a run of everything, on every page of it', async () => {
    await using jobdiva = await startJobDiva();
    const { account, mirror } = await mirrored(jobdiva, 150);
    // Whoever ends the run after any of its pages finds the mirror as it was.
    for (let cursor: string | undefined; ; ) {
      const { rediscovery, ctx } = jobdiva.connection;
      const page = await rediscovery.pull(ctx, { kind: 'all', ...(cursor === undefined ? {} : { cursor }) });
      mirror.take(page);
      mirror.expectEqual(account);
      if (page.cursor === undefined) return;
      cursor = page.cursor;
    }
  });

  it('RED-8: is told apart from a submittal when the list of submittals of its job may be cut off', async () => {
    await using jobdiva = await startJobDiva({ deviations: { mostSubmittals: 100 } });
    const account = populate(jobdiva, 150);
    const jobId = account.jobs[0]?.id ?? 0;
    const at = Date.now() - 30 * DAY_MS;
    for (let index = 0; index < 130; index += 1)
      account.submit(idOf(account, index), jobId, at + index * 1000, 'hired');
    for (const index of [20, 125, 140]) account.applyAt(idOf(account, index), jobId, at + 10 * DAY_MS);
    const mirror = new Mirror();
    await mirror.follow(jobdiva.connection, { kind: 'all' });
    mirror.expectEqual(account);
  });

  it('RED-8: of several submittals shows the one that was touched last, in whatever order they were made', async () => {
    await using jobdiva = await startJobDiva();
    const account = populate(jobdiva, 2);
    const jobId = account.jobs[3]?.id ?? 0;
    const daysAgo = (days: number): number => Date.now() - days * DAY_MS;
    const [first, second] = [
      account.submit(idOf(account, 0), jobId, daysAgo(50), 'interview'),
      account.submit(idOf(account, 0), jobId, daysAgo(30), 'submitted'),
    ];
    account.moveSubmittal(second.id, 'hired', daysAgo(20));
    const mirror = new Mirror();
    await mirror.follow(jobdiva.connection, { kind: 'all' });
    expect(mirror.applications.get(`${idOf(account, 0)}/${jobId}`)).toMatchObject({ status: 'hired' });
    account.moveSubmittal(first.id, 'rejected', daysAgo(10), 'Salary');
    await mirror.follow(jobdiva.connection, { kind: 'all' });
    mirror.expectEqual(account);
  });

  it('RED-8: is read by its id, submitted or not', async () => {
    await using jobdiva = await startJobDiva();
    const { mirror } = await mirrored(jobdiva, 60);
    const wanted = [...mirror.applications.values()];
    const references = wanted.map(({ remoteId }) => ({ kind: 'application' as const, remoteId }));
    const { rediscovery, ctx } = jobdiva.connection;
    const read = await rediscovery.read(ctx, references);
    expect(new Map(read.applications.map((one) => [one.remoteId, one]))).toStrictEqual(mirror.applications);
    expect(read.gone).toEqual([]);
  });
});

describe('a used-up quota of the list of applications', () => {
  it('RED-2: is no reason to wait: applicants are read job by job, and what is missing is owed to the next run', async () => {
    await using jobdiva = await startJobDiva();
    const { account, mirror, mark } = await mirrored(jobdiva, 60);
    const [closed, open] = [account.jobs[0], account.jobs[1]];
    expect([closed?.status, open?.status]).toEqual(['CLOSED', 'OPEN']);
    const candidateId = account.addCandidate({ firstName: 'Ada', lastName: 'Byron' }, Date.now()).id;
    account.applyAt(candidateId, open?.id ?? 0, Date.now());
    account.applyAt(candidateId, closed?.id ?? 0, Date.now());

    const heal = jobdiva.simulator.faults.add({ ...APPLICATIONS, fault: { kind: 'status', status: 429 } });
    const owing = await mirror.follow(jobdiva.connection, { kind: 'changes', since: mark });
    expect(mirror.applications.has(`${candidateId}/${open?.id}`)).toBe(true);
    expect(mirror.applications.has(`${candidateId}/${closed?.id}`)).toBe(false);
    expect(calls(jobdiva.simulator, 'JobApplicantsDetail')).toBe(4);

    // Again, and much later: what is owed stays owed until it is read.
    jobdiva.simulator.clock.advance(5 * HOUR_MS);
    const stillOwing = await mirror.follow(jobdiva.connection, { kind: 'changes', since: owing });
    heal();
    await mirror.follow(jobdiva.connection, { kind: 'changes', since: stillOwing });
    mirror.expectEqual(account);
  });

  it('RED-1: during a first load brings those of open jobs, and then waits', async () => {
    await using jobdiva = await startJobDiva();
    const account = populate(jobdiva, 60);
    const heal = jobdiva.simulator.faults.add({ ...APPLICATIONS, fault: { kind: 'status', status: 429 } });
    const { rediscovery } = jobdiva.connection;
    const mirror = new Mirror();
    let cursor: string | undefined;
    const next = async (): Promise<void> => {
      const request = { kind: 'all', ...(cursor === undefined ? {} : { cursor }) } as const;
      const page = await rediscovery.pull(jobdiva.connection.ctx, request);
      mirror.take(page);
      cursor = page.cursor;
    };
    const refusal = await (async () => {
      for (;;) await next();
    })().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'ATS_RATE_LIMITED' });
    heal();
    do await next();
    while (cursor !== undefined);
    mirror.expectEqual(account);
  });
});

describe('a résumé', () => {
  it('RED-8: comes with its name, type and bytes', async () => {
    await using jobdiva = await startJobDiva();
    const account = jobdiva.simulator.account();
    const { id } = account.createCandidate({ firstName: 'Ada', lastName: 'Byron' }, Date.now());
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
    account.uploadResume(
      {
        candidateid: id,
        filename: 'ada.pdf',
        resumesource: 7000,
        textfile: 'Ada Byron',
        filecontent: Buffer.from(bytes).toString('base64'),
      },
      Date.now(),
    );
    const mirror = new Mirror();
    await mirror.follow(jobdiva.connection, { kind: 'all' });
    const [attachment] = mirror.candidates.get(String(id))?.attachments ?? [];
    expect(attachment).toMatchObject({ kind: 'resume', filename: expect.stringMatching(/^resume-\d{4}-\d\d-\d\d$/) });
    const { rediscovery, ctx } = jobdiva.connection;
    const file = await rediscovery.fetchAttachment?.(ctx, {
      candidateRemoteId: String(id),
      remoteId: attachment?.remoteId ?? '',
      filename: attachment?.filename ?? '',
    });
    expect(file).toMatchObject({ filename: 'ada.pdf', contentType: 'application/pdf' });
    expect(Buffer.from(file?.bytes ?? []).equals(Buffer.from(bytes))).toBe(true);
  });

  it.each([
    [{ FILENAME: 'ada.doc', FILECONTENT_BASE64ENCODED: 'Null', PLAINTEXT: 'Ada' }, 'ada.txt'],
    [{ FILENAME: 'Null', FILECONTENT_BASE64ENCODED: '', PLAINTEXT: 'Ada' }, 'resume.txt'],
  ])('RED-8: is its text where JobDiva has no file: %j', async (row, filename) => {
    await using jobdiva = await startJobDiva();
    const body = { message: 'Query "Resume Detail" completed successfully', data: [row] };
    const route = { method: 'GET', path: '/apiv2/bi/ResumeDetail' };
    jobdiva.simulator.faults.add({ ...route, fault: { kind: 'status', status: 200, body } });
    const { rediscovery, ctx } = jobdiva.connection;
    const wanted = { candidateRemoteId: '1', remoteId: '1_1_11', filename: 'resume' };
    const file = await rediscovery.fetchAttachment?.(ctx, wanted);
    expect(file).toStrictEqual({ filename, contentType: 'text/plain', bytes: new TextEncoder().encode('Ada') });
  });

  it.each([
    ['QWRhIQ==', 'Ada!'],
    ['QWRhIQ=', 'Ada!'],
    ['QWRhIQ', 'Ada!'],
    ['QWRh\r\nSVE=\r\n', 'AdaIQ'],
  ])('RED-8: is read with whatever padding and line breaks: %j', async (content, text) => {
    await using jobdiva = await startJobDiva();
    expect(await fileOf(jobdiva, content)).toMatchObject({
      filename: 'ada.txt',
      bytes: new TextEncoder().encode(text),
    });
  });

  it.each(['==', 'QWRhI', 'QWRh!', 'QW=h', 'QWRhIQ==='])('RED-8: is none that is no base64: %j', async (content) => {
    await using jobdiva = await startJobDiva();
    await expect(fileOf(jobdiva, content)).rejects.toMatchObject({ code: 'ATS_ANSWER_UNREADABLE' });
  });
});

/** The file of a résumé of which JobDiva answers this content. */
function fileOf({ simulator, connection }: StartedJobDiva, content: string) {
  const body = {
    message: 'Query "Resume Detail" completed successfully',
    data: [{ FILENAME: 'ada.txt', FILECONTENT_BASE64ENCODED: content, PLAINTEXT: '' }],
  };
  simulator.faults.add({ method: 'GET', path: '/apiv2/bi/ResumeDetail', fault: { kind: 'status', status: 200, body } });
  const wanted = { candidateRemoteId: '1', remoteId: '1_1_11', filename: 'resume' };
  return connection.rediscovery.fetchAttachment?.(connection.ctx, wanted);
}
