import {
  type CandidateNote,
  type InterviewFeedback,
  type JsonValue,
  type MirroredCandidate,
  type MirroredJob,
  type NetworkApplication,
  type NetworkCandidate,
  present,
  type StageChange,
} from '@talentbridge/contracts';

// From the mirror's records to LinkedIn's, whole, because each replaces the one before (LinkedIn sheet §4). Nothing is invented:
// what LinkedIn demands and the ATS does not tell is a refusal.

/** A record for LinkedIn, or why it would not take it. Reasons have no personal data. */
export type Written = { readonly record: JsonValue } | { readonly refused: string };

/** The longest title (LinkedIn sheet §5.1, CONFIRMED). */
const LONGEST_TITLE = 200;

/** Addresses that LinkedIn takes (LinkedIn sheet §5.2, CONFIRMED). */
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/** A stage that LinkedIn does not take (LinkedIn sheet §5.5, CONFIRMED). */
const NO_STAGE = 'Not Available';

/**
 * A job (LinkedIn sheet §5.1).
 * @param careersUrl Stands in for the page of a job that the ATS has none of, such as one that is closed or internal.
 */
export function jobRecord(job: MirroredJob, organization: string, careersUrl?: string): Written {
  const applyUrl = webAddress(job.applyUrl) ?? webAddress(job.remoteUrl) ?? webAddress(careersUrl);
  const location = placeOf(job.location);
  const listedAt = moment(job.createdAt) ?? moment(job.updatedAt);
  // A title is not cut within a character.
  const title = job.title
    .trim()
    .slice(0, LONGEST_TITLE)
    .replace(/[\ud800-\udbff]$/, '')
    .trim();
  if (title === '') return { refused: 'the job has no title' };
  if (location === undefined) {
    return {
      refused:
        'LinkedIn needs the place of a job as a city and its state or country, and the ATS has no two parts of it',
    };
  }
  if (applyUrl === undefined)
    return {
      refused:
        'the ATS has no web address of the job, and no careers site is entered in the settings of the connection',
    };
  if (listedAt === undefined) return { refused: 'the ATS does not say when the job was made' };
  return {
    record: {
      integrationContext: organization,
      externalJobPostingId: job.remoteId,
      title,
      description: said(job.description) ?? title,
      location,
      // Shown to recruiters of this customer alone: the jobs are not advertised (LinkedIn sheet §5.1).
      availability: 'PRIVATE_TO_ATS_INTEGRATION',
      state: job.open ? 'LISTED' : 'CLOSED',
      companyApplyUrl: applyUrl,
      listedAt,
    },
  };
}

/** A candidate (LinkedIn sheet §5.2). A person who is attached by hand goes along each time, or would be lost. */
export function candidateRecord({ candidate, member }: NetworkCandidate): Written {
  const firstName = said(candidate.firstName);
  const lastName = said(candidate.lastName);
  const email = homeEmail(candidate);
  const times = timesOf(candidate.createdAt, candidate.updatedAt);
  const externalProfileUrl = webAddress(candidate.remoteUrl);
  if (firstName === undefined || lastName === undefined) return { refused: 'LinkedIn needs a first and a last name' };
  if (email === undefined && member === undefined)
    return { refused: 'LinkedIn needs an email address of whoever is not connected yet' };
  if (times === undefined) return { refused: 'the ATS does not say when the candidate was made' };
  if (externalProfileUrl === undefined) return { refused: 'the ATS has no link to the candidate' };
  const { address, workExperience, socialUrls } = candidate;
  const now = workExperience.find(({ current }) => current);
  return {
    record: {
      ...times,
      firstName,
      lastName,
      emailAddresses: email === undefined ? [] : [email],
      phoneNumbers: candidate.phones.flatMap(({ number }) => (said(number) === undefined ? [] : [{ number }])),
      addresses: address === undefined ? [] : [addressOf(address)],
      externalProfileUrl,
      ...present({
        currentCompanyName: said(now?.employer),
        currentJobTitle: said(now?.title),
        linkedInProfileUrl: profileUrl(socialUrls.find(({ network }) => network === 'linkedin')?.url),
        manualMatchedMember: member,
      }),
    },
  };
}

/** An application (LinkedIn sheet §5.4). */
export function applicationRecord({ application, candidate, job }: NetworkApplication): Written {
  const firstName = said(candidate.firstName);
  const lastName = said(candidate.lastName);
  const times = timesOf(application.appliedAt, application.updatedAt);
  if (firstName === undefined || lastName === undefined) return { refused: 'LinkedIn needs a first and a last name' };
  if (times === undefined) return { refused: 'the ATS does not say when the application was made' };
  return {
    record: {
      ...times,
      atsCandidateId: candidate.remoteId,
      atsJobPostingId: application.jobRemoteId,
      // A job without a name is called by its id.
      atsJobPostingName: said(job?.title) ?? said(application.jobTitle) ?? application.jobRemoteId,
      firstName,
      lastName,
      dispositionReason: said(application.rejectionReason) ?? said(application.withdrawalReason) ?? '',
      ...present({ candidateEmail: homeEmail(candidate), source: said(application.source) ?? said(candidate.source) }),
    },
  };
}

