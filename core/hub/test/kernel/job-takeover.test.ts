import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { Connection } from '../../src/connections/connection.entity.js';
import { FailedJobs } from '../../src/kernel/jobs/failed-jobs.js';
import { JobQueue } from '../../src/kernel/jobs/job-queue.js';
import { JobRunner, type JobTask } from '../../src/kernel/jobs/job-runner.js';
import { Database } from '../../src/kernel/persistence/database.js';

const organizationId = randomUUID();
const logger = pino({ level: 'silent' });

describe('jobs', () => {
  let url: string;
  let database: Database;
  let owner: pg.Pool;
  const jobs = new JobQueue();

  beforeAll(async () => {
    url = await freshDatabase();
    database = await Database.open({ url, entities: [Connection] });
    owner = new pg.Pool({ connectionString: url });
    owner.on('error', () => undefined);
  });
  afterAll(async () => {
    await owner.end();
    await database.close();
  });

  const scope = () => database.scope({ organizationId, userId: 'test', roles: [] });
  const add = (task: string, id: string) => scope().transaction((tx) => jobs.add(tx, task, id));

  async function runUntil(tasks: Record<string, JobTask>, takeoverMs: number, done: Promise<unknown>): Promise<void> {
    // A job that takes the database away would otherwise do so while the runner still starts.
    const started = Promise.withResolvers<void>();
    const held = Object.entries(tasks).map(([name, task]): [string, JobTask] => [
      name,
      async (payload, signal) => {
        await started.promise;
        await task(payload, signal);
      },
    ]);
    const runner = await JobRunner.start(database, { tasks: Object.fromEntries(held), takeoverMs, logger });
    started.resolve();
    try {
      await done;
    } finally {
      await runner.stop();
    }
  }

  it('run with the organization and record they were added for', async () => {
    const ran = Promise.withResolvers<unknown>();
    await add('greet', 'record-1');
    await runUntil({ greet: async (payload) => ran.resolve(payload) }, 30_000, ran.promise);
    expect(await ran.promise).toEqual({ organizationId, id: 'record-1' });
  });

  it('are not there when the transaction that adds them fails', async () => {
    const failing = scope().transaction(async (tx) => {
      await jobs.add(tx, 'never', 'record-2');
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const { rows } = await owner.query(`select from graphile_worker.jobs where key = 'never:record-2'`);
    expect(rows).toHaveLength(0);
  });

  it('that failed wait for seconds and not for hours, however often they did; what waits on purpose is left alone', async () => {
    await add('fails', 'record-9');
    await scope().transaction((tx) => jobs.add(tx, 'waits', 'record-9', { runAt: new Date(Date.now() + 3_600_000) }));
    await owner.query(`update graphile_worker._private_jobs set attempts = 30, last_error = 'the database was away', run_at = now() + interval '6 hours'
      where key = 'fails:record-9'`);
    const failed = new FailedJobs(owner, logger);
    await failed.look();
    await failed.stop();
    const { rows } = await owner.query<{ key: string; soon: boolean }>(
      `select key, run_at < now() + interval '20 seconds' as soon from graphile_worker.jobs where key like '%:record-9' order by key`,
    );
    expect(rows).toEqual([
      { key: 'fails:record-9', soon: true },
      { key: 'waits:record-9', soon: false },
    ]);
    await owner.query(`delete from graphile_worker._private_jobs where key like '%:record-9'`);
  });

  it('of a worker that died are taken over once it has been silent long enough', async () => {
    await add('take', 'record-3');
    // What a killed process leaves: a locked job, and a heartbeat that has stopped.
    await owner.query(`update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now() - interval '5 seconds', attempts = 1
      where key = 'take:record-3'`);
    await owner.query(
      `insert into talentbridge.worker_heartbeat values ('dead', 'gone', now() - interval '5 seconds')`,
    );
    const ran = Promise.withResolvers<void>();
    await runUntil({ take: async () => ran.resolve() }, 1_000, ran.promise);
    const { rows } = await owner.query(`select from talentbridge.worker_heartbeat where worker_id = 'dead'`);
    expect(rows).toHaveLength(0);
  });

  it('of a worker that is alive are left to it, however long they take', async () => {
    await add('keep', 'record-4');
    await owner.query(`update graphile_worker._private_jobs set locked_by = 'alive', locked_at = now() - interval '1 hour', attempts = 1
      where key = 'keep:record-4'`);
    await owner.query(`insert into talentbridge.worker_heartbeat values ('alive', 'here', now() + interval '1 hour')`);
    const other = Promise.withResolvers<void>();
    let stolen = false;
    await add('other', 'record-5');
    await runUntil(
      {
        keep: async () => {
          stolen = true;
        },
        other: async () => other.resolve(),
      },
      200,
      other.promise,
    );
    expect(stolen).toBe(false);
  });

  it('are not run by a process that could not tell the others that it lives', async () => {
    await owner.query('alter table talentbridge.worker_heartbeat rename to worker_heartbeat_away');
    const start = JobRunner.start(database, { tasks: { orphan: async () => undefined }, logger });
    await expect(start).rejects.toThrow(/worker_heartbeat/);
    await owner.query('alter table talentbridge.worker_heartbeat_away rename to worker_heartbeat');
    await add('orphan', 'record-10');
    const ran = Promise.withResolvers<void>();
    await add('follows', 'record-11');
    await runUntil({ follows: async () => ran.resolve() }, 30_000, ran.promise);
    const { rows } = await owner.query(`select from graphile_worker.jobs where key = 'orphan:record-10'`);
    expect(rows).toHaveLength(1);
  });

  it('of this very process are left to it as well, and so is what they add to come after them', async () => {
    const runs: number[] = [];
    const followed = Promise.withResolvers<void>();
    const takeoverMs = 300;
    await add('long', 'record-6');
    await runUntil(
      {
        long: async () => {
          runs.push(Date.now());
          if (runs.length > 1) return followed.resolve();
          // Long enough for several looks at who is silent.
          await new Promise((resolve) => setTimeout(resolve, takeoverMs * 5));
          await add('long', 'record-6');
        },
      },
      takeoverMs,
      followed.promise,
    );
    expect(runs).toHaveLength(2);
    expect((runs[1] ?? 0) - (runs[0] ?? 0)).toBeGreaterThanOrEqual(takeoverMs * 5);
  });

  it('of this very process are left to it when the machine stood still after it had said that it is alive', async () => {
    await owner.query(`create function public.stand_still() returns trigger language plpgsql as $$
      begin new.beat_at := now() - interval '1 hour'; return new; end $$`);
    await owner.query(`create trigger stand_still before insert or update on talentbridge.worker_heartbeat
      for each row execute function public.stand_still()`);
    const done = Promise.withResolvers<void>();
    const takeoverMs = 300;
    let runs = 0;
    await add('still', 'record-8');
    await runUntil(
      {
        still: async () => {
          runs += 1;
          // Long enough for several looks at who is silent.
          await sleep(takeoverMs * 5);
          done.resolve();
        },
      },
      takeoverMs,
      done.promise,
    );
    await owner.query('drop trigger stand_still on talentbridge.worker_heartbeat; drop function public.stand_still');
    expect(runs).toBe(1);
  });

  it('go on after the database was away at the moment when one ended', async () => {
    const other = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: '/postgres' }).href });
    await other.connect();
    const name = new URL(url).pathname.slice(1);
    const again = Promise.withResolvers<void>();
    let runs = 0;
    await add('cut', 'record-7');
    await runUntil(
      {
        cut: async () => {
          runs += 1;
          if (runs > 1) return again.resolve();
          await other.query(`alter database "${name}" allow_connections false`);
          await other.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
          setTimeout(() => void other.query(`alter database "${name}" allow_connections true`), 500);
        },
      },
      500,
      again.promise,
    );
    await other.end();
    expect(runs).toBe(2);
  });

  it('go on after the database was away while one after the other ended', async () => {
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    const runs = new Map<string, number>();
    const begun = Promise.withResolvers<void>();
    const cut = Promise.withResolvers<void>();
    const again = Promise.withResolvers<void>();
    const endings = async (): Promise<number> => {
      const { rows } = await owner.query<{ waiting: number }>(`select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%delete from%_private_jobs%'`);
      return rows[0]?.waiting ?? 0;
    };
    const cutBoth = async (): Promise<void> => {
      await vi.waitFor(async () => expect(await endings()).toBe(2), { timeout: 20_000 });
      await other.query(
        'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      await other.query('commit');
      await sleep(500);
    };
    await add('outlasts', 'three');
    for (const id of ['one', 'two']) await add('overtaken', id);
    await runUntil(
      {
        // The queue cannot end before this one does, and by then it has heard that the others' endings failed.
        outlasts: async () => {
          await cut.promise;
          throw new Error('was to outlast the others');
        },
        overtaken: async ({ id }) => {
          runs.set(id, (runs.get(id) ?? 0) + 1);
          if (runs.size === 2 && [...runs.values()].every((count) => count > 1)) again.resolve();
          if (runs.get(id) !== 1) return;
          if (runs.size === 2) {
            await other.query(
              `begin; select from graphile_worker._private_jobs where key like 'overtaken:%' for update`,
            );
            begun.resolve();
            cutBoth().then(cut.resolve, cut.reject);
          }
          await begun.promise;
          // One after the other, because what ends at once is said at once.
          if (id === 'two') await vi.waitFor(async () => expect(await endings()).toBe(1), { timeout: 10_000 });
        },
      },
      500,
      cut.promise.then(() => again.promise),
    );
    await other.end();
    expect([...runs.keys()].sort()).toEqual(['one', 'two']);
  });

  it('cannot be added or seen by the application past its one function', async () => {
    await expect(scope().transaction((tx) => tx.rows('select * from graphile_worker.jobs'))).rejects.toThrow(
      /permission denied/,
    );
    await expect(scope().transaction((tx) => tx.rows('select * from talentbridge.worker_heartbeat'))).rejects.toThrow(
      /permission denied/,
    );
  });
});
