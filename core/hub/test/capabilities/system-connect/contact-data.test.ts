import { AtsUnavailableError, CandidateRejectedError, PermissionMissingError } from '@talentbridge/contracts';
import { beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { arrivalsOf, consent, nothingWaits, reply } from './arriving-people.ts';
import { type InboundWorld, joinInbound, linkTo } from './inbound-world.ts';
import type { TakingAtsOptions } from './taking-ats.ts';

let url = '';
beforeAll(async () => {
  url = await freshDatabase();
});

const CONTACT = { emails: ['ada@home.example'], phones: ['+14155550100'] };

/** Somebody who is in the ATS already has agreed to share how to reach them. */
async function joinKnown(ats: TakingAtsOptions = {}): Promise<InboundWorld & AsyncDisposable> {
  const world = await joinInbound(url, { ats: { emailsAtMost: 2, ...ats } });
  await world.write((tx) => linkTo(tx, world.pair.connectionId, 'c-17', 'member-ada'));
  consent(world, 'member-ada');
  await world.poll();
  return world;
}

it('RSC-4: contact data of who is in the ATS already is added there, and kept nowhere else', async () => {
  await using world = await joinKnown();
  await world.arrive();
  expect(world.ats.candidates.get('c-17')?.record).toMatchObject({
    firstName: 'Ada',
    emails: CONTACT.emails,
    phones: [{ number: '+14155550100' }],
  });
  expect(await arrivalsOf(world)).toMatchObject([
    { state: 'ADDED', outcome: 'UPDATED', candidateRemoteId: 'c-17', contact: null, remedy: null, unassigned: false },
  ]);
  expect(await world.rows('select a.person from talentbridge.network_arrival a')).toEqual([{ person: null }]);
  expect(world.woken).toEqual([{ kind: 'candidate', remoteId: 'c-17' }]);
});

it('RSC-4: nothing of who was in the ATS before counts as made up', async () => {
  await using world = await joinKnown();
  await world.arrive();
  expect(world.ats.additions).toEqual([expect.not.objectContaining({ madeUp: expect.anything() })]);
});

it('RSC-4: who came without a name and an address gets both from what they share later', async () => {
  await using world = await joinInbound(url, { ats: { emailsAtMost: 2, demandsEmail: 'declared' } });
  reply(world, 'member-ada');
  await world.poll();
  await world.arrive();
  expect(world.ats.candidates.get('c-1')?.record).toMatchObject({
    firstName: 'The Network',
    lastName: 'member',
    emails: [expect.stringMatching(/@dummy\.example$/)],
  });
  consent(world, 'member-ada');
  await world.poll();
  await world.arrive();
  expect([...world.ats.candidates.values()].map(({ record }) => record)).toMatchObject([
    { firstName: 'Ada', lastName: 'Okafor', emails: CONTACT.emails, phones: [{ number: '+14155550100' }] },
  ]);
  expect((await arrivalsOf(world)).map(({ outcome }) => outcome)).toEqual(['UPDATED', 'CREATED']);
  // They are on no job still.
  expect(await arrivalsOf(world, { unassigned: true })).toMatchObject([{ outcome: 'CREATED' }]);
});

it('RSC-4: what the ATS has already is known, and its mirror is not asked', async () => {
  await using world = await joinInbound(url, { ats: { emailsAtMost: 2 } });
  consent(world, 'member-ada');
  await world.poll();
  await world.arrive();
  world.woken.length = 0;
  const [contact] = world.network.seat('seat-1').contacts;
  if (!contact) throw new Error('Somebody agreed.');
  world.network.seat('seat-1').contacts.push({ ...contact, remoteId: 'contact-again' });
  await world.poll();
  await world.arrive();
  expect((await arrivalsOf(world))[0]).toMatchObject({ outcome: 'KNOWN', contact: null, remedy: null });
  expect(world.woken).toEqual([]);
});

it('RSC-4: what the ATS has no room for waits for a person, and the rest is added', async () => {
  await using world = await joinKnown({ emailsAtMost: 0 });
  await world.arrive();
  expect(await arrivalsOf(world)).toMatchObject([
    {
      state: 'ADDED',
      outcome: 'UPDATED',
      contact: { emails: CONTACT.emails, phones: [] },
      reason: expect.stringMatching(/no room/),
      remedy: expect.any(String),
    },
  ]);
});

it('RSC-4: who agrees after they were deleted in the ATS comes as somebody new', async () => {
  await using world = await joinKnown();
  world.ats.gone.add('c-17');
  await world.arrive();
  expect(world.ats.candidates.get('c-1')?.record).toMatchObject({ emails: CONTACT.emails });
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', outcome: 'CREATED', candidateRemoteId: 'c-1' }]);
});

it.each(['add', 'addedTo'] as const)(
  'RSC-4: is tried again after silence (%s), and does no harm twice',
  async (moment) => {
    await using world = await joinKnown({ settles: 'never' });
    let silent = true;
    world.ats.step = (name) => {
      if (silent && name === moment) throw new AtsUnavailableError('The ATS', 'did not answer');
    };
    await world.arrive();
    expect(await arrivalsOf(world)).toMatchObject([{ state: 'PENDING' }]);
    silent = false;
    await nothingWaits(world);
    await world.arrive();
    expect(world.ats.candidates.get('c-17')?.record.emails).toEqual(CONTACT.emails);
    expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', contact: null }]);
  },
);

it('RSC-4: what a process left open that died is done by the next', async () => {
  await using world = await joinKnown();
  world.ats.step = (name) => {
    if (name !== 'addedTo') return;
    world.onTransaction = () => {
      throw new Error('The process is gone.');
    };
  };
  await expect(world.arrive()).rejects.toThrow('The process is gone.');
  world.onTransaction = () => undefined;
  world.ats.step = () => undefined;
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'SENDING' }]);
  await world.arrive();
  expect(world.ats.candidates.get('c-17')?.record.emails).toEqual(CONTACT.emails);
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', outcome: 'UPDATED', contact: null }]);
  expect(world.woken).toEqual([{ kind: 'candidate', remoteId: 'c-17' }]);
});

it.each([
  ['refuses it', new CandidateRejectedError('The ATS', 'it is no address', 'emails')],
  ['lets nobody change candidates', new PermissionMissingError('The ATS', 'change candidates')],
])('RSC-4: an ATS that %s leaves it to a person, who may have it tried again', async (_what, refusal) => {
  await using world = await joinKnown();
  world.ats.step = () => {
    throw refusal;
  };
  await world.arrive();
  const [arrival] = await arrivalsOf(world);
  expect(arrival).toMatchObject({
    state: 'REFUSED',
    contact: CONTACT,
    reason: refusal.message,
    remedy: expect.any(String),
  });
  expect(world.reported).toEqual([]);
  world.ats.step = () => undefined;
  await world.arrivals.retry(world.scope, arrival?.id ?? '');
  await world.arrive();
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', outcome: 'UPDATED', contact: null }]);
});
