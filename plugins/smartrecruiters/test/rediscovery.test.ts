import { isHubError, type MirroredCandidate, type PulledPage, type PullRequest } from '@talentbridge/contracts';
import { type PluginConnection, startConnection } from '@talentbridge/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SimulatedAccount, SmartRecruitersSimulator } from '../simulator/index.js';
import plugin from '../src/index.js';
import { startLostGateway } from './lost-gateway.js';
import { candidateOf, candidatesOf, jobOf } from './mirror-truth.js';
import { subjectOf } from './smartrecruiters-subject.js';
import { startSmartRecruiters } from './start-smartrecruiters.js';

type Meanwhile = (page: PulledPage, index: number) => void;

/** A run to its end. A page that failed is asked for again, as the hub does. */
async function run(
  { rediscovery, ctx }: Pick<PluginConnection, 'rediscovery' | 'ctx'>,
  first: PullRequest,
  meanwhile: Meanwhile = () => undefined,
): Promise<readonly PulledPage[]> {
  const pages: PulledPage[] = [];
  for (let request = first, tries = 0; ; ) {
    try {
      const page = await rediscovery.pull(ctx, request);
      pages.push(page);
      meanwhile(page, pages.length - 1);
      if (page.cursor === undefined) return pages;
      request = { ...first, cursor: page.cursor };
    } catch (error) {
      tries += 1;
      if (!isHubError(error) || error.recovery !== 'retry' || tries > 100) throw error;
    }
  }
}

/** What a mirror holds after pages. */
function candidatesIn(pages: readonly PulledPage[]): readonly MirroredCandidate[] {
  const held = new Map<string, MirroredCandidate>();
  for (const { candidates, gone } of pages) {
    for (const candidate of candidates) held.set(candidate.remoteId, candidate);
    for (const { remoteId } of gone) held.delete(remoteId);
  }
  return [...held.values()].toSorted((one, other) => (one.remoteId < other.remoteId ? -1 : 1));
}

function markOf(pages: readonly PulledPage[]): string {
  return pages.at(-1)?.mark ?? '';
}

function goneIn(pages: readonly PulledPage[]): readonly string[] {
  return pages.flatMap(({ gone }) => gone.map(({ remoteId }) => remoteId));
}

/** The first one whom the list shows. */
function somebody(account: SimulatedAccount) {
  const candidate = account.pick(0);
  if (!candidate) throw new Error('There is nobody.');
  return candidate;
}

function requestsFor(simulator: SmartRecruitersSimulator, path: RegExp): number {
  return simulator.requests.matching({ path }).length;
}

