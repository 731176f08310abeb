import type { DataCopyFileStatus as HubFileStatus, DataCopyStatus as HubStatus } from '@talentbridge/hub';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { connectionTypes } from '../pagination/connection.type.js';

/** Where an import stands. */
const DataCopyStatus = describedEnum<HubStatus>('DataCopyStatus', 'Where the import of a data copy stands.', {
  WAITING_FOR_FILES: 'Files can be uploaded and replaced. `startDataCopy` begins.',
  QUEUED: 'It waits for a worker.',
  RUNNING: 'Rows are being read.',
  COMPLETE: 'Every row was written or refused; the files are deleted.',
  FAILED: 'It cannot go on; `statusReason` says why. `startDataCopy` goes on where it was.',
  CANCELLED: 'It was ended, or a person was erased. What was written stays; the files are deleted.',
});

/** Where a file stands. */
const DataCopyFileStatus = describedEnum<HubFileStatus>('DataCopyFileStatus', 'Where a table of a data copy stands.', {
  READY: 'Its header was read.',
  READING: 'Its rows are being read.',
  DONE: 'All of its rows were read.',
  UNREADABLE: 'It is no table of a data copy: `reason` says why. It may still be a file of a candidate.',
});

/** What became of rows. */
@ObjectType({ description: 'What became of rows of a data copy.' })
export class DataCopyCounts {
  @Field(() => Int, { description: 'All of them so far.' })
  read!: number;

  @Field(() => Int, { description: 'New, or newer than what the mirror held.' })
  written!: number;

  @Field(() => Int, { description: 'As the mirror held them already.' })
  unchanged!: number;

  @Field(() => Int, {
    description: 'Left out because something newer is known: a later update, a deletion, an erasure.',
  })
  older!: number;

  @Field(() => Int, { description: 'Not usable: `refusedRowsUrl` has them, with reasons.' })
  refused!: number;
}

/** A column of a table. */
@ObjectType({ description: 'A column of a table, and what it is read as.' })
export class DataCopyColumn {
  @Field(() => String, { description: 'As it stands in the file.' })
  header!: string;

  @Field(() => String, {
    nullable: true,
    description: "The ATS's name of the field; null: nobody knows the column, and it is left out.",
  })
  field?: string | undefined;
}

/** A table of a data copy. */
@ObjectType({ description: 'A CSV file of a data copy.' })
export class DataCopyFile {
  @Field(() => String, { description: 'Its path within the copy, as it was uploaded.' })
  path!: string;

  @Field(() => Float, { description: 'Its size in bytes.' })
  size!: number;

  @Field(() => DataCopyFileStatus, { description: 'Where it stands.' })
  status!: HubFileStatus;

  @Field(() => String, { nullable: true, description: 'What it is read as: "Candidates". Null: it is unreadable.' })
  table?: string | null;

  @Field(() => [DataCopyColumn], { description: 'Its columns, in their order; none when it is unreadable.' })
  columns!: readonly DataCopyColumn[];

  @Field(() => DataCopyCounts, { description: 'What became of its rows so far.' })
  rows!: DataCopyCounts;

  @Field(() => String, { nullable: true, description: 'Why it is unreadable.' })
  reason?: string | null;
}

/** Files of candidates. */
@ObjectType({ description: 'Résumés and other files of candidates that came with a data copy.' })
export class DataCopyAttachments {
  @Field(() => Int, { description: 'How many were uploaded.' })
  uploaded!: number;

  @Field(() => Float, { description: 'Their size in bytes, together.' })
  size!: number;

  @Field(() => Int, { description: 'How many of them a row named. The others are deleted when the import ends.' })
  named!: number;
}

/** The import of a data copy. */
@ObjectType({
  description:
    "The import of a copy of an ATS's data that an admin got from the vendor. Files are uploaded one by one, `PUT <uploadUrl><path>`; `startDataCopy` begins.",
})
export class DataCopy {
  @Field(() => ID, { description: 'The id of the import.' })
  id!: string;

  @Field(() => DataCopyStatus, { description: 'Where it stands.' })
  status!: HubStatus;

  @Field(() => String, { nullable: true, description: 'For people: why it ended so.' })
  statusReason?: string | null;

  @Field(() => ID, { description: 'Who made it: the subject of their token.' })
  requestedBy!: string;

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it first ran.' })
  startedAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When rows were last written.' })
  progressAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended.' })
  finishedAt?: Date | null;

  @Field(() => Date, { description: 'When it is deleted, with its report.' })
  expiresAt!: Date;

  @Field(() => String, {
    description:
      'Where its files go, below the address of this API, with a slash at the end: `PUT` to this and the path of the file, with the same token. The same path again replaces the file.',
  })
  uploadUrl!: string;

  @Field(() => String, {
    description: 'Where the refused rows can be downloaded as CSV, below the address of this API, with the same token.',
  })
  refusedRowsUrl!: string;

  @Field(() => DataCopyCounts, { description: 'What became of the rows of all tables so far.' })
  rows!: DataCopyCounts;

  @Field(() => DataCopyAttachments, { description: 'Files that are no tables.' })
  attachments!: DataCopyAttachments;

  /** For `connection`, which is resolved apart. */
  connectionId!: string;
}

/** Pages of imports. */
export const { Connection: DataCopyConnection } = connectionTypes('DataCopy', () => DataCopy, 'imports of data copies');
