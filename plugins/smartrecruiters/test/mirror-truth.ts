import type {
  ApplicationStatus,
  MirroredApplication,
  MirroredAttachment,
  MirroredCandidate,
  MirroredJob,
} from '@talentbridge/contracts';
import type { SimulatedHistory } from '@talentbridge/testkit';
import type { SimulatedAccount, SimulatedAttachment, SimulatedCandidate, SimulatedJob } from '../simulator/index.js';
import { known, recordOf } from './simulated-record.js';

// What a mirror of a simulated SmartRecruiters must hold, read without the plugin's help.

const STATUSES: Readonly<Record<string, ApplicationStatus>> = {
  HIRED: 'hired',
  REJECTED: 'rejected',
  WITHDRAWN: 'withdrawn',
  TRANSFERRED: 'other',
};

const OPEN: readonly string[] = ['CREATED', 'SOURCING', 'INTERVIEW', 'OFFER'];

/** Everybody with an application, by id. */
export function candidatesOf(account: SimulatedAccount): readonly MirroredCandidate[] {
  return account
    .candidates()
    .filter(({ assignments }) => assignments.length > 0)
    .map((candidate) => candidateOf(account, candidate))
    .toSorted((one, other) => (one.remoteId < other.remoteId ? -1 : 1));
}

/** A candidate with applications and files. */
export function candidateOf(account: SimulatedAccount, candidate: SimulatedCandidate): MirroredCandidate {
  const { id, attachments, createdOn, updatedOn, assignments, location } = candidate;
  const { firstName, lastName, emails, phones, address, socialUrls, workExperience, education, tags } =
    recordOf(candidate);
  return {
    remoteId: id,
    remoteUrl: `https://www.smartrecruiters.com/app/people/candidates/${id}`,
    firstName,
    lastName,
    emails,
    phones,
    ...(address && Object.keys(address).length > 0
      ? { address: { ...address, ...known({ country: location?.countryCode?.toUpperCase() }) } }
      : {}),
    // GitHub has no place of its own: it comes as a website, and its host tells.
    socialUrls: socialUrls.map(({ network, url }) => ({
      network: url.startsWith('https://github.com/') ? 'github' : network,
      url,
    })),
    workExperience,
    education,
    tags,
    ...known({ source: assignments[0]?.source }),
    createdAt: createdOn,
    updatedAt: updatedOn,
    applications: applicationsOf(account, candidate),
    // Those on the candidate, then those on each application.
    attachments: [undefined, ...assignments.map(({ jobId }) => jobId)].flatMap((place) =>
      attachments.filter(({ type, jobId }) => type !== 'AVATAR' && jobId === place).map(attachmentOf),
    ),
  };
}

/** The applications of one candidate. */
export function applicationsOf(
  account: SimulatedAccount,
  { id, assignments }: SimulatedCandidate,
): readonly MirroredApplication[] {
  return assignments.map(({ jobId, status, subStatus, source, reasonOfRejection, reasonOfWithdrawal }) => ({
    remoteId: `${id}/${jobId}`,
    candidateRemoteId: id,
    jobRemoteId: jobId,
    status: STATUSES[status] ?? 'active',
    statusLabel: status,
    source,
    ...known({
      jobTitle: account.findJob(jobId)?.title,
      subStatus,
      rejectionReason: reasonOfRejection?.label,
      withdrawalReason: reasonOfWithdrawal?.label,
    }),
  }));
}

/** The statuses that the applications of one candidate came to. */
export function stageChangesOf({ id, assignments }: SimulatedCandidate): SimulatedHistory['stageChanges'] {
  return assignments.flatMap(({ jobId, history }) =>
    history.map(({ changedOn, status, subStatus }) => ({
      applicationRemoteId: `${id}/${jobId}`,
      stage: subStatus ?? status,
      enteredAt: changedOn,
    })),
  );
}

/** A job. */
export function jobOf(job: SimulatedJob): MirroredJob {
  const { id, title, refNumber, status, template, department, city, regionCode, countryCode } = job;
  return {
    remoteId: id,
    title,
    code: refNumber,
    open: !template && OPEN.includes(status),
    statusLabel: status,
    department,
    location: `${city}, ${regionCode}, ${countryCode.toUpperCase()}`,
    createdAt: job.createdOn,
    updatedAt: job.updatedOn,
  };
}

function attachmentOf({ id, name, type, contentType, jobId }: SimulatedAttachment): MirroredAttachment {
  return {
    remoteId: jobId === undefined ? id : `${jobId}/${id}`,
    filename: name,
    kind: type === 'RESUME' ? 'resume' : type === 'COVER_LETTER' ? 'coverLetter' : 'other',
    contentType,
  };
}
