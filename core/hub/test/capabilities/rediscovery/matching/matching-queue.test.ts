import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../../test/support/postgres.ts';
import {
  MATCH_LATER_TASK,
  MATCH_TASK,
} from '../../../../dist/capabilities/rediscovery/matching/upkeep/matching-schema.js';
import type { Transaction } from '../../../../dist/kernel/persistence/transaction.js';
import { type MatchingDatabase, type MatchingWorld, openMatchingDatabase } from './matching-world.ts';

let kept: MatchingDatabase;
beforeAll(async () => {
  kept = await openMatchingDatabase(await freshDatabase());
});
afterAll(() => kept[Symbol.asyncDispose]());

/** Ends whatever a test that failed left open. */
const open: (() => void)[] = [];
afterEach(() => {
  for (const end of open.splice(0)) end();
});

/** A transaction of the organization's that stays open after it wrote, as a page of a sync does for a while. */
interface Writer {
  commit(): Promise<void>;
  rollBack(): Promise<void>;
}

/** Writes a change in a transaction of its own, which waits for nobody. */
async function writing({ mirror }: MatchingWorld, key: string): Promise<Writer> {
  const wrote = Promise.withResolvers<void>();
  const told = Promise.withResolvers<'commit' | 'roll back'>();
  const scope = kept.mirrors.database.scope(mirror.scope.caller);
  const rolledBack = new Error('It is rolled back.');
  const work = scope
    .transaction(async (tx) => {
      await tx.rows(`set local lock_timeout = '2s'`);
      await changed(tx, key);
      wrote.resolve();
      if ((await told.promise) === 'roll back') throw rolledBack;
    })
    .catch((error: unknown) => {
      if (error !== rolledBack) throw error;
    })
    .finally(() => scope.close());
  open.push(() => told.resolve('roll back'));
  await Promise.race([wrote.promise, work]);
  const end = async (how: 'commit' | 'roll back'): Promise<void> => {
    told.resolve(how);
    await work;
  };
  return { commit: () => end('commit'), rollBack: () => end('roll back') };
}

const changed = (tx: Transaction, key: string) =>
  tx.rows(
    `insert into talentbridge.profile (organization_id, id, key, data)
     values ($1, gen_random_uuid(), $2, '{"firstName": "Ada", "lastName": "Example"}')`,
    [tx.organizationId, key],
  );

/** The tasks of the jobs that wait for an organization. */
async function waiting({ organizationId }: MatchingWorld): Promise<readonly string[]> {
  const { rows } = await kept.mirrors.database.owner.query<{ task: string }>(
    `select j.task_identifier as task from graphile_worker.jobs j where j.key like '%' || $1 || '%' and j.key like '%atch%'`,
    [organizationId],
  );
  return rows.map(({ task }) => task).toSorted();
}

/** Everything that waits ends, and nothing waits any more. */
async function settled(): Promise<MatchingWorld> {
  const world = await kept.world();
  await world.sync();
  await kept.mirrors.database.owner.query('delete from graphile_worker._private_jobs');
  return world;
}

const runOnce = ({ matching, organizationId }: MatchingWorld) =>
  matching.tasks[MATCH_TASK]?.({ organizationId, id: organizationId }, new AbortController().signal);

describe('RED-4: those who write in one organization do not wait for each other', () => {
  it('when no job waits yet, and when one does', async () => {
    const world = await settled();
    const first = await writing(world, 'first');
    const second = await writing(world, 'second');
    await second.commit();
    await first.commit();
    expect(await waiting(world)).toEqual([MATCH_TASK, MATCH_LATER_TASK].toSorted());
    const third = await writing(world, 'third');
    const fourth = await writing(world, 'fourth');
    await fourth.commit();
    await third.commit();
    expect(await waiting(world)).toHaveLength(2);
  });

  it('and a change has a job, also when the one who added it is rolled back', async () => {
    const world = await settled();
    const first = await writing(world, 'first');
    const second = await writing(world, 'second');
    await second.commit();
    await first.rollBack();
    expect(await waiting(world)).toEqual([MATCH_LATER_TASK]);
  });

  it('nor for the job, nor the job for them; it comes again for what they had not committed', async () => {
    const world = await settled();
    await world.mirror.write((tx) => changed(tx, 'before'));
    const slow = await writing(world, 'slow');
    await kept.mirrors.database.owner.query('delete from graphile_worker._private_jobs');
    await runOnce(world);
    expect(await waiting(world)).toEqual([MATCH_LATER_TASK]);
    const other = await writing(world, 'other');
    await other.commit();
    await slow.commit();
    await kept.mirrors.database.owner.query('delete from graphile_worker._private_jobs');
    await runOnce(world);
    expect(await waiting(world)).toEqual([]);
    expect(await world.isQueued()).toBe(false);
  });
});

it('RED-4: what changed in profiles long ago is forgotten where nothing is mirrored, too', async () => {
  const world = await kept.world();
  await world.mirror.write((tx) =>
    tx.rows(
      `insert into talentbridge.profile_change (organization_id, change, ids, at)
       values ($1, 'PROFILES_WRITTEN', '{}', now() - interval '8 days')`,
      [tx.organizationId],
    ),
  );
  await world.profiles([{ key: 'two', firstName: 'Grace', lastName: 'Hopper' }]);
  await world.match();
  const left = await world.mirror.write((tx) =>
    tx.rows(`select n.position from talentbridge.profile_change n where ${tx.own('n')}`),
  );
  expect(left).toHaveLength(1);
});