describe('a run of everything', () => {
  it('RED-1, RED-8: brings jobs, candidates, applications and files exactly as SmartRecruiters holds them', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 70, jobs: 120, seed: 5 });
    const { connection, simulator } = vendor;
    const pages = await run(connection, { kind: 'all' });
    expect(candidatesIn(pages)).toEqual(candidatesOf(simulator.account()));
    const jobs = new Map(pages.flatMap((page) => page.jobs).map((job) => [job.remoteId, job]));
    const held = simulator.account().jobs.map((job) => [job.id, jobOf(job)] as const);
    expect(jobs).toEqual(new Map(held));
    expect(goneIn(pages)).toEqual([]);
  });

  it('RED-1: tells how many there are', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 31 });
    const pages = await run(vendor.connection, { kind: 'all' });
    expect(pages.map(({ progress }) => progress)).toEqual([
      { jobs: 8 },
      { candidates: 31 },
      { candidates: 31 },
      // Who changed since the run began: of the jobs nothing is told.
      undefined,
      { candidates: 31 },
    ]);
  });

  it('RED-1: tells of those as well whom it reads a second time', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 95 });
    const { connection, simulator } = vendor;
    const pages = await run(connection, { kind: 'all' }, (_page, index) => {
      if (index === 1) simulator.churn({ touch: 150 });
    });
    const read = pages.reduce((sum, { candidates }) => sum + candidates.length, 0);
    expect(read).toBeGreaterThan(95 + 30);
    expect(pages.at(-1)?.progress).toEqual({ candidates: read });
  });

  it('RED-1: ends as SmartRecruiters is, whichever requests fail on the way', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 65 });
    const { connection, simulator } = vendor;
    const kinds = ['failBeforeWrite', 'dropAfterWrite', 'truncated', 'garbage', 'html'] as const;
    const paths = ['/jobs', '/candidates', '/candidates/*', '/candidates/**attachments'];
    const trouble = fc.record({
      path: fc.constantFrom(...paths),
      kind: fc.constantFrom(...kinds),
      nth: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(trouble, { maxLength: 3 }), async (troubles) => {
        simulator.faults.clear();
        for (const { path, kind, nth } of troubles) simulator.faults.add({ path, nth, fault: { kind } });
        const pages = await run(connection, { kind: 'all' });
        expect(candidatesIn(pages)).toEqual(candidatesOf(simulator.account()));
      }),
      { numRuns: 10 },
    );
  });

  it('RED-1: misses nobody who moves to a page that has been read', async () => {
    const counts = fc.record({ touch: fc.nat(8), change: fc.nat(8), status: fc.nat(8), create: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(counts, fc.integer({ min: 1, max: 1000 }), async (plan, seed) => {
        await using vendor = await startSmartRecruiters({ candidates: 95, seed });
        // While the list is read, and not once its last page is out.
        vendor.simulator.churn({ ...plan, pages: 2 });
        const pages = await run(vendor.connection, { kind: 'all' });
        const all = candidatesOf(vendor.simulator.account());
        expect(candidatesIn(pages).map(({ remoteId }) => remoteId)).toEqual(all.map(({ remoteId }) => remoteId));
        const changes = await run(vendor.connection, { kind: 'changes', since: markOf(pages) });
        expect(candidatesIn([...pages, ...changes])).toEqual(all);
      }),
      { numRuns: 8 },
    );
  });

  it('RED-1: takes a candidate twice who stands on two pages, and loses none', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 65, pageOverlap: 7 });
    const pages = await run(vendor.connection, { kind: 'all' });
    expect(pages.flatMap(({ candidates }) => candidates).length).toBeGreaterThan(65);
    expect(candidatesIn(pages)).toEqual(candidatesOf(vendor.simulator.account()));
  });

  it('RED-1: begins a list again when its cursor has expired, and ends with everybody', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 95 });
    const pages = await run(vendor.connection, { kind: 'all' }, (_page, index) => {
      if (index === 2) vendor.simulator.expireCursors();
    });
    expect(pages.filter(({ candidates }) => candidates.length > 0)).toHaveLength(2 + 4);
    expect(candidatesIn(pages)).toEqual(candidatesOf(vendor.simulator.account()));
  });

  it('RED-1: gives up on a list whose cursors never last, instead of going on for ever', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 65 });
    const { connection, simulator } = vendor;
    await expect(run(connection, { kind: 'all' }, () => simulator.expireCursors())).rejects.toMatchObject({
      code: 'ATS_UNAVAILABLE',
      recovery: 'retry',
    });
  });

  it('RED-1: begins again with a cursor that another version wrote', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 3 });
    for (const cursor of ['', 'nonsense', Buffer.from('{"list":"people"}').toString('base64url')]) {
      const page = await vendor.connection.rediscovery.pull(vendor.connection.ctx, { kind: 'all', cursor });
      expect(page.jobs).toHaveLength(8);
    }
  });

  it('OPS-1: asks for the list one at a time, and for candidates eight at a time', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 40, rate: 100_000, latency: 5 });
    await run(vendor.connection, { kind: 'all' });
    const peaks = new Map(vendor.simulator.traffic().map((one) => [one.endpoint, one]));
    expect(peaks.get('GET /candidates')).toMatchObject({ peakConcurrency: 1, refused: 0 });
    expect(peaks.get('GET /candidates/{id}')).toMatchObject({ peakConcurrency: 8, refused: 0, requests: 40 });
  });
});

