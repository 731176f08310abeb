import type { MirroredCandidate, PulledPage, PullRequest } from '@talentbridge/contracts';
import type { PluginConnection } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import type { JobScoreSimulator } from '../simulator/index.js';
import { startJobScore } from './start-jobscore.js';

const APPLICATIONS = /\/candidates\/[^/]+\/applications$/;
const DOCUMENTS = /\/candidates\/[^/]+\/documents$/;

async function run({ rediscovery, ctx }: PluginConnection, first: PullRequest): Promise<readonly PulledPage[]> {
  const pages: PulledPage[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await rediscovery.pull(ctx, cursor === undefined ? first : { ...first, cursor });
    pages.push(page);
    if (page.cursor === undefined) return pages;
    cursor = page.cursor;
  }
}

async function candidatesOf(connection: PluginConnection, first: PullRequest): Promise<readonly MirroredCandidate[]> {
  return (await run(connection, first)).flatMap(({ candidates }) => candidates);
}

function markOf(pages: readonly PulledPage[]): string {
  return pages.at(-1)?.mark ?? '';
}

function callsTo(simulator: JobScoreSimulator, path: RegExp): number {
  return simulator.requests.matching({ method: 'GET', path }).length;
}

/** Somebody with an application, and that application. */
function applicant(simulator: JobScoreSimulator): { readonly candidate: string; readonly application: string } {
  for (const { candidate, applications } of simulator.account().folders()) {
    const [application] = applications;
    if (application) return { candidate: candidate.id, application: application.id };
  }
  throw new Error('Some of the generated candidates have applied.');
}

describe('a run of all', () => {
  it('RED-1: asks twice for each candidate, and says how many there are', async () => {
    await using jobscore = await startJobScore({ candidates: 60 });
    const pages = await run(jobscore.connection, { kind: 'all' });
    expect(pages.flatMap(({ candidates }) => candidates)).toHaveLength(60);
    expect(callsTo(jobscore.simulator, APPLICATIONS)).toBe(60);
    expect(callsTo(jobscore.simulator, DOCUMENTS)).toBe(60);
    expect(pages[0]?.progress).toEqual({ jobs: 4 });
    expect(pages.findLast(({ progress }) => progress)?.progress).toEqual({ candidates: 60 });
    expect(callsTo(jobscore.simulator, /\/candidates$/), 'three pages, two of them twice, and who changed').toBe(6);
    // A page is so small that it is through within a minute at one request a second.
    for (const { candidates } of pages) expect(candidates.length).toBeLessThanOrEqual(25);
  });

  it('RED-12: tells a candidate as gone who vanishes between the list and the second look', async () => {
    await using jobscore = await startJobScore({ candidates: 3 });
    const { rediscovery, ctx } = jobscore.connection;
    const jobs = await rediscovery.pull(ctx, { kind: 'all' });
    const [first] = jobscore.simulator.account().folders();
    const id = first?.candidate.id ?? '';
    jobscore.simulator.faults.add({ path: `/v2/candidates/${id}`, fault: { kind: 'status', status: 404 } });
    jobscore.simulator.faults.add({ path: `/v2/candidates/${id}/*`, fault: { kind: 'status', status: 404 } });
    const page = await rediscovery.pull(ctx, { kind: 'all', cursor: jobs.cursor ?? '' });
    expect(page.candidates).toHaveLength(2);
    expect(page.gone).toEqual([{ kind: 'candidate', remoteId: id }]);
  });

  it('RED-12: shows a merge: the loser does not come, and the winner has what the loser had', async () => {
    await using jobscore = await startJobScore({ candidates: 30 });
    const account = jobscore.simulator.account();
    const all = [...account.folders()];
    const winner = all.find(({ applications }) => applications.length === 0)?.candidate.id ?? '';
    const loser = applicant(jobscore.simulator);
    account.merge(winner, loser.candidate, jobscore.simulator.clock.iso());
    const candidates = await candidatesOf(jobscore.connection, { kind: 'all' });
    expect(candidates.map(({ remoteId }) => remoteId)).not.toContain(loser.candidate);
    const merged = candidates.find(({ remoteId }) => remoteId === winner);
    expect(merged?.applications?.map(({ remoteId }) => remoteId)).toContain(loser.application);
  });

  it('RED-1: finds what changed even if an application does not date its candidate anew', async () => {
    await using jobscore = await startJobScore({ candidates: 12, deviations: { withoutDatingByParts: true } });
    const { candidate, application } = applicant(jobscore.simulator);
    const mark = markOf(await run(jobscore.connection, { kind: 'all' }));
    jobscore.simulator.account().moveApplication(application, { status: 'hired' }, jobscore.simulator.clock.iso());
    expect(await candidatesOf(jobscore.connection, { kind: 'changes', since: mark })).toEqual([]);
    const again = await candidatesOf(jobscore.connection, { kind: 'all' });
    expect(again.find(({ remoteId }) => remoteId === candidate)?.applications).toContainEqual(
      expect.objectContaining({ remoteId: application, status: 'hired' }),
    );
  });
});

