import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import type { MirroredPerson } from '../../../dist/capabilities/system-connect/network-profiles.js';
import type { NetworkItem } from '../../../dist/capabilities/system-connect/system-connect-model.js';
import type { Role } from '../../../dist/kernel/organizations/caller.js';
import { uuidv7 } from '../../../dist/kernel/persistence/uuidv7.js';
import { type NetworkDatabase, NetworkDesk, type NetworkWorld, openNetworkDatabase, seat } from './network-world.ts';

let database: NetworkDatabase;
beforeAll(async () => {
  database = openNetworkDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

/** Two contracts: Olga and Simon have seats of one, Otto of another; Vera, Paul and Ada have none. */
const USERS: readonly { readonly id: string; readonly role: Role; readonly seat?: string }[] = [
  { id: 'owner', role: 'RECRUITER', seat: 'seat-owner' },
  { id: 'colleague', role: 'RECRUITER', seat: 'seat-colleague' },
  { id: 'stranger', role: 'RECRUITER', seat: 'seat-stranger' },
  { id: 'plain', role: 'RECRUITER' },
  { id: 'viewer', role: 'VIEWER' },
  { id: 'admin-2', role: 'ADMIN' },
];

interface PairedWorld {
  readonly world: NetworkWorld;
  readonly desk: NetworkDesk;
  readonly candidate: MirroredPerson;
}

async function withSeats(): Promise<PairedWorld> {
  const desk = new NetworkDesk();
  desk.seats = [
    seat('seat-owner', 'contract-1', { firstName: 'Olga', lastName: 'Owner' }),
    seat('seat-colleague', 'contract-1'),
    seat('seat-stranger', 'contract-2'),
  ];
  const world = await database.world(desk);
  await world.pairUp();
  for (const { id, seat: seatId } of USERS) {
    if (seatId === undefined) continue;
    await world.systemConnect.connectSeat(world.admin, { connectionId: world.network, seatId, userId: id });
  }
  await world.link('C-1', 'member-1');
  return { world, desk, candidate: { id: uuidv7(), connectionId: world.ats, remoteId: 'C-1' } };
}

async function itemsFor(
  { world, candidate }: PairedWorld,
  userId: string,
  role: Role,
): Promise<readonly NetworkItem[]> {
  await using scope = world.as(userId, role);
  return (await world.systemConnect.networkItems(scope, [candidate])).get(candidate.id) ?? [];
}

/** What a user is shown of each item: its text, or why not. */
async function shown(paired: PairedWorld, userId: string, role: Role = 'RECRUITER'): Promise<readonly string[]> {
  return (await itemsFor(paired, userId, role)).map(({ content }) => ('code' in content ? content.code : content.text));
}

const OURS = { member: 'member-1', contractId: 'contract-1', ownerSeatId: 'seat-owner' };

describe('RSC-6: who reads what recruiters wrote', () => {
  it('shows each kind of user what they may read, and tells the others why and whom to ask', async () => {
    const paired = await withSeats();
    const { world } = paired;
    await world.item({ ...OURS, isPublic: true, text: 'public', at: new Date(1_000) });
    await world.item({ ...OURS, isPublic: false, text: 'private', at: new Date(2_000) });
    const seen = new Map<string, readonly string[]>();
    for (const { id, role } of USERS) seen.set(id, await shown(paired, id, role));
    expect(Object.fromEntries(seen)).toEqual({
      owner: ['public', 'private'],
      colleague: ['public', 'PRIVATE'],
      stranger: ['OTHER_CONTRACT', 'OTHER_CONTRACT'],
      plain: ['SEAT_NEEDED', 'SEAT_NEEDED'],
      viewer: ['SEAT_NEEDED', 'SEAT_NEEDED'],
      'admin-2': ['SEAT_NEEDED', 'SEAT_NEEDED'],
    });
    const [item] = await itemsFor(paired, 'plain', 'RECRUITER');
    expect(item).toMatchObject({
      kind: 'NOTE',
      authorName: 'Olga Owner',
      createdAt: new Date(1_000),
      content: { askWhom: 'Olga Owner', message: expect.stringContaining('Ask Olga Owner.') },
    });
  });

  it('is decided by the database: plain SQL of the application gets no more than the service', async () => {
    const { world } = await withSeats();
    await world.item({ ...OURS, isPublic: true, text: 'public' });
    await world.item({ ...OURS, isPublic: false, text: 'private' });
    const counts = new Map<string, number>();
    for (const id of [...USERS.map((user) => user.id), 'system', '']) {
      const rows = await world
        .as(id, 'ADMIN')
        // Without any condition of ours: what is left out, row-level security leaves out.
        .transaction((tx) => tx.rows('select t.sealed from talentbridge.network_text t'));
      counts.set(id, rows.length);
    }
    expect(Object.fromEntries(counts)).toEqual({
      owner: 2,
      colleague: 1,
      stranger: 0,
      plain: 0,
      viewer: 0,
      'admin-2': 0,
      system: 0,
      '': 0,
    });
  });

  it('keeps texts unreadable at rest, and bound to their item', async () => {
    const { world } = await withSeats();
    const ids = [
      await world.item({ ...OURS, isPublic: true, text: 'the same words' }),
      await world.item({ ...OURS, isPublic: true, text: 'the same words' }),
    ];
    const { rows } = await world.database.owner.query<{ sealed: Buffer }>(
      'select sealed from talentbridge.network_text where item_id = any($1::uuid[])',
      [ids],
    );
    expect(new Set(rows.map(({ sealed }) => sealed.toString('hex'))).size).toBe(2);
    expect(rows.every(({ sealed }) => !sealed.includes('words'))).toBe(true);
    await world.database.owner.query(
      `update talentbridge.network_text set sealed = (select sealed from talentbridge.network_text where item_id = $2)
       where item_id = $1`,
      ids,
    );
    const paired = {
      world,
      desk: new NetworkDesk(),
      candidate: { id: uuidv7(), connectionId: world.ats, remoteId: 'C-1' },
    };
    await expect(shown(paired, 'owner')).rejects.toMatchObject({ name: 'SealBrokenError' });
  });

  it('closes what somebody read as soon as their seat is lost, and opens it when it is there again', async () => {
    const paired = await withSeats();
    const { world, desk } = paired;
    await world.item({ ...OURS, isPublic: true, text: 'public' });
    const all = desk.seats;
    expect(await shown(paired, 'colleague')).toEqual(['public']);
    for (const seats of [[], all.map((one) => ({ ...one, active: false }))]) {
      desk.seats = seats;
      await world.systemConnect.refreshSteps(world.admin, world.network);
      expect(await shown(paired, 'colleague')).toEqual(['SEAT_NEEDED']);
      desk.seats = all;
      await world.systemConnect.refreshSteps(world.admin, world.network);
      expect(await shown(paired, 'colleague')).toEqual(['public']);
    }
    await world.systemConnect.disconnectSeat(world.as('colleague', 'RECRUITER'), {
      connectionId: world.network,
      seatId: 'seat-colleague',
    });
    expect(await shown(paired, 'colleague')).toEqual(['SEAT_NEEDED']);
  });

  it('closes everything while the network does not let seats be read', async () => {
    const paired = await withSeats();
    const { world, desk } = paired;
    await world.item({ ...OURS, isPublic: true, text: 'public' });
    desk.turn('disabled', 'contract');
    await world.look();
    expect(await shown(paired, 'owner')).toEqual(['SEAT_NEEDED']);
    desk.enable();
    await world.look();
    expect(await shown(paired, 'owner')).toEqual(['public']);
  });

  it('asks the network again whose seat it is where nobody has for a day, and believes it for two', async () => {
    const paired = await withSeats();
    const { world, desk } = paired;
    await world.item({ ...OURS, isPublic: true, text: 'public' });
    const age = (days: number) =>
      world.write(async (tx) => {
        for (const [table, column] of [
          ['network_seat', 'seen_at'],
          ['network_watch', 'seats_at'],
        ]) {
          await tx.rows(
            `update talentbridge.${table} s set ${column} = now() - $1 * interval '1 day' where ${tx.own('s')}`,
            [days],
          );
        }
      });
    await age(1.1);
    desk.before = () => {
      throw new Error('away');
    };
    expect(await shown(paired, 'owner')).toEqual(['public']);
    await age(2.1);
    expect(await shown(paired, 'owner')).toEqual(['SEAT_NEEDED']);
    desk.before = () => undefined;
    expect(await shown(paired, 'owner')).toEqual(['public']);
    await age(1.1);
    desk.seats = desk.seats.filter(({ seatId }) => seatId !== 'seat-owner');
    expect(await shown(paired, 'owner')).toEqual(['SEAT_NEEDED']);
  });

  it('shows what is private to a seat only once an admin has said whose it is', async () => {
    const paired = await withSeats();
    const { world, desk } = paired;
    desk.seats = [...desk.seats, seat('seat-free', 'contract-1')];
    await world.systemConnect.refreshSteps(world.admin, world.network);
    const own = { ...OURS, ownerSeatId: 'seat-free' };
    await world.item({ ...own, isPublic: true, text: 'public', at: new Date(1_000) });
    await world.item({ ...own, isPublic: false, text: 'private', at: new Date(2_000) });
    const order = { connectionId: world.network, seatId: 'seat-free' };
    await world.systemConnect.connectSeat(world.as('plain', 'RECRUITER'), order);
    expect(await shown(paired, 'plain')).toEqual(['public', 'PRIVATE']);
    await world.systemConnect.connectSeat(world.admin, { ...order, userId: 'plain' });
    expect(await shown(paired, 'plain')).toEqual(['public', 'private']);
  });

  it('counts for everybody, and says nothing of what was written', async () => {
    const { world, candidate } = await withSeats();
    await world.item({ ...OURS, isPublic: true, text: 'words', kind: 'MESSAGE', authorMember: 'member-1' });
    await world.item({ ...OURS, isPublic: false, text: 'words' });
    await world.item({ ...OURS, member: 'somebody else', isPublic: true, text: 'words' });
    const profiles = await world.systemConnect.networkProfiles(world.as('viewer', 'VIEWER'), [
      candidate,
      { id: uuidv7(), connectionId: world.ats, remoteId: 'C-2' },
      { id: uuidv7(), connectionId: uuidv7(), remoteId: 'C-1' },
    ]);
    expect([...profiles.values()]).toMatchObject([
      { connectionId: world.network, notes: 1, messages: 1, link: { member: 'member-1', how: 'MATCHED' } },
      { connectionId: world.network, notes: 0, messages: 0, link: null },
    ]);
    expect(JSON.stringify([...profiles.values()])).not.toContain('words');
  });

  it('writes down who read which candidate, once an operation, and nobody who read nothing', async () => {
    const paired = await withSeats();
    const { world, candidate } = paired;
    await world.item({ ...OURS, isPublic: true, text: 'public' });
    await shown(paired, 'plain');
    await using scope = world.as('colleague', 'RECRUITER');
    await world.systemConnect.networkItems(scope, [candidate]);
    await world.systemConnect.networkItems(scope, [candidate]);
    await shown(paired, 'owner');
    expect(await world.audited('networkItem.read')).toEqual([
      { actor: 'colleague', subject: candidate.id },
      { actor: 'owner', subject: candidate.id },
    ]);
  });

  it('hides everything while System Connect is switched off', async () => {
    const paired = await withSeats();
    const { world, candidate } = paired;
    await world.item({ ...OURS, isPublic: true, text: 'public' });
    const turn = (enabled: boolean) =>
      world.entitlements.setCapability(world.admin, { pluginId: 'network', capability: 'systemConnect', enabled });
    await turn(false);
    expect(await shown(paired, 'owner')).toEqual([]);
    expect((await world.systemConnect.networkProfiles(world.as('owner', 'RECRUITER'), [candidate])).size).toBe(0);
    await turn(true);
    expect(await shown(paired, 'owner')).toEqual(['public']);
  });

  it('shows a text exactly where the rule says so, whatever the seats, users and items', async () => {
    const paired = await withSeats();
    const { world, desk, candidate } = paired;
    const contracts = fc.constantFrom('contract-1', 'contract-2');
    const seatsOf = fc.uniqueArray(
      fc.record({ seatId: fc.constantFrom('s1', 's2', 's3', 's4'), contractId: contracts, active: fc.boolean() }),
      { selector: ({ seatId }) => seatId, maxLength: 4 },
    );
    const users = fc.uniqueArray(
      fc.record({
        userId: fc.constantFrom('u1', 'u2', 'u3'),
        seatId: fc.constantFrom('s1', 's2', 's3', 's4'),
        confirmed: fc.boolean(),
      }),
      { selector: ({ userId }) => userId, maxLength: 3 },
    );
    const items = fc.array(
      fc.record({
        contractId: contracts,
        ownerSeatId: fc.constantFrom('s1', 's2', 's3', 's4'),
        isPublic: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(seatsOf, users, items, async (seats, owners, written) => {
        await world.write(async (tx) => {
          await tx.rows(`delete from talentbridge.network_item i where ${tx.own('i')}`);
          await tx.rows(`delete from talentbridge.network_seat s where ${tx.own('s')}`);
        });
        desk.seats = ['s1', 's2', 's3', 's4'].map((id) => seat(id));
        await world.systemConnect.refreshSteps(world.admin, world.network);
        const connected = new Map<string, { readonly seatId: string; readonly confirmed: boolean }>();
        for (const { userId, seatId, confirmed } of owners) {
          if ([...connected.values()].some((one) => one.seatId === seatId)) continue;
          const scope = confirmed ? world.admin : world.as(userId, 'RECRUITER');
          await world.systemConnect.connectSeat(scope, { connectionId: world.network, seatId, userId });
          connected.set(userId, { seatId, confirmed });
        }
        desk.seats = seats.map((one) => seat(one.seatId, one.contractId, { active: one.active }));
        await world.systemConnect.refreshSteps(world.admin, world.network);
        for (const [index, item] of written.entries()) {
          await world.item({ ...item, member: 'member-1', text: `text ${index}`, at: new Date(index * 1_000) });
        }
        for (const userId of ['u1', 'u2', 'u3', 'nobody', 'system']) {
          const own = connected.get(userId);
          const current = seats.find(({ seatId, active }) => active && seatId === own?.seatId);
          const expected = written.map(
            (item) =>
              current?.contractId === item.contractId &&
              (item.isPublic || (own?.confirmed === true && own.seatId === item.ownerSeatId)),
          );
          await using scope = world.as(userId, 'RECRUITER');
          const found = (await world.systemConnect.networkItems(scope, [candidate])).get(candidate.id) ?? [];
          expect(found.map(({ content }) => 'text' in content)).toEqual(expected);
          // The database by itself hands out these and no others.
          const handed = await scope.transaction((tx) =>
            tx.rows<{ id: string }>('select t.item_id as id from talentbridge.network_text t'),
          );
          const readable = found.flatMap(({ id }, index) => (expected[index] ? [id] : []));
          expect(handed.map(({ id }) => id).sort()).toEqual(readable.sort());
        }
      }),
      { numRuns: 25 },
    );
  });
});
