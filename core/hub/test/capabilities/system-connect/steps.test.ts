import { AtsUnavailableError, CredentialsRejectedError } from '@talentbridge/contracts';
import { openConnection } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../test/support/postgres.ts';
import { JobQueue } from '../../../dist/kernel/jobs/job-queue.js';
import { LostJobs } from '../../../dist/kernel/jobs/lost-jobs.js';
import { type NetworkDatabase, NetworkDesk, type NetworkWorld, openNetworkDatabase, seat } from './network-world.ts';

let database: NetworkDatabase;
beforeAll(async () => {
  database = openNetworkDatabase(await freshDatabase());
});
afterAll(() => database[Symbol.asyncDispose]());

/** Each step as it stands: "pair TODO". */
async function steps(world: NetworkWorld): Promise<readonly string[]> {
  await using scope = world.as('admin-1', 'ADMIN');
  return (await world.systemConnect.steps(scope, world.network)).map(({ id, status }) => `${id} ${status}`);
}

describe('RSC-1: switching System Connect on', () => {
  it('shows what is to be done, and turns each step to done by itself', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    expect(await steps(world)).toEqual([
      'connect DONE',
      'pair TODO',
      'request WAITING',
      'seats WAITING',
      'firstSync WAITING',
    ]);

    await world.systemConnect.pair(world.admin, { connectionId: world.network, atsConnectionId: world.ats });
    world.webhook = {
      connectionId: world.network,
      status: 'PENDING',
      reason: null,
      events: [],
      lastEventAt: null,
      waiting: 0,
      checkedAt: null,
    };
    await world.look();
    expect(await steps(world)).toEqual([
      'connect DONE',
      'pair DONE',
      'taking DONE',
      'request TODO',
      'callback WAITING',
      'integration:export TODO',
      'integration:contract TODO',
      'integration:widget TODO',
      'seats WAITING',
      'firstSync WAITING',
    ]);

    // An administrator asks for the package: the hub does its part at once.
    desk.turn('requested');
    world.webhook = { ...world.webhook, status: 'ACTIVE' };
    const told = world.addressTold;
    await world.look();
    expect(desk.prepared).toEqual(['Brand']);
    // What the network refused before it may take now.
    expect(world.addressTold).toBe(told + 1);
    const ready = await world.systemConnect.steps(world.admin, world.network);
    expect(ready.find(({ id }) => id === 'request')?.status).toBe('DONE');
    expect(ready.find(({ id }) => id === 'callback')?.status).toBe('DONE');
    expect(ready.find(({ id }) => id === 'integration:export')).toMatchObject({
      status: 'TODO',
      remedy: 'Enable The export.',
      checkedAt: expect.any(Date),
    });

    desk.seats = [seat('seat-1')];
    desk.enable();
    await world.look();
    expect(await steps(world)).toContain('seats TODO');
    await world.systemConnect.connectSeat(world.as('rita', 'RECRUITER'), {
      connectionId: world.network,
      seatId: 'seat-1',
    });
    expect((await steps(world)).filter((one) => !one.endsWith('DONE'))).toEqual(['firstSync WAITING']);
  });

  it('says where a step has to be done again', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    await world.pairUp();
    desk.turn('disabled', 'widget');
    world.webhook = {
      connectionId: world.network,
      status: 'NOT_SET_UP',
      reason: 'There is no public address.',
      events: [],
      lastEventAt: null,
      waiting: 0,
      checkedAt: null,
    };
    await world.look();
    const all = await world.systemConnect.steps(world.admin, world.network);
    expect(all.filter(({ status }) => status === 'TODO')).toMatchObject([
      { id: 'callback', remedy: 'There is no public address.' },
      { id: 'integration:widget' },
      { id: 'seats', remedy: expect.stringContaining('no active seat') },
    ]);
  });

  it('says where the ATS takes nobody from the network', async () => {
    const world = await database.world(new NetworkDesk());
    await world.pairUp();
    await world.write((tx) =>
      tx.rows(
        `update talentbridge.connection c set capabilities = '{rediscovery}' where ${tx.own('c')} and c.id = $1`,
        [world.ats],
      ),
    );
    expect(await world.systemConnect.steps(world.admin, world.network)).toContainEqual(
      expect.objectContaining({ id: 'taking', status: 'TODO', remedy: expect.stringContaining('without Export') }),
    );
  });

  it('looks every minute while a person has something to do, for a day, and every hour after that', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    expect(await world.nextLook()).toBeLessThanOrEqual(1);
    await world.look();
    expect(await world.nextLook()).toBeCloseTo(60, -1);
    await world.write((tx) =>
      tx.rows(`update talentbridge.network_watch w set close_since = now() - interval '25 hours' where ${tx.own('w')}`),
    );
    await world.look();
    expect(await world.nextLook()).toBeGreaterThan(3_000);
    // Pairing is the beginning of something.
    await world.systemConnect.pair(world.admin, { connectionId: world.network, atsConnectionId: world.ats });
    expect(await world.nextLook()).toBeLessThanOrEqual(1);
    desk.enable();
    await world.look();
    expect(await world.nextLook()).toBeGreaterThan(3_000);
  });

  it('looks at once when the network says that something was switched, and when an admin asks', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    desk.seats = [seat('a'), seat('b'), seat('c')];
    desk.enable();
    await world.module.noticed?.(world.as('system'), world.network, ['unknown']);
    expect(desk.asked).toEqual([]);
    await world.module.noticed?.(world.as('system'), world.network, ['integrations', 'integrations']);
    // This connection has not said yet who sees jobs.
    expect(desk.asked).toEqual(['integrations', 'prepare', 'integrations', 'seats', 'seats']);
    expect(await steps(world)).toContain('integration:export DONE');
    desk.turn('disabled');
    const refreshed = await world.systemConnect.refreshSteps(world.admin, world.network);
    expect(refreshed.find(({ id }) => id === 'integration:export')?.status).toBe('TODO');
  });

  it('reads seats once a day', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    await world.pairUp();
    await world.look();
    expect(desk.asked.filter((what) => what === 'seats')).toHaveLength(1);
    await world.write((tx) =>
      tx.rows(`update talentbridge.network_watch w set seats_at = now() - interval '24 hours' where ${tx.own('w')}`),
    );
    await world.look();
    expect(desk.asked.filter((what) => what === 'seats')).toHaveLength(2);
  });

  it('waits longer each time that the network does not answer, says why, and goes on by itself', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    desk.before = () => {
      throw new AtsUnavailableError('The Network', 'answered 503');
    };
    const waits: number[] = [];
    for (let tries = 0; tries < 4; tries += 1) {
      await world.look();
      waits.push((await world.nextLook()) ?? 0);
    }
    expect(waits[3]).toBeGreaterThan(waits[0] ?? 0);
    expect(await world.systemConnect.steps(world.admin, world.network)).toContainEqual(
      expect.objectContaining({ id: 'request', status: 'WAITING', remedy: expect.stringContaining('The Network') }),
    );
    desk.before = () => undefined;
    await world.look();
    expect(await steps(world)).toContain('request TODO');
  });

  it('tells the connection when the network refuses it, and rests while it cannot be used', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    desk.before = () => {
      throw new CredentialsRejectedError('The Network');
    };
    await world.look();
    expect(world.reported).toMatchObject([{ recovery: 'reconnect' }]);
    await world.change(world.network, { status: 'NEEDS_ATTENTION', attentionReason: 'Its client was removed.' });
    await world.look();
    expect(desk.asked).toHaveLength(1);
    expect(await world.systemConnect.steps(world.admin, world.network)).toContainEqual(
      expect.objectContaining({ id: 'connect', status: 'TODO', remedy: 'Its client was removed.' }),
    );
    await expect(world.systemConnect.refreshSteps(world.admin, world.network)).rejects.toMatchObject({
      code: 'WRONG_STATE',
    });
  });

  it('is looked at again where its job was lost, and not while it cannot be used', async () => {
    const world = await database.world(new NetworkDesk());
    await world.write((tx) =>
      tx.rows(`update talentbridge.network_watch w set next_at = now() - interval '1 hour' where ${tx.own('w')}`),
    );
    await using lost = new AsyncDisposableStack();
    const lostJobs = new LostJobs({
      database: world.database,
      work: world.module.due?.slice(0, 1) ?? [],
      jobs: new JobQueue(),
      logger: pino({ level: 'silent' }),
    });
    lost.defer(() => lostJobs.close());
    const loseJobs = () => world.database.owner.query('delete from graphile_worker._private_jobs');
    await loseJobs();
    await lostJobs.look();
    expect(await world.nextLook()).toBeLessThanOrEqual(1);
    await loseJobs();
    await world.change(world.network, { status: 'NEEDS_ATTENTION' });
    await lostJobs.look();
    expect(await world.nextLook()).toBeUndefined();
  });

  it('are not all green where the network refuses most candidates', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    await world.pairUp();
    await world.database.owner.query(
      'update talentbridge.network_push set first_sync_at = now() where connection_id = $1',
      [world.network],
    );
    const firstSync = async () =>
      (await world.systemConnect.steps(world.admin, world.network)).find(({ id }) => id === 'firstSync');
    expect(await firstSync()).toMatchObject({ status: 'DONE' });
    await world.database.owner.query(
      `insert into talentbridge.network_record (organization_id, connection_id, kind, remote_id, parent_id, mirror_id, status)
       select p.organization_id, p.connection_id, 'candidate', 'C-1', '', gen_random_uuid(), 'REFUSED'
       from talentbridge.network_push p where p.connection_id = $1`,
      [world.network],
    );
    expect(await firstSync()).toMatchObject({ status: 'TODO', remedy: expect.stringContaining('1 candidate') });
  });

  it('answers the widget that an administrator asks for the package with', async () => {
    const world = await database.world(new NetworkDesk());
    expect(await world.systemConnect.setupWidget(world.admin, world.network)).toMatchObject({ elementType: 'Widget' });
  });

  it('shows the profile widget of candidates of the pair while it is enabled', async () => {
    const desk = new NetworkDesk();
    const world = await database.world(desk);
    await world.pairUp();
    const candidate = { id: world.ats, connectionId: world.ats, remoteId: 'C-1' };
    const widgets = async () => world.systemConnect.networkWidgets(world.as('viewer', 'VIEWER'), [candidate]);
    expect((await widgets()).get(candidate.id)).toMatchObject({ attributes: { candidate: 'C-1' } });
    desk.turn('disabled', 'widget');
    await world.look();
    expect((await widgets()).size).toBe(0);
  });
});

