import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { CLEAR_TASK, SYNC_TASK } from '../../dist/capabilities/rediscovery/ledger/sync-schedule.js';
import { NO_COUNTS } from '../../dist/capabilities/rediscovery/sync-queries.js';
import { JobQueue } from '../../dist/kernel/jobs/job-queue.js';
import { type DueWork, LostJobs } from '../../dist/kernel/jobs/lost-jobs.js';
import { InMemoryAts } from './rediscovery/in-memory-ats.ts';
import { type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from './rediscovery/mirror-world.ts';

let mirrors: MirrorDatabase;
beforeAll(async () => {
  mirrors = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => mirrors[Symbol.asyncDispose]());

/** What one look finds. */
async function look(work: DueWork): Promise<number> {
  const lost = new LostJobs({ database: mirrors.database, work: [work], logger: pino({ level: 'silent' }) });
  try {
    return await lost.look();
  } finally {
    await lost.close();
  }
}

/** As when the queue is restored from another time than the tables. */
const emptyQueue = () => mirrors.database.owner.query('delete from graphile_worker._private_jobs');

const jobs = async () => {
  const { rows } = await mirrors.database.owner.query<{ key: string }>('select key from graphile_worker._private_jobs');
  return rows.map(({ key }) => key);
};

const dueSince = ({ write, connectionId }: MirrorWorld, minutes: number) =>
  write((tx) =>
    tx.rows(
      `update talentbridge.mirror_state s set next_due_at = now() - $2 * interval '1 minute'
       where ${tx.own('s')} and s.connection_id = $1`,
      [connectionId, minutes],
    ),
  );

describe('RED-2: a mirror whose job was lost', () => {
  it('is kept again, once its run was due for some minutes, and nothing is added where a job waits', async () => {
    const world = await mirrors.connect(new InMemoryAts());
    await world.workOff();
    await emptyQueue();
    await dueSince(world, 4);
    expect(await look(world.module.due)).toBe(0);
    await dueSince(world, 6);
    expect(await look(world.module.due)).toBe(1);
    expect(await jobs()).toEqual([`${SYNC_TASK}:${world.connectionId}`]);
    expect(await look(world.module.due)).toBe(0);
    await world.work();
    expect(await world.lastRun()).toMatchObject({ trigger: 'SCHEDULE', status: 'COMPLETE' });
  });

  it('is kept again in the midst of a run', async () => {
    const world = await mirrors.connect(new InMemoryAts());
    await world.write((tx) =>
      tx.rows(
        `insert into talentbridge.sync_run
           (organization_id, id, connection_id, kind, trigger, status, requested_by, counts, created_at, progress_at)
         values ($1, $2, $3, 'FULL', 'FIRST_LOAD', 'RUNNING', 'system', $4, now() - interval '1 day', now())`,
        [tx.organizationId, randomUUID(), world.connectionId, JSON.stringify(NO_COUNTS)],
      ),
    );
    await emptyQueue();
    expect(await look(world.module.due)).toBe(0);
    await world.write((tx) =>
      tx.rows(`update talentbridge.sync_run r set progress_at = now() - interval '6 minutes' where ${tx.own('r')}`),
    );
    expect(await look(world.module.due)).toBe(1);
    await world.workOff();
  });

  it('is left alone while it may not be kept, and deleted whatever may be', async () => {
    const world = await mirrors.connect(new InMemoryAts());
    await world.workOff();
    await dueSince(world, 60);
    await world.write((tx) =>
      tx.rows(`update talentbridge.connection c set status = 'NEEDS_ATTENTION' where ${tx.own('c')}`),
    );
    await emptyQueue();
    expect(await look(world.module.due)).toBe(0);
    await world.write((tx) => world.module.leave(tx, world.connectionId));
    await emptyQueue();
    expect(await look(world.module.due)).toBe(1);
    expect(await jobs()).toEqual([`${CLEAR_TASK}:${world.connectionId}`]);
  });
});

it('EXP-12: an export whose job was lost goes on, and one that is over does not', async () => {
  const { write } = await mirrors.connect(new InMemoryAts());
  const under = randomUUID();
  const order = (id: string, status: string, minutes: number) =>
    write((tx) =>
      tx.rows(
        `insert into talentbridge.export (organization_id, id, connection_id, plugin_id, account_key, target, options, status,
           idempotency_key, request_hash, requested_by, created_at)
         values ($1, $2, gen_random_uuid(), 'any', 'any/one', '{}', '{}', $3, gen_random_uuid()::text, '', 'user-1', now() - $4::int * interval '1 minute')`,
        [tx.organizationId, id, status, minutes],
      ),
    );
  await order(under, 'RUNNING', 6);
  await order(randomUUID(), 'QUEUED', 4);
  await order(randomUUID(), 'PAUSED', 60);
  await order(randomUUID(), 'COMPLETE', 60);
  await emptyQueue();
  const queue = new JobQueue();
  const due: DueWork = {
    dueBefore: 'talentbridge.exports_due',
    wake: async (tx, task, id) => {
      await queue.add(tx, task, id);
      return true;
    },
  };
  expect(await look(due)).toBe(1);
  expect(await jobs()).toEqual([`export.run:${under}`]);
  expect(await look(due)).toBe(0);
});
