import { InvalidInputError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/persistence/organization-scope.js';

/** The columns of a `MirrorCandidateRecord`, of a table that is called `c`. */
export const CANDIDATE_COLUMNS = `c.id, c.connection_id as "connectionId", c.remote_id as "remoteId", c.data,
  c.remote_updated_at as "remoteUpdatedAt", c.written_at as "writtenAt"`;

/** The columns of a `MirrorJobRecord`, of a table that is called `j`. */
export const JOB_COLUMNS = `j.id, j.connection_id as "connectionId", j.remote_id as "remoteId", j.data,
  j.remote_updated_at as "remoteUpdatedAt", j.written_at as "writtenAt"`;

/** The columns of a `MirrorApplicationRecord`, of tables that are called `a`, `c` (its candidate) and `j` (its job). */
export const APPLICATION_COLUMNS = `a.id, a.connection_id as "connectionId", a.remote_id as "remoteId", c.id as "candidateId",
  a.candidate_remote_id as "candidateRemoteId", j.id as "jobId", a.job_remote_id as "jobRemoteId",
  coalesce(j.title, a.job_title) as "jobTitle", a.status, a.status_label as "statusLabel", a.sub_status as "subStatus",
  a.stage, a.rejection_reason as "rejectionReason", a.withdrawal_reason as "withdrawalReason", a.source,
  a.recruiter_remote_id as "recruiterRemoteId", a.recruiter_name as "recruiterName", a.applied_at as "appliedAt",
  a.remote_updated_at as "remoteUpdatedAt"`;

/** The columns of a `MirrorAttachmentRecord`, of tables that are called `f` and `c` (its candidate). */
export const ATTACHMENT_COLUMNS = `f.id, f.connection_id as "connectionId", c.id as "candidateId", f.remote_id as "remoteId",
  f.filename, f.kind, f.content_type as "contentType", f.size::float8 as size, f.remote_updated_at as "remoteUpdatedAt"`;

/** Where a candidate stands in the list: its time in microseconds, and its id. */
export function candidateCursor({ sortedAt, id }: { readonly sortedAt: string; readonly id: string }): string {
  return `${sortedAt}/${id}`;
}

/** What a cursor of the list of candidates holds. @throws InvalidInputError when it is none of ours. */
export function candidateAfter(cursor: string): { readonly sortedAt: string; readonly id: string } {
  const [, sortedAt, id = ''] = /^v1:(-?\d{1,18})\/(.+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (sortedAt === undefined || !isUuid(id)) {
    throw new InvalidInputError([
      { field: 'after', message: 'This is no cursor of this list. Take endCursor from an earlier page.' },
    ]);
  }
  return { sortedAt, id };
}
