import { isUuid } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { type BusiestRate, perSecond } from './busiest-rate.js';
import type { SyncCountsByKind, SyncRunRecord } from './mirror-model.js';
import { type ExpectedCounts, remainingMs, shareOf } from './sync-estimate.js';
import { noCounts } from './writing/mirror-write.js';

/** A run as it is stored. */
export interface StoredRun extends Omit<SyncRunRecord, 'share' | 'remainingMs' | 'rateLimit'> {
  readonly expected: ExpectedCounts;
  readonly workedMs: number;
  readonly readAt: Date | null;
  readonly requestsBefore: number;
  readonly vendorLimits: VendorLimits | null;
}

/** What the vendor allows, as a run last heard of it. */
export interface VendorLimits {
  /** Absent: nothing that the run asked is limited by time. */
  readonly rate?: BusiestRate;
  /** Absent: there is none, or the vendor has not said. */
  readonly quota?: { readonly limit: number; readonly left: number; readonly resetsAt: number };
}

/** The columns of a `StoredRun`, of a table that is called `r`. */
export const RUN_COLUMNS = `r.id, r.connection_id as "connectionId", r.kind, r.trigger, r.status, r.status_reason as "statusReason",
  r.requested_by as "requestedBy", r.created_at as "createdAt", r.started_at as "startedAt", r.finished_at as "finishedAt",
  r.progress_at as "progressAt", r.pages, r.requests, r.counts, r.expected, r.worked_ms::float8 as "workedMs",
  r.read_at as "readAt", r.requests_before as "requestsBefore", r.vendor_limits as "vendorLimits", r.pending_deletions as "pendingDeletions"`;

/** The counts of a run that has read nothing. */
export const NO_COUNTS: SyncCountsByKind = { candidates: noCounts(), jobs: noCounts(), applications: noCounts() };

/** One run, or `undefined` when there is none. */
export async function findRun(tx: Transaction, id: string): Promise<SyncRunRecord | undefined> {
  if (!isUuid(id)) return undefined;
  const row = await tx.row<StoredRun>(
    `select ${RUN_COLUMNS} from talentbridge.sync_run r where ${tx.own('r')} and r.id = $1`,
    [id],
  );
  return row && runRecord(row);
}

/** A run as others see it. */
export function runRecord(stored: StoredRun): SyncRunRecord {
  const { expected, workedMs, readAt, requestsBefore, vendorLimits, ...run } = stored;
  const share = run.status === 'COMPLETE' ? 1 : shareOf(run.counts, expected, readAt !== null);
  const quota = vendorLimits?.quota;
  return {
    ...run,
    share,
    // Of what is asked and deleted once everything was read, the pace of reading tells nothing.
    remainingMs: run.status === 'RUNNING' && readAt === null ? remainingMs(run.counts, expected, workedMs) : null,
    rateLimit: {
      ...(vendorLimits?.rate ?? {
        usedPerSecond: perSecond(run.requests - requestsBefore, workedMs),
        allowedPerSecond: null,
      }),
      quota: quota ? { ...quota, resetsAt: new Date(quota.resetsAt) } : null,
    },
  };
}
