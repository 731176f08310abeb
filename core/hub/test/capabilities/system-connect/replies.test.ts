import { beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { arrivalsOf, consent, reply } from './arriving-people.ts';
import { joinInbound, linkTo, mirrorApplication, mirrorIsComplete } from './inbound-world.ts';

let url = '';
beforeAll(async () => {
  url = await freshDatabase();
});

it('RSC-4: a reply makes a candidate without a job and without contact data, once', async () => {
  await using world = await joinInbound(url);
  reply(world, 'member-ada', { firstName: 'Ada', lastName: 'Okafor' });
  reply(world, 'member-ada');
  reply(world, 'member-nameless');
  await world.poll();
  await world.arrive();
  await world.poll();
  await world.arrive();
  expect(
    [...world.ats.candidates.values()].map(({ record }) => [
      record.firstName,
      record.lastName,
      record.emails,
      record.phones,
    ]),
  ).toEqual([
    ['Ada', 'Okafor', [], []],
    ['The Network', 'member', [], []],
  ]);
  expect(world.ats.applications.size).toBe(0);
  expect(await arrivalsOf(world, { unassigned: true })).toHaveLength(2);
});

it('RSC-4: who agreed to share how to reach them arrives with that, and is one candidate', async () => {
  await using world = await joinInbound(url);
  reply(world, 'member-ada', { firstName: 'Ada', lastName: 'Okafor' });
  consent(world, 'member-ada');
  await world.poll();
  await world.arrive();
  expect([...world.ats.candidates.values()].map(({ record }) => record)).toMatchObject([
    { emails: ['ada@home.example'], phones: [{ number: '+14155550100' }], workExperience: [{ employer: 'Northwind' }] },
  ]);
  expect(await arrivalsOf(world)).toMatchObject([{ source: 'REPLY', outcome: 'CREATED' }]);
});

it('RSC-4: who answered and agrees before they are in the ATS comes once, with what they agreed to share', async () => {
  await using world = await joinInbound(url, { firstSyncDone: false });
  reply(world, 'member-ada');
  await world.poll();
  consent(world, 'member-ada');
  await world.poll();
  await world.rows('update talentbridge.network_push p set first_sync_at = now()');
  await world.arrive();
  await world.poll();
  await world.arrive();
  expect([...world.ats.candidates.values()].map(({ record }) => record)).toMatchObject([
    { firstName: 'Ada', emails: ['ada@home.example'] },
  ]);
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', outcome: 'CREATED' }]);
});

it('RSC-4: contact data of who is a candidate already waits for a person, with what to do', async () => {
  await using world = await joinInbound(url);
  await world.write((tx) => linkTo(tx, world.pair.connectionId, 'c-17', 'member-ada'));
  consent(world, 'member-ada');
  await world.poll();
  await world.arrive();
  expect(world.ats.candidates.size).toBe(0);
  expect(await arrivalsOf(world)).toMatchObject([
    {
      outcome: 'KNOWN',
      candidateRemoteId: 'c-17',
      contact: { emails: ['ada@home.example'] },
      remedy: expect.any(String),
    },
  ]);
});

it('RSC-4: nobody is made of who is a candidate already, nor before the network has heard of all candidates', async () => {
  await using world = await joinInbound(url, { firstSyncDone: false });
  reply(world, 'member-ada');
  await world.poll();
  await world.arrive();
  expect(world.ats.candidates.size).toBe(0);
  await world.write((tx) => linkTo(tx, world.pair.connectionId, 'c-17', 'member-ada'));
  await world.rows('update talentbridge.network_push p set first_sync_at = now()');
  await world.arrive();
  expect(world.ats.candidates.size).toBe(0);
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'ADDED', outcome: 'KNOWN', candidateRemoteId: 'c-17' }]);
});

it('RSC-4: who is on no job in an ATS that shows applicants alone is found there, and here once they are on one', async () => {
  await using world = await joinInbound(url, { ats: { showsUnassigned: false } });
  reply(world, 'member-ada');
  await world.poll();
  await world.arrive();
  expect(await arrivalsOf(world, { unassigned: true })).toMatchObject([
    {
      state: 'ADDED',
      candidateUrl: 'https://ats.test/c-1',
      reason: expect.stringMatching(/on no job/),
      remedy: expect.stringMatching(/Open them/),
    },
  ]);
  await world.write((tx) => mirrorIsComplete(tx, world));
  await world.write((tx) => mirrorApplication(tx, world, 'a-1', 'c-1'));
  expect(await arrivalsOf(world)).toMatchObject([{ unassigned: false, reason: null, remedy: null }]);
});

it('RSC-4: an ATS without candidates that have no job refuses who has none', async () => {
  await using world = await joinInbound(url, { ats: { prospects: false } });
  reply(world, 'member-ada');
  await world.poll();
  await world.arrive();
  expect(await arrivalsOf(world)).toMatchObject([{ state: 'REFUSED', remedy: expect.stringMatching(/job/) }]);
});

it('RSC-4: who arrived is not unassigned any more once they are on a job', async () => {
  await using world = await joinInbound(url);
  reply(world, 'member-ada');
  await world.poll();
  await world.arrive();
  expect(await arrivalsOf(world, { unassigned: true })).toHaveLength(1);
  await world.write((tx) => mirrorIsComplete(tx, world));
  await world.write((tx) => mirrorApplication(tx, world, 'a-1', 'c-1'));
  expect(await arrivalsOf(world, { unassigned: true })).toEqual([]);
});

it('RED-12: who was erased does not come back by what they wrote or agreed to before', async () => {
  await using world = await joinInbound(url);
  reply(world, 'member-ada');
  consent(world, 'member-ada');
  reply(world, 'member-2');
  await world.write((tx) => world.erasedMembers.add(tx, world.pair.connectionId, ['member-ada']));
  await world.poll();
  await world.arrive();
  expect(world.ats.candidates.size).toBe(1);
  expect(await world.rows('select i.member from talentbridge.network_item i')).toEqual([{ member: 'member-2' }]);
});
