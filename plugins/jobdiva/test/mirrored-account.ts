import type { MirroredApplication, MirroredCandidate, MirroredJob } from '@talentbridge/contracts';
import {
  allApplications,
  allSubmittals,
  everybody,
  fromEastern,
  RECRUITERS,
  type SimulatedAccount,
  type SimulatedApplication,
  type SimulatedCandidate,
  type SimulatedJob,
  type SimulatedSubmittal,
  type SubmittalState,
  toEastern,
} from '../simulator/index.js';

// What a mirror of a simulated account has to hold, read from the simulator's own records without the plugin's help.

/** The name of the user-defined field that generated candidates have. */
export const LINKEDIN_FIELD = 'LinkedIn URL';

/** Every candidate that the API shows. */
export function mirroredCandidates(account: SimulatedAccount): readonly MirroredCandidate[] {
  return everybody(account).map((candidate) => mirroredCandidate(account, candidate));
}

/** Every application: of a pair with submittals the one that was touched last, else the application itself. */
export function mirroredApplications(account: SimulatedAccount): readonly MirroredApplication[] {
  const jobs = new Map(account.jobs.map((job) => [job.id, job]));
  const pairs = new Map<string, MirroredApplication>();
  for (const application of allApplications(account)) {
    pairs.set(pairOf(application), fromApplication(account, application, jobs.get(application.jobId)));
  }
  const newestLast = allSubmittals(account).toSorted(
    (a, b) => second(a.touchedAt) - second(b.touchedAt) || a.id - b.id,
  );
  for (const submittal of newestLast) pairs.set(pairOf(submittal), fromSubmittal(submittal, jobs.get(submittal.jobId)));
  return [...pairs.values()];
}

/** Every job. */
export function mirroredJobs(account: SimulatedAccount): readonly MirroredJob[] {
  return account.jobs.map((job) => {
    const touched = job.updatedAt ?? Date.UTC(2026, 0, 15, 15);
    return {
      remoteId: String(job.id),
      title: job.title,
      open: job.status === 'OPEN',
      remoteUrl: `https://www1.jobdiva.com/employers/myjobs/vieweditjobform.jsp?jobid=${job.id}`,
      code: job.reference,
      statusLabel: job.status,
      department: job.company,
      location: `${job.city}, ${job.state}`,
      createdAt: iso(job.createdAt ?? touched),
      updatedAt: iso(touched),
      ...recruiterOf(job.recruiterId),
    };
  });
}

function mirroredCandidate(account: SimulatedAccount, candidate: SimulatedCandidate): MirroredCandidate {
  const { id, firstName, lastName, email, alternateemail } = candidate;
  const types = [
    ['C', 'mobile'],
    ['H', 'home'],
    ['W', 'work'],
  ] as const;
  const url = candidate.userFields[LINKEDIN_FIELD];
  const address = filled({
    street1: candidate.address1,
    street2: candidate.address2,
    city: candidate.city,
    region: candidate.state,
    postalCode: candidate.zipCode,
    country: candidate.countryid,
  });
  return {
    remoteId: String(id),
    ...filled({ firstName, lastName }),
    emails: [email, alternateemail].filter((one) => one !== ''),
    phones: types.flatMap(([letter, type]) => {
      const phone = candidate.phones.find((one) => one.type === letter)?.phone;
      return phone === undefined ? [] : [{ number: phone, type }];
    }),
    ...(Object.keys(address).length === 0 ? {} : { address }),
    socialUrls: url === undefined ? [] : [{ network: 'linkedin', url }],
    workExperience: [],
    education: [],
    tags: [],
    updatedAt: iso(candidate.updatedAt),
    remoteUrl: `https://www1.jobdiva.com/employers/myreports/viewcandidate2_real.jsp?docids=-1&candidateid=${id}`,
    attachments: account.people.resumesOf(id).map((resume) => ({
      remoteId: resume.id,
      filename: `resume-${toEastern(resume.createdAt).slice(0, 10)}`,
      kind: 'resume',
      updatedAt: iso(resume.createdAt),
    })),
  };
}

function fromApplication(
  account: SimulatedAccount,
  application: SimulatedApplication,
  job: SimulatedJob | undefined,
): MirroredApplication {
  const { candidateId, jobId, status = 'Pending', rejectReason = '', touchedAt = 0 } = application;
  const sourceName = application.sourceName ?? account.sources.find(({ id }) => id === application.source)?.name ?? '';
  const applied = fromEastern(application.dateApplied ?? '');
  return {
    remoteId: `${candidateId}/${jobId}`,
    candidateRemoteId: String(candidateId),
    jobRemoteId: String(jobId),
    ...(status === 'Pending'
      ? { status: 'active', statusLabel: 'Active' }
      : { status: status === 'Rejected' ? 'rejected' : 'active', statusLabel: status }),
    ...filled({
      rejectionReason: status === 'Rejected' ? rejectReason : '',
      source: sourceName,
      appliedAt: applied === undefined ? '' : iso(applied),
      updatedAt: iso(touchedAt),
    }),
    ...recruiterOf(job?.recruiterId),
  };
}

const STATUSES: Readonly<Record<SubmittalState, Pick<MirroredApplication, 'status' | 'statusLabel'>>> = {
  internal: { status: 'active', statusLabel: 'Internal submittal' },
  submitted: { status: 'active', statusLabel: 'Submitted' },
  interview: { status: 'active', statusLabel: 'Interview' },
  rejected: { status: 'rejected', statusLabel: 'Rejected' },
  hired: { status: 'hired', statusLabel: 'Hired' },
};

function fromSubmittal(submittal: SimulatedSubmittal, job: SimulatedJob | undefined): MirroredApplication {
  const { candidateId, jobId, state, rejectReason, submittedAt, touchedAt } = submittal;
  return {
    remoteId: `${candidateId}/${jobId}`,
    candidateRemoteId: String(candidateId),
    jobRemoteId: String(jobId),
    ...STATUSES[state],
    ...filled({
      rejectionReason: rejectReason,
      jobTitle: job?.title ?? '',
      appliedAt: iso(submittedAt),
      updatedAt: iso(touchedAt),
    }),
    ...recruiterOf(submittal.userId),
  };
}

function recruiterOf(id: number | undefined): Pick<MirroredJob, 'recruiter'> {
  const user = RECRUITERS.find((one) => one.id === id);
  return user ? { recruiter: { remoteId: String(user.id), name: `${user.firstName} ${user.lastName}` } } : {};
}

function pairOf({ candidateId, jobId }: { readonly candidateId: number; readonly jobId: number }): string {
  return `${candidateId}/${jobId}`;
}

/** What JobDiva's clock without a zone leaves of an instant: whole seconds, and the earlier of two hours that look alike. */
function iso(epochMs: number): string {
  return new Date(fromEastern(toEastern(epochMs)) ?? Number.NaN).toISOString();
}

function second(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}

function filled<Name extends string>(
  texts: Readonly<Record<Name, string | undefined>>,
): { readonly [Key in Name]?: string } {
  const entries = Object.entries<string | undefined>(texts).filter(([, text]) => text !== undefined && text !== '');
  return Object.fromEntries(entries) as { readonly [Key in Name]?: string };
}
