import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { unavailable } from './network-plugin.ts';
import { calls, openPushDatabase, type PushDatabase, somebody } from './push-world.ts';

let database: PushDatabase;
beforeAll(async () => {
  database = await openPushDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

describe('RSC-2: deletions go to the network', () => {
  it('who went is removed with everything, a job is closed', async () => {
    const world = await database.world();
    const { candidate, job } = somebody(world);
    const other = somebody(world, 'bea');
    await world.settle();
    world.network.batches.length = 0;
    world.ats.delete('candidate', candidate);
    world.ats.delete('job', job);
    await world.mirror.next();
    await world.push();
    expect(calls(world)).toEqual(['push job', 'remove application', 'remove candidateNote', 'remove candidate']);
    expect(world.network.of('candidate').map(({ remoteId }) => remoteId)).toEqual([other.candidate]);
    expect(world.network.of('stage').map(({ remoteId }) => remoteId)).toEqual(['bea-s1']);
    expect(world.network.of('job').find(({ remoteId }) => remoteId === job)?.value).toMatchObject({ open: false });
    expect(await world.rows('select from talentbridge.network_record where remote_id like $1', ['ada%'])).toEqual([]);
  });

  it('an application, a note and an interview that went are removed by themselves', async () => {
    const world = await database.world();
    const { candidate, application } = somebody(world);
    const second = world.ats.addApplication(candidate, world.ats.addJob());
    await world.settle();
    world.network.batches.length = 0;
    const history = world.histories.get(candidate);
    world.histories.set(candidate, { notes: [], stageChanges: history?.stageChanges ?? [], feedback: [] });
    world.ats.delete('application', second);
    await world.mirror.next();
    await world.push();
    expect(world.network.batches.filter(({ call }) => call === 'remove')).toEqual([
      { call: 'remove', kind: 'feedback', ids: [`${application}/ada-f1`] },
      { call: 'remove', kind: 'applicationNote', ids: [`${application}/ada-n2`] },
      { call: 'remove', kind: 'application', ids: [second] },
      { call: 'remove', kind: 'candidateNote', ids: ['ada/ada-n1'] },
    ]);
    expect(world.network.of('application')).toHaveLength(1);
  });

  it('an application that went over to another candidate goes along', async () => {
    const world = await database.world();
    const { candidate, application } = somebody(world);
    world.ats.addCandidate({ remoteId: 'bea' });
    await world.settle();
    world.ats.merge(candidate, 'bea');
    await world.mirror.next();
    await world.settle();
    expect(world.network.of('candidate').map(({ remoteId }) => remoteId)).toEqual(['bea']);
    expect(world.network.of('application').map(({ remoteId, value }) => [remoteId, value])).toEqual([
      [application, expect.objectContaining({ candidate: expect.objectContaining({ remoteId: 'bea' }) })],
    ]);
  });

  it('after the pair was parted everything is removed', async () => {
    const world = await database.world({ settings: { atOnce: 2 } });
    for (const name of ['ada', 'bea', 'cleo']) somebody(world, name);
    await world.settle();
    await world.part();
    world.network.before = (_call, count) => {
      if (count % 2 === 0) throw unavailable();
    };
    for (let pushes = 0; (await world.progress()) && pushes < 50; pushes += 1) {
      await world.passTime();
      await world.push();
    }
    const records = [...world.network.records.values()];
    expect(records.map(({ kind, value }) => [kind, 'open' in value && value.open])).toEqual([
      ['job', false],
      ['job', false],
      ['job', false],
    ]);
    for (const table of ['network_push', 'network_record', 'network_due', 'network_candidate']) {
      expect(
        await world.rows(`select from talentbridge.${table} where connection_id = $1`, [world.connectionId]),
      ).toEqual([]);
    }
  });

  it('where the connection of the network goes, everything is removed before, as far as the network answers', async () => {
    const world = await database.world();
    for (const name of ['ada', 'bea']) somebody(world, name);
    await world.settle();
    await world.change('REMOVING');
    await world.part();
    expect(await world.pushing.leaveVendor(world.scope, world.connectionId)).toEqual([]);
    expect([...world.network.records.values()].filter(({ kind }) => kind !== 'job')).toEqual([]);
    expect(await world.pushing.leaveVendor(world.scope, world.connectionId)).toEqual([]);

    const away = await database.world();
    somebody(away);
    await away.settle();
    await away.change('REMOVING');
    await away.part();
    away.network.before = () => {
      throw unavailable();
    };
    const left = await away.pushing.leaveVendor(away.scope, away.connectionId);
    expect(left).toEqual([expect.stringMatching(/still at the network: 7\./)]);
    expect(
      await away.rows('select from talentbridge.network_record where connection_id = $1', [away.connectionId]),
    ).toEqual([]);
  });

  it('another account is another mirror: what was there goes, and all begins anew', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    await world.settle();
    await world.rows('update talentbridge.mirror_state set clearing = true where connection_id = $1', [
      world.mirror.connectionId,
    ]);
    await world.mirror.clear();
    world.ats.delete('candidate', candidate);
    const other = somebody(world, 'bea');
    await world.push();
    expect(world.network.of('candidate')).toEqual([]);
    expect(await world.progress()).toMatchObject({ phase: 'WAITING', firstSync: { endedAt: null } });
    await world.mirror.workOff();
    await world.settle();
    expect(world.network.of('candidate').map(({ remoteId }) => remoteId)).toEqual([other.candidate]);
  });
});
