import type { CallContext } from '../context.js';
import type { CopyHeader, CopyRow, CopyRows, CopyTable } from '../model/data-copy.js';
import type { CandidateHistory } from '../model/history.js';
import type { MirroredApplication, MirroredCandidate, MirroredJob, RecordReference } from '../model/mirror.js';

/** What the ATS is asked for. */
export type PullRequest = {
  /** Absent on the first page of a run; then what the page before answered. */
  readonly cursor?: string;
  /** How often this very page has failed before; waits that the ATS asked for do not count. Absent: never. */
  readonly attempt?: number;
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
  /**
   * Records that are there and cannot be read, passed over after some tries so that the rest of the run arrives. The hub notes
   * them, takes none of them for gone, and asks for them by `read` in the next run of changes. When all of a page fails it is
   * the ATS that cannot be reached, and the page that has to be thrown. Absent: none.
   */
  readonly unreadable?: readonly UnreadableRecord[];
  /** Opaque. Absent: the run is complete. Never the same twice in a run, and without personal data. */
  readonly cursor?: string;
  /**
   * `since` of the next run: taken before anything was read, with as much overlap as the vendor's clock and late commits
   * need. The last one of a run counts, and only when the run is complete.
   */
  readonly mark?: string;
  /** How far the run is, where the ATS says. */
  readonly progress?: {
    /** Candidates in all; who is read a second time counts twice. */
    readonly candidates?: number;
    /** Jobs in all. */
    readonly jobs?: number;
    /** The part that is done, 0 to 1, where counts are not known. */
    readonly share?: number;
  };
}

/** A record that the ATS has, and fails to hand out. */
export interface UnreadableRecord {
  readonly reference: RecordReference;
  /** For people, without personal data: "It answered 500." */
  readonly reason: string;
}

/** What became of records that were asked for by their ids. */
export interface RecordsRead {
  readonly candidates: readonly MirroredCandidate[];
  readonly jobs: readonly MirroredJob[];
  readonly applications: readonly MirroredApplication[];
  /** Records that the ATS says it does not have. What could not be read is thrown instead. */
  readonly gone: readonly RecordReference[];
}

/** Most bytes of a file of a candidate: 25 MiB. */
export const MAX_ATTACHMENT_BYTES = 25 * 1024 * 1024;

/** A file, whole. */
export interface AttachmentFile {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Filters over ATS data that a search may offer. */
export type AtsFilter =
  /** Candidate or prospect: whether somebody has an application. The hub tells; no record has a field for it. */
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
   * Whether a complete run of `all` brings every record there is. Default `true`.
   *
   * - `true`: what it did not bring is gone. Where that is little, the hub asks about each by `read` first, because a list
   *   that is read page by page can skip a record while others come and go: whatever `read` brings is kept.
   * - `false`: the ATS hides some (inactive people, a narrow role). What it did not bring is asked about by `read`, as far as
   *   `mostAskedAbout` goes, and only what comes back in `gone` is deleted: a hidden record, of which `read` says nothing,
   *   stays as it was mirrored last. A plugin that reads data copies declares this where a copy holds records that no run
   *   brings: a run would delete them otherwise.
   *
   * What could not be read is kept either way. Records that came with a copy of the data are never asked about.
   */
  readonly completeWhenFull?: boolean;
  /**
   * Most records that are asked about by `read` after a run of `all`; of more, those that were read longest ago. 0: none, for
   * an ATS whose `read` cannot tell what is gone. Default 2,000.
   */
  readonly mostAskedAbout?: number;
  /**
   * How often everything is worth reading, in milliseconds, where the hub would do it too often for this ATS. The longer of the
   * two counts. Absent: as often as the hub likes.
   */
  readonly fullEveryMs?: number;
  /** Most references in one call of `read`. Default 50. */
  readonly readBatch?: number;
  /**
   * Whether the mirror shows people who are on no job. Default `true`. `false`: the ATS hands out people with an application
   * alone; whoever the hub adds without a job is found in the ATS, and here once somebody puts them on one.
   */
  readonly showsUnassigned?: boolean;
}

/** Rediscovery: read what the ATS holds, first all of it, then what changes. Nothing here writes to the ATS. */
export interface RediscoveryCapability {
  readonly limits: RediscoveryLimits;
  /** The filters that make sense for this ATS, in the order they are shown. */
  readonly filters: readonly AtsFilter[];

  /**
   * One page, within 120 s: what takes longer is cut off, and asked for again. The same request twice may answer
   * differently only by what changed in the ATS meanwhile.
   */
  pull(ctx: CallContext, request: PullRequest): Promise<PulledPage>;

  /**
   * Reads records by their ids, within 60 s: what a webhook named. An application that cannot be read alone comes with its
   * candidate.
   */
  read(ctx: CallContext, references: readonly RecordReference[]): Promise<RecordsRead>;

  /**
   * One file of a candidate, byte for byte as the ATS has it, within 90 s. Absent: the ATS hands out none.
   * @throws RecordNotFoundError
   * @throws AtsAnswerTooLargeError when it is larger than `MAX_ATTACHMENT_BYTES`.
   */
  fetchAttachment?(
    ctx: CallContext,
    attachment: { readonly candidateRemoteId: string; readonly remoteId: string; readonly filename: string },
  ): Promise<AttachmentFile>;

  /**
   * What the ATS keeps of a candidate's way: notes, stage changes, interview feedback, within 60 s. The hub keeps none of it;
   * it is asked for when it is handed on. Absent: the ATS tells none of it.
   * @throws RecordNotFoundError
   */
  readHistory?(ctx: CallContext, candidateRemoteId: string): Promise<CandidateHistory>;

  /**
   * Reads the header of a CSV file of the copy of its data that a customer got from the ATS, for what no API hands out.
   * Asks nobody; a file that is none of a copy is `unreadable`, never an error. Absent, together with `readCopyRows`: the ATS
   * makes none.
   */
  readCopyHeader?(ctx: CallContext, header: CopyHeader): Promise<CopyTable>;

  /**
   * Reads rows of such a file: one answer for each, in their order. Asks nobody, and each row speaks for itself: a file is
   * read in pieces, and parts of it again. A row that cannot be read is `refused`, never an error.
   */
  readCopyRows?(ctx: CallContext, rows: CopyRows): Promise<readonly CopyRow[]>;
}
