import { AtsRateLimitedError, AtsUnavailableError, CredentialsRejectedError } from '@talentbridge/contracts';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { POLL_TASK } from '../../../dist/capabilities/system-connect/pulling/pulling-schema.js';
import { windowsOf } from '../../../dist/capabilities/system-connect/pulling/windows.js';
import { type InboundWorld, joinInbound } from './inbound-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let url = '';
beforeAll(async () => {
  url = await freshDatabase();
});

/** A time so long ago. */
function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

function message(remoteId: string, ms: number, more: object = {}) {
  return {
    remoteId,
    conversationId: 'talk-1',
    member: 'member-1',
    author: { kind: 'seat', seatId: 'seat-1' },
    createdAt: ago(ms),
    isPublic: true,
    subject: 'A role',
    text: `The text of ${remoteId}`,
    ...more,
  } as const;
}

function note(remoteId: string, ms: number, more: object = {}) {
  return {
    remoteId,
    member: 'member-1',
    author: { kind: 'seat', seatId: 'seat-1' },
    createdAt: ago(ms),
    updatedAt: ago(ms),
    isPublic: true,
    active: true,
    text: `The text of ${remoteId}`,
    ...more,
  } as const;
}

function items(world: InboundWorld) {
  return world.rows<{ remoteId: string; kind: string; isPublic: boolean; owner: string; author: string; id: string }>(
    `select i.id, i.remote_id as "remoteId", i.kind, i.is_public as "isPublic", i.owner_seat_id as owner, i.author_name as author
     from talentbridge.network_item i order by i.remote_id`,
  );
}

/** Texts are for users with a seat: there is one for the time of this look. */
async function texts(world: InboundWorld): Promise<number> {
  return world.write(async (tx) => {
    await tx.rows(
      `update talentbridge.network_seat s set user_id = 'admin-1', confirmed = true where s.seat_id = 'seat-1'`,
    );
    const rows = await tx.rows('select t.item_id from talentbridge.network_text t');
    await tx.rows('update talentbridge.network_seat s set user_id = null');
    return rows.length;
  });
}

it('RSC-5: windows leave nothing out, overlap nowhere and are never too long', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e12 }),
      fc.integer({ min: 0, max: 1e9 }),
      fc.integer({ min: 1e6, max: 1e8 }),
      (begin, length, longest) => {
        const windows = windowsOf({ from: new Date(begin), to: new Date(begin + length) }, longest);
        expect(windows.reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0)).toBe(length);
        for (const [index, { from, to }] of windows.entries()) {
          expect(to.getTime() - from.getTime()).toBeLessThanOrEqual(longest);
          expect(from.getTime()).toBe(index === 0 ? begin : windows[index - 1]?.to.getTime());
        }
      },
    ),
  );
});

it('RSC-5: seats are asked window by window and page by page, and what they wrote is stored without its text in the clear', async () => {
  await using world = await joinInbound(url);
  const seat = world.network.seat('seat-1');
  for (const hours of [1, 2, 3, 13, 20]) seat.messages.push(message(`m-${hours}`, hours * HOUR));
  seat.notes.push(note('n-1', HOUR));
  await world.poll();
  expect((await items(world)).map(({ remoteId }) => remoteId)).toEqual(['m-1', 'm-13', 'm-2', 'm-20', 'm-3', 'n-1']);
  expect((await items(world))[0]).toMatchObject({ author: 'Rita seat-1', owner: 'seat-1' });
  expect(await texts(world)).toBe(6);
  const sealed = await world.rows<{ all: string }>(
    `select string_agg(i::text, ' ') as all from talentbridge.network_item i`,
  );
  expect(sealed[0]?.all).not.toContain('The text of');
  for (const { from, to } of world.network.asked) {
    expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(12 * HOUR);
  }
  expect(world.network.asked.some(({ cursor }) => cursor !== undefined)).toBe(true);
});

it('RSC-5: the next poll begins five minutes before the last one ended, and stores nothing twice', async () => {
  await using world = await joinInbound(url);
  world.network.seat('seat-1').messages.push(message('m-1', MINUTE));
  await world.poll();
  const before = await items(world);
  const last = world.network.asked.at(-1);
  world.network.asked.length = 0;
  await world.poll();
  for (const { from } of world.network.asked) expect(Date.parse(from)).toBe(Date.parse(last?.to ?? '') - 5 * MINUTE);
  expect(await items(world)).toEqual(before);
});

it('RSC-5: a poll is planned within half an hour, and its job survives', async () => {
  await using world = await joinInbound(url);
  await world.poll();
  const at = (await world.jobAt(POLL_TASK))?.getTime() ?? 0;
  expect(at).toBeGreaterThan(Date.now() + 26 * MINUTE);
  expect(at).toBeLessThan(Date.now() + 31 * MINUTE);
});

