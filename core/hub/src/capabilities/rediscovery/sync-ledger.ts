import type { PulledPage, RediscoveryLimits } from '@talentbridge/contracts';
import type { JobQueue } from '../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../kernel/notifications.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../kernel/persistence/uuidv7.js';
import type { ErasedPeople } from './erased-people.js';
import {
  MIRROR_TOPIC,
  type PendingDeletions,
  SYNC_RUN_TOPIC,
  type SyncCountsByKind,
  type SyncKind,
  type SyncTrigger,
} from './mirror-model.js';
import {
  type DeletionLimits,
  type MirrorPlace,
  type MirrorWriter,
  referenceOf,
  refOf,
  rowsOf,
  type WriteReport,
} from './mirror-writer.js';
import { hashOf, type ReadRecords, type RefusedRecord } from './read-records.js';
import {
  askNoMore,
  forgetDoubts,
  infersDeletions,
  nextQuestions,
  noteAnswers,
  noteFailure,
  noteUnreadable,
  type Questions,
  raiseQuestions,
  unreadableSince,
} from './sync-doubts.js';
import { type ExpectedCounts, NO_COUNTS, type VendorLimits } from './sync-queries.js';
import type { SyncSettings } from './sync-settings.js';

/** The job that keeps the mirror of a connection: it runs what is under way, or what is due. */
export const SYNC_TASK = 'rediscovery.sync';

/** The job that deletes the mirror of a connection. */
export const CLEAR_TASK = 'rediscovery.clear';

/** A run that this worker has taken. */
export interface TakenRun extends MirrorPlace {
  readonly id: string;
  readonly pluginId: string;
  readonly kind: SyncKind;
  readonly since: string | null;
  readonly cursor: string | null;
  readonly epoch: number;
  readonly tries: number;
  /** Those of its tries for which the ATS had not asked to wait. */
  readonly failures: number;
  readonly restarts: number;
  readonly pages: number;
  readonly requests: number;
  readonly counts: SyncCountsByKind;
  readonly expected: ExpectedCounts;
  readonly workedMs: number;
  /** Everything was read; what is left is to ask about what was not there, and to delete what is gone. */
  readonly allRead: boolean;
  /** Goes up with every change of the connection's credentials or settings. */
  readonly credentialVersion: number;
  /** What to add to this process's clock to have the database's, in milliseconds. */
  readonly clockOffsetMs: number;
}

/** How far a run is after a page. */
export interface RunProgress {
  readonly counts: SyncCountsByKind;
  readonly expected: ExpectedCounts;
  readonly pages: number;
  readonly requests: number;
  readonly workedMs: number;
  /** `undefined`: nobody said. */
  readonly limits: VendorLimits | undefined;
}

/** A page that was read, on its way to be written. */
export interface PageToSave {
  readonly page: PulledPage;
  readonly records: ReadRecords;
  /** The cursor that it was asked with. */
  readonly cursor: string | undefined;
  /** When it was asked for, by the clock of this process. */
  readonly beganAt: number;
  /** How many records it may delete. Absent: any number. */
  readonly mayDelete?: DeletionLimits;
  readonly announce: boolean;
}

/** Answers to questions, on their way to be written. */
export interface AnswersToSave {
  readonly questions: Questions;
  readonly records: ReadRecords;
}

/** What became of a page. */
export type Saved =
  | { readonly kind: 'SAVED'; readonly report: WriteReport }
  /** The run is not this worker's any more, or was paused or ended. Nothing was written. */
  | { readonly kind: 'HALTED' }
  /** The connection has other credentials or settings than when the run was taken. Nothing was written. */
  | { readonly kind: 'SUPERSEDED' }
  /** The cursor that follows came before. Nothing was written. */
  | { readonly kind: 'CIRCLE' };

/** What the end of reading led to. */
export type Concluded = 'COMPLETE' | 'ASKS' | 'HALTED';

/** What `SyncLedger` works with. */
export interface SyncLedgerParts {
  readonly writer: MirrorWriter;
  readonly erased: ErasedPeople;
  readonly entitlements: Entitlements;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly settings: SyncSettings;
}

const MOST_ISSUES = 1_000;
/** Deletions in one transaction. */
const DELETIONS_AT_ONCE = 500;
/** Missing records that are looked up at once. */
const MISSING_AT_ONCE = 20_000;
/** What was read longer ago than this, and by no run under way, nobody compares with any more. */
const READS_KEPT = '1 hour';

/** Whatever is said to last longer than ten years is not believed. */
const LONGEST_DURATION_MS = 3_650 * 86_400_000;