describe('deletions', () => {
  it('RED-12: who is deleted between the list and the read is gone, because SmartRecruiters says 404', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 20 });
    const { connection, simulator } = vendor;
    simulator.churn({ remove: 4, among: 'listed', pages: 1 });
    const pages = await run(connection, { kind: 'all' });
    expect(goneIn(pages)).toHaveLength(4);
    for (const id of goneIn(pages)) expect(() => simulator.account().candidate(id)).toThrow('not found');
    expect(candidatesIn(pages)).toEqual(candidatesOf(simulator.account()));
  });

  it('RED-12: nobody is gone because a gateway says 404', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 3, jobs: 1 });
    const { connection, simulator, jobId } = vendor;
    const { rediscovery, ctx } = connection;
    const { id } = somebody(simulator.account());
    await using gateway = await startLostGateway();
    const target = { ...subjectOf(simulator), hostOverrides: { 'api.smartrecruiters.com': gateway.url } };
    await using lost = await startConnection(plugin, target);
    for (const reference of [
      { kind: 'candidate', remoteId: id },
      { kind: 'job', remoteId: jobId },
    ] as const) {
      await expect(lost.rediscovery.read(ctx, [reference])).rejects.toMatchObject({
        code: 'ATS_ANSWER_UNREADABLE',
        recovery: 'retry',
      });
      expect((await rediscovery.read(ctx, [reference])).gone).toEqual([]);
    }
  });

  it('RED-12: nobody is gone because the right to read is', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 3 });
    const { connection, simulator } = vendor;
    simulator.faults.add({ path: '/candidates/*', nth: 2, fault: { kind: 'status', status: 403 } });
    await expect(run(connection, { kind: 'all' })).rejects.toMatchObject({
      code: 'ATS_PERMISSION_MISSING',
      recovery: 'reconnect',
    });
  });

  it('RED-12: of two that are merged, one is gone and the other has the applications of both', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 2 });
    const { connection, simulator } = vendor;
    const account = simulator.account();
    const [into = '', other = ''] = account.candidates().map(({ id }) => id);
    account.merge(into, other, simulator.clock.iso());
    const read = await connection.rediscovery.read(connection.ctx, [
      { kind: 'candidate', remoteId: into },
      { kind: 'candidate', remoteId: other },
    ]);
    expect(read.gone).toEqual([{ kind: 'candidate', remoteId: other }]);
    expect(read.candidates).toEqual([candidateOf(account, account.candidate(into))]);
  });
});

describe('people in the talent pool alone', () => {
  it('RED-1: are in no run, and not taken for deleted when a webhook names them', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 5, hidden: 5 });
    const { connection, simulator } = vendor;
    const hidden = simulator
      .account()
      .candidates()
      .filter(({ assignments }) => assignments.length === 0);
    expect(hidden).toHaveLength(5);
    expect(candidatesIn(await run(connection, { kind: 'all' }))).toHaveLength(5);
    const references = hidden.map(({ id }) => ({ kind: 'candidate', remoteId: id }) as const);
    expect(await connection.rediscovery.read(connection.ctx, references)).toEqual({
      candidates: [],
      jobs: [],
      applications: [],
      gone: [],
    });
  });

  it('RED-2: come with a run of changes once they apply', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 5, hidden: 1 });
    const { connection, simulator, jobId } = vendor;
    const account = simulator.account();
    const mark = markOf(await run(connection, { kind: 'all' }));
    const [hidden] = account.candidates().filter(({ assignments }) => assignments.length === 0);
    if (!hidden) throw new Error('There is nobody in the talent pool.');
    account.add(hidden, jobId, simulator.clock.iso());
    const changes = candidatesIn(await run(connection, { kind: 'changes', since: mark }));
    expect(changes).toEqual([candidateOf(account, account.candidate(hidden.id))]);
  });
});

