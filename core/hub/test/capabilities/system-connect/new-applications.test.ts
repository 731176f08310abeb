import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { joinInbound, linkTo, mirrorApplication, mirrorIsComplete } from './inbound-world.ts';

let url = '';
beforeAll(async () => {
  url = await freshDatabase();
});

it('RSC-5: a new application is told of once its candidate is connected, with what is known of them', async () => {
  await using world = await joinInbound(url);
  await world.write((tx) => mirrorIsComplete(tx, world));
  await world.write((tx) => mirrorApplication(tx, world, 'a-1', 'c-1'));
  expect(await world.newApplications.list(world.scope)).toEqual([]);
  world.onConnect = () => world.write((tx) => linkTo(tx, world.pair.connectionId, 'c-1', 'member-ada'));
  await world.tell();
  expect(world.connected).toEqual([['c-1']]);
  const [told] = await world.newApplications.list(world.scope);
  expect(told).toMatchObject({
    candidateId: null,
    candidateRemoteId: 'c-1',
    jobRemoteId: 'job-7',
    member: 'member-ada',
    notes: 0,
  });
  expect(await world.newApplications.list(world.scope, told?.toldAt)).toEqual([]);
});

it('RSC-5: a network that does not answer keeps no application back', async () => {
  await using world = await joinInbound(url);
  await world.write((tx) => mirrorIsComplete(tx, world));
  await world.write((tx) => mirrorApplication(tx, world, 'a-1', 'c-1'));
  world.onConnect = () => {
    throw new Error('It did not answer.');
  };
  await world.tell();
  expect(await world.newApplications.list(world.scope)).toMatchObject([
    { applicationId: expect.any(String), member: null },
  ]);
});

it('RSC-5: neither the first load of a mirror, nor changes, nor what is old are new applications', async () => {
  await using world = await joinInbound(url);
  await world.write((tx) => mirrorIsComplete(tx, world, false));
  await world.write((tx) => mirrorApplication(tx, world, 'a-1', 'c-1'));
  await world.write((tx) => mirrorIsComplete(tx, world));
  await world.rows(`update talentbridge.mirror_application a set stage = 'Interview'`);
  await world.write((tx) => mirrorApplication(tx, world, 'a-2', 'c-2', { appliedAt: new Date('2024-01-01') }));
  await world.write((tx) => mirrorApplication(tx, world, 'a-3', 'c-3', { copied: true }));
  await world.tell();
  expect(await world.newApplications.list(world.scope)).toEqual([]);
});

it('RED-12: of an erased candidate no new application is told', async () => {
  await using world = await joinInbound(url);
  await world.write((tx) => mirrorIsComplete(tx, world));
  await world.write((tx) => mirrorApplication(tx, world, 'a-1', 'c-1'));
  await world.tell();
  const erased = {
    erasureId: randomUUID(),
    id: randomUUID(),
    connectionId: world.pair.atsConnectionId,
    accountKey: 'ats/account',
    remoteId: 'c-1',
    applicationIds: ['a-1'],
    pseudonym: 'erased-1',
  };
  await world.write((tx) => Promise.all(world.newApplications.keepers.map((keeper) => keeper.forget(tx, erased))));
  expect(await world.newApplications.list(world.scope)).toEqual([]);
});