interface LockedRun {
  readonly status: string;
  readonly credentialVersion: number;
  readonly deletionsAllowed: boolean;
  /** How many records it refused so far. */
  readonly refused: number;
  /** The cursor that is to follow led to a page of this run before. */
  readonly cameBefore: boolean;
}

/**
 * Where the runs of a connection stand, durably. Each page is written in one transaction with the cursor that follows, by the
 * worker that has the run; whatever a worker leaves, the next one goes on from there. Everybody who writes to a mirror holds
 * the row of its `mirror_state`.
 */
export class SyncLedger {
  constructor(private readonly parts: SyncLedgerParts) {}

  /**
   * Takes what is to run for a connection now: a run under way, or the one that is due. From now on every write of an
   * earlier worker is refused. `undefined`: nothing.
   */
  take(scope: OrganizationScope, connectionId: string): Promise<TakenRun | undefined> {
    return scope.transaction(async (tx) => {
      const connection = await usableConnection(tx, this.parts.entitlements, connectionId);
      if (!connection || connection.unusable !== undefined) {
        if (connection) await this.pause(tx, connectionId, connection.unusable ?? '');
        return undefined;
      }
      const state = await tx.row<{ accountId: string | null; clearing: boolean; mark: string | null }>(
        `select s.account_id as "accountId", s.clearing, s.mark from talentbridge.mirror_state s
         where ${tx.own('s')} and s.connection_id = $1 for update`,
        [connectionId],
      );
      if (!state || state.clearing) return undefined;
      if (state.accountId !== null && state.accountId !== connection.accountId) {
        await this.beginClearing(
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
        Omit<TakenRun, 'accountKey' | 'pluginId' | 'credentialVersion' | 'clockOffsetMs'> & { now: Date }
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
      await this.announce(tx, connectionId, taken.id);
      const { now, ...rest } = taken;
      return {
        ...rest,
        pluginId: connection.pluginId,
        accountKey: accountKeyOf(connection),
        credentialVersion: connection.credentialVersion,
        clockOffsetMs: now.getTime() - (before + Date.now()) / 2,
      };
    });
  }

  /** Writes a page with the cursor that follows it, and how far the run is then. */
  save(
    scope: OrganizationScope,
    taken: TakenRun,
    { page, records, cursor, beganAt, mayDelete, announce }: PageToSave,
    progressAfter: (report: WriteReport) => RunProgress,
  ): Promise<Saved> {
    return scope.transaction(async (tx) => {
      const run = await this.lock(tx, taken, page.cursor);
      if (run?.status !== 'RUNNING') return { kind: 'HALTED' };
      if (run.credentialVersion !== taken.credentialVersion) return { kind: 'SUPERSEDED' };
      if (run.cameBefore || (page.cursor !== undefined && page.cursor === (cursor ?? ''))) return { kind: 'CIRCLE' };
      const report = await this.parts.writer.write(
        tx,
        taken,
        {
          runId: taken.id,
          beganAt: new Date(beganAt + taken.clockOffsetMs),
          cursorHash: hashOf(cursor ?? ''),
        },
        records,
        run.deletionsAllowed ? undefined : mayDelete,
        (written, rows) => {
          const progress = progressAfter(written);
          const { counts, expected, pages, requests, workedMs, limits } = progress;
          rows.also((bind) => {
            const next = bind(page.cursor ?? null);
            return `update talentbridge.sync_run r
              set cursor = ${next}, mark = coalesce(${bind(page.mark ?? null)}, r.mark),
                read_at = case when ${next}::text is null then now() end, pages = ${bind(pages)}, requests = ${bind(requests)},
                counts = ${bind(JSON.stringify(counts))}, expected = ${bind(JSON.stringify(expected))},
                worked_ms = ${bind(Math.round(workedMs))}, tries = 0, failures = 0, status_reason = null, progress_at = now(),
                vendor_limits = ${bind(limits === undefined ? null : JSON.stringify(limits))}
              where ${tx.own('r')} and r.id = ${bind(taken.id)} and r.epoch = ${bind(taken.epoch)}`;
          });
        },
      );
      await this.addIssues(tx, taken, report.refused, run.refused);
      await noteUnreadable(tx, taken, report.unreadable);
      if (announce) await this.announce(tx, taken.connectionId, taken.id);
      return { kind: 'SAVED', report };
    });
  }

  /** Finds out, once, what is to be asked about after everything was read. */
  raiseQuestions(scope: OrganizationScope, taken: TakenRun, limits: RediscoveryLimits): Promise<void> {
    return scope.transaction(async (tx) => {
      const run = await this.lock(tx, taken);
      if (run?.status !== 'RUNNING') return;
      const first = await tx.row(
        `update talentbridge.sync_run r set questions_at = now()
         where ${tx.own('r')} and r.id = $1 and r.questions_at is null returning r.id`,
        [taken.id],
      );
      if (first) await raiseQuestions(tx, taken, limits, (kind) => this.missingOf(tx, kind));
    });
  }

  /** What is to be asked next, at most so many records. `undefined`: nothing, or the run is not this worker's any more. */
  nextQuestions(scope: OrganizationScope, taken: TakenRun, most: number): Promise<Questions | undefined> {
    return scope.transaction(async (tx) => {
      const run = await this.lock(tx, taken);
      return run?.status === 'RUNNING' ? nextQuestions(tx, taken, most) : undefined;
    });
  }

  /** Writes answers. What is gone is deleted at the end of the run, together with all else that is. */
  saveAnswers(
    scope: OrganizationScope,
    taken: TakenRun,
    { questions, records }: AnswersToSave,
    progressAfter: (report: WriteReport) => RunProgress,
  ): Promise<Saved> {
    return scope.transaction(async (tx) => {
      const run = await this.lock(tx, taken);
      if (run?.status !== 'RUNNING') return { kind: 'HALTED' };
      if (run.credentialVersion !== taken.credentialVersion) return { kind: 'SUPERSEDED' };
      // Each record was named, as it is from outside a run: whoever asked later, and wrote earlier, wins.
      const read = { beganAt: questions.askedAt };
      const report = await this.parts.writer.write(tx, taken, read, records, { candidates: 0, jobs: 0 });
      await this.addIssues(tx, taken, report.refused, run.refused);
      await noteAnswers(tx, taken, questions, records.gone);
      await this.saveProgress(tx, taken, progressAfter(report));
      return { kind: 'SAVED', report };
    });
  }

  /**
   * Notes that questions were not answered.
   * @param isLast Nothing more is asked by this run.
   * @param progressAfter Of the records that are left as they are from now on.
   */
  noteUnanswered(
    scope: OrganizationScope,
    taken: TakenRun,
    { questions, reason, isLast }: { readonly questions: Questions; readonly reason: string; readonly isLast: boolean },
    progressAfter: (left: readonly RefusedRecord[]) => RunProgress,
  ): Promise<void> {
    return scope.transaction(async (tx) => {
      const run = await this.lock(tx, taken);
      if (run?.status !== 'RUNNING') return;
      const left = await noteFailure(tx, taken, questions);
      const refused = left.map((reference) => ({ ...reference, reason }));
      await this.addIssues(tx, taken, refused, run.refused);
      if (isLast) await askNoMore(tx, taken);
      await this.saveProgress(tx, taken, progressAfter(refused));
    });
  }

  /**
   * Ends a run of which everything was read: deletes what is gone, unless that is so much that an admin has to say so.
   * @param limits What the plugin says of runs of everything.
   */
  async conclude(scope: OrganizationScope, taken: TakenRun, limits: RediscoveryLimits): Promise<Concluded> {
    const infers = infersDeletions(taken, limits);
    const fullEveryMs = durationOf(limits.fullEveryMs);
    for (;;) {
      const step = await scope.transaction(async (tx): Promise<Concluded | Missing> => {
        const run = await this.lock(tx, taken);
        if (run?.status !== 'RUNNING' && run?.status !== 'AWAITING_APPROVAL') return 'HALTED';
        const missing = await this.missing(tx, taken, infers);
        if (missing.total > 0 && !run.deletionsAllowed) {
          const pending = await this.tooMany(tx, taken, infers);
          if (pending) {
            await this.ask(tx, taken, pending, fullEveryMs);
            return 'ASKS';
          }
          // Decided once: a run that goes on deleting is not asked about again.
          await tx.rows(
            `update talentbridge.sync_run r set deletions_allowed = true where ${tx.own('r')} and r.id = $1`,
            [taken.id],
          );
        }
        if (missing.total > 0) return missing;
        await this.complete(tx, taken, fullEveryMs);
        return 'COMPLETE';
      });
      if (typeof step === 'string') return step;
      if (!(await this.deleteMissing(scope, taken, step))) return 'HALTED';
    }
  }

  /** Gives a run up; what it wrote stays. @param sinceLost Where changes begin is not known any more: the next run reads everything. */
  fail(scope: OrganizationScope, taken: TakenRun, reason: string, sinceLost = false): Promise<void> {
    return scope.transaction(async (tx) => {
      const run = await this.lock(tx, taken);
      if (run?.status !== 'RUNNING') return;
      await tx.rows(
        `update talentbridge.sync_run r set status = 'FAILED', status_reason = $2, finished_at = now()
         where ${tx.own('r')} and r.id = $1`,
        [taken.id, reason],
      );
      if (sinceLost) {
        await tx.rows(
          `update talentbridge.mirror_state s set mark = null where ${tx.own('s')} and s.connection_id = $1`,
          [taken.connectionId],
        );
      }
      await this.forgetReads(tx, taken.connectionId);
      await this.schedule(tx, taken.connectionId, sinceLost ? 0 : undefined);
      await this.announce(tx, taken.connectionId, taken.id);
    });
  }

  /** Begins to read from the start again, because the ATS does not know the cursor any more. */
  restart(scope: OrganizationScope, taken: TakenRun, reason: string): Promise<void> {
    return scope.transaction(async (tx) => {
      const run = await this.lock(tx, taken);
      if (run?.status !== 'RUNNING') return;
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
      await this.announce(tx, taken.connectionId, taken.id);
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
      const run = await this.lock(tx, taken);
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
      if (wait.reason !== undefined) await this.announce(tx, taken.connectionId, taken.id);
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

  /** How many records a run may delete before it has to ask. */
  async deletionLimits(scope: OrganizationScope, { connectionId }: TakenRun): Promise<DeletionLimits> {
    const { ofCandidates, ofJobs } = await scope.transaction((tx) => this.totals(tx, connectionId));
    return { candidates: this.mayGo(ofCandidates), jobs: this.mayGo(ofJobs) };
  }

  /** Pauses what is under way. */
  async pause(tx: Transaction, connectionId: string, reason: string): Promise<void> {
    const paused = await tx.rows<{ id: string }>(
      `update talentbridge.sync_run r set status = 'PAUSED', status_reason = $2
       where ${tx.own('r')} and r.connection_id = $1 and r.status in ('QUEUED', 'RUNNING') returning r.id`,
      [connectionId, reason],
    );
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

  private async saveProgress(tx: Transaction, { id, epoch }: TakenRun, progress: RunProgress): Promise<void> {
    await tx.rows(
      `update talentbridge.sync_run r
       set requests = $3, counts = $4, worked_ms = $5, tries = 0, status_reason = null, progress_at = now(),
         vendor_limits = coalesce($6, r.vendor_limits)
       where ${tx.own('r')} and r.id = $1 and r.epoch = $2`,
      [
        id,
        epoch,
        progress.requests,
        JSON.stringify(progress.counts),
        Math.round(progress.workedMs),
        progress.limits === undefined ? null : JSON.stringify(progress.limits),
      ],
    );
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
  async schedule(tx: Transaction, connectionId: string, inMs?: number): Promise<void> {
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
         pending_deletions = null
       where ${tx.own('r')} and r.connection_id = $1 and r.status in ('QUEUED', 'RUNNING', 'PAUSED', 'AWAITING_APPROVAL')
       returning r.id`,
      [connectionId, reason],
    );
    if (state) await this.parts.jobs.add(tx, CLEAR_TASK, connectionId);
    for (const { id } of cancelled) await this.announce(tx, connectionId, id);
  }

  /** Tells everybody who watches this run, or this mirror. */
  async announce(tx: Transaction, connectionId: string, runId: string): Promise<void> {
    await this.parts.notifications.announce(tx, SYNC_RUN_TOPIC, runId);
    await this.parts.notifications.announce(tx, MIRROR_TOPIC, connectionId);
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
      await this.wakeUp(tx, connectionId);
      return undefined;
    }
    return this.queue(tx, connectionId, { trigger: row.first ? 'FIRST_LOAD' : 'SCHEDULE', requestedBy: 'system' });
  }

  /**
   * Locks the mirror and the run. `undefined`: the run is not this worker's any more.
   * @param next The cursor that is to follow, to learn whether it came before.
   */
  private async lock(
    tx: Transaction,
    { id, connectionId, epoch }: TakenRun,
    next?: string,
  ): Promise<LockedRun | undefined> {
    // In one statement: round trips are what a page costs most when little of it differs.
    const run = await tx.row<LockedRun & { readonly clearing: boolean }>(
      `select s.clearing, r.status, r.deletions_allowed as "deletionsAllowed",
         (r.counts #>> '{candidates,refused}')::int + (r.counts #>> '{jobs,refused}')::int
           + (r.counts #>> '{applications,refused}')::int as refused,
         (select c.credential_version from talentbridge.connection c
          where ${tx.own('c')} and c.id = r.connection_id) as "credentialVersion",
         exists (select from talentbridge.mirror_read m
          where ${tx.own('m')} and m.run_id = r.id and m.cursor_hash = $4) as "cameBefore"
       from talentbridge.mirror_state s
       join talentbridge.sync_run r on ${tx.own('r')} and r.connection_id = s.connection_id and r.id = $2 and r.epoch = $3
       where ${tx.own('s')} and s.connection_id = $1 for update of s, r`,
      [connectionId, id, epoch, next === undefined ? null : hashOf(next)],
    );
    return run?.clearing === false ? run : undefined;
  }

  private async addIssues(
    tx: Transaction,
    { id, connectionId }: TakenRun,
    refused: readonly RefusedRecord[],
    before: number,
  ): Promise<void> {
    const issues = refused.slice(0, Math.max(0, MOST_ISSUES - before));
    if (issues.length === 0) return;
    await tx.rows(
      `insert into talentbridge.sync_issue (organization_id, id, connection_id, run_id, kind, remote_id, reason)
       select $1, n.id, $2, $3, n.kind, n."remoteId", n.reason
       from jsonb_to_recordset($4::jsonb) as n (id uuid, kind text, "remoteId" text, reason text)`,
      [tx.organizationId, connectionId, id, JSON.stringify(issues.map((issue) => ({ id: uuidv7(), ...issue })))],
    );
  }

  /**
   * A query for the ids of candidates, of jobs, or of applications that came by themselves, which a full run did not bring and
   * nobody has seen or written, or failed to read, since it began to read. Set against set, because a join would be planned by what the tables held
   * before the run.
   */
  private missingOf(tx: Transaction, kind: 'candidate' | 'job' | 'application'): string {
    const isMissing = `${tx.own('x')} and x.connection_id = run.connection_id and x.written_at < run.reading_since
        and not x.copied`;
    // Applications that came with their candidate went with it, or were replaced with it.
    const missing =
      kind === 'application'
        ? `(
          select x.candidate_remote_id from talentbridge.mirror_application x, run where ${isMissing}
          except
          select o.remote_id from talentbridge.mirror_candidate o, run
          where ${tx.own('o')} and o.connection_id = run.connection_id and o.applications_hash is not null
        ) as owner, run cross join lateral (
          select x.* from talentbridge.mirror_application x
          where ${isMissing} and x.candidate_remote_id = owner.candidate_remote_id offset 0) as x`
        : `talentbridge.mirror_${kind} x, run where ${isMissing}`;
    return `with run as materialized (
        select r.id, r.connection_id, r.reading_since from talentbridge.sync_run r where ${tx.own('r')} and r.id = $1
      )
      select x.id from ${missing}
      except
      select unnest(m.${kind}_ids) from talentbridge.mirror_read m, run
      where ${tx.own('m')} and m.connection_id = run.connection_id and (m.run_id = run.id or m.began_at >= run.reading_since)
      except
      ${unreadableSince(tx, kind, 'run')}`;
  }

  private async missing(tx: Transaction, taken: TakenRun, infers: boolean): Promise<Missing> {
    const named = await this.deferred(tx, taken);
    if (!infers) return { ...named, total: totalOf(named) };
    const idsMissing = async (kind: 'candidate' | 'job' | 'application'): Promise<readonly string[]> => {
      const rows = await tx.rows<{ id: string }>(`${this.missingOf(tx, kind)} limit ${MISSING_AT_ONCE}`, [taken.id]);
      return rows.map((row) => row.id);
    };
    const found = {
      candidateIds: [...new Set([...named.candidateIds, ...(await idsMissing('candidate'))])],
      jobIds: [...new Set([...named.jobIds, ...(await idsMissing('job'))])],
      applicationIds: [...new Set([...named.applicationIds, ...(await idsMissing('application'))])],
      toldAt: named.toldAt,
    };
    return { ...found, total: totalOf(found) };
  }

  /** What the ATS named as gone, in answers or as too much to be deleted at once. Whatever came again since is not gone. */
  private async deferred(tx: Transaction, taken: TakenRun): Promise<Omit<Missing, 'total'>> {
    const said = await tx.rows<{ ref: string; at: Date }>(
      `select ref, max(said.at) as at from (
         select ref, m.began_at as at from talentbridge.mirror_read m, unnest(m.refs) as ref
         where ${tx.own('m')} and m.connection_id = $1 and m.run_id = $2
         union all
         select d.kind || '/' || d.remote_id, d.asked_at from talentbridge.sync_doubt d
         where ${tx.own('d')} and d.run_id = $2 and d.gone
       ) as said group by ref`,
      [taken.connectionId, taken.id],
    );
    if (said.length === 0) return NOTHING;
    const saidAt = new Map(said.map(({ ref, at }) => [ref, at]));
    const references = said.flatMap(({ ref }) => referenceOf(ref) ?? []);
    // Applications are never too many: those that were named went at once, and one that is there came again.
    const left: Record<'candidate' | 'job', string[]> = { candidate: [], job: [] };
    const toldAt = new Map<string, Date>();
    for (const kind of ['candidate', 'job'] as const) {
      const named = await rowsOf(tx, taken, kind, references);
      if (named.length === 0) continue;
      const seen = await tx.rows<{ id: string; at: Date }>(
        `select seen as id, max(m.began_at) as at from talentbridge.mirror_read m, unnest(m.${kind}_ids) as seen
         where ${tx.own('m')} and m.connection_id = $1 and seen = any($2::uuid[]) group by seen`,
        [taken.connectionId, named.map((row) => row.id)],
      );
      const seenAt = new Map(seen.map(({ id, at }) => [id, at]));
      const later = ({ id, remoteId }: { readonly id: string; readonly remoteId: string }): boolean =>
        (seenAt.get(id) ?? NEVER) > (saidAt.get(refOf({ kind, remoteId })) ?? NEVER);
      for (const row of named) {
        if (later(row)) continue;
        left[kind].push(row.id);
        toldAt.set(row.id, saidAt.get(refOf({ kind, remoteId: row.remoteId })) ?? NEVER);
      }
    }
    return { candidateIds: left.candidate, jobIds: left.job, applicationIds: [], toldAt };
  }

  /** What a run would delete, where that is more than it may. */
  private async tooMany(tx: Transaction, taken: TakenRun, infers: boolean): Promise<PendingDeletions | undefined> {
    const totals = await this.totals(tx, taken.connectionId);
    const deferred = await this.deferred(tx, taken);
    const countMissing = async (kind: 'candidate' | 'job' | 'application'): Promise<number> => {
      if (!infers) return 0;
      const row = await tx.row<{ count: number }>(
        `select count(*)::int as count from (${this.missingOf(tx, kind)}) as missing`,
        [taken.id],
      );
      return row?.count ?? 0;
    };
    const pending = {
      candidates: Math.max(deferred.candidateIds.length, await countMissing('candidate')),
      jobs: Math.max(deferred.jobIds.length, await countMissing('job')),
      applications: await countMissing('application'),
      ...totals,
    };
    // What went already because the ATS named it counts too, on both sides.
    const gone = await tx.row<{ candidates: number; jobs: number }>(
      `select (r.counts #>> '{candidates,deleted}')::int as candidates, (r.counts #>> '{jobs,deleted}')::int as jobs
       from talentbridge.sync_run r where ${tx.own('r')} and r.id = $1`,
      [taken.id],
    );
    const [candidates, jobs] = [gone?.candidates ?? 0, gone?.jobs ?? 0];
    const tooMany =
      pending.candidates + candidates > this.mayGo(totals.ofCandidates + candidates) ||
      pending.jobs + jobs > this.mayGo(totals.ofJobs + jobs);
    return tooMany ? pending : undefined;
  }

  private async totals(
    tx: Transaction,
    connectionId: string,
  ): Promise<{ readonly ofCandidates: number; readonly ofJobs: number }> {
    const row = await tx.row<{ ofCandidates: number; ofJobs: number }>(
      `select s.candidates as "ofCandidates", s.jobs as "ofJobs" from talentbridge.mirror_state s
       where ${tx.own('s')} and s.connection_id = $1`,
      [connectionId],
    );
    return row ?? { ofCandidates: 0, ofJobs: 0 };
  }

  private mayGo(of: number): number {
    const { mostDeletedShare, deletionsNeverAsked } = this.parts.settings;
    return Math.max(deletionsNeverAsked, Math.floor(of * mostDeletedShare));
  }

  /** @returns `false`: the run is not this worker's any more. */
  private async deleteMissing(scope: OrganizationScope, taken: TakenRun, missing: Missing): Promise<boolean> {
    for (const part of ['candidateIds', 'jobIds', 'applicationIds'] as const) {
      for (let from = 0; from < missing[part].length; from += DELETIONS_AT_ONCE) {
        const ids = missing[part].slice(from, from + DELETIONS_AT_ONCE);
        const ours = await scope.transaction(async (tx) => {
          const run = await this.lock(tx, taken);
          if (!run?.deletionsAllowed || !['RUNNING', 'AWAITING_APPROVAL'].includes(run.status)) return false;
          const still = await this.stillMissing(tx, taken, ids, missing.toldAt);
          const removed = await this.parts.writer.remove(tx, taken, {
            candidateIds: [],
            jobIds: [],
            applicationIds: [],
            [part]: still,
          });
          await this.countDeleted(tx, taken, removed);
          return true;
        });
        if (!ours) return false;
      }
    }
    return true;
  }

  /** Of records that were missing a moment ago those that nobody has seen since the run began, or since they were told gone. */
  private async stillMissing(
    tx: Transaction,
    taken: TakenRun,
    ids: readonly string[],
    toldAt: ReadonlyMap<string, Date>,
  ): Promise<readonly string[]> {
    const rows = await tx.rows<{ id: string }>(
      `with wanted as materialized (
         select w.id, w.at from unnest($2::uuid[], $4::timestamptz[]) as w (id, at)
       ), seen as materialized (
         select one as id, m.began_at as at
         from talentbridge.mirror_read m, unnest(m.candidate_ids || m.job_ids || m.application_ids) as one
         where ${tx.own('m')} and m.connection_id = $1 and m.run_id is null
           and m.began_at >= (select r.reading_since from talentbridge.sync_run r where ${tx.own('r')} and r.id = $3)
       )
       select w.id from wanted w
       except
       select w.id from wanted w join seen s on s.id = w.id where w.at is null or s.at > w.at`,
      [taken.connectionId, ids, taken.id, ids.map((id) => toldAt.get(id) ?? null)],
    );
    return rows.map((row) => row.id);
  }

  private async countDeleted(
    tx: Transaction,
    { id }: TakenRun,
    removed: Readonly<Record<string, number>>,
  ): Promise<void> {
    const row = await tx.row<{ counts: SyncCountsByKind }>(
      `select r.counts from talentbridge.sync_run r where ${tx.own('r')} and r.id = $1`,
      [id],
    );
    if (!row) return;
    const { counts } = row;
    const added = (kind: keyof SyncCountsByKind, table: string) => ({
      ...counts[kind],
      deleted: counts[kind].deleted + (removed[table] ?? 0),
    });
    await tx.rows(`update talentbridge.sync_run r set counts = $2 where ${tx.own('r')} and r.id = $1`, [
      id,
      JSON.stringify({
        candidates: added('candidates', 'mirror_candidate'),
        jobs: added('jobs', 'mirror_job'),
        applications: added('applications', 'mirror_application'),
      } satisfies SyncCountsByKind),
    ]);
  }

  private async ask(
    tx: Transaction,
    taken: TakenRun,
    pending: PendingDeletions,
    fullEveryMs: number | undefined,
  ): Promise<void> {
    await tx.rows(
      `update talentbridge.sync_run r set status = 'AWAITING_APPROVAL', pending_deletions = $2, status_reason = $3
       where ${tx.own('r')} and r.id = $1`,
      [
        taken.id,
        JSON.stringify(pending),
        `It would delete ${pending.candidates} of ${pending.ofCandidates} candidates and ${pending.jobs} of ${pending.ofJobs} jobs, because the ATS does not have them any more. Approve that, or keep them.`,
      ],
    );
    await this.caughtUp(tx, taken, fullEveryMs);
  }

  private async complete(tx: Transaction, taken: TakenRun, fullEveryMs: number | undefined): Promise<void> {
    const before = await tx.row<{ status: string }>(
      `select r.status from talentbridge.sync_run r where ${tx.own('r')} and r.id = $1`,
      [taken.id],
    );
    await tx.rows(
      `update talentbridge.sync_run r
       set status = 'COMPLETE', status_reason = null, pending_deletions = null, finished_at = now()
       where ${tx.own('r')} and r.id = $1`,
      [taken.id],
    );
    // A run that had asked caught up when it asked; others may have run since.
    if (before?.status === 'RUNNING') await this.caughtUp(tx, taken, fullEveryMs);
    else {
      await this.forgetReads(tx, taken.connectionId);
      await this.wakeUp(tx, taken.connectionId);
      await this.announce(tx, taken.connectionId, taken.id);
    }
  }

  /** Everything of the run was read: the next one begins at its mark. */
  private async caughtUp(
    tx: Transaction,
    { id, connectionId, kind }: TakenRun,
    fullEveryMs: number | undefined,
  ): Promise<void> {
    await tx.rows(
      `update talentbridge.mirror_state s
       set mark = r.mark, complete_at = now(), full_every_ms = $2, full_at = case when r.kind = 'FULL' then now() else s.full_at end
         ${kind === 'FULL' ? recounted(tx) : ''}
       from talentbridge.sync_run r
       where ${tx.own('s')} and ${tx.own('r')} and s.connection_id = r.connection_id and r.id = $1`,
      [id, fullEveryMs ?? null],
    );
    if (kind === 'FULL') {
      await tx.rows(
        `update talentbridge.sync_run r
         set status = 'CANCELLED', status_reason = 'A later run of everything took its place.', finished_at = now(),
           pending_deletions = null
         where ${tx.own('r')} and r.connection_id = $1 and r.id <> $2 and r.status = 'AWAITING_APPROVAL'`,
        [connectionId, id],
      );
    }
    await this.forgetReads(tx, connectionId);
    await this.schedule(tx, connectionId);
    await this.announce(tx, connectionId, id);
  }

  private async forgetReads(tx: Transaction, connectionId: string): Promise<void> {
    await tx.rows(
      `delete from talentbridge.mirror_read m
       where ${tx.own('m')} and m.connection_id = $1 and m.began_at < now() - interval '${READS_KEPT}'
         and not exists (
           select from talentbridge.sync_run r
           where ${tx.own('r')} and r.connection_id = $1 and r.finished_at is null
             and (r.id = m.run_id or r.reading_since <= m.began_at))`,
      [connectionId],
    );
    await forgetDoubts(tx, connectionId);
  }
}

/** Records that are to be deleted. */
interface Missing {
  readonly candidateIds: readonly string[];
  readonly jobIds: readonly string[];
  readonly applicationIds: readonly string[];
  /** When the ATS was asked that said so, by the id of the record. The others were not brought by a run of everything. */
  readonly toldAt: ReadonlyMap<string, Date>;
  readonly total: number;
}

const NEVER = new Date(0);

const NOTHING: Omit<Missing, 'total'> = { candidateIds: [], jobIds: [], applicationIds: [], toldAt: new Map() };

function totalOf({ candidateIds, jobIds, applicationIds }: Omit<Missing, 'total'>): number {
  return candidateIds.length + jobIds.length + applicationIds.length;
}

/** How long a plugin says that something lasts, as far as it can be believed. */
function durationOf(ms: number | undefined): number | undefined {
  return typeof ms === 'number' && ms > 0 && ms <= LONGEST_DURATION_MS ? Math.round(ms) : undefined;
}

/** Counts anew how much the mirror holds. A run of everything can afford it, and whatever went wrong with the counts ends. */
function recounted(tx: Transaction): string {
  return (['candidate', 'job', 'application'] as const)
    .map(
      (kind) => `, ${kind}s = (select count(*) from talentbridge.mirror_${kind} x
         where ${tx.own('x')} and x.connection_id = s.connection_id)`,
    )
    .join('');
}

/** A connection whose mirror may be kept, or why it may not. */
export interface UsableConnection {
  readonly id: string;
  readonly name: string;
  readonly pluginId: string;
  readonly accountId: string;
  readonly status: string;
  readonly credentialVersion: number;
  /** As a sentence. Absent: it is usable. */
  readonly unusable?: string;
}

/** Names an account of an ATS, whichever connection leads to it. */
export function accountKeyOf({ pluginId, accountId }: Pick<UsableConnection, 'pluginId' | 'accountId'>): string {
  return `${pluginId}/${accountId}`;
}

/**
 * A connection with the answer whether its mirror may be kept now, locked against changes until the transaction ends.
 * `undefined`: there is no such connection, or it is on its way out.
 */
export async function usableConnection(
  tx: Transaction,
  entitlements: Entitlements,
  connectionId: string,
): Promise<UsableConnection | undefined> {
  const row = await tx.row<
    Omit<UsableConnection, 'unusable'> & {
      readonly capabilities: readonly string[];
      readonly attentionReason: string | null;
      readonly verified: boolean;
    }
  >(
    `select c.id, c.name, c.plugin_id as "pluginId", coalesce(c.account_id, c.id::text) as "accountId", c.status,
       c.credential_version as "credentialVersion", c.capabilities, c.attention_reason as "attentionReason",
       c.verification is not null as verified
     from talentbridge.connection c where ${tx.own('c')} and c.id = $1 for share`,
    [connectionId],
  );
  if (!row || row.status === 'REMOVING' || row.status === 'REMOVED') return undefined;
  const { capabilities, attentionReason, verified, ...connection } = row;
  const availability = (await entitlements.availabilities(tx))(connection.pluginId, 'rediscovery');
  const unusable = !availability.on
    ? availability.reason
    : !capabilities.includes('rediscovery')
      ? `${connection.name} was connected without Rediscovery. Edit it to add Rediscovery.`
      : connection.status !== 'CONNECTED'
        ? (attentionReason ?? `${connection.name} is not connected.`)
        : verified
          ? undefined
          : `${connection.name} was edited and is not verified yet.`;
  return unusable === undefined ? connection : { ...connection, unusable };
}
