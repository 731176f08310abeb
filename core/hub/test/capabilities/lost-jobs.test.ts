import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../test/support/postgres.ts';
import { SWEEP_TASK } from '../../dist/capabilities/rediscovery/attachments/abandoned-files.js';
import { FETCH_TASK } from '../../dist/capabilities/rediscovery/attachments/attachment-ledger.js';
import { DATA_COPY_TASK, EXPIRE_TASK } from '../../dist/capabilities/rediscovery/data-copy/data-copies.js';
import { CLEAR_TASK, SYNC_TASK } from '../../dist/capabilities/rediscovery/ledger/sync-schedule.js';
import { MATCH_TASK } from '../../dist/capabilities/rediscovery/matching/upkeep/matching-schema.js';
import { NO_COUNTS } from '../../dist/capabilities/rediscovery/sync-queries.js';
import { TEND_TASK } from '../../dist/capabilities/webhooks/webhook-model.js';
import { REVEAL_TASK } from '../../dist/directory/contacts/contact-reveals.js';
import { JobQueue } from '../../dist/kernel/jobs/job-queue.js';
import { type DueWork, LostJobs } from '../../dist/kernel/jobs/lost-jobs.js';
import { InMemoryAts } from './rediscovery/in-memory-ats.ts';
import { type MatchingDatabase, openMatchingDatabase } from './rediscovery/matching/matching-world.ts';
import type { MirrorDatabase, MirrorWorld } from './rediscovery/mirror-world.ts';
import { TellingAts } from './webhooks/telling-ats.ts';
import { connectWebhooks } from './webhooks/webhook-world.ts';

let url: string;
let matching: MatchingDatabase;
let mirrors: MirrorDatabase;
// Each with a database of its own: a look finds what all organizations have lost.
beforeEach(async () => {
  url = await freshDatabase();
  matching = await openMatchingDatabase(url);
  mirrors = matching.mirrors;
});
afterEach(() => matching[Symbol.asyncDispose]());

/** What one look finds. */
async function look(work: readonly DueWork[]): Promise<number> {
  const logger = pino({ level: 'silent' });
  const lost = new LostJobs({ database: mirrors.database, work, jobs: new JobQueue(), logger });
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
  const due: DueWork[] = [{ dueBefore: 'talentbridge.exports_due' }];
  expect(await look(due)).toBe(1);
  expect(await jobs()).toEqual([`export.run:${under}`]);
  expect(await look(due)).toBe(0);
});

describe('RED-4: matching whose job was lost', () => {
  it('goes on with changes that were noted', async () => {
    const world = await matching.world();
    await world.sync();
    await world.profiles([{ key: 'one', fullName: 'Ada Lovelace' }]);
    await emptyQueue();
    expect(await look([world.matching.due])).toBe(1);
    expect(await jobs()).toEqual([`${MATCH_TASK}:${world.organizationId}`]);
    await world.match();
    await emptyQueue();
    expect(await look([world.matching.due])).toBe(0);
  });

  it('goes on with what was put off, and with what a process that died had begun', async () => {
    const world = await matching.world();
    await world.sync();
    const goesOnAt = (minutes: number) =>
      world.mirror.write((tx) =>
        tx.rows(
          `update talentbridge.matching_state s set next_at = now() - $1 * interval '1 minute' where ${tx.own('s')}`,
          [minutes],
        ),
      );
    await emptyQueue();
    expect(await look([world.matching.due])).toBe(0);
    await goesOnAt(4);
    expect(await look([world.matching.due])).toBe(0);
    await goesOnAt(6);
    expect(await look([world.matching.due])).toBe(1);
    await world.match();
  });

  it('is begun again where a person asked for it', async () => {
    const world = await matching.world();
    await world.sync();
    await world.mirror.look((scope) => world.matching.rematch(scope));
    await emptyQueue();
    await world.mirror.write((tx) =>
      tx.rows(
        `update talentbridge.matching_state s set next_at = s.next_at - interval '6 minutes' where ${tx.own('s')}`,
      ),
    );
    expect(await look([world.matching.due])).toBe(1);
    await world.match();
  });
});