it('RSC-2: brings what a job is about as plain text, and where to apply while it is published', async () => {
  await using jobscore = await startJobScore();
  const jobs = (await run(jobscore.connection, { kind: 'all' })).flatMap((page) => page.jobs);
  const published = jobs.find(({ statusLabel }) => statusLabel === 'open');
  expect(published).toMatchObject({
    description: expect.stringMatching(/^Example Co is looking for a Backend Engineer in Engineering\.\n- You /),
    applyUrl: `https://careers.jobscore.com/careers/exampleco/apply/${published?.remoteId}`,
  });
  expect(jobs.find(({ statusLabel }) => statusLabel === 'internal')).not.toHaveProperty('applyUrl');
});

describe('a run of changes', () => {
  it.each([
    ['when JobScore sends only those', {}, 1],
    ['when JobScore sends everybody', { withoutUpdatedSince: true }, 4],
  ])('RED-2: looks twice at those alone who changed, %s', async (_how, deviations, lists) => {
    await using jobscore = await startJobScore({ candidates: 250, deviations });
    const { simulator, connection } = jobscore;
    const before = { kind: 'changes', since: new Date(simulator.clock.now() - 60_000).toISOString() } as const;
    const { changed } = simulator.churn({ changes: 3, seed: 5 });
    simulator.requests.reset();
    const candidates = await candidatesOf(connection, before);
    expect(candidates.map(({ remoteId }) => remoteId).toSorted()).toEqual([...changed].toSorted());
    expect(callsTo(simulator, APPLICATIONS)).toBe(3);
    const listed = simulator.requests
      .matching({ path: /\/candidates$/ })
      .map(({ query }) => `${query['page[number]']} of ${query['page[size]']}`);
    expect(new Set(listed).size, 'pages that are read').toBe(lists);
  });

  it('RED-2: takes the changes of a busy page in portions, and loses none', async () => {
    await using jobscore = await startJobScore({ candidates: 180, deviations: { withoutUpdatedSince: true } });
    const { simulator, connection } = jobscore;
    const since = new Date(simulator.clock.now() - 60_000).toISOString();
    const { changed } = simulator.churn({ changes: 90, seed: 5 });
    const pages = await run(connection, { kind: 'changes', since });
    const came = pages.flatMap(({ candidates }) => candidates.map(({ remoteId }) => remoteId));
    expect(new Set(came)).toEqual(new Set(changed));
    for (const { candidates } of pages) expect(candidates.length).toBeLessThanOrEqual(25);
  });

  it('RED-2: brings a job that was closed, and leaves the others out', async () => {
    await using jobscore = await startJobScore();
    const { simulator, connection } = jobscore;
    const since = new Date(simulator.clock.now() - 60_000).toISOString();
    const [job] = simulator.account().jobs;
    simulator.account().changeJob(job?.id ?? '', 'closed', simulator.clock.iso());
    const jobs = (await run(connection, { kind: 'changes', since })).flatMap((page) => page.jobs);
    expect(jobs).toMatchObject([{ remoteId: job?.id, open: false, statusLabel: 'closed' }]);
  });

  it('RED-2: begins minutes before the run before, so that clocks may differ', async () => {
    await using jobscore = await startJobScore();
    const mark = Date.parse(markOf(await run(jobscore.connection, { kind: 'all' })));
    expect(mark).toBeLessThanOrEqual(Date.now() - 4 * 60_000);
    expect(mark).toBeGreaterThan(Date.now() - 10 * 60_000);
  });
});

