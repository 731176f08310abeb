import type { ExportTarget, ExportWarning } from '@talentbridge/contracts';

/**
 * Where an export stands.
 *
 * - `QUEUED`: waits for a worker
 * - `RUNNING`: candidates are being sent
 * - `PAUSED`: waits until its connection or capability is usable again; `statusReason` says why
 * - `COMPLETE`: every candidate has a result
 * - `STOPPED`: it was cancelled, or its connection was removed; nothing more is sent
 */
export const EXPORT_STATUSES = ['QUEUED', 'RUNNING', 'PAUSED', 'COMPLETE', 'STOPPED'] as const;

/** Where an export stands. */
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

/**
 * What became of one candidate.
 *
 * - `CREATED`, `UPDATED`: it is in the ATS
 * - `SKIPPED`: it was not sent, on purpose
 * - `FAILED`: it was refused; retrying alone is possible
 * - `UNCLEAR`: the ATS never said and cannot be asked; an admin settles it
 */
export const ITEM_OUTCOMES = ['CREATED', 'UPDATED', 'SKIPPED', 'FAILED', 'UNCLEAR'] as const;

/** What became of one candidate. */
export type ItemOutcome = (typeof ITEM_OUTCOMES)[number];

/** The choices of one export. */
export interface ExportOptions {
  /** Candidates without an email get a placeholder address. */
  readonly generateDummyEmails: boolean;
  /** Candidates that were exported to this ATS account before are sent again. */
  readonly includePreviouslyExported: boolean;
}

/** One run of candidates to an ATS. */
export interface ExportRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly pluginId: string;
  readonly target: ExportTarget;
  readonly options: ExportOptions;
  readonly status: ExportStatus;
  readonly statusReason: string | null;
  readonly requestedBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** How many candidates have which result. */
export interface ExportCounts {
  readonly total: number;
  /** Without a result so far. */
  readonly remaining: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
  readonly unclear: number;
}

/** One candidate of an export and its result. */
export interface ExportItemRecord {
  readonly id: string;
  readonly exportId: string;
  readonly position: number;
  readonly profileId: string;
  /** `PENDING`: not begun. `OPEN`: begun, and the ATS has not answered for certain. `DONE`: has an outcome. */
  readonly state: 'PENDING' | 'OPEN' | 'DONE';
  readonly outcome: ItemOutcome | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly remedy: string | null;
  readonly remoteId: string | null;
  readonly remoteUrl: string | null;
  readonly warnings: readonly ExportWarning[];
  readonly finishedAt: Date | null;
}