it('RSC-5: an edit replaces a note under its id, a deletion takes it away with its text', async () => {
  await using world = await joinInbound(url);
  const seat = world.network.seat('seat-1');
  seat.notes.push(note('n-1', 3 * MINUTE), note('n-2', 3 * MINUTE));
  await world.poll();
  const before = await items(world);
  seat.notes.splice(
    0,
    2,
    note('n-1', 3 * MINUTE, { updatedAt: ago(MINUTE), isPublic: false }),
    note('n-2', 3 * MINUTE, { updatedAt: ago(MINUTE), active: false, text: '' }),
  );
  await world.poll();
  expect(await items(world)).toEqual([{ ...before[0], isPublic: false }]);
  expect(await texts(world)).toBe(1);
});

it('RSC-5: what two seats see is one item, and whose page brought it first owns it', async () => {
  await using world = await joinInbound(url, { seats: ['seat-1', 'seat-2'] });
  for (const seatId of ['seat-1', 'seat-2']) {
    world.network
      .seat(seatId)
      .messages.push(message('m-1', MINUTE), message(`own-${seatId}`, MINUTE, { isPublic: false }));
  }
  await world.poll();
  const stored = await items(world);
  expect(stored.map(({ remoteId }) => remoteId)).toEqual(['m-1', 'own-seat-1', 'own-seat-2']);
  const [first] = stored;
  await world.poll();
  expect((await items(world))[0]).toEqual(first);
});

it('RSC-5: a poll that dies between two pages goes on without loss, and the mark moves only with the last page', async () => {
  await using world = await joinInbound(url);
  const seat = world.network.seat('seat-1');
  for (const minutes of [1, 2, 3, 4, 5]) seat.messages.push(message(`m-${minutes}`, minutes * MINUTE));
  let pages = 0;
  world.network.beforeSeat = ({ kind }) => {
    if (kind === 'message') pages += 1;
    if (pages === 4) throw new AtsUnavailableError('The Network', 'answered 503');
  };
  await world.poll();
  expect(await items(world)).not.toHaveLength(5);
  world.network.beforeSeat = () => undefined;
  await world.poll();
  expect(await items(world)).toHaveLength(5);
});

it('RSC-5: whatever transaction a process dies at, the next poll has everything', async () => {
  await using world = await joinInbound(url, { firstPollDays: 0.5 });
  const seat = world.network.seat('seat-1');
  for (let fatal = 1, died = true; died; fatal += 1) {
    const ids = ['m', 'n', 'o'].map((letter) => `${letter}-${fatal}`);
    seat.messages.splice(0, 3, ...ids.map((id) => message(id, MINUTE)));
    seat.notes.splice(0, 1, note(`note-${fatal}`, MINUTE));
    let count = 0;
    world.onTransaction = () => {
      count += 1;
      if (count >= fatal) throw new Error('The process died.');
    };
    await world.poll().catch(() => undefined);
    died = count >= fatal;
    world.onTransaction = () => undefined;
    await world.poll();
    expect(await items(world)).toHaveLength(4 * fatal);
    expect(await texts(world)).toBe(4 * fatal);
  }
});

it('RSC-5: whatever is written, changed and deleted, and whatever fails meanwhile, what is stored is what the network has', async () => {
  const step = fc.record({
    what: fc.constantFrom('message', 'note', 'edit', 'hide', 'delete', 'poll'),
    seat: fc.integer({ min: 1, max: 2 }),
    which: fc.nat(20),
    fault: fc.option(fc.nat(12), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      await using world = await joinInbound(url, { seats: ['seat-1', 'seat-2'], firstPollDays: 0.5 });
      const expected = new Map<string, { isPublic: boolean }>();
      let made = 0;
      // Times go on by themselves, within what the next poll asks for again.
      let clock = Date.now() - 4 * MINUTE;
      const now = (): string => {
        clock += 1_000;
        return new Date(clock).toISOString();
      };
      for (const { what, seat, which, fault } of steps) {
        const content = world.network.seat(`seat-${seat}`);
        if (what === 'message') {
          made += 1;
          content.messages.push({ ...message(`m-${made}`, 0), createdAt: now() });
          expected.set(`m-${made}`, { isPublic: true });
        } else if (what === 'note') {
          made += 1;
          const at = now();
          content.notes.push({ ...note(`n-${made}`, 0), createdAt: at, updatedAt: at });
          expected.set(`n-${made}`, { isPublic: true });
        } else if (what === 'poll') {
          let count = 0;
          const fail = (): void => {
            count += 1;
            if (count === fault) throw new AtsUnavailableError('The Network', 'answered 503');
          };
          world.network.beforeSeat = fail;
          await world.poll();
          world.network.beforeSeat = () => undefined;
        } else {
          const index = content.notes.length === 0 ? -1 : which % content.notes.length;
          const before = content.notes[index];
          if (!before?.active) continue;
          const isPublic = what === 'hide' ? false : before.isPublic;
          content.notes[index] = { ...before, isPublic, active: what !== 'delete', updatedAt: now(), text: 'Changed' };
          if (what === 'delete') expected.delete(before.remoteId);
          else expected.set(before.remoteId, { isPublic });
        }
      }
      // The first ends a round that something failed in.
      await world.poll();
      await world.poll();
      const stored = await items(world);
      expect(new Map(stored.map(({ remoteId, isPublic }) => [remoteId, { isPublic }]))).toEqual(expected);
    }),
    { numRuns: 8 },
  );
});