it('RED-2: a data copy whose job was lost is read, deleted when it has ended, and forgotten when its time has come', async () => {
  const { write, connectionId } = await mirrors.connect(new InMemoryAts());
  const copy = (status: string, minutes: number, { ended = false, expired = false } = {}) =>
    write(async (tx) => {
      const id = randomUUID();
      await tx.rows(
        `insert into talentbridge.data_copy (organization_id, id, connection_id, status, requested_by, created_at, finished_at, expires_at)
         values ($1, $2, $3, $4, 'admin-1', now() - $5 * interval '1 minute', case when $6 then now() - $5 * interval '1 minute' end,
           now() + case when $7 then interval '-1 hour' else interval '1 day' end)`,
        [tx.organizationId, id, ended ? randomUUID() : connectionId, status, minutes, ended, expired],
      );
      return id;
    });
  const file = (copyId: string, key: string | null) =>
    write((tx) =>
      tx.rows(
        `insert into talentbridge.data_copy_file (organization_id, id, data_copy_id, connection_id, path, key, is_csv, counts)
         values ($1, gen_random_uuid(), $2, gen_random_uuid(), 'a.csv', $3, true, '{}')`,
        [tx.organizationId, copyId, key],
      ),
    );
  const running = await copy('RUNNING', 6);
  const cancelled = await copy('CANCELLED', 6, { ended: true });
  await file(cancelled, 'somewhere');
  await file(await copy('COMPLETE', 6, { ended: true }), null);
  await copy('UPLOADING', 6);
  const old = await copy('COMPLETE', 6, { ended: true, expired: true });
  await emptyQueue();
  const due = [{ dueBefore: 'talentbridge.data_copies_due' }];
  expect(await look(due)).toBe(3);
  expect((await jobs()).toSorted()).toEqual(
    [`${DATA_COPY_TASK}:${running}`, `${DATA_COPY_TASK}:${cancelled}`, `${EXPIRE_TASK}:${old}`].toSorted(),
  );
  expect(await look(due)).toBe(0);
});

it('RED-3: files whose jobs were lost are fetched and deleted, however often that was put off', async () => {
  const { write, connectionId, scope } = await mirrors.connect(new InMemoryAts());
  const content = (dueMinutesAgo: number | null, claimedForMinutes = 0) =>
    write((tx) =>
      tx.rows(
        `insert into talentbridge.attachment_content (organization_id, attachment_id, connection_id, state, due_at, claimed_until)
         values ($1, gen_random_uuid(), $2, 'NOT_FETCHED', now() - $3 * interval '1 minute', now() + $4 * interval '1 minute')`,
        [tx.organizationId, connectionId, dueMinutesAgo, claimedForMinutes],
      ),
    );
  const due = [{ dueBefore: 'talentbridge.attachments_due' }];
  await emptyQueue();
  await content(null, -60);
  await content(4, -60);
  await content(60, 1);
  expect(await look(due)).toBe(0);
  await content(6, -6);
  await write((tx) =>
    tx.rows(
      `insert into talentbridge.abandoned_file (organization_id, file_key, attachment_id, due_at)
       values ($1, 'a', gen_random_uuid(), now() - interval '6 minutes'), ($1, 'b', gen_random_uuid(), now() - interval '1 day')`,
      [tx.organizationId],
    ),
  );
  expect(await look(due)).toBe(2);
  expect((await jobs()).toSorted()).toEqual([`${FETCH_TASK}:${connectionId}`, `${SWEEP_TASK}:${scope.organizationId}`]);
  expect(await look(due)).toBe(0);
});

it('DIR-5: an order to reveal contact data whose job was lost goes on, and one that is over does not', async () => {
  const { write } = await mirrors.connect(new InMemoryAts());
  const order = (status: string, minutes: number) =>
    write(async (tx) => {
      const id = randomUUID();
      await tx.rows(
        `insert into talentbridge.contact_reveal (organization_id, id, kinds, status, idempotency_key, request_hash, requested_by, total, created_at)
         values ($1, $2, '{emails}', $3, gen_random_uuid()::text, '', 'user-1', 1, now() - $4::int * interval '1 minute')`,
        [tx.organizationId, id, status, minutes],
      );
      return id;
    });
  const running = await order('RUNNING', 6);
  await order('QUEUED', 4);
  await order('STOPPED', 60);
  await emptyQueue();
  const due = [{ dueBefore: 'talentbridge.contact_reveals_due' }];
  expect(await look(due)).toBe(1);
  expect(await jobs()).toEqual([`${REVEAL_TASK}:${running}`]);
});

describe('RED-11: webhooks whose jobs were lost', () => {
  it('are looked after again and seen to, while the connection may be used', async () => {
    await using ats = await TellingAts.start();
    await using world = await connectWebhooks(url, ats);
    world.listen();
    await world.tend();
    await emptyQueue();
    expect(await look(world.module.due)).toBe(1);
    expect(await jobs()).toEqual([`${TEND_TASK}:${world.connectionId}`]);
    await ats.tell({ id: 'event-17', records: [{ kind: 'candidate', remoteId: '17' }] });
    await emptyQueue();
    await world.change({ status: 'NEEDS_ATTENTION' });
    expect(await look(world.module.due)).toBe(0);
    await world.change({ status: 'CONNECTED' });
    await emptyQueue();
    expect(await look(world.module.due)).toBe(2);
    await world.process();
    expect(world.told).toEqual([['candidate/17']]);
  });
});
