import { randomUUID } from 'node:crypto';
import {
  AtsUnavailableError,
  credentialFields,
  definePlugin,
  type MirroredCandidate,
  settingFields,
} from '@talentbridge/contracts';
import { PluginRegistry } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { throwawayFolder } from '../../../../../test/support/throwaway-files.ts';
import { type NotedChange, outboxEnd, readOutbox } from '../../../dist/capabilities/rediscovery/outbox.js';
import { type Hub, openHub } from '../../../dist/hub.js';
import { DiskFileStore } from '../../../dist/kernel/files/disk-file-store.js';
import { KeyRing } from '../../../dist/kernel/vault/key-ring.js';
import { atsWith, type InMemoryAts } from './in-memory-ats.ts';
import { everything, expectedRows, idOf, type MirrorDatabase, openMirrorDatabase, remoteIds } from './mirror-world.ts';

let url: string;
let db: MirrorDatabase;
beforeAll(async () => {
  url = await freshDatabase();
  db = await openMirrorDatabase(url);
});
afterAll(() => db[Symbol.asyncDispose]());

const candidateIds = (ats: InMemoryAts): readonly string[] => [...ats.candidates.keys()];

describe('RED-11: records that a webhook names', () => {
  it.each(['inside', 'alone'] as const)('are read anew and written, or go (applications %s)', async (applications) => {
    const ats = atsWith(8, { applications });
    const world = await db.connect(ats);
    await world.workOff();
    const [changed = '', deleted = ''] = candidateIds(ats);
    const [, , application = ''] = [...ats.applications.keys()];
    const [job = ''] = [...ats.jobs.keys()];
    ats.changeCandidate(changed, { firstName: 'Changed' });
    ats.delete('candidate', deleted);
    ats.changeApplication(application, { status: 'rejected', rejectionReason: 'Other' });
    ats.changeJob(job, { open: false });
    const report = await world.mirror.wake(world.scope, world.connectionId, [
      { kind: 'candidate', remoteId: changed },
      { kind: 'candidate', remoteId: deleted },
      { kind: 'candidate', remoteId: deleted },
      { kind: 'application', remoteId: application },
      { kind: 'job', remoteId: job },
    ]);
    expect(report).toMatchObject({ deleted: 2, refused: 0 });
    expect(await world.rows()).toEqual(expectedRows(ats));
    expect(ats.reads.map((references) => references.length)).toEqual([3, 1]);
    // What came by itself is compared with what comes with its candidate later.
    ats.changeApplication(application, { status: 'active', rejectionReason: undefined as never });
    await world.next('FULL');
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('win over a page that was asked for before, though it is written after', async () => {
    const ats = atsWith(9);
    const world = await db.connect(ats);
    await world.workOff();
    const [gone = ''] = candidateIds(ats);
    ats.changeCandidate(gone, { firstName: 'Seen' });
    ats.alter = (page) => page;
    const asked = ats.pulls.length;
    const pull = ats.pull.bind(ats);
    vi.spyOn(ats, 'pull').mockImplementation(async (ctx, request) => {
      const page = await pull(ctx, request);
      if (ats.pulls.length === asked + 2) {
        // The page is on its way with the candidate in it when it is deleted, and a webhook says so.
        ats.delete('candidate', gone);
        await world.look((scope) =>
          world.mirror.wake(scope, world.connectionId, [{ kind: 'candidate', remoteId: gone }]),
        );
      }
      return page;
    });
    await world.next();
    expect(await remoteIds(world)).not.toContain(gone);
  });

  it('do not win over a page that was asked for later', async () => {
    const ats = atsWith(9);
    const world = await db.connect(ats);
    await world.workOff();
    const [one = ''] = candidateIds(ats);
    const read = ats.read.bind(ats);
    vi.spyOn(ats, 'read').mockImplementation(async (ctx, references) => {
      const answer = await read(ctx, references);
      ats.changeCandidate(one, { firstName: 'Newer' });
      await world.next();
      return answer;
    });
    await world.mirror.wake(world.scope, world.connectionId, [{ kind: 'candidate', remoteId: one }]);
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('are not taken for missing by a full run that passed them already', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    await world.workOff();
    const asked = ats.pulls.length;
    const [one = ''] = candidateIds(ats);
    ats.before = async (call, count) => {
      if (call === 'pull' && count === asked + 3) {
        await world.look((scope) =>
          world.mirror.wake(scope, world.connectionId, [{ kind: 'candidate', remoteId: one }]),
        );
      }
    };
    ats.alter = (page) => ({ ...page, candidates: page.candidates.filter(({ remoteId }) => remoteId !== one) });
    expect(await world.next('FULL')).toMatchObject({ counts: { candidates: { deleted: 0 } } });
    expect(await remoteIds(world)).toContain(one);
  });

  it('tell the caller when the ATS does not answer', async () => {
    const ats = atsWith(2);
    const world = await db.connect(ats);
    await world.workOff();
    ats.before = () => {
      throw new AtsUnavailableError('In-memory ATS', 'answered 503');
    };
    const waking = world.mirror.wake(world.scope, world.connectionId, [{ kind: 'candidate', remoteId: 'candidate-2' }]);
    await expect(waking).rejects.toMatchObject({ recovery: 'retry' });
  });
});

describe('a connection that is switched', () => {
  it('off pauses its run with the reason, and on goes on', async () => {
    const ats = atsWith(20);
    const world = await db.connect(ats);
    const switched = (enabled: boolean) =>
      world.look((scope) =>
        db.entitlements.setCapability(scope, { pluginId: 'in-memory', capability: 'rediscovery', enabled }),
      );
    ats.before = async (_call, count) => {
      if (count === 2) await switched(false);
    };
    await world.work();
    expect(await world.lastRun()).toMatchObject({
      status: 'PAUSED',
      statusReason: expect.stringContaining('switched off'),
    });
    const pulls = ats.pulls.length;
    await world.work();
    expect(ats.pulls).toHaveLength(pulls);
    await expect(world.mirror.start(world.scope, world.connectionId)).rejects.toMatchObject({ code: 'CAPABILITY_OFF' });
    await switched(true);
    await world.workOff();
    expect(await world.rows()).toEqual(expectedRows(ats));
  });

  it('to another account begins its mirror anew', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    await world.workOff();
    await world.write((tx) =>
      tx.rows(`update talentbridge.connection c set account_id = 'other' where ${tx.own('c')} and c.id = $1`, [
        world.connectionId,
      ]),
    );
    for (const id of candidateIds(ats).slice(0, 10)) ats.hide('candidate', id);
    await world.next();
    await world.clear();
    await world.workOff();
    expect(await world.lastRun()).toMatchObject({ kind: 'FULL', trigger: 'FIRST_LOAD', status: 'COMPLETE' });
    expect((await world.rows()).candidates).toEqual(expectedRows(ats).candidates);
  });

  it('to nothing, because it is removed, leaves nothing of its mirror', async () => {
    const ats = atsWith(12);
    const world = await db.connect(ats);
    ats.before = async (_call, count) => {
      if (count === 2) {
        await world.write(async (tx) => {
          await tx.rows(`update talentbridge.connection c set status = 'REMOVING' where ${tx.own('c')} and c.id = $1`, [
            world.connectionId,
          ]);
          await world.module.leave(tx, world.connectionId);
        });
      }
    };
    await world.work();
    await world.clear();
    await world.work();
    const left = (await everything(world)).split('\n').filter(Boolean);
    expect(left).toMatchObject([expect.stringContaining('CLEARED')]);
  });
});

describe('what others see', () => {
  it('nobody sees the mirror of another organization', async () => {
    const ats = atsWith(3);
    const [ours, theirs] = [await db.connect(ats), await db.connect(atsWith(4))];
    await ours.workOff();
    await theirs.workOff();
    const { items } = await theirs.look((scope) => theirs.mirror.candidates(scope, theirs.connectionId, { first: 1 }));
    const [candidate] = items;
    const run = await theirs.lastRun();
    const { mirror } = ours;
    await ours.look(async (scope) => {
      expect(await mirror.candidate(scope, candidate?.id ?? '')).toBeUndefined();
      expect(await mirror.run(scope, run.id)).toBeUndefined();
      expect((await mirror.applicationsOf(scope, [candidate?.id ?? ''])).size).toBe(0);
      for (const refused of [
        () => mirror.candidates(scope, theirs.connectionId, { first: 1 }),
        () => mirror.runs(scope, theirs.connectionId, { first: 1 }),
        () => mirror.state(scope, theirs.connectionId),
        () => mirror.jobs(scope, theirs.connectionId, {}, { first: 1 }),
        () => mirror.issues(scope, run.id, { first: 1 }),
      ]) {
        await expect(refused()).rejects.toMatchObject({ code: 'NOT_FOUND' });
      }
    });
    for (const refused of [
      () => mirror.eraseCandidate(ours.scope, candidate?.id ?? ''),
      () => mirror.start(ours.scope, theirs.connectionId),
      () => mirror.cancel(ours.scope, run.id),
      () => mirror.approveDeletions(ours.scope, run.id, { approve: true }),
      () => mirror.wake(ours.scope, theirs.connectionId, []),
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await remoteIds(theirs)).toHaveLength(4);
  });

  it('RED-8: candidates come last updated first, page by page, with applications and files', async () => {
    const ats = atsWith(7);
    const world = await db.connect(ats);
    await world.workOff();
    ats.changeCandidate('candidate-4', { firstName: 'Latest' });
    await world.next();
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const { page, total } = await world.look(async (scope) => {
        const found = await world.mirror.candidates(scope, world.connectionId, { first: 3, after });
        return { page: found, total: await found.total() };
      });
      expect(total).toBe(7);
      seen.push(...page.items.map(({ remoteId }) => remoteId));
      after = page.cursors.at(-1);
      if (!page.hasNextPage) break;
    }
    expect(seen).toEqual(candidateIds(ats).toSorted((one, other) => updated(ats, other) - updated(ats, one)));
    const id = await idOf(world, 'candidate-4');
    const [application] = (await world.look((scope) => world.mirror.applicationsOf(scope, [id]))).get(id) ?? [];
    expect(application).toMatchObject({
      jobTitle: 'Welder',
      status: 'active',
      stage: 'New',
      recruiterName: 'Recruiter',
    });
    expect((await world.look((scope) => world.mirror.attachmentsOf(scope, [id]))).get(id)).toMatchObject([
      { filename: 'candidate-4.pdf', kind: 'resume' },
    ]);
    const stale = world.look((scope) => world.mirror.candidates(scope, world.connectionId, { first: 1, after: 'x' }));
    await expect(stale).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('EXP-2: open jobs come from the mirror once it is complete, and not while it is not kept', async () => {
    const ats = atsWith(2);
    ats.addJob({ title: 'Baker', open: true });
    ats.addJob({ title: 'Carpenter', open: false });
    const world = await db.connect(ats);
    const jobs = (search?: string) =>
      world.look((scope) =>
        world.mirror.mirroredJobs(scope, world.connectionId, { first: 10, ...(search ? { search } : {}) }),
      );
    expect(await jobs()).toBeUndefined();
    await world.workOff();
    expect((await jobs())?.items.map(({ title }) => title)).toEqual(['Baker', 'Welder']);
    expect((await jobs('r-1 weld'))?.items).toHaveLength(1);
    const all = await world.look((scope) => world.mirror.jobs(scope, world.connectionId, {}, { first: 10 }));
    expect(all.items).toHaveLength(3);
  });

  it('a record that is no use is an issue of the run, and the others arrive', async () => {
    const ats = atsWith(4);
    const hostile = ats.addCandidate({
      firstName: `A\u0000B\ud800${'x'.repeat(10_000)}`,
      emails: ['ok@mail.example', 17 as never],
      updatedAt: 'yesterday',
      tags: Array.from({ length: 5_000 }, (_, index) => `tag ${index}`),
    });
    const broken = { remoteId: '', emails: [] } as unknown as MirroredCandidate;
    const huge = {
      remoteId: 'huge',
      emails: [],
      phones: [],
      socialUrls: [],
      workExperience: [],
      education: [],
      tags: Array.from({ length: 500 }, () => '\u0001'.repeat(500)),
    } as MirroredCandidate;
    ats.alter = (page) =>
      page.candidates.length > 0 ? { ...page, candidates: [broken, null as never, huge, ...page.candidates] } : page;
    const world = await db.connect(ats);
    await world.workOff();
    const run = await world.lastRun();
    expect(run).toMatchObject({ status: 'COMPLETE', counts: { candidates: { written: 5, refused: 3 } } });
    const issues = await world.look((scope) => world.mirror.issues(scope, run.id, { first: 10 }));
    expect(issues.items.map(({ remoteId, reason }) => `${remoteId} ${reason}`).toSorted()).toMatchObject([
      expect.stringContaining('huge Too large'),
      expect.stringContaining('null Not usable: remoteId'),
      expect.stringContaining('null Not usable: remoteId'),
    ]);
    const record = await world.look(async (scope) => world.mirror.candidate(scope, await idOf(world, hostile)));
    expect(record?.data).toMatchObject({
      firstName: expect.stringMatching(/^AB\ufffdx+$/),
      emails: ['ok@mail.example'],
    });
    expect(record?.data.firstName?.length).toBeLessThanOrEqual(500);
    expect(record?.data.tags).toHaveLength(500);
    expect(record?.remoteUpdatedAt).toEqual(expect.any(Date));
  });

  it('whoever keeps something derived learns what to look at again', async () => {
    const ats = atsWith(6);
    const world = await db.connect(ats);
    const reading = { position: await world.look((scope) => scope.read(outboxEnd)) };
    await world.workOff();
    const news = async (): Promise<readonly NotedChange[]> => {
      const { changes, next } = await world.look((scope) =>
        scope.read((tx) => readOutbox(tx, 'mirror_change', reading.position, 1_000)),
      );
      reading.position = next;
      return changes;
    };
    const of = (changes: readonly NotedChange[], change: string) =>
      changes.filter((one) => one.change === change).flatMap(({ ids }) => ids);
    expect(new Set(of(await news(), 'CANDIDATES_WRITTEN')).size).toBe(6);
    const id = await idOf(world, 'candidate-2');
    ats.changeApplication('application-5', { stage: 'Offer' });
    const touched = await idOf(world, 'candidate-4');
    ats.delete('candidate', 'candidate-2');
    await world.next();
    const later = await news();
    expect(of(later, 'CANDIDATES_WRITTEN')).toEqual([touched]);
    expect(of(later, 'CANDIDATES_DELETED')).toEqual([id]);
  });

  it.each(['a run of changes', 'a webhook'])(
    'and learns of somebody of whom %s tells nothing but a later date',
    async (how) => {
      const ats = atsWith(6);
      const world = await db.connect(ats);
      await world.workOff();
      // Told already, whatever else the server has under way: the end alone may lie before what was written here.
      const { next } = await world.look((scope) =>
        scope.read(async (tx) => readOutbox(tx, 'mirror_change', await outboxEnd(tx), 1_000)),
      );
      const remoteId = candidateIds(ats)[3] ?? '';
      ats.changeCandidate(remoteId, {});
      if (how === 'a webhook')
        await world.mirror.wake(world.scope, world.connectionId, [{ kind: 'candidate', remoteId }]);
      else await world.next();
      const { changes } = await world.look((scope) => scope.read((tx) => readOutbox(tx, 'mirror_change', next, 1_000)));
      expect(changes).toMatchObject([{ change: 'CANDIDATES_WRITTEN', ids: [await idOf(world, remoteId)] }]);
    },
  );
});

it('RED-1: the hub begins the first load by itself when a connection is finished, and removes all with it', async () => {
  const ats = atsWith(20);
  const plugin = definePlugin({
    id: 'in-memory',
    displayName: 'In-memory ATS',
    description: 'Is not asked over the network.',
    contracts: '^1.0.0',
    hosts: ['ats.test'],
    credentials: credentialFields({}),
    settings: settingFields({}),
    requirements: [],
    connect: () => ({}),
    identify: async () => ({ accountId: 'account' }),
    capabilities: { permissions: () => ({ check: async () => [] }), rediscovery: () => ats },
  });
  await using stack = new AsyncDisposableStack();
  const hub: Hub = await openHub({
    databaseUrl: url,
    deployment: {
      brand: 'Brand',
      dummyEmailDomain: 'dummy.example',
      plugins: new PluginRegistry([plugin]),
      tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] } },
      defaultTier: 'ENTERPRISE',
      outgoingAddresses: [],
      hostOverrides: {},
    },
    keys: KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`),
    files: new DiskFileStore(throwawayFolder()),
    logger: pino({ level: 'silent' }),
  });
  stack.defer(() => hub.close());
  const caller = { organizationId: randomUUID(), userId: 'admin', roles: ['ADMIN'] as const };
  const scope = hub.scope(caller);
  const { id } = await hub.connections.create(scope, { pluginId: 'in-memory', capabilities: ['rediscovery'] });
  await hub.connections.acknowledgeRequirements(scope, id);
  const { report } = await hub.connections.submitCredentials(scope, { connectionId: id, credentials: {} });
  expect(report.checks.at(-1)).toMatchObject({ id: 'rediscovery:read', status: 'PASSED' });
  await hub.connections.finish(scope, id);
  await hub.startWorker();
  const state = async () => {
    await using fresh = hub.scope(caller);
    return await hub.mirror.state(fresh, id);
  };
  await vi.waitFor(async () => expect(await state()).toMatchObject({ candidates: 20, completeAt: expect.any(Date) }), {
    timeout: 20_000,
  });
  await hub.connections.remove(scope, id);
  await vi.waitFor(
    async () => {
      await using fresh = hub.scope(caller);
      const left = await fresh.read((tx) =>
        tx.row(
          `select (select count(*)::int from talentbridge.mirror_candidate c where ${tx.own('c')}) as candidates,
             (select count(*)::int from talentbridge.sync_run r where ${tx.own('r')}) as runs`,
        ),
      );
      expect(left).toEqual({ candidates: 0, runs: 0 });
    },
    { timeout: 20_000 },
  );
});

function updated(ats: InMemoryAts, remoteId: string): number {
  return Date.parse(ats.candidates.get(remoteId)?.value.updatedAt ?? '');
}
