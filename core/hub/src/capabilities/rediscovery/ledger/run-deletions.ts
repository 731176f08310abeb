import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import type { PendingDeletions, SyncCountsByKind } from '../mirror-model.js';
import type { MirrorWriter } from '../mirror-writer.js';
import type { SyncSettings } from '../sync-settings.js';
import type { DeletionLimits } from '../writing/mirror-write.js';
import { deferred, type Missing, missingOf, stillMissing } from './missing.js';
import { lockRun, type TakenRun } from './taken-run.js';

/** Deletions in one transaction. */
const DELETIONS_AT_ONCE = 500;

/** Deletes what a run found gone, as far as it may without asking. */
export class RunDeletions {
  constructor(
    private readonly writer: MirrorWriter,
    private readonly settings: SyncSettings,
  ) {}

  /** How many records a run may delete before it has to ask. */
  async limits(scope: OrganizationScope, { connectionId }: TakenRun): Promise<DeletionLimits> {
    const { ofCandidates, ofJobs } = await scope.transaction((tx) => this.totals(tx, connectionId));
    return { candidates: this.mayGo(ofCandidates), jobs: this.mayGo(ofJobs) };
  }

  /** What a run would delete, where that is more than it may. */
  async tooMany(tx: Transaction, taken: TakenRun, infers: boolean): Promise<PendingDeletions | undefined> {
    const totals = await this.totals(tx, taken.connectionId);
    const named = await deferred(tx, taken);
    const countMissing = async (kind: 'candidate' | 'job' | 'application'): Promise<number> => {
      if (!infers) return 0;
      const row = await tx.row<{ count: number }>(
        `select count(*)::int as count from (${missingOf(tx, kind)}) as missing`,
        [taken.id],
      );
      return row?.count ?? 0;
    };
    const pending = {
      candidates: Math.max(named.candidateIds.length, await countMissing('candidate')),
      jobs: Math.max(named.jobIds.length, await countMissing('job')),
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

  /** @returns `false`: the run is not this worker's any more. */
  async deleteMissing(scope: OrganizationScope, taken: TakenRun, missing: Missing): Promise<boolean> {
    for (const part of ['candidateIds', 'jobIds', 'applicationIds'] as const) {
      for (let from = 0; from < missing[part].length; from += DELETIONS_AT_ONCE) {
        const ids = missing[part].slice(from, from + DELETIONS_AT_ONCE);
        const ours = await scope.transaction(async (tx) => {
          const run = await lockRun(tx, taken);
          if (!run?.deletionsAllowed || !['RUNNING', 'AWAITING_APPROVAL'].includes(run.status)) return false;
          const still = await stillMissing(tx, taken, ids, missing.toldAt);
          const removed = await this.writer.remove(tx, taken, {
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
    const { mostDeletedShare, deletionsNeverAsked } = this.settings;
    return Math.max(deletionsNeverAsked, Math.floor(of * mostDeletedShare));
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
}
