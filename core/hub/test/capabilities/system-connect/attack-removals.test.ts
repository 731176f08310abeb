import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { unavailable } from './network-plugin.ts';
import { openPushDatabase, type PushDatabase, somebody } from './push-world.ts';

let database: PushDatabase;
beforeAll(async () => {
  database = await openPushDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

describe('RSC-2: what was removed stays removed', () => {
  it('a connection that does not open is removed all the same, and what is left is told', async () => {
    const world = await database.world();
    somebody(world);
    await world.settle();
    await world.change('REMOVING');
    await world.part();
    world.onOpen = () => {
      throw unavailable();
    };
    expect(await world.pushing.leaveVendor(world.scope, world.connectionId)).toEqual([
      expect.stringMatching(/still at the network: 7\./),
    ]);
    expect(await world.progress()).toBeUndefined();
  });

  it('a job that the network does not close is counted', async () => {
    const world = await database.world();
    const { job } = somebody(world);
    await world.settle();
    await world.change('REMOVING');
    await world.part();
    const push = world.network.push.bind(world.network);
    world.network.push = async (ctx, batch) =>
      batch.kind === 'job' ? [{ ok: false, retry: false, reason: 'It is locked.' }] : push(ctx, batch);
    expect(await world.pushing.leaveVendor(world.scope, world.connectionId)).toEqual([
      expect.stringMatching(/still at the network: 1\./),
    ]);
    expect(world.network.of('job').find(({ remoteId }) => remoteId === job)?.value).toMatchObject({ open: true });
  });

  it('a pair that was parted comes to an end, too, where the connection opens never more', async () => {
    const world = await database.world();
    somebody(world);
    await world.settle();
    await world.part();
    world.onOpen = () => {
      throw unavailable();
    };
    await world.push();
    expect(await world.progress(), 'for now the network may come back').toMatchObject({ phase: 'REMOVING' });
    await world.rows('update talentbridge.network_push set tries = 1000, resume_at = null where connection_id = $1', [
      world.connectionId,
    ]);
    await world.push();
    expect(await world.progress()).toBeUndefined();
  });

  it('whatever could be removed again starts the count of failures anew', async () => {
    const world = await database.world();
    for (const name of ['ada', 'bea']) somebody(world, name);
    await world.settle();
    await world.part();
    await world.rows('update talentbridge.network_push set tries = 5 where connection_id = $1', [world.connectionId]);
    let calls = 0;
    world.network.before = () => {
      calls += 1;
      if (calls > 1) throw unavailable();
    };
    await world.push();
    expect(
      await world.rows('select tries from talentbridge.network_push where connection_id = $1', [world.connectionId]),
    ).toEqual([{ tries: 1 }]);
  });

  it('what was on its way while everything was removed is removed after it arrived', async () => {
    const world = await database.world();
    somebody(world);
    await world.mirror.workOff();
    let parted = false;
    world.network.before = async (call, count) => {
      if (parted || call !== 'push' || count < 2) return;
      parted = true;
      // While this batch is under way the pair is parted, and another worker removes all that it knows of.
      await world.part();
      await world.push();
      expect(await world.progress()).toBeUndefined();
    };
    await world.push();
    expect(parted).toBe(true);
    for (let pushes = 0; (await world.progress()) && pushes < 10; pushes += 1) {
      await world.passTime();
      await world.push();
    }
    expect(world.network.of('candidate')).toEqual([]);
    for (const table of ['network_push', 'network_record', 'network_due', 'network_candidate']) {
      expect(
        await world.rows(`select from talentbridge.${table} where connection_id = $1`, [world.connectionId]),
        table,
      ).toEqual([]);
    }
  });

  it('who was deleted while they were on their way is removed after they arrived', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    await world.mirror.workOff();
    let deleted = false;
    world.network.before = async (call) => {
      if (deleted || call !== 'push' || world.network.of('job').length === 0) return;
      deleted = true;
      world.ats.delete('candidate', candidate);
      await world.mirror.next();
      // Another worker takes over, and finds nobody at the network.
      await world.push();
    };
    await world.push();
    expect(deleted).toBe(true);
    world.network.before = () => undefined;
    await world.settle();
    expect(world.network.of('candidate')).toEqual([]);
  });
});

describe('RSC-1: links while everything is removed', () => {
  it('those of a pair that was made anew meanwhile stay', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    await world.settle();
    await world.part();
    await world.scope.transaction(async (tx) => {
      const pair = { connectionId: world.connectionId, atsConnectionId: world.mirror.connectionId };
      await tx.rows(
        `insert into talentbridge.system_pair (organization_id, connection_id, ats_connection_id, created_by)
         values ($1, $2, $3, 'admin-1')`,
        [tx.organizationId, pair.connectionId, pair.atsConnectionId],
      );
      await world.pushing.resume(tx, {
        ...pair,
        missingEmail: 'DUMMY',
        jobViewers: 'EVERYBODY',
        createdBy: 'admin-1',
        createdAt: new Date(),
      });
      await world.links.setAdded(tx, world.connectionId, candidate, 'member-9');
    });
    await world.settle();
    expect(world.network.of('candidate').map(({ value }) => 'member' in value && value.member)).toEqual(['member-9']);
    expect(await world.link(candidate)).toEqual({ member: 'member-9', how: 'ADDED' });
  });

  it('those of another account go at once', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    await world.settle();
    await world.scope.transaction((tx) => world.links.setAdded(tx, world.connectionId, candidate, 'member-9'));
    await world.rows('update talentbridge.mirror_state set clearing = true where connection_id = $1', [
      world.mirror.connectionId,
    ]);
    await world.mirror.clear();
    expect(await world.link(candidate)).toBeUndefined();
  });
});
