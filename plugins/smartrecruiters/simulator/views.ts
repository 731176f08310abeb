import type { SimulatedAccount } from './account.js';
import type { SimulatedAssignment, SimulatedAttachment, SimulatedCandidate, SimulatedJob } from './records.js';

/** Links lead to the vendor's own host, wherever the simulator listens. */
const HOST = 'https://api.smartrecruiters.com';

/** A link as answers carry it. */
interface Action {
  readonly url: string;
  readonly method: 'GET' | 'DELETE';
}

function link(path: string, method: Action['method'] = 'GET'): Action {
  return { url: `${HOST}${path}`, method };
}

/** A candidate in the list: without phone, links, history, source, and the status of secondary jobs (SmartRecruiters sheet §5). */
export function summaryOf(account: SimulatedAccount, candidate: SimulatedCandidate): unknown {
  const { id, internal, firstName, lastName, email, createdOn, updatedOn, location, tags } = candidate;
  const [primary, ...secondary] = candidate.assignments;
  return {
    id,
    internal,
    firstName,
    lastName,
    email,
    createdOn,
    updatedOn,
    ...(location ? { location } : {}),
    tags,
    ...(primary
      ? {
          primaryAssignment: {
            job: { ...jobLink(primary), title: titleOf(account, primary) },
            status: primary.status,
            ...(primary.subStatus === undefined ? {} : { subStatus: primary.subStatus }),
          },
        }
      : {}),
    secondaryAssignments: secondary.map((assignment) => ({ job: jobLink(assignment) })),
    actions: { details: link(`/candidates/${id}`), properties: link(`/candidates/${id}/properties`) },
  };
}

/** A candidate by itself, and the answer to a new one (SmartRecruiters sheet §6). */
export function detailsOf(account: SimulatedAccount, candidate: SimulatedCandidate): unknown {
  const { assignments, attachments: _files, source: _source, ...rest } = candidate;
  const [primary, ...secondary] = assignments.map((assignment) => ({
    job: { ...jobLink(assignment), title: titleOf(account, assignment) },
    ...applicationOf(assignment),
  }));
  const at = `/candidates/${candidate.id}`;
  return {
    ...rest,
    ...(primary ? { primaryAssignment: primary } : {}),
    secondaryAssignments: secondary,
    actions: {
      properties: link(`${at}/properties`),
      attachments: link(`${at}/attachments`),
      consent: link(`${at}/consent`),
      consents: link(`${at}/consents`),
    },
  };
}

/** A candidate on one job (SmartRecruiters sheet §8). */
export function applicationOf(assignment: SimulatedAssignment): object {
  const { status, subStatus, startsOn, source, reasonOfRejection, reasonOfWithdrawal, applicationId } = assignment;
  return { status, subStatus, startsOn, source, reasonOfRejection, reasonOfWithdrawal, actions: {}, applicationId };
}

/** A file (SmartRecruiters sheet §9). */
export function attachmentOf({ id, name, type, contentType, jobId }: SimulatedAttachment): unknown {
  const download = link(`/candidates/attachments/${id}`);
  const remove = jobId === undefined ? {} : { remove: link(`/candidates/attachments/${id}`, 'DELETE') };
  return { id, name, type, contentType, actions: { download, ...remove } };
}

/** A job in the list (SmartRecruiters sheet §4). `template` in the list is INFERRED: the sheet knows it of the details. */
export function jobOf(job: SimulatedJob): object {
  const { id, title, refNumber, createdOn, updatedOn, status, template, city, regionCode, countryCode } = job;
  return {
    id,
    title,
    refNumber,
    createdOn,
    updatedOn,
    lastActivityOn: updatedOn,
    department: { id: job.department.toLowerCase(), label: job.department },
    location: { countryCode, regionCode, city, manual: false, remote: false },
    status,
    postingStatus: status === 'CREATED' ? 'NOT_PUBLISHED' : 'PUBLIC',
    language: { code: 'en', label: 'English' },
    template,
    actions: { details: link(`/jobs/${id}`) },
  };
}

function jobLink({ jobId: id }: SimulatedAssignment): { readonly id: string; readonly actions: object } {
  return { id, actions: { details: link(`/jobs/${id}`) } };
}

/** Empty when the job is gone: tests replace jobs. */
function titleOf(account: SimulatedAccount, { jobId }: SimulatedAssignment): string {
  return account.findJob(jobId)?.title ?? '';
}
