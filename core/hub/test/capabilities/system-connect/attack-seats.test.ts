import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { uuidv7 } from '../../../dist/kernel/persistence/uuidv7.js';
import { type NetworkDatabase, NetworkDesk, openNetworkDatabase, seat } from './network-world.ts';

let database: NetworkDatabase;
beforeAll(async () => {
  database = openNetworkDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

/** Olga has the seat, which is confirmed, and left something private and something public. */
async function olgasSeat(member?: string) {
  const desk = new NetworkDesk();
  desk.seats = [seat('one', 'contract-1', member === undefined ? {} : { member })];
  const world = await database.world(desk);
  await world.pairUp();
  await world.systemConnect.connectSeat(world.admin, { connectionId: world.network, seatId: 'one', userId: 'olga' });
  await world.link('C-1', 'member-1');
  const item = { member: 'member-1', contractId: 'contract-1', ownerSeatId: 'one' };
  await world.item({ ...item, isPublic: true, text: 'public' });
  await world.item({ ...item, isPublic: false, text: 'private' });
  const candidate = { id: uuidv7(), connectionId: world.ats, remoteId: 'C-1' };
  const reads = async (userId: string) => {
    await using scope = world.as(userId, 'RECRUITER');
    const items = (await world.systemConnect.networkItems(scope, [candidate])).get(candidate.id) ?? [];
    return items.map(({ content }) => ('code' in content ? content.code : content.text));
  };
  const refresh = () => world.systemConnect.refreshSteps(world.admin, world.network);
  return { world, desk, reads, refresh };
}

describe('RSC-6: a seat that the network gave to somebody else', () => {
  it('is not its former user’s any more, nor is what was private to it anybody’s', async () => {
    const { world, desk, reads, refresh } = await olgasSeat('person-olga');
    expect(await reads('olga')).toEqual(['public', 'private']);
    desk.seats = [seat('one', 'contract-1', { member: 'person-nils', firstName: 'Nils' })];
    await refresh();
    expect(await reads('olga')).toEqual(['SEAT_NEEDED']);
    await world.systemConnect.connectSeat(world.admin, { connectionId: world.network, seatId: 'one', userId: 'nils' });
    expect(await reads('nils')).toEqual(['public']);
    expect(await reads('olga')).toEqual(['SEAT_NEEDED']);
  });

  it('is still the same user’s where the network tells whose it is for the first time, or not any more', async () => {
    const { desk, reads, refresh } = await olgasSeat();
    desk.seats = [seat('one', 'contract-1', { member: 'person-olga' })];
    await refresh();
    expect(await reads('olga')).toEqual(['public', 'private']);
    desk.seats = [seat('one')];
    await refresh();
    expect(await reads('olga')).toEqual(['public', 'private']);
    // Who it was is not forgotten meanwhile.
    desk.seats = [seat('one', 'contract-1', { member: 'person-nils' })];
    await refresh();
    expect(await reads('olga')).toEqual(['SEAT_NEEDED']);
  });
});

describe('CON-2: while System Connect is off', () => {
  it('nothing that came from the network is shown', async () => {
    const { world, reads } = await olgasSeat();
    await world.write((tx) =>
      tx.rows(
        `insert into talentbridge.network_arrival (organization_id, id, connection_id, source, request_key)
         values ($1, $2, $3, 'EXPORT', 'export/1')`,
        [tx.organizationId, uuidv7(), world.network],
      ),
    );
    await world.write((tx) =>
      tx.rows(
        `insert into talentbridge.new_application
           (organization_id, connection_id, ats_connection_id, application_id, candidate_remote_id, job_remote_id, told_at)
         values ($1, $2, $3, $4, 'C-1', 'J-1', now())`,
        [tx.organizationId, world.network, world.ats, uuidv7()],
      ),
    );
    await world.write((tx) =>
      tx.rows(
        `insert into talentbridge.network_closed_member (organization_id, connection_id, member, closed_at)
         values ($1, $2, 'member-1', now())`,
        [tx.organizationId, world.network],
      ),
    );
    const { systemConnect, admin, network } = world;
    const shown = async () => [
      (await systemConnect.arrivals(admin, network, {}, { first: 10 })).items.length,
      (await systemConnect.newApplications(admin)).length,
      (await systemConnect.closedMembers(admin, network)).length,
      (await reads('olga')).length,
    ];
    expect(await shown()).toEqual([1, 1, 1, 2]);
    await world.entitlements.setCapability(admin, { pluginId: 'network', capability: 'systemConnect', enabled: false });
    expect(await shown()).toEqual([0, 0, 0, 0]);
  });
});

describe('API-4: new applications', () => {
  it('are read on from the last one without a gap, however many were told of at once', async () => {
    const { world } = await olgasSeat();
    const { systemConnect, admin, network, ats } = world;
    const told = new Date(Date.now() - 60_000);
    const tell = (count: number, at: Date) =>
      world.write((tx) =>
        tx.rows(
          `insert into talentbridge.new_application
             (organization_id, connection_id, ats_connection_id, application_id, candidate_remote_id, job_remote_id, told_at)
           select $1, $2, $3, gen_random_uuid(), 'C-' || n, 'J-1', $5 from generate_series(1, $4::int) n`,
          [tx.organizationId, network, ats, count, at],
        ),
      );
    await tell(450, told);
    await tell(100, new Date(told.getTime() + 1_000));
    const seen = new Set<string>();
    for (let since: Date | undefined = new Date(0); since; ) {
      const page = await systemConnect.newApplications(admin, since);
      for (const { id } of page) seen.add(id);
      since = page.at(-1)?.toldAt;
    }
    expect(seen.size).toBe(550);
  });
});
