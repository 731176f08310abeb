import {
  type ApplicationStatus,
  type Education,
  type LocatedAddress,
  type MirroredApplication,
  type MirroredAttachment,
  type MirroredCandidate,
  type MirroredJob,
  type PartialDate,
  present,
  type SocialNetwork,
  type SocialUrl,
  type WorkExperience,
} from '@talentbridge/contracts';
import { jobOf, text } from './mapping.js';
import type { AssignmentDetails, AttachmentAnswer, CandidateDetails, JobAnswer } from './vendor-records.js';

/** SmartRecruiters has no word for "active": these are its steps before the end (sheet §8 CONFIRMED, §17 INFERRED). */
const STATUSES: Readonly<Record<string, ApplicationStatus>> = {
  LEAD: 'active',
  NEW: 'active',
  IN_REVIEW: 'active',
  INTERVIEW: 'active',
  OFFERED: 'active',
  HIRED: 'hired',
  REJECTED: 'rejected',
  WITHDRAWN: 'withdrawn',
};

/** Kinds of files (SmartRecruiters sheet §9). Any other string may come. */
const KINDS: Readonly<Record<string, MirroredAttachment['kind']>> = { RESUME: 'resume', COVER_LETTER: 'coverLetter' };

/** A photograph of the person: nothing that a search needs. */
const AVATAR = 'AVATAR';

/**
 * A candidate of SmartRecruiters in our words (SmartRecruiters sheet §6 and §17). What is blank is left out; what cannot be
 * read (a date, an address of the web) as well.
 *
 * @param attachments Absent: they were not asked for.
 */
export function mirroredCandidate(
  candidate: CandidateDetails,
  attachments?: readonly MirroredAttachment[],
): MirroredCandidate {
  const { id, email, phoneNumber, tags, primaryAssignment } = candidate;
  const number = text(phoneNumber);
  return {
    remoteId: id,
    ...present({ firstName: text(candidate.firstName), lastName: text(candidate.lastName) }),
    emails: texts([email]),
    phones: number === undefined ? [] : [{ number, type: 'other' }],
    ...present({ address: addressOf(candidate) }),
    socialUrls: socialUrlsOf(candidate),
    workExperience: candidate.experience.flatMap(workExperienceOf),
    education: candidate.education.flatMap(educationOf),
    tags: [...new Set(texts(tags))],
    ...present({
      // A candidate has no source of their own: it is the one of the application that came first.
      source: text(primaryAssignment?.source),
      createdAt: momentOf(candidate.createdOn),
      updatedAt: momentOf(candidate.updatedOn),
      attachments,
    }),
    applications: applicationsOf(candidate),
  };
}

/**
 * Every application of a candidate: SmartRecruiters gives one job first place, and both kinds the same properties in the
 * details (sheet §6). An application is a candidate on a job, and has no id but these two (§8).
 */
export function applicationsOf(candidate: CandidateDetails): readonly MirroredApplication[] {
  const { id, primaryAssignment, secondaryAssignments } = candidate;
  const applications = new Map<string, MirroredApplication>();
  for (const assignment of [primaryAssignment, ...secondaryAssignments]) {
    const jobId = text(assignment?.job?.id);
    if (!assignment || jobId === undefined || applications.has(jobId)) continue;
    applications.set(jobId, applicationOf(id, jobId, assignment));
  }
  return [...applications.values()];
}

function applicationOf(candidateId: string, jobId: string, assignment: AssignmentDetails): MirroredApplication {
  const { job, status, subStatus, source, reasonOfRejection, reasonOfWithdrawal } = assignment;
  return {
    remoteId: applicationId(candidateId, jobId),
    candidateRemoteId: candidateId,
    jobRemoteId: jobId,
    status: statusOf(status),
    ...present({
      jobTitle: text(job?.title),
      statusLabel: text(status),
      subStatus: text(subStatus),
      rejectionReason: text(reasonOfRejection?.label),
      withdrawalReason: text(reasonOfWithdrawal?.label),
      source: text(source),
    }),
  };
}

/** The id of an application: SmartRecruiters names one nowhere that is CONFIRMED (sheet §8). */
export function applicationId(candidateId: string, jobId: string): string {
  return `${candidateId}/${jobId}`;
}

/** The candidate of an application's id; `undefined` when `applicationId` did not make it. */
export function candidateOfApplication(remoteId: string): string | undefined {
  return /^([^/]+)\/[^/]+$/.exec(remoteId)?.[1];
}

/** A status in words that all systems share. What SmartRecruiters adds one day, and TRANSFERRED, is `other`. */
export function statusOf(status: string | null | undefined): ApplicationStatus {
  const word = text(status) ?? '';
  return (Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined) ?? 'other';
}

/** A job, open or not, in our words. */
export function mirroredJob(job: JobAnswer): MirroredJob {
  return { ...jobOf(job), ...present({ createdAt: momentOf(job.createdOn), updatedAt: momentOf(job.updatedOn) }) };
}

/**
 * A file in our words; `undefined` for the photograph. SmartRecruiters tells neither size nor date (sheet §9).
 *
 * @param jobId The job that it hangs on. Absent: on the candidate.
 */