describe('while users work', () => {
  it.each([1, 2, 3])(
    'RED-1, RED-2: a run of all and one of changes miss nobody and nothing (seed %d)',
    async (seed) => {
      await using jobscore = await startJobScore({ candidates: 130, deviations: { withoutUpdatedSince: seed === 2 } });
      const { simulator, connection } = jobscore;
      const held = new Map<string, MirroredCandidate>();
      let mark = '';
      let page: PulledPage | undefined;
      for (let step = 1; page === undefined || page.cursor !== undefined; step += 1) {
        const cursor = page?.cursor === undefined ? {} : { cursor: page.cursor };
        page = await connection.rediscovery.pull(connection.ctx, { kind: 'all', ...cursor });
        for (const candidate of page.candidates) held.set(candidate.remoteId, candidate);
        mark = page.mark ?? mark;
        simulator.churn({
          changes: 4,
          applications: 4,
          additions: 3,
          deletions: 5,
          merges: 2,
          seed: 100 * seed + step,
        });
      }
      for (const candidate of await candidatesOf(connection, { kind: 'changes', since: mark })) {
        held.set(candidate.remoteId, candidate);
      }
      for (const { candidate, applications } of simulator.account().folders()) {
        const mirrored = held.get(candidate.id);
        expect(mirrored).toMatchObject({ lastName: candidate.last_name, updatedAt: candidate.updated_on });
        const statuses = mirrored?.applications?.map(({ remoteId, status }) => `${remoteId} ${status}`).toSorted();
        expect(statuses).toEqual(applications.map(({ id, status }) => `${id} ${status}`).toSorted());
      }
    },
  );
});

describe('a list whose order is that of changes', () => {
  it.each([{}, { withoutUpdatedSince: true }, { withoutPageMeta: true }])(
    'RED-1, RED-12: a run of all brings those as well who change meanwhile, so that nobody is taken for deleted (%j)',
    async (deviations) => {
      await using jobscore = await startJobScore({ candidates: 130, deviations: { newestFirst: true, ...deviations } });
      const { simulator, connection } = jobscore;
      const came = new Set<string>();
      let page: PulledPage | undefined;
      for (let step = 1; page === undefined || page.cursor !== undefined; step += 1) {
        const cursor = page?.cursor === undefined ? {} : { cursor: page.cursor };
        page = await connection.rediscovery.pull(connection.ctx, { kind: 'all', ...cursor });
        for (const { remoteId } of page.candidates) came.add(remoteId);
        // While the list is walked: nobody changes any more once it was.
        if (came.size < 110) simulator.churn({ changes: 8, seed: step });
      }
      const missed = [...simulator.account().folders()].filter(({ candidate }) => !came.has(candidate.id));
      expect(missed.map(({ candidate }) => candidate.id)).toEqual([]);
    },
  );
});

it('RED-1, RED-12: a run of all brings jobs as well that change while they are listed', async () => {
  await using jobscore = await startJobScore({ jobs: 250, deviations: { newestFirst: true } });
  const { simulator, connection } = jobscore;
  const account = simulator.account();
  const came = new Set<string>();
  let page: PulledPage | undefined;
  for (let step = 0; page === undefined || page.cursor !== undefined; step += 1) {
    const cursor = page?.cursor === undefined ? {} : { cursor: page.cursor };
    page = await connection.rediscovery.pull(connection.ctx, { kind: 'all', ...cursor });
    for (const { remoteId } of page.jobs) came.add(remoteId);
    // Those who stand last come first from now on.
    const unseen = account.jobs.filter(({ id }) => !came.has(id)).slice(0, 3);
    if (step < 2) for (const { id } of unseen) account.changeJob(id, 'closed', simulator.clock.iso());
  }
  expect(account.jobs.filter(({ id }) => !came.has(id))).toEqual([]);
});

