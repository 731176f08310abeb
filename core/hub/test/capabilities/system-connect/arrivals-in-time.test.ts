import { beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { ARRIVALS_TASK } from '../../../dist/capabilities/system-connect/arrivals/arrivals-schema.js';
import { ADA, arrivalsOf, consent, exportPerson } from './arriving-people.ts';
import { type InboundWorld, joinInbound } from './inbound-world.ts';

// Each with a database of its own: a test waits until any transaction of its database waits.
let url = '';
beforeEach(async () => {
  url = await freshDatabase();
});

/** Somebody is exported who waits for an hour. */
async function someoneIsWaitedFor(world: InboundWorld): Promise<void> {
  await exportPerson(world, 'r-waits', { person: { ...ADA, member: 'member-waits' } });
  await world.rows("update talentbridge.network_arrival a set resume_at = now() + interval '1 hour'");
}

/** An arrival of somebody else that is as it is given. */
async function oneThatIs(world: InboundWorld, state: 'REFUSED' | 'UNCLEAR'): Promise<string> {
  await exportPerson(world, 'r-1');
  await world.arrive();
  const [arrival] = await arrivalsOf(world);
  await world.rows(`update talentbridge.network_arrival a set state = '${state}', mirrored = true where a.id = $1`, [
    arrival?.id,
  ]);
  return arrival?.id ?? '';
}

const isDueNow = async (world: InboundWorld): Promise<boolean> => {
  const at = await world.jobAt(ARRIVALS_TASK);
  return at !== undefined && at <= new Date();
};

/** What makes an arrival due. @returns What is done at the moment that matters. */
const events: Readonly<Record<string, (world: InboundWorld) => Promise<() => Promise<unknown>>>> = {
  'is exported': async (world) => () => exportPerson(world, 'r-2'),
  'agrees to share an address': async (world) => () => {
    consent(world, 'member-ada');
    return world.poll();
  },
  'was refused and is tried again by hand': async (world) => {
    const id = await oneThatIs(world, 'REFUSED');
    return () => world.arrivals.retry(world.scope, id);
  },
  'was unclear and is sent again': async (world) => {
    const id = await oneThatIs(world, 'UNCLEAR');
    return () => world.arrivals.settle(world.scope, id, { arrived: false });
  },
  'waits for an admin, who has acted': async (world) => () =>
    world.write((tx) => world.arrivals.resume(tx, world.pair)),
};

describe('RSC-3: what is due has a job', () => {
  it.each(Object.entries(events))('also of whoever %s while a worker puts off the rest', async (_name, prepare) => {
    await using world = await joinInbound(url);
    const happens = await prepare(world);
    await someoneIsWaitedFor(world);
    let happened: Promise<unknown> | undefined;
    world.onJob = async (moment, isPutOff) => {
      if (moment !== 'before' || !isPutOff || happened) return;
      happened = happens();
      await world.someoneWaitsUnless(happened);
    };
    await world.arrive();
    await happened;
    expect(happened).toBeDefined();
    expect(await isDueNow(world)).toBe(true);
  });

  it('also of whoever is exported while the first worker of a pair begins', async () => {
    await using world = await joinInbound(url);
    await someoneIsWaitedFor(world);
    let arrived: Promise<void> | undefined;
    world.onJob = async (moment) => {
      if (moment !== 'after' || arrived) return;
      arrived = world.arrive();
      await world.someoneWaitsUnless(arrived);
    };
    await exportPerson(world, 'r-2');
    await arrived;
    const [arrival] = await arrivalsOf(world);
    expect(arrival?.state === 'ADDED' || (await isDueNow(world))).toBe(true);
  });
});
