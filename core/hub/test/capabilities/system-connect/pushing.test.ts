import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { calls, openPushDatabase, type PushDatabase, somebody } from './push-world.ts';

let database: PushDatabase;
beforeAll(async () => {
  database = await openPushDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

describe('RSC-2: what the ATS holds goes to the network', () => {
  it('everything goes first, in the order that references need, and complete', async () => {
    const world = await database.world();
    const { candidate, job, application } = somebody(world);
    world.ats.addJob({ open: false });
    await world.push();
    expect(world.network.batches).toEqual([]);
    expect(await world.progress()).toMatchObject({ phase: 'WAITING', reason: expect.stringContaining('first load') });
    await world.mirror.workOff();
    await world.push();
    expect(calls(world)).toEqual([
      'push job',
      'push candidate',
      'push candidateNote',
      'push application',
      'push applicationNote',
      'push feedback',
      'push stage',
    ]);
    expect(world.network.of('job')).toHaveLength(2);
    const [sent] = world.network.of('application');
    expect(sent?.value).toMatchObject({
      application: {
        remoteId: application,
        candidateRemoteId: candidate,
        jobRemoteId: job,
        status: 'active',
        stage: 'New',
      },
      candidate: { remoteId: candidate, firstName: 'First ada' },
      job: { remoteId: job, title: `Title of ${job}` },
    });
    expect(world.network.of('candidate')[0]?.value).toEqual({
      candidate: expect.not.objectContaining({ attachments: expect.anything() }),
    });
    expect(await world.progress()).toMatchObject({
      phase: 'FOLLOWING',
      firstSync: { done: 3, total: 3, endedAt: expect.any(Date) },
      waiting: { jobs: 0, candidates: 0 },
      reason: null,
    });
  });

  it('a change goes out by itself, and nothing that is as it was goes again', async () => {
    const world = await database.world();
    const { candidate, application } = somebody(world);
    await world.settle();
    world.network.batches.length = 0;
    expect(await world.isQueued()).toBe(false);
    world.ats.changeApplication(application, { stage: 'Offer' });
    await world.mirror.next();
    expect(await world.isQueued()).toBe(true);
    await world.push();
    // The ATS says that the candidate was updated, too.
    expect(world.network.batches).toEqual([
      { call: 'push', kind: 'candidate', ids: [candidate] },
      { call: 'push', kind: 'application', ids: [application] },
    ]);
    expect(world.network.of('application')[0]?.value).toMatchObject({ application: { stage: 'Offer' } });
    await world.mirror.next('FULL');
    await world.push();
    expect(world.network.batches).toHaveLength(2);
  });

  it('what the network refused goes again once it may be taken, without a change in the ATS', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    world.network.refuse = (key) =>
      key === `candidate ${candidate}` ? { ok: false, retry: false, reason: 'no' } : undefined;
    await world.settle();
    expect(world.network.of('candidate')).toEqual([]);
    world.network.refuse = () => undefined;
    await world.push();
    expect(world.network.of('candidate')).toEqual([]);
    // As when an admin changes the settings of the connection.
    const { connectionId, mirror } = world;
    const pair = {
      connectionId,
      atsConnectionId: mirror.connectionId,
      missingEmail: 'DUMMY',
      jobViewers: 'EVERYBODY',
    } as const;
    await world.scope.transaction((tx) =>
      world.pushing.resume(tx, { ...pair, createdBy: 'admin-1', createdAt: new Date() }),
    );
    await world.push();
    expect(world.network.of('candidate')).toHaveLength(1);
    expect(world.network.of('application')).toHaveLength(1);
  });

  it('placeholder addresses stay here', async () => {
    const world = await database.world();
    world.ats.addCandidate({ remoteId: 'ada', emails: ['no-email-7@dummy.example', 'ada@home.example'] });
    await world.settle();
    expect(world.network.of('candidate')[0]?.value).toMatchObject({ candidate: { emails: ['ada@home.example'] } });
  });

  it('an application of which the ATS does not say when it began began with its first stage', async () => {
    const world = await database.world();
    const { candidate, application } = somebody(world);
    const stages = ['2026-03-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'].map((enteredAt, index) => {
      return { remoteId: `s${index}`, applicationRemoteId: application, stage: `Stage ${index}`, enteredAt };
    });
    world.histories.set(candidate, { notes: [], stageChanges: stages, feedback: [] });
    await world.settle();
    expect(world.network.of('application').map(({ value }) => value)).toMatchObject([
      { application: { remoteId: application, appliedAt: '2026-02-01T00:00:00.000Z' } },
    ]);
  });

  it('where the ATS tells no history, stages that were seen are kept', async () => {
    const world = await database.world({ tellsHistories: false });
    const { application } = somebody(world);
    await world.settle();
    for (const stage of ['Interview', 'Interview', 'New']) {
      world.ats.changeApplication(application, { stage });
      await world.mirror.next();
      await world.settle();
    }
    const stages = world.network.of('stage').map(({ value }) => ('stage' in value ? value : undefined));
    const inOrder = stages.toSorted((one, other) => ((one?.enteredAt ?? '') < (other?.enteredAt ?? '') ? -1 : 1));
    expect(inOrder.map((one) => one?.stage)).toEqual(['New', 'Interview', 'New']);
  });

  it('an application hears of the new title of its job', async () => {
    const world = await database.world();
    const { job, application } = somebody(world);
    await world.settle();
    world.network.batches.length = 0;
    world.ats.changeJob(job, { title: 'Another title' });
    await world.mirror.next();
    await world.push();
    expect(world.network.batches.map(({ kind, ids }) => [kind, ids])).toEqual([
      ['job', [job]],
      ['application', [application]],
    ]);
    expect(world.network.of('application')[0]?.value).toMatchObject({ job: { title: 'Another title' } });
  });

  it('an application that came before its job hears of it', async () => {
    const world = await database.world();
    world.ats.addCandidate({ remoteId: 'ada' });
    const application = world.ats.addApplication('ada', 'late');
    await world.settle();
    expect(world.network.of('application')[0]?.value).not.toHaveProperty('job');
    world.ats.addJob({ remoteId: 'late', title: 'The late job' });
    await world.mirror.next();
    await world.settle();
    expect(world.network.of('application')).toMatchObject([
      { remoteId: application, value: { job: { title: 'The late job' } } },
    ]);
  });

  it('a first load that is interrupted goes on where it was', async () => {
    const world = await database.world({ settings: { atOnce: 2 } });
    for (let number = 0; number < 7; number += 1) somebody(world, `person-${number}`);
    await world.mirror.workOff();
    for (let pushes = 0; pushes < 30 && !(await world.progress())?.firstSync.endedAt; pushes += 1) {
      const stop = new AbortController();
      world.network.after = () => stop.abort();
      await world.push(stop.signal);
    }
    expect(await world.progress()).toMatchObject({ firstSync: { done: 14, total: 14 }, waiting: { candidates: 0 } });
    const sent = world.network.batches.flatMap(({ kind, ids }) => ids.map((id) => `${kind} ${id}`));
    expect(new Set(sent).size).toBe(sent.length);
    expect(world.network.of('stage')).toHaveLength(7);
  });

  it('nobody pushes before the integration that takes records is enabled', async () => {
    const world = await database.world();
    somebody(world);
    await world.mirror.workOff();
    await world.rows(`update talentbridge.network_integration set carries = array['pull'] where connection_id = $1`, [
      world.connectionId,
    ]);
    await world.push();
    expect(world.network.batches).toEqual([]);
    expect(await world.progress()).toMatchObject({ reason: expect.stringContaining('enabled') });
  });

  it('a push whose job was lost is found', async () => {
    const world = await database.world();
    await world.settle();
    const lost = async () => {
      const { rows } = await world.owner.query<{ id: string }>(
        `select id from talentbridge.network_pushes_due(now() - interval '1 minute') where id = $1`,
        [world.connectionId],
      );
      return rows.length;
    };
    expect(await lost()).toBe(0);
    await world.rows(
      `update talentbridge.network_push set next_at = now() - interval '2 minutes' where connection_id = $1`,
      [world.connectionId],
    );
    expect(await lost()).toBe(1);
    await world.rows('update talentbridge.network_push set next_at = null where connection_id = $1', [
      world.connectionId,
    ]);
    expect(await lost()).toBe(0);
    world.ats.addCandidate({ remoteId: 'ada' });
    await world.mirror.next();
    expect(await lost()).toBe(1);
  });

  it('batches are as small as the network wants them, and one kind comes after the other', async () => {
    const world = await database.world({ settings: { atOnce: 4 } });
    world.network.limits = { batch: 3 };
    for (let number = 0; number < 9; number += 1) somebody(world, `person-${number}`);
    await world.settle();
    expect(world.network.of('candidate')).toHaveLength(9);
    expect(Math.max(...world.network.batches.map(({ ids }) => ids.length))).toBe(3);
    const order = world.network.batches.map(({ kind }) => kind);
    expect(order.lastIndexOf('job')).toBeLessThan(order.indexOf('candidate'));
  });
});