describe('a run of changes', () => {
  it('RED-2: brings what changed, and asks for nothing else', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 500, jobs: 300 });
    const { connection, simulator, jobId } = vendor;
    const account = simulator.account();
    const before = simulator.clock.iso();
    const { id } = somebody(account);
    account.change(id, { lastName: 'Renamed' }, simulator.clock.iso());
    account.setJobStatus(jobId, 'FILLED', simulator.clock.iso());
    const pages = await run(connection, { kind: 'changes', since: before });
    expect(candidatesIn(pages)).toEqual([candidateOf(account, account.candidate(id))]);
    expect(pages.flatMap(({ jobs }) => jobs)).toMatchObject([{ remoteId: jobId, open: false, statusLabel: 'FILLED' }]);
    expect(requestsFor(simulator, /^\/candidates\/[^/]+$/)).toBe(1);
  });

  it('RED-2: brings a change of the very moment that the run before began', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 3 });
    const { connection, simulator } = vendor;
    const account = simulator.account();
    const mark = markOf(await run(connection, { kind: 'all' }));
    const ids = account.candidates().map(({ id }) => id);
    for (const id of ids) account.change(id, { firstName: 'Ties' }, mark);
    const changes = await run(connection, { kind: 'changes', since: mark });
    expect(candidatesIn(changes).map(({ remoteId }) => remoteId)).toEqual(ids.toSorted());
  });

  it('RED-2: brings a change of which the list learns a minute later', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 3, searchLagMs: 60_000 });
    const { connection, simulator } = vendor;
    const account = simulator.account();
    const { id } = somebody(account);
    const halfAMinuteAgo = new Date(simulator.clock.now() - 30_000).toISOString();
    account.change(id, { firstName: 'Late' }, halfAMinuteAgo);
    const first = await run(connection, { kind: 'changes', since: simulator.clock.iso() });
    expect(candidatesIn(first)).toEqual([]);
    simulator.clock.advance(61_000);
    const second = await run(connection, { kind: 'changes', since: markOf(first) });
    expect(candidatesIn(second)).toMatchObject([{ remoteId: id, firstName: 'Late' }]);
  });

  it.each([-3 * 3_600_000, 3 * 3_600_000])(
    'RED-2: misses nothing when the clock of SmartRecruiters is %i ms from ours',
    async (skew) => {
      await using vendor = await startSmartRecruiters({ candidates: 3 });
      const { connection, simulator } = vendor;
      simulator.clock.advance(skew);
      const mark = markOf(await run(connection, { kind: 'all' }));
      const { id } = somebody(simulator.account());
      simulator.account().change(id, { firstName: 'Skewed' }, simulator.clock.iso());
      const changes = await run(connection, { kind: 'changes', since: mark });
      expect(candidatesIn(changes)).toMatchObject([{ remoteId: id, firstName: 'Skewed' }]);
    },
  );

  it('RED-2: brings no status that leaves the date of the candidate alone; a read and a run of everything do', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 3, statusMovesUpdatedOn: false });
    const { connection, simulator } = vendor;
    const account = simulator.account();
    const mark = markOf(await run(connection, { kind: 'all' }));
    const { id, assignments } = somebody(account);
    const { jobId = '', status } = assignments[0] ?? {};
    const next = status === 'HIRED' ? 'OFFERED' : 'HIRED';
    account.setStatus(id, jobId, { status: next }, simulator.clock.iso());
    expect(candidatesIn(await run(connection, { kind: 'changes', since: mark }))).toEqual([]);

    const application = { kind: 'application', remoteId: `${id}/${jobId}` } as const;
    const read = await connection.rediscovery.read(connection.ctx, [application]);
    expect(read).toMatchObject({ candidates: [{ remoteId: id }], gone: [] });
    expect(read.candidates[0]?.applications).toContainEqual(expect.objectContaining({ statusLabel: next }));
    expect(candidatesIn(await run(connection, { kind: 'all' }))).toEqual(candidatesOf(account));
  });
});

describe('records that are read by their ids', () => {
  it('RED-11: are each read once, whichever way they are named', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 3 });
    const { connection, simulator, jobId } = vendor;
    const { id, assignments } = somebody(simulator.account());
    const applications = assignments.map((one) => ({ kind: 'application', remoteId: `${id}/${one.jobId}` }) as const);
    const candidate = { kind: 'candidate', remoteId: id } as const;
    const job = { kind: 'job', remoteId: jobId } as const;
    const read = await connection.rediscovery.read(connection.ctx, [...applications, candidate, candidate, job, job]);
    expect(read).toMatchObject({ candidates: [{ remoteId: id }], jobs: [{ remoteId: jobId }], gone: [] });
    expect(requestsFor(simulator, /^\/(candidates|jobs)\/[^/]+$/)).toBe(2);
  });

  it('RED-12: are gone where SmartRecruiters has none, applications by themselves as well', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 1 });
    const { connection, simulator } = vendor;
    const { id } = somebody(simulator.account());
    const gone = [
      { kind: 'candidate', remoteId: 'nobody' },
      { kind: 'job', remoteId: 'no-job' },
      { kind: 'application', remoteId: `${id}/another-job` },
    ] as const;
    const read = await connection.rediscovery.read(connection.ctx, gone);
    expect(read.gone).toEqual(gone);
    expect(read.candidates).toMatchObject([{ remoteId: id }]);
  });

  it.each(['.', '..', '../jobs', 'a?b=c', 'a/b', '%2e%2e'])(
    'CON-8: lead nowhere else when the id of a webhook is "%s"',
    async (remoteId) => {
      await using vendor = await startSmartRecruiters({ candidates: 1 });
      const { connection, simulator } = vendor;
      const references = (['candidate', 'job'] as const).map((kind) => ({ kind, remoteId }));
      expect((await connection.rediscovery.read(connection.ctx, references)).gone).toEqual(references);
      for (const { path } of simulator.requests.all()) expect(path).toMatch(/^\/(candidates|jobs)\/[^/]+$/);
    },
  );
});

