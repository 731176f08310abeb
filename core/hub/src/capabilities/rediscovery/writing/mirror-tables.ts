import type { ReadApplication, ReadAttachment, ReadCandidate, ReadJob } from '../read-records.js';
import {
  type ArrayRoom,
  bigintArray,
  booleanArray,
  jsonArray,
  type Maybe,
  textArray,
  timeArray,
  uuidArray,
} from './binary-arrays.js';

/** A record on its way into a table of the mirror. */
export interface Row {
  readonly id: string;
  /** The mirror has it already, and it is replaced. */
  readonly replaces: boolean;
}

/** A job on its way into the mirror. */
export interface JobRow extends Row {
  readonly job: ReadJob;
}

/** A candidate on its way into the mirror. */
export interface CandidateRow extends Row {
  readonly read: ReadCandidate;
  /** Of parts that did not come with them this time. */
  readonly applicationsHash: string | null;
  readonly attachmentsHash: string | null;
}

/** An application on its way into the mirror. */
export interface ApplicationRow extends Row {
  readonly application: ReadApplication;
}

/** A file's description on its way into the mirror. */
export interface AttachmentRow extends Row {
  /** The ATS's id of the candidate. */
  readonly owner: string;
  readonly attachment: ReadAttachment;
}

/** A table of the mirror, as rows are written into it. */
export interface MirrorTable<Item> {
  readonly name: string;
  /** What tells the rows of one connection apart, besides their ids. */
  readonly key: readonly string[];
  /** By their names. */
  readonly columns: Readonly<Record<string, Column<Item>>>;
}

/** A column whose values are handed over as an array. */
interface Column<Item> {
  readonly type: string;
  readonly array: (room: ArrayRoom, items: readonly Item[]) => Buffer;
  /** What is stored, as SQL over the row `n`. Absent: the value. */
  readonly as?: string;
}

function column<Value>(type: string, array: (room: ArrayRoom, values: readonly Maybe<Value>[]) => Buffer) {
  return <Item>(of: (item: Item) => Maybe<Value>, as?: string): Column<Item> => ({
    type,
    array: (room, items) => array(room, items.map(of)),
    ...(as === undefined ? {} : { as }),
  });
}

const uuid = column('uuid', uuidArray);
const text = column('text', textArray);
const json = column('json', jsonArray);
const time = column('timestamptz', timeArray);
const bigint = column('bigint', bigintArray);
const boolean = column('boolean', booleanArray);

/** Jobs. */
export const JOBS: MirrorTable<JobRow> = {
  name: 'mirror_job',
  key: ['remote_id'],
  columns: {
    id: uuid(({ id }) => id),
    remote_id: text(({ job }) => job.remoteId),
    hash: uuid(({ job }) => job.hash),
    // The database looks into it.
    data: json(({ job }) => job.json, 'n.data::jsonb'),
    title: text(({ job }) => job.value.title),
    code: text(({ job }) => job.value.code),
    open: boolean(({ job }) => job.value.open),
    remote_updated_at: time(({ job }) => job.value.updatedAt),
  },
};

/** Candidates. */
export const CANDIDATES: MirrorTable<CandidateRow> = {
  name: 'mirror_candidate',
  key: ['remote_id'],
  columns: {
    id: uuid(({ id }) => id),
    remote_id: text(({ read }) => read.remoteId),
    hash: uuid(({ read }) => read.hash),
    applications_hash: uuid(({ applicationsHash }) => applicationsHash),
    attachments_hash: uuid(({ attachmentsHash }) => attachmentsHash),
    data: json(({ read }) => read.json),
    // Lists of lists are all of one length.
    emails: text(({ read }) => arrayLiteral(read.emails), 'n.emails::text[]'),
    remote_updated_at: time(({ read }) => read.remoteUpdatedAt),
    sorted_at: time(({ read }) => read.sortedAt, 'coalesce(n.sorted_at, now())'),
  },
};

/** Applications. */
export const APPLICATIONS: MirrorTable<ApplicationRow> = {
  name: 'mirror_application',
  key: ['remote_id'],
  columns: {
    id: uuid(({ id }) => id),
    remote_id: text(({ application }) => application.remoteId),
    candidate_remote_id: text(({ application }) => application.candidateRemoteId),
    job_remote_id: text(({ application }) => application.value.jobRemoteId),
    hash: uuid(({ application }) => application.hash),
    job_title: text(({ application }) => application.value.jobTitle),
    status: text(({ application }) => application.value.status),
    status_label: text(({ application }) => application.value.statusLabel),
    sub_status: text(({ application }) => application.value.subStatus),
    stage: text(({ application }) => application.value.stage),
    rejection_reason: text(({ application }) => application.value.rejectionReason),
    withdrawal_reason: text(({ application }) => application.value.withdrawalReason),
    source: text(({ application }) => application.value.source),
    recruiter_remote_id: text(({ application }) => application.value.recruiter?.remoteId),
    recruiter_name: text(({ application }) => application.value.recruiter?.name),
    applied_at: time(({ application }) => application.value.appliedAt),
    remote_updated_at: time(({ application }) => application.value.updatedAt),
  },
};

/** Descriptions of files. */
export const ATTACHMENTS: MirrorTable<AttachmentRow> = {
  name: 'mirror_attachment',
  key: ['candidate_remote_id', 'remote_id'],
  columns: {
    id: uuid(({ id }) => id),
    candidate_remote_id: text(({ owner }) => owner),
    remote_id: text(({ attachment }) => attachment.remoteId),
    hash: uuid(({ attachment }) => attachment.hash),
    filename: text(({ attachment }) => attachment.value.filename),
    kind: text(({ attachment }) => attachment.value.kind),
    content_type: text(({ attachment }) => attachment.value.contentType),
    size: bigint(({ attachment }) => attachment.value.size),
    remote_updated_at: time(({ attachment }) => attachment.value.updatedAt),
  },
};

function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
