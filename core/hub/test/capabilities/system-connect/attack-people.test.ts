import { type NetworkResult, RecordNotFoundError } from '@talentbridge/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { type HeldRecord, unavailable } from './network-plugin.ts';
import { openPushDatabase, type PushDatabase, somebody } from './push-world.ts';

let database: PushDatabase;
beforeAll(async () => {
  database = await openPushDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

/** Refuses whoever is said to be somebody who left the network. */
function left(_key: string, value: HeldRecord['value']): NetworkResult | undefined {
  return 'member' in value && value.member === 'member-gone'
    ? { ok: false, retry: false, reason: 'There is no such member.' }
    : undefined;
}

describe('RSC-1: a member who left the network', () => {
  it('takes nothing along: the candidate goes on without the link', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    await world.settle();
    const candidateId = await world.idOf(candidate);
    const { connectionId } = world;
    await world.links.linkProfile(world.scope, { connectionId, candidateId, member: 'member-gone' });
    await world.settle();
    world.network.refuse = left;
    world.ats.changeCandidate(candidate, { firstName: 'Adah' });
    await world.mirror.next();
    await world.settle();
    expect(world.network.of('candidate').map(({ value }) => value)).toEqual([
      { candidate: expect.objectContaining({ firstName: 'Adah' }) },
    ]);
    expect(await world.link(candidate)).toEqual({ member: null, how: 'UNLINKED' });
    expect((await world.progress())?.kinds.find(({ kind }) => kind === 'candidate')).toMatchObject({
      sent: 1,
      refused: 0,
    });
  });

  it('is not blamed where the network refuses the candidate either way', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    await world.scope.transaction((tx) => world.links.setAdded(tx, world.connectionId, candidate, 'member-9'));
    world.network.refuse = (key) =>
      key === `candidate ${candidate}` ? { ok: false, retry: false, reason: 'There is no address.' } : undefined;
    await world.settle();
    expect(await world.link(candidate)).toEqual({ member: 'member-9', how: 'ADDED' });
    const sent = world.network.batches.length;
    await world.mirror.next('FULL');
    await world.settle();
    expect(world.network.batches).toHaveLength(sent);
  });
});

describe('RSC-2: histories', () => {
  it('one that cannot be read keeps none of the others from being read again', async () => {
    const world = await database.world({ settings: { histories: 1 } });
    for (const name of ['ada', 'bea']) somebody(world, name);
    for (const name of ['ada', 'bea']) {
      await world.scope.transaction((tx) => world.links.setAdded(tx, world.connectionId, name, `member-${name}`));
    }
    world.onHistory = (name) => {
      if (name === 'ada') throw new RecordNotFoundError('In-memory ATS', 'candidate', name);
    };
    await world.settle();
    world.historyReads.length = 0;
    for (let rounds = 0; rounds < 2; rounds += 1) {
      await world.rows(
        "update talentbridge.network_push set histories_at = now() - interval '1 hour' where connection_id = $1",
        [world.connectionId],
      );
      await world.push();
    }
    expect(world.historyReads.toSorted()).toEqual(['ada', 'bea']);
  });
});

describe('RSC-2: a network that does not say whom it takes candidates for', () => {
  it('is sent everything all the same, and asked again later', async () => {
    const world = await database.world();
    const { candidate } = somebody(world);
    world.network.membersByEmail.set('ada@mail.example', 'member-1');
    world.network.before = (call) => {
      if (call === 'matches') throw unavailable();
    };
    await world.settle();
    expect((await world.progress())?.firstSync.endedAt).not.toBeNull();
    world.network.before = () => undefined;
    await world.rows('update talentbridge.network_candidate set match_at = now() where connection_id = $1', [
      world.connectionId,
    ]);
    await world.push();
    expect(await world.link(candidate)).toEqual({ member: 'member-1', how: 'MATCHED' });
  });
});
