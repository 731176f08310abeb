import type { RecordReference } from '@talentbridge/contracts';
import type { SyncCounts, SyncCountsByKind } from '../mirror-model.js';
import type { ReadCandidate, RefusedRecord } from '../read-records.js';

/** Whose mirror is written. */
export interface MirrorPlace {
  readonly connectionId: string;
  /** Names the account of the ATS; outlives the connection. */
  readonly accountKey: string;
  /** How many records it holds. Absent: not known. */
  readonly mirrored?: number;
  /** Whether an application ever came by itself, so that one may be there before its candidate. Absent: not known. */
  readonly applicationsAlone?: boolean;
}

/** One read of an ATS: a page of a run, or records that were named from outside. */
export interface MirrorRead {
  /** Absent: named from outside a run. */
  readonly runId?: string;
  /** When the ATS was asked, by the clock of the database. */
  readonly beganAt: Date;
  /** Of the cursor that the page was asked with. */
  readonly cursorHash?: string;
  /** The ATS's ids of its candidates, where they are looked up while the rest of it is still being checked. */
  readonly candidateIds?: readonly string[];
}

/** How many records one read may delete. */
export interface DeletionLimits {
  readonly candidates: number;
  readonly jobs: number;
}

/** What writing did. */
export interface WriteReport {
  readonly counts: SyncCountsByKind;
  readonly refused: readonly RefusedRecord[];
  /** What could not be read. */
  readonly unreadable: readonly RecordReference[];
  /** What was not deleted because it was more than allowed. */
  readonly deferred: DeletionLimits;
}

/** Ids of records that are to go. */
export interface RemovedRecords {
  readonly candidateIds: readonly string[];
  readonly jobIds: readonly string[];
  readonly applicationIds: readonly string[];
}

/** Counts of one kind, while they are counted. */
export type Counts = { -readonly [Name in keyof SyncCounts]: number };

/** Records of one kind that were written. */
export interface WrittenRecords {
  /** All that were read, whether or not they differed. */
  readonly ids: readonly string[];
  readonly changed: readonly string[];
  /** How many there were not before. */
  readonly added: number;
}

/** Nothing of this kind was read. */
export const NOTHING_WRITTEN: WrittenRecords = { ids: [], changed: [], added: 0 };

/** Candidates whose parts, which came with them, are not those that the mirror has. */
export interface Owners {
  readonly applications: ReadCandidate[];
  readonly attachments: ReadCandidate[];
}

/** Counts of one kind, from nothing. */
export function noCounts(): Counts {
  return { read: 0, written: 0, unchanged: 0, deleted: 0, refused: 0 };
}

/** Whether something has to be written. What a copy brought and the ATS shows is the ATS's from then on. */
export function differs(
  was: { readonly hash: string; readonly copied: boolean } | undefined,
  read: { readonly hash: string },
  copied = false,
): boolean {
  return was?.hash !== read.hash || (was.copied && !copied);
}