/** A note, on a candidate or an application (LinkedIn sheet §5.3, §5.5). */
export function noteRecord({ text, author, createdAt }: CandidateNote): Written {
  const writer = nameOf(author);
  const atsCreatedAt = moment(createdAt);
  const note = said(text);
  if (note === undefined) return { refused: 'the note is empty' };
  if (writer === undefined) return { refused: 'LinkedIn needs first and last name of the author' };
  if (atsCreatedAt === undefined) return { refused: 'the ATS does not say when the note was made' };
  return { record: { atsCreatedAt, note, author: writer } };
}

/** What an interviewer said (LinkedIn sheet §5.5). */
export function feedbackRecord({ kind, text, recommendation, interviewer, createdAt }: InterviewFeedback): Written {
  const writer = nameOf(interviewer);
  const atsCreatedAt = moment(createdAt);
  const result = said(recommendation);
  const feedback = said(text) ?? result;
  if (feedback === undefined) return { refused: 'the interviewer said nothing yet' };
  if (writer === undefined) return { refused: 'LinkedIn needs first and last name of the interviewer' };
  if (atsCreatedAt === undefined) return { refused: 'the ATS does not say when the feedback was given' };
  return {
    record: {
      atsCreatedAt,
      interviewType: kind === 'phone' ? 'PHONE_SCREEN' : 'ONSITE',
      feedback,
      interviewer: writer,
      ...(result === undefined ? {} : { evaluations: [{ attribute: 'Recommendation', result }] }),
    },
  };
}

/** An entry of a stage history (LinkedIn sheet §5.5). */
export function stageRecord({ stage, enteredAt }: StageChange): Written {
  const name = said(stage);
  const atsCreatedAt = moment(enteredAt);
  if (name === undefined || name === NO_STAGE) return { refused: 'LinkedIn does not take a stage without a name' };
  if (atsCreatedAt === undefined) return { refused: 'the ATS does not say when the stage was reached' };
  return { record: { atsCreatedAt, stage: name } };
}

/**
 * The home address: candidates are connected by it alone. A mirror has it first (LinkedIn sheet §12: JobScore sends the home
 * address), so the first one is it.
 */
function homeEmail({ emails }: MirroredCandidate): string | undefined {
  const [first] = emails;
  return first !== undefined && EMAIL.test(first.trim()) ? first.trim() : undefined;
}

/**
 * `CITY, STATE` or `CITY, COUNTRY` out of a line such as "Oakland, CA, United States": its first and its last part.
 * `undefined` when there are not two.
 */
function placeOf(line: string | undefined): string | undefined {
  const parts = (line ?? '').split(',').flatMap((part) => said(part) ?? []);
  const [city] = parts;
  const last = parts.at(-1);
  return parts.length < 2 ? undefined : `${city}, ${last}`;
}

function addressOf(address: NonNullable<MirroredCandidate['address']>): JsonValue {
  const region = said(address.region);
  const country = said(address.country);
  return present({
    line1: said(address.street1),
    line2: said(address.street2),
    city: said(address.city),
    geographicArea: region,
    geographicAreaType: region === undefined ? undefined : 'STATE',
    postalCode: said(address.postalCode),
    // LinkedIn's sample has the two letters in lower case.
    country: country?.length === 2 ? country.toLowerCase() : country,
  });
}

/** Both times in milliseconds; the second is never before the first (LinkedIn sheet §5.2, CONFIRMED). */
function timesOf(
  created: string | undefined,
  updated: string | undefined,
): { readonly atsCreatedAt: number; readonly atsLastModifiedAt: number } | undefined {
  const updatedAt = moment(updated);
  const atsCreatedAt = moment(created) ?? updatedAt;
  if (atsCreatedAt === undefined) return undefined;
  return { atsCreatedAt, atsLastModifiedAt: Math.max(atsCreatedAt, updatedAt ?? atsCreatedAt) };
}

/** Milliseconds since the epoch, above zero. */
function moment(stamp: string | undefined): number | undefined {
  const at = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return at > 0 ? at : undefined;
}

function nameOf({ firstName, lastName }: CandidateNote['author']): JsonValue | undefined {
  const first = said(firstName);
  const last = said(lastName);
  return first === undefined || last === undefined ? undefined : { firstName: first, lastName: last };
}

/** People write the address of their profile without a scheme. */
function profileUrl(url: string | undefined): string | undefined {
  const written = said(url);
  return webAddress(written && /^(?:[\w-]+\.)?linkedin\.com\//i.test(written) ? `https://${written}` : written);
}

function webAddress(url: string | undefined): string | undefined {
  const trimmed = said(url);
  return trimmed !== undefined && /^https?:\/\/\S+$/.test(trimmed) ? trimmed : undefined;
}

/** A text without blanks around it; `undefined` when nothing is left. */
function said(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}
