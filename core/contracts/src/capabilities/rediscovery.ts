import type { CallContext } from '../context.js';
import type { CopyHeader, CopyRow, CopyRows, CopyTable } from '../model/data-copy.js';
import type { MirroredApplication, MirroredCandidate, MirroredJob, RecordReference } from '../model/mirror.js';

/** What the ATS is asked for. */
export type PullRequest = {
  /** Absent on the first page of a run; then what the page before answered. */
  readonly cursor?: string;
} & (
  | { readonly kind: 'all' }
  | {
      readonly kind: 'changes';
      /** The `mark` of the last run that was complete: everything changed since then is wanted. */
      readonly since: string;
    }
);

/**
 * One page of a run. The hub writes it and its cursor in one transaction, so that a run goes on after a crash with the page
 * that follows. A record may come more than once in a run, in any order; the last one counts.
 */
export interface PulledPage {
  readonly candidates: readonly MirroredCandidate[];
  readonly jobs: readonly MirroredJob[];
  /** Applications that do not come with their candidate. Each replaces the one of the same id. */
  readonly applications: readonly MirroredApplication[];
  /** Records that the ATS says are deleted or merged into others. Never what is merely missing. */
  readonly gone: readonly RecordReference[];
  /** Opaque. Absent: the run is complete. It holds no personal data. */
  readonly cursor?: string;
  /**
   * `since` of the next run: taken before anything was read, with as much overlap as the vendor's clock and late commits
   * need. The last one of a run counts, and only when the run is complete.
   */
  readonly mark?: string;
  /** How far the run is, where the ATS says. */
  readonly progress?: {
    /** Candidates in all. */
    readonly candidates?: number;
    /** Jobs in all. */
    readonly jobs?: number;
    /** The part that is done, 0 to 1, where counts are not known. */
    readonly share?: number;
  };
}

/** What became of records that were asked for by their ids. */
export interface RecordsRead {
  readonly candidates: readonly MirroredCandidate[];
  readonly jobs: readonly MirroredJob[];
  readonly applications: readonly MirroredApplication[];
  /** Records that the ATS says it does not have. What could not be read is thrown instead. */
  readonly gone: readonly RecordReference[];
}

/** A file, whole. */
export interface AttachmentFile {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Filters over ATS data that a search may offer. */
export type AtsFilter =
  | 'applicationType'
  | 'status'
  | 'subStatus'
  | 'job'
  | 'rejectionReason'
  | 'withdrawalReason'
  | 'source'
  | 'recruiter'
  | 'lastUpdated';

/** How this ATS can be mirrored. */
export interface RediscoveryLimits {
  /**
   * Whether a complete run of `all` brings every record there is, so that what it did not bring is gone. `false`: the ATS
   * hides some (inactive people, a narrow role), and only what it says is deleted is deleted. Default `true`.
   */
  readonly completeWhenFull?: boolean;
  /** Most references in one call of `read`. Default 50. */
  readonly readBatch?: number;
}

/** Rediscovery: read what the ATS holds, first all of it, then what changes. Nothing here writes to the ATS. */
export interface RediscoveryCapability {
  readonly limits: RediscoveryLimits;
  /** The filters that make sense for this ATS, in the order they are shown. */
  readonly filters: readonly AtsFilter[];

  /** One page. The same request twice may answer differently only by what changed in the ATS meanwhile. */
  pull(ctx: CallContext, request: PullRequest): Promise<PulledPage>;

  /** Reads records by their ids: what a webhook named. An application that cannot be read alone comes with its candidate. */
  read(ctx: CallContext, references: readonly RecordReference[]): Promise<RecordsRead>;

  /**
   * One file of a candidate. Absent: the ATS hands out none.
   * @throws RecordNotFoundError
   */
  fetchAttachment?(
    ctx: CallContext,
    attachment: { readonly candidateRemoteId: string; readonly remoteId: string; readonly filename: string },
  ): Promise<AttachmentFile>;

  /**
   * Reads the header of a CSV file of the copy of its data that a customer got from the ATS, for what no API hands out.
   * Absent, together with `readCopyRows`: the ATS makes none.
   */
  readCopyHeader?(ctx: CallContext, header: CopyHeader): Promise<CopyTable>;

  /** Reads rows of such a file: one answer for each, in their order. Asks nobody. */
  readCopyRows?(ctx: CallContext, rows: CopyRows): Promise<readonly CopyRow[]>;
}
