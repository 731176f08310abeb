import type { MirroredApplication, MirroredAttachment, MirroredCandidate, MirroredJob } from './mirror.js';

/** The header of a CSV file of a data copy. */
export interface CopyHeader {
  /** The file's own name, without a folder. */
  readonly filename: string;
  /** The first row, as it stands in the file. */
  readonly columns: readonly string[];
}

/** What a CSV file of a data copy holds. */
export type CopyTable =
  | {
      readonly kind: 'table';
      /** Stable within the plugin, such as `candidates`; comes back with the rows. */
      readonly name: string;
      /** For people: "Candidates". */
      readonly label: string;
      /** One for each column of the header, in its order. */
      readonly columns: readonly CopyColumn[];
    }
  /** None of a data copy; nothing of it is read. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A column, and what it is read as. */
export interface CopyColumn {
  readonly header: string;
  /** The ATS's name of the field. Absent: nobody knows the column, and it is left out. */
  readonly field?: string;
}

/** Rows of one file, as texts. */
export interface CopyRows {
  readonly table: string;
  readonly columns: readonly string[];
  /** As many values as there are columns: what is missing at the end of a row is an empty text. */
  readonly rows: readonly (readonly string[])[];
}

/** What a row came to. */
export type CopyRow =
  | { readonly kind: 'candidate'; readonly candidate: MirroredCandidate }
  | { readonly kind: 'job'; readonly job: MirroredJob }
  | { readonly kind: 'application'; readonly application: MirroredApplication }
  | { readonly kind: 'attachment'; readonly attachment: CopiedAttachment }
  | {
      readonly kind: 'refused';
      /** For people, without the value: the row is personal data. */
      readonly reason: string;
      /** The header of the cell that it is about. */
      readonly header?: string;
    };

/** A résumé or another file of a candidate that lies beside the data. */
export interface CopiedAttachment {
  readonly candidateRemoteId: string;
  readonly attachment: MirroredAttachment;
  /** Where it lies in the copy: relative, with slashes. It never leads out of the copy. */
  readonly path: string;
}
