import type { RediscoveryLimits } from '@talentbridge/contracts';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { MirrorWriter } from '../mirror-writer.js';
import { type ReadRecords, type RefusedRecord, readAlready } from '../read-records.js';
import { askNoMore, nextQuestions, noteAnswers, noteFailure, type Questions, raiseQuestions } from '../sync-doubts.js';
import type { WriteReport } from '../writing/mirror-write.js';
import { missingOf } from './missing.js';
import type { SyncSchedule } from './sync-schedule.js';
import { addIssues, lockRun, type RunProgress, type Saved, saveProgress, type TakenRun } from './taken-run.js';

/** Answers to questions, on their way to be written. */
export interface AnswersToSave {
  readonly questions: Questions;
  readonly records: ReadRecords;
}

/** What runs ask about by name, after their pages. */
export class RunQuestions {
  constructor(
    private readonly writer: MirrorWriter,
    private readonly schedule: SyncSchedule,
  ) {}

  /**
   * Finds out, once, what is to be asked about after everything was read.
   * @returns Whether it looked for what the run did not bring, and there was nothing.
   */
  raise(scope: OrganizationScope, taken: TakenRun, limits: RediscoveryLimits): Promise<boolean> {
    return scope.transaction(async (tx) => {
      const run = await lockRun(tx, taken);
      if (run?.status !== 'RUNNING') return false;
      const first = await tx.row(
        `update talentbridge.sync_run r set questions_at = now()
         where ${tx.own('r')} and r.id = $1 and r.questions_at is null returning r.id`,
        [taken.id],
      );
      return first !== undefined && (await raiseQuestions(tx, taken, limits, (kind) => missingOf(tx, kind)));
    });
  }

  /** What is to be asked next, at most so many records. `undefined`: nothing, or the run is not this worker's any more. */
  next(scope: OrganizationScope, taken: TakenRun, most: number): Promise<Questions | undefined> {
    return scope.transaction(async (tx) => {
      const run = await lockRun(tx, taken);
      if (run?.status !== 'RUNNING') return undefined;
      const questions = await nextQuestions(tx, taken, most);
      if (questions) await this.tellOpen(tx, taken, questions.open);
      return questions;
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
      const run = await lockRun(tx, taken);
      if (run?.status !== 'RUNNING') return { kind: 'HALTED' };
      if (run.credentialVersion !== taken.credentialVersion) return { kind: 'SUPERSEDED' };
      // Each record was named, as it is from outside a run: whoever asked later, and wrote earlier, wins.
      const read = { beganAt: questions.askedAt };
      const report = await this.writer.write(tx, taken, read, readAlready(records), { candidates: 0, jobs: 0 });
      await addIssues(tx, taken, report.refused, run.refused);
      await noteAnswers(tx, taken, questions, records.gone);
      await saveProgress(tx, taken, progressAfter(report));
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
      const run = await lockRun(tx, taken);
      if (run?.status !== 'RUNNING') return;
      const left = await noteFailure(tx, taken, questions);
      const refused = left.map((reference) => ({ ...reference, reason }));
      await addIssues(tx, taken, refused, run.refused);
      if (isLast) await askNoMore(tx, taken);
      await saveProgress(tx, taken, progressAfter(refused));
    });
  }

  /** Says what a run still does that has read everything. */
  private async tellOpen(tx: Transaction, { id, connectionId }: TakenRun, open: number): Promise<void> {
    const reason =
      open === 1
        ? 'Everything was read; one record is asked about by its id.'
        : `Everything was read; ${open} records are asked about by their ids.`;
    await tx.rows(`update talentbridge.sync_run r set status_reason = $2 where ${tx.own('r')} and r.id = $1`, [
      id,
      reason,
    ]);
    await this.schedule.announce(tx, connectionId, id);
  }
}
