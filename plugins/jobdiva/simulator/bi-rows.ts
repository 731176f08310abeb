import type { SimulatedAccount } from './account.js';
import type { BiQuery, BiRow } from './bi-read.js';
import { toEastern } from './eastern-clock.js';
import { jobTouchedAt } from './mirror-data.js';
import type { SimulatedApplication, SimulatedCandidate, SimulatedJob, SimulatedSubmittal } from './records.js';
import { RECRUITERS } from './tenant.js';

/** What is unknown is the text `Null`, or empty (JobDiva sheet §3, CONFIRMED). */
export function orNull(text: string | undefined): string {
  return text === undefined || text === '' ? 'Null' : text;
}

/** Columns that the list of changes and the details share, with the user-defined fields that were asked for. */
export function candidateColumns(candidate: SimulatedCandidate, { userFieldsName }: BiQuery): BiRow {
  const phone = (type: string): string => orNull(candidate.phones.find((one) => one.type === type)?.phone);
  const names = userFieldsName === undefined ? [] : [userFieldsName].flat();
  const fields = names.map((name) => [name.toUpperCase(), candidate.userFields[name] ?? 'Null'] as const);
  return {
    FIRSTNAME: candidate.firstName,
    LASTNAME: candidate.lastName,
    EMAIL: candidate.email,
    ALTERNATEEMAIL: orNull(candidate.alternateemail),
    ADDRESS1: candidate.address1,
    ADDRESS2: orNull(candidate.address2),
    CITY: candidate.city,
    STATE: candidate.state,
    ZIPCODE: candidate.zipCode,
    WORKPHONE: phone('W'),
    HOMEPHONE: phone('H'),
    CELLPHONE: phone('C'),
    ...Object.fromEntries(fields),
  };
}

/** Columns that the list of changes and the details share. */
export function jobColumns(job: SimulatedJob): BiRow {
  return {
    JOBDIVANO: job.reference,
    OPTIONALREFERENCENO: 'Null',
    COMPANYNAME: job.company,
    JOBSTATUS: job.status,
    CITY: job.city,
    STATE: job.state,
    PRIMARYRECRUITERID: orNull(job.recruiterId?.toString()),
  };
}

/** A row of the list of jobs that changed. */
export function jobRow(job: SimulatedJob): BiRow {
  return {
    JOBID: String(job.id),
    TITLE: job.title,
    ...jobColumns(job),
    ISSUEDATE: toEastern(job.createdAt ?? jobTouchedAt(job)),
    DATEUPDATED: toEastern(jobTouchedAt(job)),
    DATESTATUSUPDATED: 'Null',
    POSITIONTYPE: 'Contract',
    OPENINGS: '1',
  };
}

/** A row of either list of applications. */
export function applicationRow(account: SimulatedAccount, application: SimulatedApplication): BiRow {
  const candidate = account.people.find(application.candidateId);
  const isActedOn = (application.status ?? 'Pending') !== 'Pending';
  return {
    CANDIDATEID: String(application.candidateId),
    FIRSTNAME: candidate?.firstName ?? '',
    LASTNAME: candidate?.lastName ?? '',
    EMAIL: candidate?.email ?? '',
    JOBID: String(application.jobId),
    DATEAPPLIED: orNull(application.dateApplied?.slice(0, 19)),
    RESUMESOURCE: orNull(application.sourceName ?? account.sources.find(({ id }) => id === application.source)?.name),
    ACTION: isActedOn ? 'Reviewed' : 'Null',
    ACTIONUSERID: 'Null',
    REJECTREASON: orNull(application.rejectReason),
    ACTIONDATE: toEastern(applicationTouchedAt(application)),
    REFERRER: 'Null',
    RESUMEID: 'Null',
    STATUS: application.status ?? 'Pending',
  };
}

/** When an application was made or last acted on. */
export function applicationTouchedAt({ touchedAt = 0 }: SimulatedApplication): number {
  return touchedAt;
}

/** A row of the list of submittals: what each is like now (JobDiva sheet §5). */
export function activityRow(account: SimulatedAccount, submittal: SimulatedSubmittal): BiRow {
  const candidate = account.people.find(submittal.candidateId);
  const job = account.jobs.find(({ id }) => id === submittal.jobId);
  const user = RECRUITERS.find(({ id }) => id === submittal.userId);
  const reached = ['internal', 'submitted', 'interview', 'hired'].indexOf(submittal.state);
  const flag = (isSet: boolean): string => (isSet ? '1' : '0');
  return {
    ACTIVITYID: String(submittal.id),
    ACTIVITYDATE: toEastern(submittal.touchedAt),
    DATECREATED: toEastern(submittal.submittedAt),
    DATEUPDATED: toEastern(submittal.touchedAt),
    USERID: String(submittal.userId),
    USERFIRSTNAME: user?.firstName ?? 'Null',
    USERLASTNAME: user?.lastName ?? 'Null',
    CANDIDATEID: String(submittal.candidateId),
    CANDIDATEFIRSTNAME: candidate?.firstName ?? '',
    CANDIDATELASTNAME: candidate?.lastName ?? '',
    JOBID: String(submittal.jobId),
    JOBREFERENCENUMBER: orNull(job?.reference),
    JOBTITLE: orNull(job?.title),
    COMPANYNAME: orNull(job?.company),
    SUBMITTALFLAG: '1',
    INTERNALSUBMITTALFLAG: '1',
    EXTERNALSUBMITTALFLAG: flag(reached >= 1 || submittal.state === 'rejected'),
    INTERVIEWFLAG: flag(reached >= 2),
    HIREFLAG: flag(submittal.state === 'hired'),
    REJECTFLAG: flag(submittal.state === 'rejected'),
    REJECTREASON: orNull(submittal.rejectReason),
    SUBMITTALDATE: toEastern(submittal.submittedAt),
    INTERNALREJECTDATE: 'Null',
    EXTERNALREJECTDATE: submittal.state === 'rejected' ? toEastern(submittal.touchedAt) : 'Null',
  };
}
