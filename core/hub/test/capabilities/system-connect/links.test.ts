import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { someoneWaitsForALock } from '../../../../../test/support/lock-waiting.ts';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { unavailable } from './network-plugin.ts';
import { openPushDatabase, type PushDatabase, type PushWorld } from './push-world.ts';

let database: PushDatabase;
beforeAll(async () => {
  database = await openPushDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

/** Ada is at the network, which knows her by her address. */
async function ada(): Promise<PushWorld & { readonly candidateId: string }> {
  const world = await database.world();
  world.ats.addCandidate({ remoteId: 'ada', emails: ['ada@home.example'] });
  world.network.membersByEmail.set('ada@home.example', 'member-1');
  await world.settle();
  return { ...world, candidateId: await world.idOf('ada') };
}

const sent = ({ network }: PushWorld) =>
  network.of('candidate').map(({ value }) => ('member' in value ? value.member : null));

describe('RSC-1: who a candidate is at the network', () => {
  it('is nothing that stays of somebody who goes at the very moment when a person says it', async () => {
    const world = await database.world();
    world.ats.addCandidate({ remoteId: 'ada', emails: ['ada@home.example'] });
    await world.mirror.next();
    const { connectionId } = world;
    const candidateId = await world.idOf('ada');
    const deletion = await world.owner.connect();
    try {
      await deletion.query('begin');
      await deletion.query('delete from talentbridge.mirror_candidate where id = $1', [candidateId]);
      const linked = world.links.linkProfile(world.scope, { connectionId, candidateId, member: 'member-2' });
      const ended = linked.then(
        () => 'linked',
        ({ code }: { readonly code?: string }) => code,
      );
      await someoneWaitsForALock(world.owner, ended);
      await deletion.query('commit');
      expect(await ended).toBe('NOT_FOUND');
    } finally {
      deletion.release();
    }
    expect(
      await world.rows('select l.member from talentbridge.network_link l where l.connection_id = $1', [connectionId]),
    ).toEqual([]);
  });

  it('is read back once the candidate is there', async () => {
    const world = await ada();
    expect(await world.link('ada')).toEqual({ member: 'member-1', how: 'MATCHED' });
    expect(sent(world)).toEqual([null]);
  });

  it('is asked again for some time, because the network may need it', async () => {
    const world = await database.world();
    world.ats.addCandidate({ remoteId: 'ada', emails: ['ada@home.example'] });
    await world.settle();
    expect(await world.link('ada')).toBeUndefined();
    world.network.membersByEmail.set('ada@home.example', 'member-1');
    await world.push();
    expect(await world.link('ada')).toBeUndefined();
    await world.rows('update talentbridge.network_candidate set match_at = now() where connection_id = $1', [
      world.connectionId,
    ]);
    await world.push();
    expect(await world.link('ada')).toMatchObject({ member: 'member-1' });
    expect(
      await world.rows('select match_at as at from talentbridge.network_candidate where connection_id = $1', [
        world.connectionId,
      ]),
    ).toEqual([{ at: null }]);
  });

  it('is what a person says, whatever the network finds', async () => {
    const world = await ada();
    const { candidateId, connectionId } = world;
    await expect(
      world.links.linkProfile(world.scope, { connectionId, candidateId, member: 'member-2' }),
    ).resolves.toMatchObject({ candidateRemoteId: 'ada', member: 'member-2', how: 'BY_HAND', linkedBy: 'admin-1' });
    expect(world.network.resolved).toEqual([{ candidateRemoteId: 'ada', member: 'member-2' }]);
    await world.settle();
    expect(sent(world)).toEqual(['member-2']);
    world.ats.changeCandidate('ada', { firstName: 'Ada' });
    await world.mirror.next();
    await world.settle();
    expect(await world.link('ada')).toEqual({ member: 'member-2', how: 'BY_HAND' });
    expect(sent(world)).toEqual(['member-2']);
  });

  it('a link that a person took back is not found again, until the network finds somebody else', async () => {
    const world = await ada();
    const { candidateId, connectionId } = world;
    await world.links.unlinkProfile(world.scope, { connectionId, candidateId });
    expect(await world.link('ada')).toEqual({ member: null, how: 'UNLINKED' });
    world.ats.changeCandidate('ada', { firstName: 'Ada' });
    await world.mirror.next();
    await world.settle();
    expect(await world.link('ada')).toEqual({ member: null, how: 'UNLINKED' });
    world.network.membersByEmail.set('ada@home.example', 'member-3');
    world.ats.changeCandidate('ada', { firstName: 'Adah' });
    await world.mirror.next();
    await world.settle();
    expect(await world.link('ada')).toEqual({ member: 'member-3', how: 'MATCHED' });
    await expect(
      world.links.unlinkProfile(world.scope, { connectionId, candidateId: world.connectionId }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('what the network does not hear at once goes with the candidate', async () => {
    const world = await ada();
    const { candidateId, connectionId } = world;
    world.network.before = (call) => {
      if (call === 'resolveMatch') throw unavailable();
    };
    await world.links.linkProfile(world.scope, { connectionId, candidateId, member: 'member-2' });
    expect(sent(world)).toEqual([null]);
    await world.settle();
    expect(sent(world)).toEqual(['member-2']);
  });

  it('whoever came from the network is known by it', async () => {
    const world = await ada();
    await world.scope.transaction((tx) => world.links.setAdded(tx, world.connectionId, 'bea', 'member-9'));
    world.ats.addCandidate({ remoteId: 'bea', emails: [] });
    await world.mirror.next();
    await world.settle();
    expect(await world.link('bea')).toEqual({ member: 'member-9', how: 'ADDED' });
    expect(sent(world)).toEqual([null, 'member-9']);
  });

  it('what a person said at the network holds too', async () => {
    const world = await ada();
    await world.network.resolveMatch({ callId: '', deadline: 0, urgency: 'work' }, 'ada', 'member-5');
    await world.rows('update talentbridge.network_candidate set match_at = now() where connection_id = $1', [
      world.connectionId,
    ]);
    await world.push();
    expect(await world.link('ada')).toEqual({ member: 'member-5', how: 'BY_HAND' });
    world.ats.changeCandidate('ada', { firstName: 'Ada' });
    await world.mirror.next();
    await world.settle();
    expect(sent(world)).toEqual(['member-5']);
  });

  it('goes with the candidate', async () => {
    const world = await ada();
    world.ats.delete('candidate', 'ada');
    await world.mirror.next();
    await world.settle();
    expect(await world.link('ada')).toBeUndefined();
  });

  it('goes with a candidate of whom the network never heard', async () => {
    const world = await ada();
    world.ats.addCandidate({ remoteId: 'bea' });
    await world.mirror.next();
    await world.scope.transaction((tx) => world.links.setAdded(tx, world.connectionId, 'bea', 'member-9'));
    world.ats.delete('candidate', 'bea');
    await world.mirror.next();
    expect(await world.link('bea')).toBeUndefined();
  });

  it('is asked for once a month where the network found nobody for long', async () => {
    const world = await database.world();
    world.ats.addCandidate({ remoteId: 'ada' });
    await world.settle();
    await world.rows(
      `update talentbridge.network_candidate set match_at = now(), match_tries = 40, sent_at = now() - interval '1 year'
       where connection_id = $1`,
      [world.connectionId],
    );
    await world.push();
    expect(
      await world.rows(
        'select round(extract(epoch from match_at - now()) / 86400)::int as days from talentbridge.network_candidate where connection_id = $1',
        [world.connectionId],
      ),
    ).toEqual([{ days: 30 }]);
  });

  it('an id that is none is refused', async () => {
    const world = await ada();
    const { candidateId, connectionId } = world;
    for (const member of ['', 'a\u0000', 'x'.repeat(501)]) {
      await expect(world.links.linkProfile(world.scope, { connectionId, candidateId, member })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
  });
});

describe('RSC-5: an applicant is connected first', () => {
  it('goes ahead of all others, with job and link, while others wait', async () => {
    const world = await database.world();
    for (let number = 0; number < 5; number += 1) world.ats.addCandidate({ remoteId: `person-${number}` });
    await world.settle();
    world.ats.addCandidate({ remoteId: 'ada', emails: ['ada@home.example'] });
    world.ats.addApplication('ada', world.ats.addJob());
    for (let number = 0; number < 5; number += 1) world.ats.changeCandidate(`person-${number}`, { firstName: 'Later' });
    world.network.membersByEmail.set('ada@home.example', 'member-1');
    await world.mirror.next();
    world.network.batches.length = 0;
    await world.pushing.connectNow(world.scope, world.connectionId, ['ada']);
    expect(world.network.batches.map(({ kind, ids }) => [kind, ids.length])).toEqual([
      ['job', 1],
      ['candidate', 1],
      ['application', 1],
    ]);
    expect(await world.link('ada')).toEqual({ member: 'member-1', how: 'MATCHED' });
    expect(await world.progress()).toMatchObject({ waiting: { candidates: 5 } });
    await world.pushing.connectNow(world.scope, world.connectionId, ['ada', 'nobody']);
    expect(world.network.batches).toHaveLength(3);
    await world.settle();
    expect(await world.progress()).toMatchObject({ waiting: { candidates: 0 } });
  });

  it('takes the work over from whoever is at it, and nothing is lost', async () => {
    const world = await database.world({ settings: { atOnce: 2 } });
    for (let number = 0; number < 6; number += 1) world.ats.addCandidate({ remoteId: `person-${number}` });
    await world.mirror.workOff();
    let count = 0;
    world.network.after = async (call) => {
      count += 1;
      if (call === 'push' && count === 2) await world.pushing.connectNow(world.scope, world.connectionId, ['person-5']);
    };
    await world.push();
    expect(world.network.of('candidate').length).toBeLessThan(6);
    expect(world.network.of('candidate').map(({ remoteId }) => remoteId)).toContain('person-5');
    await world.settle();
    expect(world.network.of('candidate')).toHaveLength(6);
    expect(
      await world.rows('select from talentbridge.network_record where connection_id = $1 and digest is null', [
        world.connectionId,
      ]),
    ).toEqual([]);
  });

  it('a network that does not answer keeps nobody', async () => {
    const world = await ada();
    world.network.before = () => {
      throw unavailable();
    };
    world.ats.changeCandidate('ada', { firstName: 'Ada' });
    await world.mirror.next();
    await world.pushing.connectNow(world.scope, world.connectionId, ['ada']);
    world.network.before = () => undefined;
    await world.settle();
    expect(world.network.of('candidate')[0]?.value).toMatchObject({ candidate: { firstName: 'Ada' } });
  });
});

describe('RSC-5: an application that no event told of', () => {
  it.each(['FULL', 'CHANGES'] as const)('is new when a run of kind %s finds it', async (kind) => {
    const world = await ada();
    const application = world.ats.addApplication('ada', world.ats.addJob());
    await world.mirror.next(kind);
    expect(
      await world.rows(
        `select a.remote_id as id, n.told_at from talentbridge.new_application n
         join talentbridge.mirror_application a on a.id = n.application_id where n.connection_id = $1`,
        [world.connectionId],
      ),
    ).toEqual([{ id: application, told_at: null }]);
  });
});
