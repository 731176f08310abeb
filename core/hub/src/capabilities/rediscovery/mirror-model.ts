import type {
  ApplicationStatus,
  MirroredAttachment,
  MirroredCandidate,
  MirroredJob,
  RecordReference,
} from '@talentbridge/contracts';

/** The topic under which changes of a sync run are announced, by the id of the run. */
export const SYNC_RUN_TOPIC = 'syncRun';

/** The topic under which changes of a connection's mirror are announced, by the id of the connection: a run began, went on or ended. */
export const MIRROR_TOPIC = 'mirror';

/**
 * What a sync run reads.
 *
 * - `FULL`: everything the ATS holds; at its end what it did not bring is gone, where the ATS shows everything
 * - `CHANGES`: what changed since the last complete run
 */
export const SYNC_KINDS = ['FULL', 'CHANGES'] as const;

/** What a sync run reads. */
export type SyncKind = (typeof SYNC_KINDS)[number];

/**
 * Where a sync run stands.
 *
 * - `QUEUED`: waits for a worker
 * - `RUNNING`: pages are being read; `statusReason` says what it waits for, where it waits
 * - `PAUSED`: waits until its connection or capability is usable again; `statusReason` says why
 * - `AWAITING_APPROVAL`: all is read, but it would delete more than the setting allows; an admin decides
 * - `COMPLETE`: the mirror is what the ATS holds
 * - `FAILED`: it cannot go on; `statusReason` says why. What was read stays, and the schedule goes on
 * - `CANCELLED`: somebody ended it; what was read stays
 */
export const SYNC_STATUSES = [
  'QUEUED',
  'RUNNING',
  'PAUSED',
  'AWAITING_APPROVAL',
  'COMPLETE',
  'FAILED',
  'CANCELLED',
] as const;

/** Where a sync run stands. */
export type SyncStatus = (typeof SYNC_STATUSES)[number];

/** Why a sync run began. `GAP`: webhooks may have missed something. */
export const SYNC_TRIGGERS = ['FIRST_LOAD', 'SCHEDULE', 'PERSON', 'GAP'] as const;

/** Why a sync run began. */
export type SyncTrigger = (typeof SYNC_TRIGGERS)[number];

/** How many records of one kind a run met. A record that comes twice counts twice in what was read. */
export interface SyncCounts {
  readonly read: number;
  /** New, or different from what the mirror held. */
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  /** Not usable: each is an issue of the run. */
  readonly refused: number;
}

/** The counts of a run by kind of record. */
export interface SyncCountsByKind {
  readonly candidates: SyncCounts;
  readonly jobs: SyncCounts;
  readonly applications: SyncCounts;
}

/** What a run would delete, and may not without an admin's word. */
export interface PendingDeletions {
  readonly candidates: number;
  readonly jobs: number;
  readonly applications: number;
  /** What the mirror holds now, to compare with. */
  readonly ofCandidates: number;
  readonly ofJobs: number;
}

/**
 * How much of what the vendor allows a run uses. Both speeds count the same requests: where the vendor limits endpoints by
 * themselves, those to the one endpoint that comes closest to its limit.
 */
export interface SyncRateLimit {
  /**
   * Requests a second since a worker last took the run up, waits of the worker included; of the whole run where nothing that it
   * asks is limited by time. `null`: too little was seen to tell.
   */
  readonly usedPerSecond: number | null;
  /** The most that the vendor allows. `null`: it limits nothing that the run asks by time, or no page was read yet. */
  readonly allowedPerSecond: number | null;
  /** What the vendor said last of a quota over a longer time. `null`: it has none, or did not say. */
  readonly quota: {
    /** Calls in all. */
    readonly limit: number;
    /** Calls that were left; whoever else uses the same credentials takes from them too. */
    readonly left: number;
    /** When all are there again. */
    readonly resetsAt: Date;
  } | null;
}

/** One run. */
export interface SyncRunRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: SyncKind;
  readonly trigger: SyncTrigger;
  readonly status: SyncStatus;
  /** For people. */
  readonly statusReason: string | null;
  /** The subject of the token; `system` for the schedule. */
  readonly requestedBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** When its last page was written. */
  readonly progressAt: Date | null;
  readonly pages: number;
  /** Requests to the ATS so far, repeated ones included. */
  readonly requests: number;
  readonly counts: SyncCountsByKind;
  /** The part that is done, 0 to 1; `null` where nobody can tell. 1 only when the run is complete. */
  readonly share: number | null;
  /** How long it will still read at the pace so far, in milliseconds; `null` where nobody can tell, and while it does not read. */
  readonly remainingMs: number | null;
  /** How much of what the vendor allows the run uses. */
  readonly rateLimit: SyncRateLimit;
  /** What an admin decides about. `null`: nothing. */
  readonly pendingDeletions: PendingDeletions | null;
}

