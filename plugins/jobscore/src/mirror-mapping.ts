import {
  type ApplicationStatus,
  type MirroredApplication,
  type MirroredAttachment,
  type MirroredCandidate,
  type MirroredJob,
  type Phone,
  present,
  type SocialNetwork,
  type WorkExperience,
} from '@talentbridge/contracts';
import { referenceTo } from './client.js';
import { jobOf, text } from './mapping.js';
import { plainText } from './plain-text.js';
import type { JobScoreApplication, JobScoreFile, JobScorePerson, JobScorePosting } from './vendor-records.js';

const NETWORKS: ReadonlyMap<string, SocialNetwork> = new Map(
  (['linkedin', 'github', 'twitter', 'facebook', 'website'] as const).map((network) => [network, network]),
);

/** The words of JobScore that ours have a word for (JobScore sheet §9a, INFERRED); any other is `other`. */
const STATUSES: ReadonlyMap<string, ApplicationStatus> = new Map(
  (['active', 'hired', 'rejected', 'withdrawn'] as const).map((status) => [status, status]),
);

/** What JobScore tells of a candidate beside the record itself. A part is absent where the account does not offer it. */
export interface CandidateParts {
  readonly applications: readonly JobScoreApplication[] | undefined;
  readonly documents: readonly JobScoreFile[] | undefined;
  /** Names of dispositions, by id. */
  readonly dispositions: ReadonlyMap<string, string>;
}

/** A candidate of JobScore as the mirror holds it. */
export function mirroredCandidate(
  person: JobScorePerson,
  { applications, documents, dispositions }: CandidateParts,
): MirroredCandidate {
  const { remoteUrl } = referenceTo(person);
  return {
    remoteId: person.id,
    emails: [person.email, person.work_email].map(text).filter((email) => email !== undefined),
    phones: phonesOf(person),
    socialUrls: person.profile_links.map(({ type, url }) => ({ network: NETWORKS.get(type ?? '') ?? 'other', url })),
    workExperience: person.employers.flatMap(workOf),
    education: person.schools.map((school) => ({
      school: school.name,
      ...present({
        degree: text(school.degree_type),
        major: text(school.degree_major),
        graduationDate: text(school.graduation_year?.toString()),
      }),
    })),
    tags: person.tags,
    ...present({
      firstName: written(person.first_name),
      lastName: written(person.last_name),
      address: addressOf(person),
      // The family says little ("database"); the detail is what people chose (JobScore sheet §4.5).
      source: text(person.source_detail) ?? text(person.source),
      createdAt: instant(person.created_on),
      updatedAt: instant(person.updated_on),
      remoteUrl,
      applications: applications?.flatMap((application) => mirroredApplication(application, person.id, dispositions)),
      attachments: documents?.map(mirroredAttachment),
    }),
  };
}

/**
 * An application of JobScore as the mirror holds it; nothing when it is on no job.
 *
 * @param candidateId Whose it is.
 * @param dispositions Names of dispositions, by id, for those that come without one.
 */
export function mirroredApplication(
  application: JobScoreApplication,
  candidateId: string,
  dispositions: ReadonlyMap<string, string>,
): readonly MirroredApplication[] {
  const jobRemoteId = text(application.job_id);
  if (jobRemoteId === undefined) return [];
  const statusLabel = text(application.status);
  const status = STATUSES.get(statusLabel?.toLowerCase() ?? '') ?? 'other';
  const { disposition } = application;
  const reason = text(disposition?.name) ?? dispositions.get(disposition?.id ?? '');
  return [
    {
      remoteId: application.id,
      candidateRemoteId: candidateId,
      jobRemoteId,
      status,
      ...present({
        statusLabel,
        stage: text(application.workflow_stage?.name),
        rejectionReason: status === 'rejected' ? reason : undefined,
        withdrawalReason: status === 'withdrawn' ? reason : undefined,
        // A disposition of somebody who is neither refines the status.
        subStatus: status === 'rejected' || status === 'withdrawn' ? undefined : reason,
        appliedAt: instant(application.created_on),
        updatedAt: instant(application.updated_on),
      }),
    },
  ];
}

/** Whether the name of its disposition must be looked up. */
export function lacksDispositionName({ disposition }: JobScoreApplication): boolean {
  return text(disposition?.id) !== undefined && text(disposition?.name) === undefined;
}

/** A job of JobScore as the mirror holds it. */
export function mirroredJob(job: JobScorePosting): MirroredJob {
  return {
    ...jobOf(job),
    ...present({
      description: text(plainText(job.description ?? '')),
      // The page of a job leads to its form.
      applyUrl: webLink(job.apply_url) ?? webLink(job.detail_url),
      createdAt: instant(job.created_on),
      updatedAt: instant(job.updated_on),
    }),
  };
}

function mirroredAttachment(file: JobScoreFile): MirroredAttachment {
  const type = file.document_type?.toLowerCase().replace(/[^a-z]/g, '');
  return {
    remoteId: file.id,
    filename: file.filename ?? file.id,
    kind: type === 'resume' ? 'resume' : type === 'coverletter' ? 'coverLetter' : 'other',
    ...present({
      contentType: text(file.content_type),
      size: file.size ?? undefined,
      updatedAt: instant(file.updated_on) ?? instant(file.created_on),
    }),
  };
}

function phonesOf({ mobile_phone: mobile, home_phone: home, work_phone: work }: JobScorePerson): readonly Phone[] {
  return Object.entries({ mobile, home, work } as const).flatMap(([type, value]) => {
    const number = text(value);
    return number === undefined ? [] : [{ number, type: type as 'mobile' | 'home' | 'work' }];
  });
}

function workOf({ employer_name: employer, titles }: JobScorePerson['employers'][number]): readonly WorkExperience[] {
  // An employer without a title is work all the same.
  if (titles.length === 0) return [{ employer, current: false }];
  return titles.map(({ title, start_year, end_year }) => ({
    employer,
    ...present({
      title: text(title),
      startDate: text(start_year?.toString()),
      endDate: text(end_year?.toString()),
    }),
    // `null` says that it goes on, a missing year that nobody knows (INFERRED).
    current: end_year === null,
  }));
}

function addressOf(person: JobScorePerson): MirroredCandidate['address'] {
  const address = present({
    street1: text(person.home_street1),
    street2: text(person.home_street2),
    city: text(person.home_city),
    region: text(person.home_state),
    postalCode: text(person.home_postal_code),
    country: text(person.home_country),
  });
  return Object.keys(address).length === 0 ? undefined : address;
}

/** A name as it stands there, spaces included; `undefined` when there is none. */
function written(name: string | null | undefined): string | undefined {
  return name == null || name === '' ? undefined : name;
}

function webLink(link: string | null | undefined): string | undefined {
  return /^https?:$/.test(URL.parse(link ?? '')?.protocol ?? '') ? text(link) : undefined;
}

/** A time as the contracts write it. */
export function instant(stamp: string | null | undefined): string | undefined {
  return stamp == null ? undefined : new Date(stamp).toISOString();
}
