import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { type NetworkDatabase, NetworkDesk, openNetworkDatabase, seat } from './network-world.ts';

let database: NetworkDatabase;
beforeAll(async () => {
  database = openNetworkDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

async function open() {
  const desk = new NetworkDesk();
  desk.seats = [seat('one'), seat('two'), seat('asleep', 'contract-1', { active: false })];
  const world = await database.world(desk);
  await world.pairUp();
  const seats = async () => {
    await using scope = world.as('anybody', 'VIEWER');
    const all = await world.systemConnect.seats(scope, world.network);
    return all.map(({ seatId, active, userId, confirmed }) => ({ seatId, active, userId, confirmed }));
  };
  const connect = (by: readonly [string, 'ADMIN' | 'RECRUITER' | 'VIEWER'], seatId: string, userId?: string) =>
    world.systemConnect.connectSeat(world.as(...by), {
      connectionId: world.network,
      seatId,
      ...(userId === undefined ? {} : { userId }),
    });
  const disconnect = (by: readonly [string, 'ADMIN' | 'RECRUITER' | 'VIEWER'], seatId: string) =>
    world.systemConnect.disconnectSeat(world.as(...by), { connectionId: world.network, seatId });
  return { world, desk, seats, connect, disconnect };
}

describe('RSC-6: whose seat it is', () => {
  it('lets recruiters connect their own seat and admins those of anybody', async () => {
    const { world, seats, connect } = await open();
    await connect(['rita', 'RECRUITER'], 'one');
    await connect(['ada', 'ADMIN'], 'two', 'vera');
    expect(await seats()).toEqual([
      { seatId: 'asleep', active: false, userId: null, confirmed: false },
      { seatId: 'one', active: true, userId: 'rita', confirmed: false },
      { seatId: 'two', active: true, userId: 'vera', confirmed: true },
    ]);
    expect(await world.audited('seat.connect')).toEqual([
      { actor: 'rita', subject: 'one' },
      { actor: 'ada', subject: 'two' },
    ]);
  });

  it('refuses seats of others, viewers, users that are none, and seats that are not active or not there', async () => {
    const { seats, connect } = await open();
    const before = await seats();
    const refused: readonly (readonly [() => Promise<unknown>, string])[] = [
      [() => connect(['rita', 'RECRUITER'], 'one', 'omar'), 'INVALID_INPUT'],
      [() => connect(['vera', 'VIEWER'], 'one'), 'INVALID_INPUT'],
      [() => connect(['ada', 'ADMIN'], 'one', 'system'), 'INVALID_INPUT'],
      [() => connect(['ada', 'ADMIN'], 'one', '  '), 'INVALID_INPUT'],
      [() => connect(['rita', 'RECRUITER'], 'asleep'), 'WRONG_STATE'],
      [() => connect(['rita', 'RECRUITER'], 'three'), 'NOT_FOUND'],
    ];
    for (const [attempt, code] of refused) await expect(attempt()).rejects.toMatchObject({ code });
    expect(await seats()).toEqual(before);
  });

  it('gives a seat one user and a user one seat, also when two ask at once', async () => {
    const { seats, connect } = await open();
    await connect(['rita', 'RECRUITER'], 'one');
    await expect(connect(['omar', 'RECRUITER'], 'one')).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(connect(['rita', 'RECRUITER'], 'two')).rejects.toMatchObject({ code: 'WRONG_STATE' });
    const { connect: elsewhere, seats: there } = await open();
    const outcomes = await Promise.allSettled([
      elsewhere(['rita', 'RECRUITER'], 'one'),
      elsewhere(['rita', 'RECRUITER'], 'two'),
      elsewhere(['omar', 'RECRUITER'], 'one'),
    ]);
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    for (const found of [await seats(), await there()]) {
      const users = found.flatMap(({ userId }) => userId ?? []);
      expect(new Set(users).size).toBe(users.length);
    }
  });

  it('connects twice as once; an admin confirms what the user said', async () => {
    const { world, connect, seats } = await open();
    await connect(['rita', 'RECRUITER'], 'one');
    await connect(['rita', 'RECRUITER'], 'one');
    expect(await world.audited('seat.connect')).toHaveLength(1);
    await connect(['ada', 'ADMIN'], 'one', 'rita');
    await connect(['rita', 'RECRUITER'], 'one');
    expect((await seats())[1]).toMatchObject({ seatId: 'one', userId: 'rita', confirmed: true });
  });

  it('lets users give back their own seat and admins take any', async () => {
    const { world, connect, disconnect, seats } = await open();
    await connect(['rita', 'RECRUITER'], 'one');
    await expect(disconnect(['omar', 'RECRUITER'], 'one')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await disconnect(['rita', 'RECRUITER'], 'one');
    await disconnect(['rita', 'RECRUITER'], 'one');
    await connect(['omar', 'RECRUITER'], 'one');
    await disconnect(['ada', 'ADMIN'], 'one');
    expect((await seats()).flatMap(({ userId }) => userId ?? [])).toEqual([]);
    expect(await world.audited('seat.disconnect')).toEqual([
      { actor: 'rita', subject: 'one' },
      { actor: 'ada', subject: 'one' },
    ]);
  });

  it('keeps the user of a seat that the network does not tell any more, and one of another contract', async () => {
    const { world, desk, connect, seats } = await open();
    await connect(['rita', 'RECRUITER'], 'one');
    desk.seats = [seat('two', 'contract-2')];
    await world.systemConnect.refreshSteps(world.admin, world.network);
    expect(await seats()).toEqual([
      { seatId: 'asleep', active: false, userId: null, confirmed: false },
      { seatId: 'one', active: false, userId: 'rita', confirmed: false },
      { seatId: 'two', active: true, userId: null, confirmed: false },
    ]);
  });

  it('shows and changes no seat of another organization', async () => {
    const { world } = await open();
    const other = await open();
    const order = { connectionId: world.network, seatId: 'one' };
    expect(await other.world.systemConnect.seats(other.world.admin, world.network)).toEqual([]);
    await expect(other.world.systemConnect.connectSeat(other.world.admin, order)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