describe('an account that lacks a list', () => {
  it.each([
    ['applications', 'applications'],
    ['documents', 'attachments'],
  ] as const)('RED-1: is mirrored without %s', async (part, missing) => {
    await using jobscore = await startJobScore({ candidates: 12, deviations: { notOffered: [part] } });
    const candidates = await candidatesOf(jobscore.connection, { kind: 'all' });
    expect(candidates).toHaveLength(12);
    for (const candidate of candidates) expect(candidate).not.toHaveProperty(missing);
    expect(callsTo(jobscore.simulator, /\/candidates\/[^/]+$/), 'the other list shows who is there').toBe(0);
  });

  it('RED-1: is mirrored without applications and documents', async () => {
    const deviations = { notOffered: ['applications', 'documents'] } as const;
    await using jobscore = await startJobScore({ candidates: 12, deviations });
    expect(await candidatesOf(jobscore.connection, { kind: 'all' })).toHaveLength(12);
  });

  it('CON-5: shows it as unknown, and not as missing', async () => {
    const parts = ['applications', 'documents', 'notes', 'interviews', 'disposition_codes'] as const;
    await using jobscore = await startJobScore({ candidates: 1, deviations: { notOffered: parts } });
    const { permissions, ctx } = jobscore.connection;
    const results = await permissions.check(ctx, ['rediscovery']);
    expect(Object.fromEntries(results.map(({ permission, status }) => [permission, status]))).toEqual({
      'api.access': 'granted',
      'jobs.read': 'granted',
      'candidates.read': 'granted',
      'applications.read': 'unknown',
      'documents.read': 'unknown',
      'notes.read': 'unknown',
      'interviews.read': 'unknown',
      'dispositions.read': 'unknown',
    });
    for (const { status, reason } of results) {
      if (status === 'unknown') expect(reason).toContain('does not offer this');
    }
  });

  it('CON-5: is not taken for one whose list is refused', async () => {
    await using jobscore = await startJobScore({ candidates: 1 });
    jobscore.simulator.faults.add({ path: '/v2/candidates/*/documents', fault: { kind: 'status', status: 403 } });
    const { permissions, rediscovery, ctx } = jobscore.connection;
    const results = await permissions.check(ctx, ['rediscovery']);
    expect(results.find(({ permission }) => permission === 'documents.read')).toMatchObject({
      status: 'missing',
      remedy: expect.stringContaining('documents'),
    });
    const { cursor = '' } = await rediscovery.pull(ctx, { kind: 'all' });
    await expect(rediscovery.pull(ctx, { kind: 'all', cursor })).rejects.toMatchObject({
      code: 'ATS_PERMISSION_MISSING',
    });
  });
});

describe('reasons', () => {
  it.each([
    ['as they come', {}, 0],
    ['by the list of codes, asked for once a page', { withoutDispositionNames: true }, 1],
  ])('RED-1: are named %s', async (_how, deviations, asked) => {
    await using jobscore = await startJobScore({ candidates: 10, deviations });
    const applications = (await candidatesOf(jobscore.connection, { kind: 'all' })).flatMap(
      (one) => one.applications ?? [],
    );
    const rejected = applications.filter(({ status }) => status === 'rejected');
    expect(rejected).not.toHaveLength(0);
    for (const { rejectionReason } of rejected) {
      expect(['Lacks experience', 'Position filled', 'Failed a reference check']).toContain(rejectionReason);
    }
    expect(callsTo(jobscore.simulator, /\/disposition_codes$/)).toBe(asked);
  });

  it('RED-1: stay out when the account has no list of codes', async () => {
    const deviations = { withoutDispositionNames: true, notOffered: ['disposition_codes'] } as const;
    await using jobscore = await startJobScore({ candidates: 10, deviations });
    const applications = (await candidatesOf(jobscore.connection, { kind: 'all' })).flatMap(
      (one) => one.applications ?? [],
    );
    expect(applications).not.toHaveLength(0);
    for (const application of applications) expect(application).not.toHaveProperty('rejectionReason');
  });
});

