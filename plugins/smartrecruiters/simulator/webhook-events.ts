/** Something that happened in an account, as SmartRecruiters tells it (SmartRecruiters sheet §12). */
export interface VendorEvent {
  readonly name: string;
  /** Of ids alone. */
  readonly body: Readonly<Record<string, string>>;
  /** The path of what changed. Absent: it is there no more (that there is no link then is INFERRED). */
  readonly entity?: string;
}

/** Of a candidate. */
export function candidateEvent(change: 'created' | 'updated' | 'deleted', id: string): VendorEvent {
  const entity = change === 'deleted' ? {} : { entity: `/candidates/${id}` };
  return { name: `candidate.${change}`, body: { id }, ...entity };
}

/** Of a job. */
export function jobEvent(change: 'created' | 'updated' | 'status.updated', id: string): VendorEvent {
  return { name: `job.${change}`, body: { id }, entity: `/jobs/${id}` };
}

/** Of a candidate on a job. */
export function applicationEvent(
  change: 'created' | 'status.updated' | 'source.updated' | 'attachment.created',
  candidateId: string,
  { applicationId, jobId }: { readonly applicationId: string; readonly jobId: string },
  attachmentId?: string,
): VendorEvent {
  return {
    name: `application.${change}`,
    body: {
      job_id: jobId,
      candidate_id: candidateId,
      application_id: applicationId,
      ...(attachmentId === undefined ? {} : { attachment_id: attachmentId }),
    },
    entity: `/candidates/${candidateId}/jobs/${jobId}`,
  };
}

/** What a subscription can be for (sheet §12, CONFIRMED; `interview.*` SECONDARY). */
export const EVENT_NAMES: ReadonlySet<string> = new Set([
  ...named('job', 'created', 'updated', 'status.updated', 'hiring-team.updated'),
  ...named('job.ad', 'created', 'updated', 'postings.updated'),
  ...named('position', 'created', 'updated', 'deleted'),
  ...named('application', 'created', 'status.updated', 'fields.updated', 'onboarding-status.updated'),
  ...named('application', 'attachment.created', 'source.updated'),
  ...named('application.screening-answers', 'created', 'updated'),
  ...named('candidate', 'created', 'updated', 'deleted'),
  ...named('offer', 'created', 'updated'),
  ...['job', 'offer'].flatMap((what) => [
    ...named(`${what}.approval`, 'created', 'approved', 'rejected', 'abandoned', 'comment.created'),
    ...named(`${what}.approval.step`, 'approved', 'rejected'),
    ...named(`${what}.approver`, 'skipped', 'delegated'),
  ]),
  ...named('review', 'created', 'updated', 'deleted'),
  'onboarding.process.started',
  ...named('onboarding.assignments', 'high-priority.completed', 'completed'),
  ...named('interview', 'created', 'updated', 'canceled'),
]);

function named(what: string, ...changes: readonly string[]): readonly string[] {
  return changes.map((change) => `${what}.${change}`);
}
