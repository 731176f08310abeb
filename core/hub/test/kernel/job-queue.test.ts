import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { JobQueue } from '../../src/kernel/jobs/job-queue.js';
import { Database } from '../../src/kernel/persistence/database.js';

const organizationId = randomUUID();
const jobs = new JobQueue();

let database: Database;
beforeAll(async () => {
  database = await Database.open({ url: await freshDatabase(), entities: [Connection] });
});
afterAll(() => database.close());

const add = (task: string, id: string) =>
  database.scope({ organizationId, userId: 'test', roles: [] }).transaction(async (tx) => {
    await tx.rows(`select set_config('application_name', $1, true)`, [task]);
    await jobs.add(tx, task, id);
  });

/** How many jobs of a key no worker has begun. */
async function waiting(key: string): Promise<number> {
  const { rows } = await database.owner.query(
    'select from graphile_worker.jobs job where job.key = $1 and job.locked_at is null',
    [key],
  );
  return rows.length;
}

async function runAt(key: string): Promise<Date | undefined> {
  const { rows } = await database.owner.query<{ at: Date }>(
    'select job.run_at as at from graphile_worker.jobs job where job.key = $1',
    [key],
  );
  return rows[0]?.at;
}

describe('RED-2: a job that is added while another of its record waits', () => {
  it('is that one', async () => {
    await add('waits', 'record-1');
    await add('waits', 'record-1');
    expect(await waiting('waits:record-1')).toBe(1);
  });

  it('is not put off by a job that ends and knows nothing of it', async () => {
    const later = new Date(Date.now() + 3_600_000);
    const scope = database.scope({ organizationId, userId: 'test', roles: [] });
    await scope.transaction((tx) => jobs.putOff(tx, 'ends', 'record-3', later));
    expect(await runAt('ends:record-3')).toEqual(later);
    await add('ends', 'record-3');
    await scope.transaction((tx) => jobs.putOff(tx, 'ends', 'record-3', later));
    expect((await runAt('ends:record-3'))?.getTime()).toBeLessThan(later.getTime());
  });

  it('is there when a worker takes the other one at that very moment', async () => {
    await add('taken', 'record-2');
    const worker = await database.owner.connect();
    try {
      // What a worker does to take a job, up to its commit.
      await worker.query('begin');
      await worker.query(
        `update graphile_worker._private_jobs set locked_by = 'worker', locked_at = now(), attempts = 1
         where key = 'taken:record-2'`,
      );
      const added = add('taken', 'record-2');
      await expect
        .poll(
          async () => {
            const { rows } = await database.owner.query(
              `select from pg_stat_activity where application_name = 'taken' and wait_event_type = 'Lock'`,
            );
            return rows.length;
          },
          { timeout: 20_000 },
        )
        .toBe(1);
      await worker.query('commit');
      await added;
    } finally {
      worker.release();
    }
    expect(await waiting('taken:record-2')).toBe(1);
  });
});
