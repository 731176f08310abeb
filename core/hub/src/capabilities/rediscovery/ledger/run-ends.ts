import type { RediscoveryLimits } from '@talentbridge/contracts';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { PendingDeletions } from '../mirror-model.js';
import { forgetDoubts, infersDeletions } from '../sync-doubts.js';
import { forgetPage } from './kept-pages.js';
import { findMissing, type Missing } from './missing.js';
import type { RunDeletions } from './run-deletions.js';
import type { SyncSchedule } from './sync-schedule.js';
import { lockRun, type TakenRun } from './taken-run.js';

/** What the end of reading led to. */
export type Concluded = 'COMPLETE' | 'ASKS' | 'HALTED';

/** What was read longer ago than this, and by no run under way, nobody compares with any more. */
const READS_KEPT = '1 hour';

/** Whatever is said to last longer than ten years is not believed. */
const LONGEST_DURATION_MS = 3_650 * 86_400_000;

/** Ends runs. */
export class RunEnds {
  constructor(
    private readonly schedule: SyncSchedule,
    private readonly deletions: RunDeletions,
  ) {}

  /**
   * Ends a run of which everything was read: deletes what is gone, unless that is so much that an admin has to say so.
   * @param limits What the plugin says of runs of everything.
   * @param missedNothing It was found a moment ago that the run brought all that the mirror holds.
   */
  async conclude(
    scope: OrganizationScope,
    taken: TakenRun,
    limits: RediscoveryLimits,
    missedNothing: boolean,
  ): Promise<Concluded> {
    const infers = infersDeletions(taken, limits) && !missedNothing;
    const fullEveryMs = durationOf(limits.fullEveryMs);
    for (;;) {
      const step = await scope.transaction(async (tx): Promise<Concluded | Missing> => {
        const run = await lockRun(tx, taken);
        if (run?.status !== 'RUNNING' && run?.status !== 'AWAITING_APPROVAL') return 'HALTED';
        const missing = await findMissing(tx, taken, infers);
        if (missing.total > 0 && !run.deletionsAllowed) {
          const pending = await this.deletions.tooMany(tx, taken, infers);
          if (pending) {
            await this.ask(tx, taken, pending, fullEveryMs);
            return 'ASKS';
          }
          // Decided once: a run that goes on deleting is not asked about again.
          await tx.rows(
            `update talentbridge.sync_run r set deletions_allowed = true, status_reason = $2
             where ${tx.own('r')} and r.id = $1`,
            [taken.id, 'Everything was read; what the ATS does not have any more is being deleted.'],
          );
          await this.schedule.announce(tx, taken.connectionId, taken.id);
        }
        if (missing.total > 0) return missing;
        await this.complete(tx, taken, run.status, fullEveryMs);
        return 'COMPLETE';
      });
      if (typeof step === 'string') return step;
      if (!(await this.deletions.deleteMissing(scope, taken, step))) return 'HALTED';
    }
  }

  /** Gives a run up; what it wrote stays. @param sinceLost Where changes begin is not known any more: the next run reads everything. */
  fail(scope: OrganizationScope, taken: TakenRun, reason: string, sinceLost = false): Promise<void> {
    return scope.transaction(async (tx) => {
      const run = await lockRun(tx, taken);
      if (run?.status !== 'RUNNING') return;
      await tx.rows(
        `update talentbridge.sync_run r set status = 'FAILED', status_reason = $2, finished_at = now(), cursor = null
         where ${tx.own('r')} and r.id = $1`,
        [taken.id, reason],
      );
      await forgetPage(tx, taken.connectionId);
      if (sinceLost) {
        await tx.rows(
          `update talentbridge.mirror_state s set mark = null where ${tx.own('s')} and s.connection_id = $1`,
          [taken.connectionId],
        );
      }
      await this.forgetReads(tx, taken.connectionId);
      await this.schedule.setNext(tx, taken.connectionId, sinceLost ? 0 : undefined);
      await this.schedule.announce(tx, taken.connectionId, taken.id);
    });
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

  private async complete(
    tx: Transaction,
    taken: TakenRun,
    statusBefore: string,
    fullEveryMs: number | undefined,
  ): Promise<void> {
    await tx.rows(
      `update talentbridge.sync_run r
       set status = 'COMPLETE', status_reason = null, pending_deletions = null, finished_at = now()
       where ${tx.own('r')} and r.id = $1`,
      [taken.id],
    );
    // A run that had asked caught up when it asked; others may have run since.
    if (statusBefore === 'RUNNING') await this.caughtUp(tx, taken, fullEveryMs);
    else {
      await this.forgetReads(tx, taken.connectionId);
      await this.schedule.wakeUp(tx, taken.connectionId);
      await this.schedule.announce(tx, taken.connectionId, taken.id);
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
    await this.schedule.setNext(tx, connectionId);
    await this.schedule.announce(tx, connectionId, id);
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
