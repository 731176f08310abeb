import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { storeSeats } from '../../../dist/capabilities/system-connect/seats.js';
import type { JobViewers } from '../../../dist/capabilities/system-connect/system-connect-model.js';
import { openPushDatabase, type PushDatabase, type PushWorld } from './push-world.ts';

let database: PushDatabase;
beforeAll(async () => {
  database = await openPushDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

const seat = (member: string, firstName: string, lastName: string) => ({
  seatId: `seat-${member}`,
  contractId: 'contract-1',
  member,
  firstName,
  lastName,
  active: true,
});
const LEA = seat('m-lea', 'Léa', 'Moss');
const TARIQ = seat('m-tariq', 'Tariq', 'Bell');
const INES = seat('m-ines', 'Ines', 'Vale');

async function giveSeats({ scope, pushing, connectionId }: PushWorld, seats: readonly (typeof LEA)[]): Promise<void> {
  await scope.transaction(async (tx) => {
    if (await storeSeats(tx, connectionId, seats)) await pushing.seatsChanged(tx, connectionId);
  });
}

/** As when an admin pairs the same two again with another word. */
async function letSee({ scope, pushing, connectionId }: PushWorld, viewers: JobViewers): Promise<void> {
  await scope.transaction(async (tx) => {
    await tx.rows(
      `update talentbridge.system_pair p set job_viewers = $2 where ${tx.own('p')} and p.connection_id = $1`,
      [connectionId, viewers],
    );
    await pushing.viewersChanged(tx, connectionId);
  });
}

/** A world where jobs are for their recruiters. */
async function listedWorld(): Promise<PushWorld> {
  const world = await database.world();
  await giveSeats(world, [LEA, TARIQ, INES]);
  await letSee(world, 'RECRUITERS');
  return world;
}

const access = ({ network }: PushWorld) =>
  Object.fromEntries(
    network
      .of('access')
      .map(({ remoteId, value }) => [
        remoteId,
        'members' in value ? (value.everySeat ? 'every seat' : value.members) : 'nothing',
      ]),
  );

describe('RSC-2: who sees jobs at the network', () => {
  it('everybody does unless somebody says otherwise: nothing is sent of it', async () => {
    const world = await database.world();
    world.ats.addJob({ recruiter: { name: 'Lea Moss' } });
    await world.settle();
    expect(world.network.of('access')).toEqual([]);
  });

  it('recruiters of the job and of its applications do, whatever case and accents; where nobody is found, every seat', async () => {
    const world = await listedWorld();
    const own = world.ats.addJob({ recruiter: { name: ' lea  MOSS' } });
    const shared = world.ats.addJob({ recruiter: { name: 'Lea Moss' } });
    const nobodys = world.ats.addJob({ recruiter: { name: 'Somebody Else' } });
    world.ats.addCandidate({ remoteId: 'ada' });
    const application = world.ats.addApplication('ada', shared, { recruiter: { name: 'Tariq Bell' } });
    await world.settle();
    expect(access(world)).toEqual({ [own]: ['m-lea'], [shared]: ['m-lea', 'm-tariq'], [nobodys]: 'every seat' });
    expect(world.network.of('access').find(({ remoteId }) => remoteId === nobodys)?.value).toMatchObject({
      members: ['m-ines', 'm-lea', 'm-tariq'],
    });

    world.network.batches.length = 0;
    world.ats.changeApplication(application, { recruiter: { name: 'Ines Vale' } });
    await world.mirror.next();
    await world.settle();
    expect(access(world)).toMatchObject({ [shared]: ['m-ines', 'm-lea'] });
    expect(world.network.batches.filter(({ kind }) => kind === 'access')).toEqual([
      { call: 'push', kind: 'access', ids: [shared] },
    ]);

    world.ats.delete('candidate', 'ada');
    await world.mirror.next('FULL');
    await world.settle();
    expect(access(world)).toMatchObject({ [shared]: ['m-lea'] });
  });

  it('goes after its job, and not at all where the network refuses the job', async () => {
    const world = await listedWorld();
    const taken = world.ats.addJob();
    const bad = world.ats.addJob();
    world.network.refuse = (key) => (key === `job ${bad}` ? { ok: false, retry: false, reason: 'no' } : undefined);
    await world.settle();
    expect(world.network.batches.map(({ kind }) => kind)).toEqual(['job', 'access']);
    expect(Object.keys(access(world))).toEqual([taken]);
  });

  it('follows the seats: whoever has none any more sees nothing, and what is as it was is not sent again', async () => {
    const world = await listedWorld();
    const leas = world.ats.addJob({ recruiter: { name: 'Lea Moss' } });
    const tariqs = world.ats.addJob({ recruiter: { name: 'Tariq Bell' } });
    await world.settle();
    world.network.batches.length = 0;
    await giveSeats(world, [LEA, INES]);
    await world.settle();
    expect(access(world)).toEqual({ [leas]: ['m-lea'], [tariqs]: 'every seat' });
    expect(world.network.batches).toEqual([{ call: 'push', kind: 'access', ids: [tariqs] }]);
    await giveSeats(world, [LEA, INES, TARIQ]);
    await world.settle();
    expect(access(world)).toEqual({ [leas]: ['m-lea'], [tariqs]: ['m-tariq'] });
  });

  it('goes again when everybody may see jobs, when a job goes, and when the pair is parted', async () => {
    const world = await listedWorld();
    const job = world.ats.addJob();
    const kept = world.ats.addJob();
    await world.settle();
    world.ats.delete('job', job);
    await world.mirror.next('FULL');
    await world.settle();
    expect(Object.keys(access(world))).toEqual([kept]);
    await letSee(world, 'EVERYBODY');
    await world.settle();
    expect(access(world)).toEqual({});
    await letSee(world, 'RECRUITERS');
    await world.settle();
    expect(Object.keys(access(world))).toEqual([kept]);
    await world.part();
    await world.push();
    expect(access(world)).toEqual({});
  });
});