it('RSC-5: a seat that fails is asked again alone, and keeps nobody from the next round', async () => {
  await using world = await joinInbound(url, { seats: ['seat-1', 'seat-2'] });
  world.network.beforeSeat = ({ seatId }) => {
    if (seatId === 'seat-1') throw new AtsUnavailableError('The Network', 'answered 503');
  };
  await world.poll();
  world.network.asked.length = 0;
  await world.poll();
  expect(world.network.asked.map(({ seatId }) => seatId)).toEqual(['seat-1']);
  await world.rows(`update talentbridge.network_poll p set began_at = now() - interval '40 minutes'`);
  await world.poll();
  expect(new Set(world.network.asked.map(({ seatId }) => seatId))).toEqual(new Set(['seat-1', 'seat-2']));
});

it('RSC-5: what fails at one seat keeps back nobody else', async () => {
  await using world = await joinInbound(url, { seats: ['seat-1', 'seat-2'] });
  world.network.seat('seat-2').messages.push(message('m-2', MINUTE));
  world.network.beforeSeat = ({ seatId }) => {
    if (seatId === 'seat-1') throw new AtsUnavailableError('The Network', 'answered 503');
  };
  await world.poll();
  expect(await items(world)).toHaveLength(1);
  const state = await world.write((tx) => world.pulling.state(tx, world.pair.connectionId));
  expect(state).toMatchObject({ polledAt: null, problem: expect.stringContaining('answered 503') });
  expect(state.nextAt?.getTime()).toBeLessThan(Date.now() + 2 * MINUTE);
});

it('RSC-6: a seat that is not active any more is left out, and somebody looks whose seats there are', async () => {
  await using world = await joinInbound(url, { seats: ['seat-1', 'seat-2'] });
  world.network.contents.delete('seat-1');
  world.network.seat('seat-2').messages.push(message('m-2', MINUTE));
  await world.poll();
  expect(await items(world)).toHaveLength(1);
  expect(world.seatsGone).toEqual([world.pair.connectionId]);
});

it('RSC-5: a network that asks everybody to wait is obeyed', async () => {
  await using world = await joinInbound(url);
  world.network.beforeSeat = () => {
    throw new AtsRateLimitedError('The Network', 10 * MINUTE);
  };
  await world.poll();
  expect(world.network.asked).toHaveLength(1);
  expect((await world.jobAt(POLL_TASK))?.getTime()).toBeGreaterThan(Date.now() + 9 * MINUTE);
});

it('CON-6: credentials that the network refuses are reported', async () => {
  await using world = await joinInbound(url);
  world.network.beforeSeat = () => {
    throw new CredentialsRejectedError('The Network');
  };
  await world.poll();
  expect(world.reported).toMatchObject([{ recovery: 'reconnect' }]);
});

it('RSC-5: nobody is asked while the integration is switched off', async () => {
  await using world = await joinInbound(url);
  await world.rows(`update talentbridge.network_integration i set status = 'disabled'`);
  await world.poll();
  expect(world.network.asked).toEqual([]);
  await world.rows(`update talentbridge.network_integration i set status = 'enabled'`);
  await world.write((tx) => world.pulling.resume(tx, world.pair));
  await world.poll();
  expect(world.network.asked).not.toEqual([]);
});

it('RSC-5: what nobody is linked with goes after two years, and what somebody is linked with stays', async () => {
  await using world = await joinInbound(url);
  world.network.seat('seat-1').messages.push(message('m-1', MINUTE), message('m-2', MINUTE, { member: 'member-2' }));
  await world.poll();
  await world.write(async (tx) => {
    await tx.rows(`update talentbridge.network_item i set created_at = now() - interval '3 years'`);
    await tx.rows(
      `insert into talentbridge.network_link (organization_id, connection_id, candidate_remote_id, member, how)
       values ($1, $2, 'c-2', 'member-2', 'MATCHED')`,
      [tx.organizationId, world.pair.connectionId],
    );
  });
  world.network.seat('seat-1').messages.length = 0;
  await world.poll();
  expect(await items(world)).toMatchObject([{ remoteId: 'm-2' }]);
});

it('RSC-5: who left the network is asked once a week, and told with the candidates whom it is about', async () => {
  await using world = await joinInbound(url);
  for (const number of [1, 2, 3]) world.network.closed.push({ member: `member-${number}`, closedAt: ago(HOUR) });
  let asked = 0;
  world.network.before = (call) => {
    if (call === 'closedMembers') asked += 1;
  };
  await world.write((tx) =>
    tx.rows(
      `insert into talentbridge.network_link (organization_id, connection_id, candidate_remote_id, member, how)
       values ($1, $2, 'c-3', 'member-3', 'MATCHED')`,
      [tx.organizationId, world.pair.connectionId],
    ),
  );
  await world.poll();
  await world.poll();
  expect(asked).toBe(1);
  const closed = await world.pulling.closedMembers(world.scope, world.pair.connectionId);
  expect(closed).toMatchObject([{ member: 'member-3', candidateRemoteIds: ['c-3'] }]);
});
