import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../../kernel/notifications.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import { MIRROR_TOPIC, SYNC_RUN_TOPIC, type SyncKind, type SyncTrigger } from '../mirror-model.js';
import { NO_COUNTS } from '../sync-queries.js';
import type { SyncSettings } from '../sync-settings.js';
import { forgetPage } from './kept-pages.js';

/** The job that keeps the mirror of a connection: it runs what is under way, or what is due. */
export const SYNC_TASK = 'rediscovery.sync';

/** The job that deletes the mirror of a connection. */
export const CLEAR_TASK = 'rediscovery.clear';

/** What `SyncSchedule` works with. */
export interface SyncScheduleParts {
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly settings: SyncSettings;
}

/** When the mirror of a connection is kept, and who hears of it. */
export class SyncSchedule {
  constructor(private readonly parts: SyncScheduleParts) {}

  /** Pauses what is under way. A page that was read and not written is read again, whenever that is. */
  async pause(tx: Transaction, connectionId: string, reason: string): Promise<void> {
    const paused = await tx.rows<{ id: string }>(
      `update talentbridge.sync_run r set status = 'PAUSED', status_reason = $2
       where ${tx.own('r')} and r.connection_id = $1 and r.status in ('QUEUED', 'RUNNING') returning r.id`,
      [connectionId, reason],
    );
    await forgetPage(tx, connectionId);
    for (const { id } of paused) await this.announce(tx, connectionId, id);
  }

  /** Lets the mirror of a connection be kept: the first load begins at once, what was paused goes on, what is due comes. */
  async resume(tx: Transaction, connectionId: string): Promise<void> {
    await tx.rows(
      `insert into talentbridge.mirror_state (organization_id, connection_id, next_due_at) values ($1, $2, now())
       on conflict (organization_id, connection_id) do nothing`,
      [tx.organizationId, connectionId],
    );
    const resumed = await tx.rows<{ id: string }>(
      `update talentbridge.sync_run r set status = 'QUEUED', status_reason = null, resume_at = null
       where ${tx.own('r')} and r.connection_id = $1 and r.status = 'PAUSED' returning r.id`,
      [connectionId],
    );
    for (const { id } of resumed) await this.announce(tx, connectionId, id);
    await this.wakeUp(tx, connectionId);
  }

  /** Has the job come when there is something to do next. */
  async wakeUp(tx: Transaction, connectionId: string): Promise<void> {
    const row = await tx.row<{ at: Date | null; clearing: boolean }>(
      `select coalesce(r.resume_at, case when r.id is null then s.next_due_at else now() end, now()) as at, s.clearing
       from talentbridge.mirror_state s
       left join talentbridge.sync_run r
         on ${tx.own('r')} and r.connection_id = s.connection_id and r.status in ('QUEUED', 'RUNNING')
       where ${tx.own('s')} and s.connection_id = $1`,
      [connectionId],
    );
    if (!row || row.clearing) return;
    await this.parts.jobs.add(tx, SYNC_TASK, connectionId, row.at ? { runAt: row.at } : {});
  }

  /** Has the job come at once. */
  runNow(tx: Transaction, connectionId: string): Promise<void> {
    return this.parts.jobs.add(tx, SYNC_TASK, connectionId);
  }

  /** Makes a run that begins as soon as a worker is free. The caller has made sure that none is under way. */
  async queue(
    tx: Transaction,
    connectionId: string,
    order: { readonly kind?: SyncKind; readonly trigger: SyncTrigger; readonly requestedBy: string },
  ): Promise<string> {
    const state = await tx.row<{ mark: string | null; fullDue: boolean }>(
      `select s.mark, s.full_at is null or s.full_at <= now() - greatest($2, s.full_every_ms) * interval '1 millisecond' as "fullDue"
       from talentbridge.mirror_state s where ${tx.own('s')} and s.connection_id = $1`,
      [connectionId, this.parts.settings.fullEveryMs],
    );
    const wanted = order.kind ?? (order.trigger !== 'PERSON' && state?.fullDue ? 'FULL' : 'CHANGES');
    const kind = state?.mark == null ? 'FULL' : wanted;
    const id = uuidv7();
    await tx.rows(
      `insert into talentbridge.sync_run (organization_id, id, connection_id, kind, trigger, status, requested_by, since, counts)
       values ($1, $2, $3, $4, $5, 'QUEUED', $6, $7, $8)`,
      [
        tx.organizationId,
        id,
        connectionId,
        kind,
        order.trigger,
        order.requestedBy,
        kind === 'CHANGES' ? (state?.mark ?? null) : null,
        JSON.stringify(NO_COUNTS),
      ],
    );
    return id;
  }

  /** Says when the next run begins by itself. @param inMs Default: the interval, give or take a fifth. */
  async setNext(tx: Transaction, connectionId: string, inMs?: number): Promise<void> {
    const { intervalMs } = this.parts.settings;
    const dueAt = new Date(Date.now() + (inMs ?? intervalMs * (0.8 + 0.4 * Math.random())));
    const row = await tx.row<{ clearing: boolean }>(
      `update talentbridge.mirror_state s set next_due_at = $2 where ${tx.own('s')} and s.connection_id = $1
       returning s.clearing`,
      [connectionId, dueAt],
    );
    if (row && !row.clearing) await this.parts.jobs.add(tx, SYNC_TASK, connectionId, { runAt: dueAt });
  }

  /** Ends every run of a connection and has all of its mirror deleted. */
  async beginClearing(tx: Transaction, connectionId: string, reason: string): Promise<void> {
    const state = await tx.row(
      `update talentbridge.mirror_state s set clearing = true, next_due_at = null
       where ${tx.own('s')} and s.connection_id = $1 returning s.connection_id`,
      [connectionId],
    );
    const cancelled = await tx.rows<{ id: string }>(
      `update talentbridge.sync_run r set status = 'CANCELLED', status_reason = $2, finished_at = now(), epoch = r.epoch + 1,
         pending_deletions = null, cursor = null
       where ${tx.own('r')} and r.connection_id = $1 and r.status in ('QUEUED', 'RUNNING', 'PAUSED', 'AWAITING_APPROVAL')
       returning r.id`,
      [connectionId, reason],
    );
    await forgetPage(tx, connectionId);
    if (state) await this.parts.jobs.add(tx, CLEAR_TASK, connectionId);
    for (const { id } of cancelled) await this.announce(tx, connectionId, id);
  }

  /** Tells everybody who watches this run, or this mirror. */
  async announce(tx: Transaction, connectionId: string, runId: string): Promise<void> {
    await this.parts.notifications.announce(tx, SYNC_RUN_TOPIC, runId);
    await this.parts.notifications.announce(tx, MIRROR_TOPIC, connectionId);
  }
}