export function mirroredAttachment(file: AttachmentAnswer, jobId?: string): MirroredAttachment | undefined {
  const type = text(file.type) ?? '';
  if (type === AVATAR) return undefined;
  return {
    // The list of one file is found again by it, without a search through all of them.
    remoteId: jobId === undefined ? file.id : `${jobId}/${file.id}`,
    filename: text(file.name) ?? file.id,
    kind: (Object.hasOwn(KINDS, type) ? KINDS[type] : undefined) ?? 'other',
    ...present({ contentType: text(file.contentType) }),
  };
}

/** Where a file hangs, from the id that `mirroredAttachment` gave it. */
export function placeOfAttachment(remoteId: string): { readonly jobId: string | undefined; readonly fileId: string } {
  const [, jobId, fileId] = /^([^/]+)\/([^/]+)$/.exec(remoteId) ?? [];
  return fileId === undefined ? { jobId: undefined, fileId: remoteId } : { jobId, fileId };
}

function addressOf({ location }: CandidateDetails): LocatedAddress | undefined {
  const { city, region, regionCode, country, countryCode, lat, lng } = location ?? {};
  const address = present({
    city: text(city),
    region: text(region) ?? text(regionCode),
    country: text(countryCode)?.toUpperCase() ?? text(country),
    // Zero for both stands for nothing known: nobody lives there (sheet §6, its examples; INFERRED).
    coordinates: lat == null || lng == null || (lat === 0 && lng === 0) ? undefined : { latitude: lat, longitude: lng },
  });
  return Object.keys(address).length === 0 ? undefined : address;
}

/** Networks by the end of the host: people put any link into any slot, and GitHub has none of its own (sheet §16). */
const NETWORK_HOSTS: readonly (readonly [string, SocialNetwork])[] = [
  ['linkedin.com', 'linkedin'],
  ['github.com', 'github'],
  ['github.io', 'github'],
  ['stackoverflow.com', 'stackoverflow'],
  ['twitter.com', 'twitter'],
  ['x.com', 'twitter'],
  ['facebook.com', 'facebook'],
  ['fb.com', 'facebook'],
];

/** The links that are addresses of the web, each once. A Skype name is none. */
function socialUrlsOf({ web }: CandidateDetails): readonly SocialUrl[] {
  const { linkedin, website, twitter, facebook } = web ?? {};
  const slots = [
    ['linkedin', linkedin],
    ['website', website],
    ['twitter', twitter],
    ['facebook', facebook],
  ] as const;
  const urls = slots.flatMap(([slot, written]) => {
    const url = webUrlOf(written);
    return url === undefined ? [] : [{ network: networkOf(url) ?? (slot === 'website' ? slot : 'other'), url }];
  });
  return [...new Map(urls.map((one) => [one.url, one])).values()];
}

function networkOf(url: string): SocialNetwork | undefined {
  const { hostname: host } = new URL(url);
  return NETWORK_HOSTS.find(([end]) => host === end || host.endsWith(`.${end}`))?.[1];
}

/** A name with a top-level domain, and no number of a machine. */
const HOST_NAME = /^(?:[a-z0-9_-]*[a-z0-9]\.)+[a-z][a-z0-9-]+$/;

/** An address of the web as it was written, with a scheme where it had none. Another scheme than the web's is none. */
function webUrlOf(written: string | null | undefined): string | undefined {
  const trimmed = text(written);
  if (trimmed === undefined || /\s/u.test(trimmed)) return undefined;
  const url = /^[a-z][a-z\d+.-]*:(?!\d)/i.test(trimmed) ? trimmed : `https://${trimmed.replace(/^\/+/, '')}`;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isWeb = parsed?.protocol === 'https:' || parsed?.protocol === 'http:';
  return isWeb && parsed.username === '' && parsed.password === '' && HOST_NAME.test(parsed.hostname) ? url : undefined;
}

/** Unknown is not current; what goes on has no end. */
function workExperienceOf(held: CandidateDetails['experience'][number]): readonly WorkExperience[] {
  const employer = text(held.company) ?? '';
  const title = text(held.title);
  if (employer === '' && title === undefined) return [];
  const current = held.current === true;
  return [
    {
      employer,
      ...present({
        title,
        startDate: partialDateOf(held.startDate),
        endDate: current ? undefined : partialDateOf(held.endDate),
      }),
      current,
    },
  ];
}

function educationOf(course: CandidateDetails['education'][number]): readonly Education[] {
  const school = text(course.institution) ?? '';
  const known = present({ degree: text(course.degree), major: text(course.major) });
  if (school === '' && Object.keys(known).length === 0) return [];
  return [{ school, ...known, ...present({ graduationDate: partialDateOf(course.endDate) }) }];
}

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (SmartRecruiters sheet §2, CONFIRMED), as far as it is one of the calendar. */
export function partialDateOf(written: string | null | undefined): PartialDate | undefined {
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:$|T)/.exec(text(written) ?? '') ?? [];
  if (year === undefined || year === '0000') return undefined;
  if (month === undefined || Number(month) < 1 || Number(month) > 12) return year;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (day === undefined || Number(day) < 1 || Number(day) > days) return `${year}-${month}`;
  return `${year}-${month}-${day}`;
}

/** A moment in UTC. Another than ISO 8601 is none. */
export function momentOf(written: string | null | undefined): string | undefined {
  const iso = text(written);
  if (iso === undefined || !/^\d{4}-\d{2}-\d{2}T/.test(iso)) return undefined;
  const milliseconds = Date.parse(iso);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

function texts(values: readonly (string | null | undefined)[]): readonly string[] {
  return values.map(text).filter((value) => value !== undefined);
}