describe('CON-5: verifying a network', () => {
  async function checks(desk: NetworkDesk): Promise<readonly string[]> {
    const world = await database.world(desk);
    await using connection = openConnection(desk.plugin, { credentials: {}, settings: {}, userAgent: 'Test' });
    const part = await world.module.verify({
      scope: world.admin,
      connectionId: world.network,
      atsName: 'The Network',
      connection,
    });
    return part.checks.map(({ id, status }) => `${id.replace('systemConnect:', '')} ${status}`);
  }

  it('passes what is enabled, and warns of the rest, so that the connection can be finished first', async () => {
    const desk = new NetworkDesk();
    expect(await checks(desk)).toEqual([
      'integration:export WARNED',
      'integration:contract WARNED',
      'integration:widget WARNED',
      'seats WARNED',
    ]);
    desk.enable();
    expect((await checks(desk)).at(-1)).toBe('seats WARNED');
    desk.seats = [seat('gone', 'contract-1', { active: false }), seat('there')];
    expect(await checks(desk)).toEqual([
      'integration:export PASSED',
      'integration:contract PASSED',
      'integration:widget PASSED',
      'seats PASSED',
    ]);
  });

  it('does not know where the network does not answer, and fails where it refuses', async () => {
    const desk = new NetworkDesk();
    desk.before = () => {
      throw new AtsUnavailableError('The Network', 'answered 503');
    };
    expect(await checks(desk)).toEqual(['integrations UNKNOWN']);
    desk.before = () => {
      throw new CredentialsRejectedError('The Network');
    };
    expect(await checks(desk)).toEqual(['integrations FAILED']);
  });
});
