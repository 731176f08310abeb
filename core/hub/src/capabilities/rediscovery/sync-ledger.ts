import type { JobQueue } from '../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../kernel/notifications.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { ErasedPeople } from './erased-people.js';
import { forgetPage, takeKeptPage } from './ledger/kept-pages.js';
import { RunDeletions } from './ledger/run-deletions.js';
import { RunEnds } from './ledger/run-ends.js';
import { RunPages } from './ledger/run-pages.js';
import { RunQuestions } from './ledger/run-questions.js';
import { SYNC_TASK, SyncSchedule } from './ledger/sync-schedule.js';
import { lockRun, type TakenRun } from './ledger/taken-run.js';
import { accountKeyOf, usableConnection } from './ledger/usable-connection.js';
import type { MirrorWriter } from './mirror-writer.js';
import { NO_COUNTS, type VendorLimits } from './sync-queries.js';
import type { SyncSettings } from './sync-settings.js';

/** What `SyncLedger` works with. */
export interface SyncLedgerParts {
  readonly writer: MirrorWriter;
  readonly erased: ErasedPeople;
  readonly entitlements: Entitlements;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly settings: SyncSettings;
}

/**
 * Where the runs of a connection stand, durably. Each page is written in one transaction with the cursor that follows, by the
 * worker that has the run; whatever a worker leaves, the next one goes on from there. Everybody who writes to a mirror holds
 * the row of its `mirror_state`.
 */
export class SyncLedger {
  /** When runs begin, pause and come again, and who hears of it. */
  readonly schedule: SyncSchedule;
  /** What their pages bring. */
  readonly pages: RunPages;
  /** What they ask about by name. */
  readonly questions: RunQuestions;
  /** What they may delete. */
  readonly deletions: RunDeletions;
  /** What their end leads to. */
  readonly ends: RunEnds;

  constructor(private readonly parts: SyncLedgerParts) {
    this.schedule = new SyncSchedule(parts);
    this.pages = new RunPages(parts.writer, this.schedule);
    this.questions = new RunQuestions(parts.writer, this.schedule);
    this.deletions = new RunDeletions(parts.writer, parts.settings);
    this.ends = new RunEnds(this.schedule, this.deletions);
  }

  /**
   * Takes what is to run for a connection now: a run under way, or the one that is due. From now on every write of an
   * earlier worker is refused. `undefined`: nothing.
   */
  take(scope: OrganizationScope, connectionId: string): Promise<TakenRun | undefined> {
    return scope.transaction(async (tx) => {
      const connection = await usableConnection(tx, this.parts.entitlements, connectionId);
      if (!connection || connection.unusable !== undefined) {
        if (connection) await this.schedule.pause(tx, connectionId, connection.unusable ?? '');
        return undefined;
      }
      const state = await tx.row<{ accountId: string | null; clearing: boolean; mark: string | null }>(
        `select s.account_id as "accountId", s.clearing, s.mark from talentbridge.mirror_state s
         where ${tx.own('s')} and s.connection_id = $1 for update`,
        [connectionId],
      );
      if (!state || state.clearing) return undefined;
      if (state.accountId !== null && state.accountId !== connection.accountId) {
        await this.schedule.beginClearing(
          tx,
          connectionId,
          'The connection leads to another account now; its mirror is built anew.',
        );
        return undefined;
      }
      await this.parts.erased.rewrap(tx);
      const run = (await this.underWay(tx, connectionId)) ?? (await this.due(tx, connectionId));
      if (!run) return undefined;
      const before = Date.now();
      const taken = await tx.row<
        Omit<TakenRun, 'accountKey' | 'pluginId' | 'credentialVersion' | 'clockOffsetMs' | 'kept'> & { now: Date }
      >(
        `update talentbridge.sync_run r
         set epoch = r.epoch + 1, status = case when r.status = 'AWAITING_APPROVAL' then r.status else 'RUNNING' end,
           status_reason = null, resume_at = null, started_at = coalesce(r.started_at, now()),
           reading_since = coalesce(r.reading_since, clock_timestamp())
         where ${tx.own('r')} and r.id = $1
         returning r.id, r.connection_id as "connectionId", r.kind, r.since, r.cursor, r.epoch, r.tries, r.failures, r.restarts, r.pages,
           r.requests, r.counts, r.expected, r.worked_ms::float8 as "workedMs", r.read_at is not null as "allRead",
           clock_timestamp() as now`,
        [run],
      );
      if (!taken) return undefined;
      await tx.rows(
        `update talentbridge.mirror_state s set account_id = $2, next_due_at = null
         where ${tx.own('s')} and s.connection_id = $1`,
        [connectionId, connection.accountId],
      );
      await this.schedule.announce(tx, connectionId, taken.id);
      const { now, ...rest } = taken;
      const clockOffsetMs = now.getTime() - (before + Date.now()) / 2;
      const { pluginId, credentialVersion } = connection;
      const kept = await takeKeptPage(tx, { ...rest, credentialVersion });
      return { ...rest, pluginId, accountKey: accountKeyOf(connection), credentialVersion, clockOffsetMs, kept };
    });
  }

