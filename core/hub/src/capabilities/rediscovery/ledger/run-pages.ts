import type { PulledPage } from '@talentbridge/contracts';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { MirrorWriter } from '../mirror-writer.js';
import { candidateIdsOf, hashOf, type ReadRecords } from '../read-records.js';
import { noteUnreadable } from '../sync-doubts.js';
import type { DeletionLimits, WriteReport } from '../writing/mirror-write.js';
import type { SyncSchedule } from './sync-schedule.js';
import { addIssues, lockRun, type RunProgress, type Saved, type TakenRun } from './taken-run.js';

/** A page that was read, on its way to be written. */
export interface PageToSave {
  readonly page: PulledPage;
  /** What came with it, once it is checked. */
  readonly records: Promise<ReadRecords>;
  /** The cursor that it was asked with. */
  readonly cursor: string | undefined;
  /** When it was asked for, by the clock of this process. */
  readonly beganAt: number;
  /** How many records it may delete. Absent: any number. */
  readonly mayDelete?: DeletionLimits;
  readonly announce: boolean;
}

/** Writes the pages of runs. */
export class RunPages {
  constructor(
    private readonly writer: MirrorWriter,
    private readonly schedule: SyncSchedule,
  ) {}

  /** Writes a page with the cursor that follows it, and how far the run is then. */
  save(
    scope: OrganizationScope,
    taken: TakenRun,
    { page, records, cursor, beganAt, mayDelete, announce }: PageToSave,
    progressAfter: (report: WriteReport) => RunProgress,
  ): Promise<Saved> {
    return scope.transaction(async (tx) => {
      const run = await lockRun(tx, taken, page.cursor);
      if (run?.status !== 'RUNNING') return { kind: 'HALTED' };
      if (run.credentialVersion !== taken.credentialVersion) return { kind: 'SUPERSEDED' };
      if (run.cameBefore || (page.cursor !== undefined && page.cursor === (cursor ?? ''))) return { kind: 'CIRCLE' };
      const report = await this.writer.write(
        tx,
        { ...taken, mirrored: run.mirrored },
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
        },
      );
      await addIssues(tx, taken, report.refused, run.refused);
      await noteUnreadable(tx, taken, report.unreadable);
      if (announce) await this.schedule.announce(tx, taken.connectionId, taken.id);
      return { kind: 'SAVED', report };
    });
  }
}
