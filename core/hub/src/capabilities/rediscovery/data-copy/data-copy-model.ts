import type { CopyColumn } from '@talentbridge/contracts';

/** The topic under which changes of a data copy are announced, by its id. */
export const DATA_COPY_TOPIC = 'dataCopy';

/**
 * Where the import of a data copy stands.
 *
 * - `WAITING_FOR_FILES`: files can be uploaded, looked at and replaced
 * - `QUEUED`: waits for a worker
 * - `RUNNING`: rows are being read
 * - `COMPLETE`: every row was written or refused; the files are deleted
 * - `FAILED`: it cannot go on; `statusReason` says why. Started again, it goes on where it was
 * - `CANCELLED`: somebody ended it, or a person was erased; what was written stays, and the files are deleted
 */
export const DATA_COPY_STATUSES = [
  'WAITING_FOR_FILES',
  'QUEUED',
  'RUNNING',
  'COMPLETE',
  'FAILED',
  'CANCELLED',
] as const;

/** Where the import of a data copy stands. */
export type DataCopyStatus = (typeof DATA_COPY_STATUSES)[number];

/** What became of rows. `read` is the sum of the others. */
export interface DataCopyCounts {
  readonly read: number;
  /** New, or newer than what the mirror held. */
  readonly written: number;
  /** The mirror held it already. */
  readonly unchanged: number;
  /** Left out because something newer is known: a later update, a deletion, an erasure. */
  readonly older: number;
  /** Not usable: each is in the report. */
  readonly refused: number;
}

/** Where a file stands. `UNREADABLE`: it is no table of a data copy; it may still be a file of a candidate. */
export const DATA_COPY_FILE_STATUSES = ['READY', 'READING', 'DONE', 'UNREADABLE'] as const;

/** Where a file stands. */
export type DataCopyFileStatus = (typeof DATA_COPY_FILE_STATUSES)[number];

/** A CSV file of a data copy. */
export interface DataCopyFileRecord {
  readonly id: string;
  readonly dataCopyId: string;
  /** Relative, with slashes. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly status: DataCopyFileStatus;
  /** What it is read as, for people: "Candidates". `null`: unreadable. */
  readonly table: string | null;
  /** In the order of the file; empty when it is unreadable. */
  readonly columns: readonly CopyColumn[];
  readonly counts: DataCopyCounts;
  /** Why it is unreadable. */
  readonly reason: string | null;
}

/** The import of a data copy. */
export interface DataCopyRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly status: DataCopyStatus;
  /** For people. */
  readonly statusReason: string | null;
  /** The subject of the token. */
  readonly requestedBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  /** When rows were last written. */
  readonly progressAt: Date | null;
  readonly finishedAt: Date | null;
  /** When it is deleted with its report. */
  readonly expiresAt: Date;
  /** Of the rows of all files. */
  readonly counts: DataCopyCounts;
  /** Uploaded files that are no CSV. */
  readonly attachments: {
    readonly uploaded: number;
    /** In bytes. */
    readonly size: number;
    /** How many a row named, so that they belong to a candidate now. */
    readonly named: number;
  };
}

/** A file that was uploaded. */
export interface UploadedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** Its header mapping. Absent: it is no CSV. */
  readonly csv?: DataCopyFileRecord;
}

/** Counts of rows, from nothing. */
export const NO_ROWS: DataCopyCounts = { read: 0, written: 0, unchanged: 0, older: 0, refused: 0 };

/** Two counts together. */
export function sumOfRows(one: DataCopyCounts, other: DataCopyCounts): DataCopyCounts {
  return {
    read: one.read + other.read,
    written: one.written + other.written,
    unchanged: one.unchanged + other.unchanged,
    older: one.older + other.older,
    refused: one.refused + other.refused,
  };
}
