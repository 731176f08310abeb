import {
  type ApplicationStatus,
  type CandidateHistory,
  type ContactAddition,
  type ContactReceipt,
  type ExportRequest,
  type Job,
  type JsonValue,
  type MirroredApplication,
  type MirroredCandidate,
  type MirroredJob,
  newContact,
  type PhoneType,
  type RemoteReference,
  type SocialNetwork,
} from '@talentbridge/contracts';
import type { ExampleApplication, ExampleCandidate, ExampleHistory, ExampleJob, ExampleReference } from './client.js';

/** Our candidate as Example ATS takes it. */
export function toExampleCandidate(
  { itemId, candidate }: ExportRequest,
  sourceName: string,
): { readonly [property: string]: JsonValue } {
  return {
    external_id: itemId,
    source: sourceName,
    first_name: candidate.firstName,
    last_name: candidate.lastName,
    emails: candidate.emails,
    phones: candidate.phones.map(({ number, type }) => ({ number, type })),
    links: candidate.socialUrls.map(({ network, url }) => ({ network, url })),
    positions: candidate.workExperience.map(({ employer, title, startDate, endDate }) => ({
      employer,
      title: title ?? null,
      from: startDate ?? null,
      to: endDate ?? null,
    })),
    tags: candidate.tags,
  };
}

/** Example ATS takes so many addresses, and so many numbers. */
export const MOST_CONTACTS = 3;

/** What to set of a candidate so that they have what is added, and what there is no room for. */
export function toContactChanges(
  candidate: ExampleCandidate,
  addition: ContactAddition,
): {
  readonly changes: { readonly [property: string]: JsonValue };
  readonly leftOut: ContactReceipt['leftOut'];
} {
  const { madeUp } = addition;
  const emails = candidate.emails.filter((email) => email !== madeUp?.email);
  const { phones } = candidate;
  const isMadeUp = (name: string, half: 'firstName' | 'lastName'): boolean =>
    name === madeUp?.[half] && name !== addition[half];
  const fresh = newContact(addition, { emails, phones: phones.map(({ number }) => number) });
  const newEmails = fresh.emails.slice(0, MOST_CONTACTS - emails.length);
  const newPhones = fresh.phones.slice(0, MOST_CONTACTS - phones.length).map(({ number, type }) => ({ number, type }));
  return {
    changes: {
      ...(isMadeUp(candidate.first_name, 'firstName') && { first_name: addition.firstName }),
      ...(isMadeUp(candidate.last_name, 'lastName') && { last_name: addition.lastName }),
      ...(newEmails.length > 0 && { emails: [...emails, ...newEmails] }),
      ...(newPhones.length > 0 && { phones: [...phones, ...newPhones] }),
    },
    leftOut: {
      emails: fresh.emails.slice(newEmails.length),
      phones: fresh.phones.slice(newPhones.length).map(({ number }) => number),
    },
  };
}

/** A job of Example ATS as ours. */
export function toJob(job: ExampleJob): Job {
  return {
    remoteId: job.id,
    title: job.title,
    open: job.status === 'open',
    statusLabel: job.status,
    ...(job.number ? { code: job.number } : {}),
    ...(job.city ? { location: job.city } : {}),
  };
}

/** Where a candidate of Example ATS is. */
export function toReference(candidate: ExampleReference): RemoteReference {
  return candidate.url ? { remoteId: candidate.id, remoteUrl: candidate.url } : { remoteId: candidate.id };
}

/** A job of Example ATS as the mirror holds it. */
export function toMirroredJob(job: ExampleJob): MirroredJob {
  return job.updated_at ? { ...toJob(job), updatedAt: job.updated_at } : toJob(job);
}

const STATUSES: ReadonlyMap<string, ApplicationStatus> = new Map(
  (['active', 'hired', 'rejected', 'withdrawn'] as const).map((status) => [status, status]),
);

/** An application of Example ATS as the mirror holds it. */
export function toMirroredApplication(application: ExampleApplication): MirroredApplication {
  return {
    remoteId: application.id,
    candidateRemoteId: application.candidate_id,
    jobRemoteId: application.job_id,
    status: STATUSES.get(application.status) ?? 'other',
    statusLabel: application.status,
    ...(application.created_at ? { appliedAt: application.created_at } : {}),
    ...(application.updated_at ? { updatedAt: application.updated_at } : {}),
  };
}

const PHONE_TYPES: ReadonlyMap<string, PhoneType> = new Map(
  (['mobile', 'home', 'work'] as const).map((type) => [type, type]),
);
const NETWORKS: ReadonlyMap<string, SocialNetwork> = new Map(
  (['linkedin', 'github', 'twitter', 'facebook', 'stackoverflow', 'website'] as const).map((name) => [name, name]),
);

/** A candidate of Example ATS as the mirror holds it, with every application and the résumé. */
export function toMirroredCandidate(candidate: ExampleCandidate): MirroredCandidate {
  const { id, url, source, resume } = candidate;
  return {
    remoteId: id,
    firstName: candidate.first_name,
    lastName: candidate.last_name,
    emails: candidate.emails,
    phones: candidate.phones.map(({ number, type }) => ({ number, type: PHONE_TYPES.get(type) ?? 'other' })),
    socialUrls: candidate.links.map(({ network, url }) => ({ network: NETWORKS.get(network) ?? 'other', url })),
    workExperience: candidate.positions.map(({ employer, title, from, to }) => ({
      employer,
      ...(title ? { title } : {}),
      ...(from ? { startDate: from } : {}),
      ...(to ? { endDate: to } : {}),
      current: !to,
    })),
    education: [],
    tags: candidate.tags,
    ...(source ? { source } : {}),
    createdAt: candidate.created_at,
    updatedAt: candidate.updated_at,
    ...(url ? { remoteUrl: url } : {}),
    applications: candidate.applications.map(toMirroredApplication),
    attachments: resume ? [{ remoteId: 'resume', kind: 'resume', filename: resume.filename }] : [],
  };
}

/** What Example ATS keeps of a candidate's way. It has no stages: each status is one. */
export function toHistory({ notes, changes }: ExampleHistory): CandidateHistory {
  return {
    // What its author alone may read is nobody else's.
    notes: notes
      .filter(({ readers }) => readers === 'all')
      .map(({ id, text, author, created_at }) => ({
        remoteId: id,
        text,
        author: { firstName: author.first_name, lastName: author.last_name },
        createdAt: created_at,
      })),
    stageChanges: changes.map(({ application_id, status, at }) => ({
      remoteId: `${application_id}/${status}/${at}`,
      applicationRemoteId: application_id,
      stage: status,
      enteredAt: at,
    })),
    feedback: [],
  };
}