  /** Begins to read from the start again, because the ATS does not know the cursor any more. */
  restart(scope: OrganizationScope, taken: TakenRun, reason: string): Promise<void> {
    return scope.transaction(async (tx) => {
      const run = await lockRun(tx, taken);
      if (run?.status !== 'RUNNING') return;
      await forgetPage(tx, taken.connectionId);
      await tx.rows(
        `delete from talentbridge.mirror_read m where ${tx.own('m')} and m.connection_id = $1 and m.run_id = $2`,
        [taken.connectionId, taken.id],
      );
      await tx.rows(
        `update talentbridge.sync_run r
         set cursor = null, mark = null, tries = 0, failures = 0, restarts = r.restarts + 1, counts = $2, expected = '{}', worked_ms = 0,
           requests_before = r.requests,
           reading_since = clock_timestamp(), status_reason = $3
         where ${tx.own('r')} and r.id = $1`,
        [taken.id, JSON.stringify(NO_COUNTS), reason],
      );
      await this.parts.jobs.add(tx, SYNC_TASK, taken.connectionId);
      await this.schedule.announce(tx, taken.connectionId, taken.id);
    });
  }

  /** Gives the worker back and goes on after a while. */
  later(
    scope: OrganizationScope,
    taken: TakenRun,
    wait: {
      readonly inMs: number;
      readonly reason?: string;
      readonly tries?: number;
      readonly failures?: number;
      readonly requests?: number;
      readonly limits?: VendorLimits | undefined;
    },
  ): Promise<void> {
    return scope.transaction(async (tx) => {
      const run = await lockRun(tx, taken);
      if (run?.status !== 'RUNNING') return;
      await tx.rows(
        `update talentbridge.sync_run r
         set status_reason = $3, tries = coalesce($4, r.tries), resume_at = now() + $5 * interval '1 millisecond',
           worked_ms = r.worked_ms + $5, requests = greatest(r.requests, coalesce($6, 0)),
           vendor_limits = coalesce($7, r.vendor_limits), failures = coalesce($8, r.failures)
         where ${tx.own('r')} and r.id = $1 and r.epoch = $2`,
        [
          taken.id,
          taken.epoch,
          wait.reason ?? null,
          wait.tries ?? null,
          Math.round(wait.inMs),
          wait.requests ?? null,
          wait.limits === undefined ? null : JSON.stringify(wait.limits),
          wait.failures ?? null,
        ],
      );
      await this.parts.jobs.add(tx, SYNC_TASK, taken.connectionId, { runAt: new Date(Date.now() + wait.inMs) });
      if (wait.reason !== undefined) await this.schedule.announce(tx, taken.connectionId, taken.id);
    });
  }

  /** Notes a failed try, so that whoever goes on after a crash knows of it. */
  noteTry(
    scope: OrganizationScope,
    { id, epoch }: TakenRun,
    { tries, failures, reason }: { readonly tries: number; readonly failures: number; readonly reason: string },
  ): Promise<void> {
    return scope.transaction(async (tx) => {
      await tx.rows(
        `update talentbridge.sync_run r set tries = $3, failures = $4, status_reason = $5
         where ${tx.own('r')} and r.id = $1 and r.epoch = $2 and r.status = 'RUNNING'`,
        [id, epoch, tries, failures, reason],
      );
    });
  }

  private async underWay(tx: Transaction, connectionId: string): Promise<string | undefined> {
    const row = await tx.row<{ id: string }>(
      `select r.id from talentbridge.sync_run r
       where ${tx.own('r')} and r.connection_id = $1
         and (r.status in ('QUEUED', 'RUNNING') or (r.status = 'AWAITING_APPROVAL' and r.deletions_allowed))
       order by (r.status = 'AWAITING_APPROVAL') desc, r.id limit 1 for update`,
      [connectionId],
    );
    return row?.id;
  }

  private async due(tx: Transaction, connectionId: string): Promise<string | undefined> {
    const row = await tx.row<{ due: boolean; first: boolean; paused: boolean }>(
      // A job may come a little early, by the clock of the process that added it.
      `select s.next_due_at <= now() + interval '1 second' as due, s.complete_at is null as first,
         exists (select from talentbridge.sync_run r
           where ${tx.own('r')} and r.connection_id = s.connection_id and r.status = 'PAUSED') as paused
       from talentbridge.mirror_state s where ${tx.own('s')} and s.connection_id = $1`,
      [connectionId],
    );
    if (!row || row.paused) return undefined;
    if (!row.due) {
      await this.schedule.wakeUp(tx, connectionId);
      return undefined;
    }
    return this.schedule.queue(tx, connectionId, {
      trigger: row.first ? 'FIRST_LOAD' : 'SCHEDULE',
      requestedBy: 'system',
    });
  }
}
