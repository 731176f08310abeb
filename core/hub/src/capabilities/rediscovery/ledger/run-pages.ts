import type { PulledPage } from '@talentbridge/contracts';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { MirrorWriter } from '../mirror-writer.js';
import { candidateIdsOf, hashOf, type RecordsBeingRead } from '../read-records.js';
import { noteUnreadable } from '../sync-doubts.js';
import { isTakenApplication } from '../writing/mirror-rows.js';
import type { DeletionLimits, WriteReport } from '../writing/mirror-write.js';
import { forgettingPage, type KeptPage, keepPage } from './kept-pages.js';
import type { SyncSchedule } from './sync-schedule.js';
import { addIssues, lockRun, type RunProgress, type Saved, type TakenRun } from './taken-run.js';

/** A page that was read, on its way to be written. */
export interface PageToSave {
  readonly page: PulledPage;
  /** What came with it, as it is checked. */
  readonly records: RecordsBeingRead;
  /** The cursor that it was asked with. */
  readonly cursor: string | undefined;
  /** When it was asked for, by the clock of this process. */
  readonly beganAt: number;
  /** How many records it may delete. Absent: any number. */
  readonly mayDelete?: DeletionLimits;
  readonly announce: boolean;
  /** The page that was asked for meanwhile, where it has come by now. */
  readonly next?: () => PageToKeep | undefined;
}

/** A page that is to be kept until it is written. */
export interface PageToKeep extends Omit<KeptPage, 'beganAt'> {
  readonly records: RecordsBeingRead;
  /** When it was asked for, by the clock of this process. */
  readonly beganAt: number;
}

/** Keeps and writes the pages of runs. */
export class RunPages {
  /** Runs that bring new candidates with applications of others. */
  private readonly looking = new WeakSet<TakenRun>();

  constructor(
    private readonly writer: MirrorWriter,
    private readonly schedule: SyncSchedule,
  ) {}

  /**
   * Keeps a page, so that the next one can be asked for before it is written. @returns `false`: it is not kept, because the run is
   * not this worker's any more, or erased people are in it.
   */
  keep(scope: OrganizationScope, taken: TakenRun, page: PageToKeep): Promise<boolean> {
    return scope.transaction(async (tx) => {
      const run = await lockRun(tx, taken);
      if (run?.status !== 'RUNNING' || run.credentialVersion !== taken.credentialVersion) return false;
      return this.keepLocked(tx, taken, page);
    });
  }

  /** Writes a page with the cursor that follows it, and how far the run is then. What was kept of it goes. */
  async save(
    scope: OrganizationScope,
    taken: TakenRun,
    page: PageToSave,
    progressAfter: (report: WriteReport) => RunProgress,
  ): Promise<Saved> {
    try {
      return await this.saveOnce(scope, taken, page, progressAfter);
    } catch (error) {
      if (this.looking.has(taken) || !isTakenApplication(error)) throw error;
      this.looking.add(taken);
      return this.saveOnce(scope, taken, page, progressAfter);
    }
  }

  private saveOnce(
    scope: OrganizationScope,
    taken: TakenRun,
    { page, records, cursor, beganAt, mayDelete, announce, next }: PageToSave,
    progressAfter: (report: WriteReport) => RunProgress,
  ): Promise<Saved> {
    return scope.transaction(async (tx) => {
      const run = await lockRun(tx, taken, page.cursor);
      if (run?.status !== 'RUNNING') return { kind: 'HALTED' };
      if (run.credentialVersion !== taken.credentialVersion) return { kind: 'SUPERSEDED' };
      if (run.cameBefore || (page.cursor !== undefined && page.cursor === (cursor ?? ''))) return { kind: 'CIRCLE' };
      const report = await this.writer.write(
        tx,
        { ...taken, mirrored: run.mirrored, applicationsAlone: run.applicationsAlone || this.looking.has(taken) },
        {
          runId: taken.id,
          beganAt: new Date(beganAt + taken.clockOffsetMs),
          cursorHash: hashOf(cursor ?? ''),
          candidateIds: candidateIdsOf(page),
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
          rows.also(() => forgettingPage(tx, '$2'));
        },
      );
      await addIssues(tx, taken, report.refused, run.refused);
      await noteUnreadable(tx, taken, report.unreadable);
      if (announce) await this.schedule.announce(tx, taken.connectionId, taken.id);
      const toKeep = next?.();
      const nextIsKept = toKeep !== undefined && (await this.keepLocked(tx, taken, toKeep));
      return { kind: 'SAVED', report, nextIsKept };
    });
  }

  private async keepLocked(
    tx: Transaction,
    taken: TakenRun,
    { records, beganAt, ...page }: PageToKeep,
  ): Promise<boolean> {
    const kept = { ...page, beganAt: new Date(beganAt + taken.clockOffsetMs) };
    if (await keepPage(tx, taken, kept)) return true;
    return !(await this.writer.bringsErased(tx, taken, await records.whole)) && keepPage(tx, taken, kept, true);
  }
}