describe('what a webhook names', () => {
  it('RED-11: is read by its id: candidates, jobs and applications', async () => {
    await using jobscore = await startJobScore({ candidates: 12 });
    const { rediscovery, ctx } = jobscore.connection;
    const { candidate, application } = applicant(jobscore.simulator);
    const [job] = jobscore.simulator.account().jobs;
    const answer = await rediscovery.read(ctx, [
      { kind: 'candidate', remoteId: candidate },
      { kind: 'job', remoteId: job?.id ?? '' },
      { kind: 'application', remoteId: application },
      { kind: 'job', remoteId: 'nowhere' },
      { kind: 'application', remoteId: 'nothing' },
    ]);
    expect(answer).toMatchObject({
      candidates: [{ remoteId: candidate, applications: expect.arrayContaining([]) }],
      jobs: [{ remoteId: job?.id, title: job?.title }],
      applications: [{ remoteId: application, candidateRemoteId: candidate }],
      gone: [
        { kind: 'job', remoteId: 'nowhere' },
        { kind: 'application', remoteId: 'nothing' },
      ],
    });
  });
});

describe('files', () => {
  it.each([
    ['by the address in the answer', {}],
    ['from the answer itself', { documentsAsFiles: true }],
  ])('RED-8: are fetched %s, with their type', async (_how, deviations) => {
    await using jobscore = await startJobScore({ candidates: 12, deviations });
    const { rediscovery, ctx } = jobscore.connection;
    const account = jobscore.simulator.account();
    const [document] = [...account.folders()].flatMap(({ documents }) => documents);
    const { id: remoteId = '', candidate_id: candidateRemoteId = '', filename = '' } = document ?? {};
    const file = await rediscovery.fetchAttachment?.(ctx, { candidateRemoteId, remoteId, filename });
    expect(file).toMatchObject({ filename, contentType: 'application/pdf' });
    expect(Buffer.from(file?.bytes ?? []).equals(account.file(remoteId))).toBe(true);
  });

  it('RED-8: come back as they were uploaded, texts included', async () => {
    await using jobscore = await startJobScore();
    const { rediscovery, ctx } = jobscore.connection;
    const account = jobscore.simulator.account();
    const now = jobscore.simulator.clock.iso();
    const person = { first_name: 'Ada', last_name: 'Okafor', email: 'ada@home.example' };
    const { id: candidateRemoteId } = account.addCandidate(person, now);
    const bytes = Buffer.from('Zoë\r\nwelds — since 2004\n');
    const upload = {
      filename: 'zoë.txt',
      contentType: 'text/plain; charset=utf-8',
      documentType: 'cover_letter',
      bytes,
    };
    const { id: remoteId } = account.addDocument(candidateRemoteId, upload, now);
    const file = await rediscovery.fetchAttachment?.(ctx, { candidateRemoteId, remoteId, filename: 'zoë.txt' });
    expect(Buffer.from(file?.bytes ?? []).equals(bytes)).toBe(true);
    const [candidate] = await candidatesOf(jobscore.connection, { kind: 'all' });
    expect(candidate?.attachments).toMatchObject([{ filename: 'zoë.txt', kind: 'coverLetter', size: bytes.length }]);
  });

  it('RED-8: are not fetched from a host that is not JobScore', async () => {
    await using jobscore = await startJobScore();
    const { rediscovery, ctx } = jobscore.connection;
    const body = { id: 'x', url: 'https://files.elsewhere.example/x' };
    jobscore.simulator.faults.add({ path: '/v2/documents/x', fault: { kind: 'status', status: 200, body } });
    const call = rediscovery.fetchAttachment?.(ctx, { candidateRemoteId: 'c', remoteId: 'x', filename: 'x.pdf' });
    await expect(call).rejects.toMatchObject({ recovery: 'fix' });
  });
});
