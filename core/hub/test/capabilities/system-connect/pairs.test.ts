import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { someoneWaitsForALock } from '../../../../../test/support/lock-waiting.ts';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { pairStanding } from '../../../dist/capabilities/system-connect/pair-standing.js';
import { type NetworkDatabase, NetworkDesk, type NetworkWorld, openNetworkDatabase, seat } from './network-world.ts';

let database: NetworkDatabase;
beforeAll(async () => {
  database = openNetworkDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

const orderOf = ({ network, ats }: NetworkWorld) => ({ connectionId: network, atsConnectionId: ats });

describe('RSC-1: pairing a network with an ATS', () => {
  it('pairs two connections, and the same two again as the same pair', async () => {
    const world = await database.world();
    const pair = await world.systemConnect.pair(world.admin, orderOf(world));
    expect(pair).toMatchObject({ ...orderOf(world), missingEmail: 'DUMMY', createdBy: 'admin-1' });
    expect(await world.systemConnect.pair(world.admin, orderOf(world))).toEqual(pair);
    expect(await world.systemConnect.pairs(world.admin)).toEqual([pair]);
    expect(await world.audited('systemConnect.pair')).toEqual([{ actor: 'admin-1', subject: world.network }]);
  });

  it('changes what becomes of people without an email, and keeps it where nothing is said', async () => {
    const world = await database.world();
    await world.systemConnect.pair(world.admin, orderOf(world));
    const changed = await world.systemConnect.pair(world.admin, { ...orderOf(world), missingEmail: 'REFUSE' });
    expect(changed.missingEmail).toBe('REFUSE');
    expect((await world.systemConnect.pair(world.admin, orderOf(world))).missingEmail).toBe('REFUSE');
    expect(await world.audited('systemConnect.changePair')).toHaveLength(1);
  });

  it('changes who sees jobs, tells the network once, and keeps the other rule', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    const pair = await world.systemConnect.pair(world.admin, { ...orderOf(world), missingEmail: 'REFUSE' });
    expect(pair.jobViewers).toBe('EVERYBODY');
    desk.enable();
    await world.look();
    expect(desk.jobViewers).toBe('everybody');
    for (const [jobViewers, told] of [
      ['RECRUITERS', 'listed'],
      ['EVERYBODY', 'everybody'],
    ] as const) {
      const changed = await world.systemConnect.pair(world.admin, { ...orderOf(world), jobViewers });
      expect(changed).toMatchObject({ jobViewers, missingEmail: 'REFUSE' });
      desk.asked.length = 0;
      for (let times = 0; times < 2; times += 1) await world.look();
      expect(desk.jobViewers).toBe(told);
      expect(desk.asked.filter((what) => what === 'prepare')).toHaveLength(1);
    }
  });

  it('takes neither connection into a second pair', async () => {
    const world = await database.world();
    await world.systemConnect.pair(world.admin, orderOf(world));
    const network = await world.connect('network');
    const ats = await world.connect('ats');
    const refused = { code: 'WRONG_STATE', state: 'PAIRED' };
    await expect(
      world.systemConnect.pair(world.admin, { connectionId: world.network, atsConnectionId: ats }),
    ).rejects.toMatchObject(refused);
    await expect(
      world.systemConnect.pair(world.admin, { connectionId: network, atsConnectionId: world.ats }),
    ).rejects.toMatchObject(refused);
    expect(await world.systemConnect.pairs(world.admin)).toHaveLength(1);
  });

  it('makes one pair of two that are made at once', async () => {
    const world = await database.world();
    const network = await world.connect('network');
    const made = await Promise.allSettled([
      world.systemConnect.pair(world.as('admin-1', 'ADMIN'), orderOf(world)),
      world.systemConnect.pair(world.as('admin-2', 'ADMIN'), { connectionId: network, atsConnectionId: world.ats }),
    ]);
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await world.systemConnect.pairs(world.admin)).toHaveLength(1);
  });

  it('refuses what is no network, no mirrored ATS, not usable, not there, or itself', async () => {
    const world = await database.world();
    const pair = (connectionId: string, atsConnectionId: string) =>
      world.systemConnect.pair(world.admin, { connectionId, atsConnectionId });
    await expect(pair(world.ats, world.network)).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(pair(world.network, world.network)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(pair(world.network, randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(pair('none at all', world.ats)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await world.change(world.ats, { status: 'NEEDS_ATTENTION', attentionReason: 'The key was revoked.' });
    await expect(pair(world.network, world.ats)).rejects.toThrow('The key was revoked.');
    await world.change(world.ats, { status: 'CONNECTED' });
    const switchOff = { pluginId: 'ats', capability: 'rediscovery' as const, enabled: false };
    await world.entitlements.setCapability(world.admin, switchOff);
    await expect(pair(world.network, world.ats)).rejects.toMatchObject({ code: 'CAPABILITY_OFF' });
  });

  it('shows and changes no pair of another organization', async () => {
    const [world, other] = [await database.world(), await database.world()];
    await world.systemConnect.pair(world.admin, orderOf(world));
    expect(await other.systemConnect.pairs(other.admin)).toEqual([]);
    await expect(other.systemConnect.unpair(other.admin, world.network)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(other.systemConnect.pair(other.admin, orderOf(world))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('RSC-6: parting a pair', () => {
  async function withData() {
    const desk = new NetworkDesk();
    desk.seats = [seat('seat-1')];
    const world = await database.world(desk);
    await world.pairUp();
    await world.systemConnect.connectSeat(world.admin, {
      connectionId: world.network,
      seatId: 'seat-1',
      userId: 'rita',
    });
    await world.link('C-1', 'member-1');
    await world.item({
      member: 'member-1',
      contractId: 'contract-1',
      ownerSeatId: 'seat-1',
      isPublic: true,
      text: 't',
    });
    return world;
  }

  async function left(world: NetworkWorld): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const table of [
      'system_pair',
      'network_link',
      'network_item',
      'network_text',
      'network_key',
      'network_seat',
      'network_integration',
      'network_watch',
    ]) {
      const { rows } = await world.database.owner.query<{ count: number }>(
        `select count(*)::int as count from talentbridge.${table} where organization_id = $1`,
        [world.organizationId],
      );
      if (rows[0]?.count) counts[table] = rows[0].count;
    }
    return counts;
  }

  it('deletes what came from the network with the key to it, and leaves seats with their users', async () => {
    const world = await withData();
    await world.systemConnect.unpair(world.admin, world.network);
    expect(await left(world)).toEqual({ network_seat: 1, network_integration: 3, network_watch: 1 });
    expect(await world.systemConnect.seats(world.admin, world.network)).toMatchObject([{ userId: 'rita' }]);
    await expect(world.systemConnect.unpair(world.admin, world.network)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await world.audited('systemConnect.unpair')).toHaveLength(1);
    // The two can be paired again, with others too.
    const network = await world.connect('network');
    await world.systemConnect.pair(world.admin, { connectionId: network, atsConnectionId: world.ats });
  });

  it('leaves nothing behind of who writes at the same moment', async () => {
    const world = await withData();
    const written = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const writing = world.as('rita', 'RECRUITER').transaction(async (tx) => {
      await pairStanding(tx, world.entitlements, world.network, 'share');
      await world.linkIn(tx, 'C-2', 'member-2');
      written.resolve();
      await goOn.promise;
    });
    await written.promise;
    const parted = world.systemConnect.unpair(world.as('admin-1', 'ADMIN'), world.network);
    await someoneWaitsForALock(world.database.owner);
    goOn.resolve();
    await Promise.all([writing, parted]);
    expect(await left(world)).toEqual({ network_seat: 1, network_integration: 3, network_watch: 1 });
  });

  it('does not part a pair by the connection of its ATS', async () => {
    const world = await withData();
    await expect(world.systemConnect.unpair(world.admin, world.ats)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('ends with the connection of the ATS', async () => {
    const world = await withData();
    await world.write((tx) => world.module.leave(tx, world.ats));
    expect(await left(world)).toEqual({ network_seat: 1, network_integration: 3, network_watch: 1 });
  });

  it('ends with the connection of the network, of which nothing stays', async () => {
    const world = await withData();
    await world.write((tx) => world.module.leave(tx, world.network));
    expect(await left(world)).toEqual({});
  });
});
