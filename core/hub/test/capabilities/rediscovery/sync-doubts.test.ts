import {
  AtsRateLimitedError,
  AtsUnavailableError,
  type MirroredApplication,
  PluginFaultError,
} from '@talentbridge/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { atsWith, type InMemoryAts, type InMemoryAtsOptions } from './in-memory-ats.ts';
import { expectedRows, type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from './mirror-world.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

/** An ATS where each candidate has an application. */
const ids = (ats: InMemoryAts): readonly string[] => [...ats.candidates.keys()];

const idsIn = async (world: MirrorWorld): Promise<readonly string[]> =>
  ((await world.rows()).candidates as readonly { readonly remoteId: string }[]).map(({ remoteId }) => remoteId);

const askedAbout = (ats: InMemoryAts, from = 0): readonly string[] =>
  ats.reads.slice(from).flatMap((references) => references.map(({ remoteId }) => remoteId));

async function issuesOf({ look, mirror, lastRun }: MirrorWorld) {
  const { id } = await lastRun();
  return (await look((scope) => mirror.issues(scope, id, { first: 100 }))).items;
}

describe('RED-12: an ATS that hides records, after a run of everything', () => {
  it('is asked about what did not come, and only what it says is gone is deleted', async () => {
    const ats = atsWith(30, { completeWhenFull: false });
    const world = await db.connect(ats);
    await world.workOff();
    const [secret = '', deleted = '', skipped = ''] = ids(ats);
    ats.secret.add(`candidate/${secret}`);
    ats.hideWhole(deleted);
    ats.skipped.add(`candidate/${skipped}`);
    ats.changeCandidate(skipped, { firstName: 'Skipped' });

    expect(await world.next('FULL')).toMatchObject({ status: 'COMPLETE', counts: { candidates: { deleted: 1 } } });
    expect(askedAbout(ats).toSorted()).toEqual([secret, deleted, skipped].toSorted());
    expect(await world.rows()).toEqual(expectedRows(ats));
    expect(await world.look((scope) => world.mirror.state(scope, world.connectionId))).toMatchObject({
      candidates: 29,
      applications: 29,
    });
  });

  it('RED-1: says meanwhile how many are asked about still, and does not guess how long that takes', async () => {
    const ats = atsWith(20, { completeWhenFull: false });
    const world = await db.connect(ats, { settings: { deletionsNeverAsked: 9 } });
    await world.workOff();
    for (const id of ids(ats).slice(0, 4)) ats.hideWhole(id);
    const said: object[] = [];
    ats.before = async (call) => {
      const { status, statusReason, remainingMs } = await world.lastRun();
      if (call === 'read') said.push({ status, statusReason, remainingMs });
    };
    expect(await world.next('FULL')).toMatchObject({ status: 'COMPLETE', statusReason: null, share: 1 });
    const telling = (what: string) => ({
      status: 'RUNNING',
      statusReason: `Everything was read; ${what}.`,
      remainingMs: null,
    });
    expect(said).toEqual([
      telling('4 records are asked about by their ids'),
      telling('one record is asked about by its id'),
    ]);
  });

  it('is asked with as many at once as it takes, and about no more than it says, longest unasked first', async () => {
    const ats = atsWith(20, { completeWhenFull: false, mostAskedAbout: 4 });
    const world = await db.connect(ats);
    await world.workOff();
    for (const id of ids(ats).slice(0, 8)) ats.secret.add(`candidate/${id}`);
    await world.next('FULL');
    expect(ats.reads.map((references) => references.length)).toEqual([3, 1]);
    const asked = new Set(askedAbout(ats));
    await world.next('FULL');
    for (const id of askedAbout(ats)) asked.add(id);
    expect(asked.size).toBe(8);
  });

  it('is asked about nothing where its plugin says that it is of no use', async () => {
    const ats = atsWith(10, { completeWhenFull: false, mostAskedAbout: 0 });
    const world = await db.connect(ats);
    await world.workOff();
    ats.hideWhole(ids(ats)[0] ?? '');
    await world.next('FULL');
    expect(ats.reads).toEqual([]);
    expect(await idsIn(world)).toHaveLength(10);
  });

  it('many deletions wait for the word of an admin', async () => {
    const ats = atsWith(60, { completeWhenFull: false });
    const world = await db.connect(ats, { settings: { deletionsNeverAsked: 4 } });
    await world.workOff();
    for (const id of ids(ats).slice(0, 15)) ats.hideWhole(id);
    const run = await world.next('FULL');
    expect(run).toMatchObject({
      status: 'AWAITING_APPROVAL',
      pendingDeletions: { candidates: 15, ofCandidates: 60 },
      counts: { candidates: { deleted: 0 } },
    });
    expect(await idsIn(world)).toHaveLength(60);
    expect(await world.next('CHANGES')).toMatchObject({ status: 'COMPLETE' });
    await world.look((scope) => world.mirror.approveDeletions(scope, run.id, { approve: true }));
    await world.work();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('goes on with what is not answered yet, wherever a worker dies', async () => {
    const ats = atsWith(40, { completeWhenFull: false });
    const world = await db.connect(ats, { settings: { deletionsNeverAsked: 20 } });
    await world.workOff();
    for (const id of ids(ats).slice(0, 10)) ats.hideWhole(id);
    const released = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    ats.before = (call, count) => {
      if (call !== 'read' || count !== 2) return undefined;
      asked.resolve();
      return released.promise;
    };
    await world.mirror.start(world.scope, world.connectionId, 'FULL');
    const dying = world.work();
    await asked.promise;
    ats.before = () => undefined;
    const pulls = ats.pulls.length;
    await world.workOff();
    released.resolve();
    await dying;
    expect(await world.lastRun()).toMatchObject({ status: 'COMPLETE', counts: { candidates: { deleted: 10 } } });
    expect(ats.pulls).toHaveLength(pulls);
    // Four batches of three, one of them twice.
    expect(ats.reads).toHaveLength(5);
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('whoever comes again while the run waits to delete is kept', async () => {
    const ats = atsWith(30, { completeWhenFull: false });
    const world = await db.connect(ats, { settings: { deletionsNeverAsked: 0, mostDeletedShare: 0 } });
    await world.workOff();
    const [one = '', other = ''] = ids(ats);
    const back = ats.candidates.get(one);
    ats.hideWhole(one);
    ats.hideWhole(other);
    const run = await world.next('FULL');
    expect(run.status).toBe('AWAITING_APPROVAL');
    if (back) ats.candidates.set(one, back);
    await world.look((scope) => world.mirror.wake(scope, world.connectionId, [{ kind: 'candidate', remoteId: one }]));
    await world.look((scope) => world.mirror.approveDeletions(scope, run.id, { approve: true }));
    await world.work();
    expect(await world.look((scope) => world.mirror.run(scope, run.id))).toMatchObject({ status: 'COMPLETE' });
    expect(await idsIn(world)).toContain(one);
    expect(await idsIn(world)).not.toContain(other);
  });
});

describe('RED-12: an ATS that shows everything, after a run of everything', () => {
  it('is asked about the few that did not come: a list can skip somebody while others come and go', async () => {
    const ats = atsWith(30);
    const world = await db.connect(ats);
    await world.workOff();
    const [skipped = '', deleted = '', silent = ''] = ids(ats);
    ats.skipped.add(`candidate/${skipped}`);
    ats.changeCandidate(skipped, { firstName: 'Still there' });
    ats.hideWhole(deleted);
    ats.secret.add(`candidate/${silent}`);
    await world.next('FULL');
    const left = await idsIn(world);
    expect(left).toContain(skipped);
    expect(left).not.toContain(deleted);
    // It shows everything, and did not show this one: then it is not there.
    expect(left).not.toContain(silent);
    expect(left).toHaveLength(28);
  });

  it('many are deleted as the run says, without asking about each', async () => {
    const ats = atsWith(700, {});
    ats.pageSize = 200;
    const world = await db.connect(ats, { settings: { mostDeletedShare: 1 } });
    await world.workOff();
    for (const id of ids(ats).slice(0, 501)) ats.hideWhole(id);
    expect(await world.next('FULL')).toMatchObject({ status: 'COMPLETE', counts: { candidates: { deleted: 501 } } });
    expect(ats.reads).toEqual([]);
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('an application that came by itself goes with it, though those before it had all come with their candidates', async () => {
    const application = (remoteId: string, candidateRemoteId: string): MirroredApplication => {
      return { remoteId, candidateRemoteId, jobRemoteId: 'j-1', status: 'active' };
    };
    const lists = { emails: [], phones: [], socialUrls: [], workExperience: [], education: [], tags: [] };
    const candidates = [
      { remoteId: 'c-1', ...lists, applications: [application('with-them', 'c-1')] },
      { remoteId: 'c-2', ...lists },
    ];
    let applications: readonly MirroredApplication[] = [];
    const world = await db.connect({
      limits: {},
      filters: [],
      pull: async () => ({ candidates, jobs: [], applications, gone: [], mark: '1' }),
      read: async (_context, gone) => ({ candidates: [], jobs: [], applications: [], gone }),
    });
    const idsOfApplications = async () =>
      (await world.rows()).applications.map((row) => (row as MirroredApplication).remoteId);
    await world.workOff();
    await world.next('FULL');
    expect(await idsOfApplications()).toEqual(['with-them']);
    applications = [application('alone', 'c-2')];
    await world.next('CHANGES');
    expect(await idsOfApplications()).toEqual(['alone', 'with-them']);
    applications = [];
    expect(await world.next('FULL')).toMatchObject({ counts: { applications: { deleted: 1 } } });
    expect(await idsOfApplications()).toEqual(['with-them']);
  });

  it('what it cannot tell of is kept, and asked about again by the next run of changes', {
    timeout: 60_000,
  }, async () => {
    const ats = atsWith(30);
    const world = await db.connect(ats);
    await world.workOff();
    const [broken = '', deleted = ''] = ids(ats);
    ats.skipped.add(`candidate/${broken}`);
    ats.broken.add(`candidate/${broken}`);
    ats.hideWhole(deleted);
    expect(await world.next('FULL')).toMatchObject({
      status: 'COMPLETE',
      counts: { candidates: { deleted: 1, refused: 1 } },
    });
    expect(await idsIn(world)).toContain(broken);
    expect(await idsIn(world)).not.toContain(deleted);
    expect(await issuesOf(world)).toMatchObject([{ kind: 'candidate', remoteId: broken }]);
    ats.broken.clear();
    ats.skipped.clear();
    ats.hideWhole(broken);
    expect(await world.next('CHANGES')).toMatchObject({ counts: { candidates: { deleted: 1 } } });
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('a refusal of all questions ends no run, and deletes nobody', async () => {
    const ats = atsWith(10);
    const world = await db.connect(ats);
    await world.workOff();
    for (const id of ids(ats).slice(0, 3)) ats.hideWhole(id);
    ats.before = (call) => {
      if (call === 'read') throw new PluginFaultError('in-memory', 'has a bug');
    };
    expect(await world.next('FULL')).toMatchObject({ status: 'COMPLETE', counts: { candidates: { deleted: 0 } } });
    expect(await idsIn(world)).toHaveLength(10);
  });
});

describe('RED-1: a record that cannot be read', () => {
  it('is told of after some tries, and holds up nothing', async () => {
    const ats = atsWith(12);
    const [broken = ''] = ids(ats);
    ats.broken.add(`candidate/${broken}`);
    const world = await db.connect(ats);
    await world.workOff();
    expect(ats.pulls.map(({ attempt }) => attempt)).toEqual(
      [undefined, undefined, 1, 2, undefined, undefined, undefined, undefined].slice(0, ats.pulls.length),
    );
    expect(await world.lastRun()).toMatchObject({ status: 'COMPLETE', counts: { candidates: { refused: 1 } } });
    expect(await idsIn(world)).toHaveLength(11);
    expect(await issuesOf(world)).toMatchObject([{ kind: 'candidate', remoteId: broken, reason: 'It answered 500.' }]);
  });

  it('a wait that the ATS asks for is no failed try', async () => {
    const ats = atsWith(12);
    ats.broken.add(`candidate/${ids(ats)[0]}`);
    const world = await db.connect(ats);
    let waits = 3;
    ats.before = () => {
      if (ats.pulls.length > 1 && waits-- > 0) throw new AtsRateLimitedError('In-memory ATS', 1);
    };
    await world.workOff();
    expect(ats.pulls.flatMap(({ attempt }) => attempt ?? [])).toEqual([1, 2]);
  });

  it('is never taken for deleted, and read again by runs of changes until it can be', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    await world.workOff();
    const [broken = ''] = ids(ats);
    ats.changeCandidate(broken, { firstName: 'Changed' });
    ats.broken.add(`candidate/${broken}`);
    // So that the next run of changes begins behind it.
    for (const id of ids(ats).slice(0, 5)) ats.changeCandidate(id, { lastName: 'Later' });
    expect(await world.next('FULL')).toMatchObject({ status: 'COMPLETE', counts: { candidates: { deleted: 0 } } });
    expect(await idsIn(world)).toHaveLength(12);
    // Not in the run that passed it over, and in each later one until it can be read.
    expect(ats.reads).toEqual([]);
    await world.next('CHANGES');
    expect(new Set(askedAbout(ats))).toEqual(new Set([broken]));
    expect(await issuesOf(world)).toMatchObject([{ remoteId: broken }]);
    ats.broken.clear();
    await world.next('CHANGES');
    expect(await world.rows()).toEqual(expectedRows(ats));
    const reads = ats.reads.length;
    await world.next('CHANGES');
    expect(ats.reads).toHaveLength(reads);
  });

  it('goes when it turns out to be gone', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    await world.workOff();
    const [broken = ''] = ids(ats);
    ats.broken.add(`candidate/${broken}`);
    await world.next('FULL');
    ats.broken.clear();
    ats.hideWhole(broken);
    expect(await world.next('CHANGES')).toMatchObject({ status: 'COMPLETE', counts: { candidates: { deleted: 1 } } });
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('among several that are asked about, the others are answered all the same', async () => {
    const ats = atsWith(12, { completeWhenFull: false });
    const world = await db.connect(ats, { settings: { deletionsNeverAsked: 20 } });
    await world.workOff();
    const some = ids(ats).slice(0, 5);
    for (const id of some) ats.skipped.add(`candidate/${id}`);
    ats.broken.add(`candidate/${some[1]}`);
    for (const id of [some[0] ?? '', some[2] ?? '']) ats.hideWhole(id);
    await world.next('FULL');
    const left = await idsIn(world);
    expect(left).toHaveLength(10);
    expect(left).toContain(some[1]);
    expect(await issuesOf(world)).toMatchObject([{ remoteId: some[1] }]);
  });

  it('an ATS that is away for long costs the run its answers alone', { timeout: 60_000 }, async () => {
    const ats = atsWith(12, { completeWhenFull: false });
    const world = await db.connect(ats);
    await world.workOff();
    ats.hideWhole(ids(ats)[0] ?? '');
    ats.before = (call) => {
      if (call === 'read') throw new AtsUnavailableError('In-memory ATS', 'answered 503');
    };
    expect(await world.next('FULL')).toMatchObject({ status: 'COMPLETE' });
    ats.before = () => undefined;
    await world.next('CHANGES');
    expect(await world.rows()).toEqual(expectedRows(ats));
  });
});

describe('RED-2: how often everything is read', () => {
  const isFullDue = async (options: InMemoryAtsOptions, days: number): Promise<string> => {
    const world = await db.connect(atsWith(3, options));
    await world.workOff();
    await world.write((tx) =>
      tx.rows(
        `update talentbridge.mirror_state s set full_at = now() - $2 * interval '1 day'
         where ${tx.own('s')} and s.connection_id = $1`,
        [world.connectionId, days],
      ),
    );
    return (await world.next()).kind;
  };

  it('an ATS for which the setting is too often says how often it makes sense', async () => {
    expect(await isFullDue({ fullEveryMs: 30 * 86_400_000 }, 29)).toBe('CHANGES');
    expect(await isFullDue({ fullEveryMs: 30 * 86_400_000 }, 31)).toBe('FULL');
  });

  it('no ATS makes it more often', async () => {
    expect(await isFullDue({ fullEveryMs: 86_400_000 }, 6)).toBe('CHANGES');
    expect(await isFullDue({}, 8)).toBe('FULL');
  });
});