describe('attachments', () => {
  it('RED-8: are fetched whole, from the candidate and from an application', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 40 });
    const { connection, simulator } = vendor;
    const { rediscovery, ctx } = connection;
    const held = candidatesOf(simulator.account()).flatMap(({ remoteId, attachments = [] }) =>
      attachments.map((file) => ({ candidateRemoteId: remoteId, ...file })),
    );
    expect(new Set(held.map(({ kind }) => kind))).toEqual(new Set(['resume', 'coverLetter']));
    for (const { candidateRemoteId, remoteId, filename, contentType } of held) {
      const file = await rediscovery.fetchAttachment?.(ctx, { candidateRemoteId, remoteId, filename });
      const { bytes } = simulator.account().file(remoteId.split('/').at(-1) ?? '');
      expect(file).toMatchObject({ filename, contentType });
      expect(Buffer.from(file?.bytes ?? []).equals(bytes)).toBe(true);
    }
  });

  it('RED-8: that are text arrive as they are, with the type that says in which encoding', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 1 });
    const { connection, simulator } = vendor;
    const { id } = somebody(simulator.account());
    const latin = { name: 'a.txt', type: 'GENERIC_FILE', contentType: 'text/plain; charset=iso-8859-1' };
    const bytes = Buffer.from('Zoë', 'latin1');
    const { id: remoteId } = simulator.account().attach(id, undefined, { ...latin, bytes }, simulator.clock.iso());
    const attachment = { candidateRemoteId: id, remoteId, filename: 'a.txt' };
    const file = await connection.rediscovery.fetchAttachment?.(connection.ctx, attachment);
    expect(file?.contentType).toBe('text/plain; charset=iso-8859-1');
    expect(Buffer.from(file?.bytes ?? []).equals(bytes)).toBe(true);
  });

  it.each([
    'https://files.example/f-1',
    'https://api.smartrecruiters.com.files.example/f-1',
    'https://api.smartrecruiters.com:444/f-1',
    'https://user@api.smartrecruiters.com/f-1',
    'http://api.smartrecruiters.com/f-1',
    '//files.example/f-1',
  ])('CON-4: are not fetched from %s, and no token goes there', async (url) => {
    await using vendor = await startSmartRecruiters({ candidates: 1 });
    const { connection, simulator } = vendor;
    const { id } = somebody(simulator.account());
    const body = { totalFound: 1, content: [{ id: 'f-1', actions: { download: { url, method: 'GET' } } }] };
    simulator.faults.add({ path: '/candidates/*/attachments', fault: { kind: 'status', status: 200, body } });
    const attachment = { candidateRemoteId: id, remoteId: 'f-1', filename: 'a.pdf' };
    const fetched = connection.rediscovery.fetchAttachment?.(connection.ctx, attachment);
    await expect(fetched).rejects.toMatchObject({ code: 'PLUGIN_FAULT' });
    expect(simulator.requests.all()).toHaveLength(1);
  });

  it('RED-8: that are gone, or have no link, are said to be gone', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 1 });
    const { connection, simulator } = vendor;
    const { id, assignments } = somebody(simulator.account());
    const jobId = assignments[0]?.jobId ?? '';
    for (const remoteId of ['f-1', `${jobId}/f-1`, 'no-job/f-1']) {
      const attachment = { candidateRemoteId: id, remoteId, filename: 'a.pdf' };
      const fetched = connection.rediscovery.fetchAttachment?.(connection.ctx, attachment);
      await expect(fetched).rejects.toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
    }
  });

  it('RED-8: are neither listed nor asked for where an admin leaves them out', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 10 });
    const { simulator } = vendor;
    const connection = await vendor.connect({ settings: { mirrorAttachments: 'off' } });
    for (const candidate of candidatesIn(await run(connection, { kind: 'all' }))) {
      expect(candidate).not.toHaveProperty('attachments');
    }
    expect(requestsFor(simulator, /attachments/)).toBe(0);
  });

  it('RED-8: are left untold when the candidate goes while they are listed', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 1 });
    const { connection, simulator } = vendor;
    simulator.faults.add({ path: '/candidates/**attachments', nth: 1, fault: { kind: 'status', status: 404 } });
    const [candidate] = candidatesIn([await firstCandidates(connection)]);
    expect(candidate).not.toHaveProperty('attachments');
  });
});

describe('permissions', () => {
  it('CON-5: for Rediscovery are to read jobs and candidates, and no more', async () => {
    await using vendor = await startSmartRecruiters({ candidates: 1 });
    const { permissions, ctx } = vendor.connection;
    const results = await permissions.check(ctx, ['permissions', 'rediscovery']);
    expect(results.map(({ permission, status }) => `${permission} ${status}`)).toEqual([
      'company.read granted',
      'jobs.read granted',
      'candidates.read granted',
    ]);
  });
});

/** The first page with candidates. */
async function firstCandidates({ rediscovery, ctx }: PluginConnection): Promise<PulledPage> {
  const jobs = await rediscovery.pull(ctx, { kind: 'all' });
  return rediscovery.pull(ctx, { kind: 'all', cursor: jobs.cursor ?? '' });
}