/** A record that a run could not use. */
export interface SyncIssueRecord {
  readonly id: string;
  readonly runId: string;
  readonly kind: RecordReference['kind'];
  /** `null`: it had no usable id. */
  readonly remoteId: string | null;
  /** What is wrong, by field, without any value of it. */
  readonly reason: string;
  readonly at: Date;
}

/** What the mirror of a connection holds, and how fresh it is. */
export interface MirrorState {
  readonly connectionId: string;
  readonly candidates: number;
  readonly jobs: number;
  readonly applications: number;
  /** When the last run was complete; `null`: the first load is not. */
  readonly completeAt: Date | null;
  /** When the last run of everything was complete. */
  readonly fullAt: Date | null;
  /** When the next run begins by itself; `null`: it does not, or one is under way. */
  readonly nextDueAt: Date | null;
  /** The run that is under way, waits or asks. `null`: none. */
  readonly currentRunId: string | null;
}

/** A candidate's own data, without applications and attachments. */
export type CandidateData = Omit<MirroredCandidate, 'applications' | 'attachments'>;

/** A candidate of the mirror. */
export interface MirrorCandidateRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly remoteId: string;
  readonly data: CandidateData;
  /** By the clock of the ATS: when it was updated, else created. `null`: the ATS tells neither. */
  readonly remoteUpdatedAt: Date | null;
  /** When the mirror took its present form. */
  readonly writtenAt: Date;
}

/** A job of the mirror. */
export interface MirrorJobRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly remoteId: string;
  readonly data: MirroredJob;
  readonly remoteUpdatedAt: Date | null;
  readonly writtenAt: Date;
}

/** An application of the mirror. */
export interface MirrorApplicationRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly remoteId: string;
  /** `null`: the candidate has not arrived yet. */
  readonly candidateId: string | null;
  readonly candidateRemoteId: string;
  /** `null`: the job has not arrived, or the ATS does not show it. */
  readonly jobId: string | null;
  readonly jobRemoteId: string;
  /** The mirrored job's present title, else the one that the application has. */
  readonly jobTitle: string | null;
  readonly status: ApplicationStatus;
  readonly statusLabel: string | null;
  readonly subStatus: string | null;
  readonly stage: string | null;
  readonly rejectionReason: string | null;
  readonly withdrawalReason: string | null;
  readonly source: string | null;
  readonly recruiterRemoteId: string | null;
  readonly recruiterName: string | null;
  readonly appliedAt: Date | null;
  readonly remoteUpdatedAt: Date | null;
}

/** A file of a candidate: what the ATS says of it, without its content. */
export interface MirrorAttachmentRecord extends Omit<MirroredAttachment, 'updatedAt' | 'contentType' | 'size'> {
  readonly id: string;
  readonly connectionId: string;
  readonly candidateId: string;
  readonly contentType: string | null;
  /** In bytes. */
  readonly size: number | null;
  readonly remoteUpdatedAt: Date | null;
}

/** Which jobs of a connection. */
export interface MirrorJobQuery {
  /** Words to find in title or code, in any order. Absent or empty: all. */
  readonly search?: string;
  /** `true`: only those that take candidates. Default `false`. */
  readonly openOnly?: boolean;
}

/** Proof that a person of an ATS was removed. It holds no personal data. Profiles of the directory are the host platform's, and stay. */
export interface ErasureCertificate {
  readonly id: string;
  readonly erasedAt: Date;
  /** Stands for the person in the audit log; nobody can turn it back. */
  readonly pseudonym: string;
  /** How many rows went from which table. */
  readonly removed: readonly { readonly table: string; readonly rows: number }[];
  /**
   * How many records of the person systems that they were sent to (a network) have still to remove, at this moment. Until they
   * did, the ids of these records are kept, and nothing else of them.
   */
  readonly pending: number;
}

/** What became of records that somebody outside a run named. */
export interface WakeReport {
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly refused: number;
}
