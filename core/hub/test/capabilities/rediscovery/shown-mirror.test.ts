import type { Job } from '@talentbridge/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { byTitle, searchJobs } from '../../../dist/capabilities/job-search.js';
import { atsWith, InMemoryAts } from './in-memory-ats.ts';
import { type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from './mirror-world.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

async function mirrored(ats: InMemoryAts): Promise<MirrorWorld> {
  const world = await db.connect(ats);
  await world.workOff();
  return world;
}

async function idsOf({ look, mirror, connectionId }: MirrorWorld): Promise<readonly string[]> {
  const { items } = await look((scope) => mirror.candidates(scope, connectionId, { first: 100 }));
  return items.map(({ id }) => id);
}

describe('EXP-2: the open jobs of a mirror', () => {
  const openJobs = (world: MirrorWorld, search?: string): Promise<readonly Job[]> =>
    world.look(async (scope) => {
      const query = { first: 500, ...(search === undefined ? {} : { search }) };
      return (await world.mirror.mirroredJobs(scope, world.connectionId, query))?.items ?? [];
    });

  it('are found by title, code, department and place, whatever the case and the accents', async () => {
    const ats = new InMemoryAts();
    const one = ats.addJob({ title: 'Führer eines Krans', code: 'K-7', department: 'Logistics', location: 'Zürich' });
    ats.addJob({ title: 'Baker', location: 'Bern' });
    const world = await mirrored(ats);
    for (const search of ['fuhrer', 'ZURICH', 'k-7', 'logistics kran', 'zür log 7']) {
      expect((await openJobs(world, search)).map(({ remoteId }) => remoteId)).toEqual([one]);
    }
    expect(await openJobs(world, 'logistics bern')).toEqual([]);
  });

  it('are those that the list of the ATS would have, in its order, page by page', { timeout: 60_000 }, async () => {
    const word = fc.constantFrom(
      'Ärztin',
      'arzt',
      'Zimmermann',
      'éclair',
      'Eclair',
      'B2',
      'b10',
      'ßtraße',
      'Ωmega',
      '漢字',
    );
    const text = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
    const one = fc.record(
      { title: text, code: text, department: text, location: text, open: fc.boolean() },
      { requiredKeys: ['title', 'open'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 12 }), word, async (jobs, search) => {
        const ats = new InMemoryAts();
        for (const job of jobs) ats.addJob(job);
        const world = await mirrored(ats);
        const live = [...ats.jobs.values()].map(({ value }) => value).filter(({ open }) => open);
        const expected = searchJobs(live.toSorted(byTitle), search).map(({ remoteId }) => remoteId);
        expect((await openJobs(world, search)).map(({ remoteId }) => remoteId)).toEqual(expected);
        const seen: string[] = [];
        for (let after: string | undefined; ; ) {
          const page = await world.look((scope) =>
            world.mirror.mirroredJobs(scope, world.connectionId, { first: 2, search, ...(after ? { after } : {}) }),
          );
          seen.push(...(page?.items ?? []).map(({ remoteId }) => remoteId));
          after = page?.cursors.at(-1);
          if (!page?.hasNextPage) break;
        }
        expect(seen).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });
});

describe('OPS-3: who read whose data', () => {
  it('is in the audit log once an operation and candidate', async () => {
    const world = await mirrored(atsWith(3));
    const [one = '', other = ''] = await idsOf(world);
    const reads = async () => {
      const { items } = await world.look((scope) => db.audit.list(scope, { first: 100 }));
      return items.filter(({ action }) => action === 'candidate.read');
    };
    await world.look((scope) =>
      Promise.all([one, one, other, one].map((id) => world.mirror.candidate(scope, id))).then((found) =>
        expect(found.map((candidate) => candidate?.id)).toEqual([one, one, other, one]),
      ),
    );
    expect((await reads()).map(({ subjectId }) => subjectId).toSorted()).toEqual([one, other].toSorted());
    await world.look((scope) => world.mirror.candidate(scope, one));
    expect((await reads())[0]).toMatchObject({
      actorId: 'admin-1',
      subjectType: 'candidate',
      subjectId: one,
      details: { connectionId: world.connectionId },
    });
    expect(await reads()).toHaveLength(3);
  });

  it('is there for lists as well, and not for what was not there', async () => {
    const world = await mirrored(atsWith(3));
    const { items } = await world.look((scope) => world.mirror.candidates(scope, world.connectionId, { first: 2 }));
    await world.look((scope) => world.mirror.candidate(scope, '01900000-0000-7000-8000-000000000000'));
    const { items: events } = await world.look((scope) => db.audit.list(scope, { first: 1 }));
    expect(events[0]).toMatchObject({
      action: 'candidate.list',
      subjectId: world.connectionId,
      details: { candidateIds: items.map(({ id }) => id) },
    });
  });
});

it('CON-2: while Rediscovery is off nothing of a mirror is shown, whoever asks, but for the run that waits', async () => {
  const world = await mirrored(atsWith(3));
  const [candidate = ''] = await idsOf(world);
  const run = await world.lastRun();
  const switched = (enabled: boolean) =>
    world.look((scope) =>
      db.entitlements.setCapability(scope, { pluginId: 'in-memory', capability: 'rediscovery', enabled }),
    );
  await switched(false);
  const { mirror, connectionId: id } = world;
  await world.look(async (scope) => {
    for (const ask of [
      () => mirror.state(scope, id),
      () => mirror.runs(scope, id, { first: 1 }),
      () => mirror.run(scope, run.id),
      () => mirror.issues(scope, run.id, { first: 1 }),
      () => mirror.jobs(scope, id, {}, { first: 1 }),
      () => mirror.candidates(scope, id, { first: 1 }),
      () => mirror.candidate(scope, candidate),
      () => mirror.applicationsOf(scope, [candidate]),
      () => mirror.attachmentsOf(scope, [candidate]),
      () => mirror.requireShown(scope, id),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: 'CAPABILITY_OFF' });
    }
    expect(await mirror.mirroredJobs(scope, id, { first: 1 })).toBeUndefined();
    expect(await mirror.followedRun(scope, id)).toMatchObject({ id: run.id });
    const events = await db.audit.list(scope, { first: 10 });
    expect(events.items.map(({ action }) => action)).not.toContain('candidate.read');
  });
  await switched(true);
  expect(await world.look((scope) => mirror.candidate(scope, candidate))).toMatchObject({ id: candidate });
});

it('says how much it holds, whatever came and went by whichever way', async () => {
  const ats = atsWith(12);
  const world = await mirrored(ats);
  const { mirror, connectionId, scope, look } = world;
  const held = async () => {
    const { candidates, jobs, applications } = await look((own) => mirror.state(own, connectionId));
    return { candidates, jobs, applications };
  };
  const inAts = () => ({ candidates: ats.candidates.size, jobs: ats.jobs.size, applications: ats.applications.size });
  expect(await held()).toEqual(inAts());

  const [one = '', two = '', three = '', four = ''] = ats.candidates.keys();
  ats.delete('candidate', one);
  ats.addApplication(two, ats.addJob());
  ats.addCandidate();
  await world.next();
  expect(await held()).toEqual(inAts());

  ats.delete('candidate', three);
  const named = { kind: 'candidate', remoteId: three } as const;
  await look((own) => mirror.wake(own, connectionId, [named, { kind: 'job', remoteId: ats.addJob() }]));
  expect(await held()).toEqual(inAts());

  ats.hideWhole(four);
  await world.next('FULL');
  expect(await held()).toEqual(inAts());

  const [person = ''] = await idsOf(world);
  const before = await held();
  const { removed } = await mirror.eraseCandidate(scope, person);
  const gone = (table: string): number => removed.find((row) => row.table === table)?.rows ?? 0;
  expect(gone('mirror_candidate')).toBe(1);
  expect(await held()).toEqual({
    ...before,
    candidates: before.candidates - 1,
    applications: before.applications - gone('mirror_application'),
  });
  const page = await look(async (own) => (await mirror.candidates(own, connectionId, { first: 1 })).total());
  expect(page).toBe(before.candidates - 1);
});

describe('RED-1: a run says how much of what the vendor allows it uses', () => {
  const resetsAt = Date.UTC(2027, 0, 1);

  it.each([
    [
      'the whole connection',
      { rate: { requests: 600, perMs: 60_000 }, eachLane: { rate: { requests: 50, perMs: 1_000 } } },
      10,
    ],
    ['each endpoint', { eachLane: { concurrency: 8, rate: { requests: 10, perMs: 1_000 } } }, 10],
    ['some endpoints', { lanes: { reads: { rate: { requests: 1, perMs: 2_000 } }, others: { concurrency: 1 } } }, 0.5],
    ['endpoints that it does not ask', { lanes: { others: { rate: { requests: 1, perMs: 2_000 } } } }, null],
    ['nothing by time', { concurrency: 4 }, null],
  ])('where it limits %s', async (_what, pace, allowedPerSecond) => {
    const world = await db.connect(atsWith(8), { limits: { pace } });
    await world.workOff();
    expect((await world.lastRun()).rateLimit).toMatchObject({ allowedPerSecond, quota: null });
  });

  it('with what is left of a quota, page by page, and before the first page nobody knows', async () => {
    let left = 1_000;
    const limits = {
      pace: {},
      get quota() {
        left -= 1;
        return { limit: 5_000, left, resetsAt };
      },
    };
    const ats = atsWith(12);
    const seen: (number | undefined)[] = [];
    // One page after the other: what is asked while a page is being written sees what the one before left.
    const world = await db.connect(ats, { limits, settings: { readAheadAfterPages: 99 } });
    ats.before = async () => void seen.push((await world.lastRun()).rateLimit.quota?.left);
    await world.workOff();
    const { quota } = (await world.lastRun()).rateLimit;
    expect(quota).toEqual({ limit: 5_000, left: expect.any(Number), resetsAt: new Date(resetsAt) });
    const [before, ...after] = [...seen, quota?.left];
    expect(before).toBeUndefined();
    expect(after.length).toBeGreaterThan(3);
    expect(after).toEqual(after.toSorted((one = 0, other = 0) => other - one));
    expect(new Set(after).size).toBe(after.length);
  });
});
