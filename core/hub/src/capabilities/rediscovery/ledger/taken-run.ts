import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { uuidv7 } from '../../../kernel/persistence/uuidv7.js';
import type { SyncCountsByKind, SyncKind } from '../mirror-model.js';
import { hashOf, type RefusedRecord } from '../read-records.js';
import type { ExpectedCounts } from '../sync-estimate.js';
import type { VendorLimits } from '../sync-queries.js';
import type { MirrorPlace, WriteReport } from '../writing/mirror-write.js';
import type { KeptPage } from './kept-pages.js';

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
  /** The page with which it goes on, where an earlier worker had read it and did not write it. */
  readonly kept: KeptPage | undefined;
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

/** What became of a page. */
export type Saved =
  | {
      readonly kind: 'SAVED';
      readonly report: WriteReport;
      /** The page that follows had come by then, and is kept until it is written. Absent: it is not. */
      readonly nextIsKept?: boolean;
    }
  /** The run is not this worker's any more, or was paused or ended. Nothing was written. */
  | { readonly kind: 'HALTED' }
  /** The connection has other credentials or settings than when the run was taken. Nothing was written. */
  | { readonly kind: 'SUPERSEDED' }
  /** The cursor that follows came before. Nothing was written. */
  | { readonly kind: 'CIRCLE' };

/** A run that was locked together with its mirror. */
export interface LockedRun {
  readonly status: string;
  readonly credentialVersion: number;
  readonly deletionsAllowed: boolean;
  /** How many records it refused so far. */
  readonly refused: number;
  /** How many records the mirror holds. */
  readonly mirrored: number;
  /** Whether an application ever came by itself. */
  readonly applicationsAlone: boolean;
  /** The cursor that is to follow led to a page of this run before. */
  readonly cameBefore: boolean;
}

/** Refused records of one run that are told one by one. */
const MOST_ISSUES = 1_000;

/**
 * Locks the mirror and the run. `undefined`: the run is not this worker's any more.
 * @param next The cursor that is to follow, to learn whether it came before.
 */
export async function lockRun(
  tx: Transaction,
  { id, connectionId, epoch }: TakenRun,
  next?: string,
): Promise<LockedRun | undefined> {
  // In one statement: round trips are what a page costs most when little of it differs.
  const [run] = await tx.preparedRows<LockedRun & { readonly clearing: boolean }>(
    `select s.clearing, s.candidates + s.jobs + s.applications as mirrored,
       s.applications_alone as "applicationsAlone", r.status, r.deletions_allowed as "deletionsAllowed",
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

/** Writes how far a run is. */
export async function saveProgress(tx: Transaction, { id, epoch }: TakenRun, progress: RunProgress): Promise<void> {
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

/** Notes what a run refused. @param before How many records it refused so far. */
export async function addIssues(
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
