import {
  type Address,
  type CandidateRecord,
  type Education,
  type Job,
  type JsonValue,
  type PartialDate,
  type PhoneType,
  phoneSlots,
  present,
  type SocialNetwork,
  type WorkExperience,
} from '@talentbridge/contracts';
import type { JobScoreJob } from './vendor-records.js';

/** The three places JobScore has for a phone number (JobScore sheet §4.5: the third is INFERRED). */
export type PhoneSlot = 'mobile_phone' | 'home_phone' | 'work_phone';

/** The slots in the order in which numbers without a slot of their own fill them. */
export const PHONE_SLOTS: readonly PhoneSlot[] = ['mobile_phone', 'home_phone', 'work_phone'];

const SLOT_OF_TYPE: Readonly<Partial<Record<PhoneType, PhoneSlot>>> = {
  mobile: 'mobile_phone',
  home: 'home_phone',
  work: 'work_phone',
};

/** JobScore's types of profile links (JobScore sheet §4.5: `facebook` and `twitter` were seen, the others are INFERRED). */
const LINK_TYPE_OF_NETWORK: Readonly<Record<SocialNetwork, string>> = {
  linkedin: 'linkedin',
  github: 'github',
  twitter: 'twitter',
  facebook: 'facebook',
  website: 'website',
  stackoverflow: 'other',
  other: 'other',
};

/**
 * Statuses of jobs that candidates are offered: published ones, and those that only employees see (JobScore sheet
 * §4.2, INFERRED).
 */
const OFFERED_STATUSES: ReadonlySet<string> = new Set(['open', 'internal']);

/** The body of `POST /candidates` (JobScore sheet §4.5, INFERRED from v1 and from the columns of JobScore's import). */
export type CandidateBody = { readonly first_name: string; readonly last_name: string } & {
  readonly [property: string]: JsonValue;
};

/**
 * Puts a candidate into JobScore's words. What is blank is left out, and so is what finds no place: a third email
 * address, a fourth phone number.
 *
 * @param sourceName The name of a database source that exists in JobScore, capitals included.
 * @param elsewhere Where the candidate comes from, when that is not us. It is no database that an admin has added.
 */
export function candidateBody(candidate: CandidateRecord, sourceName: string, elsewhere?: string): CandidateBody {
  const [email, workEmail] = candidate.emails.map((address) => address.trim()).filter((address) => address !== '');
  const tags = tagNames(candidate.tags);
  const links = candidate.socialUrls
    .map(({ network, url }) => ({ type: LINK_TYPE_OF_NETWORK[network], url: url.trim() }))
    .filter(({ url }) => url !== '');
  const employers = employersOf(candidate.workExperience);
  const schools = candidate.education.filter(({ school }) => school.trim() !== '').map(schoolOf);
  return {
    first_name: candidate.firstName.trim(),
    last_name: candidate.lastName.trim(),
    ...present({ email, work_email: workEmail }),
    ...phoneSlots(candidate.phones, PHONE_SLOTS, SLOT_OF_TYPE),
    ...homeAddress(candidate.address),
    // `database` is the family of sources that the set-up article has the admin add to; the detail of `other` is free (JobScore
    // sheet §4.5, INFERRED).
    source: elsewhere === undefined ? 'database' : 'other',
    source_detail: elsewhere ?? sourceName,
    ...present({
      tags: nonEmpty(tags),
      profile_links: nonEmpty(links),
      employers: nonEmpty(employers),
      schools: nonEmpty(schools),
    }),
  };
}

/** One employer with the titles held there, as JobScore nests them (JobScore sheet §4.5, from v1). */
export type EmployerBody = { readonly employer_name: string; readonly titles: readonly TitleBody[] };

/** `end_year: null` says that it goes on; left out, that nobody knows (INFERRED). */
export type TitleBody = { readonly title?: string; readonly start_year?: number; readonly end_year?: number | null };

/** Gathers the titles of each employer under one entry, employers in order of first mention. */
export function employersOf(experience: readonly WorkExperience[]): readonly EmployerBody[] {
  const employers = new Map<string, { readonly employer_name: string; readonly titles: TitleBody[] }>();
  for (const held of experience) {
    const name = held.employer.trim();
    if (name === '') continue;
    const employer = employers.get(name) ?? { employer_name: name, titles: [] };
    employers.set(name, employer);
    const title = titleOf(held);
    if (Object.keys(title).length > 0) employer.titles.push(title);
  }
  return [...employers.values()];
}

function titleOf(held: WorkExperience): TitleBody {
  return present({
    title: text(held.title),
    start_year: yearOf(held.startDate),
    end_year: held.current ? null : yearOf(held.endDate),
  });
}

function schoolOf(education: Education): { readonly [property: string]: string } {
  return present({
    name: text(education.school),
    degree_type: text(education.degree),
    degree_major: text(education.major),
    // A string, unlike the years of work (JobScore sheet §4.5, from v1).
    graduation_year: yearOf(education.graduationDate)?.toString(),
  });
}

function homeAddress(address: Address = {}): { readonly [property: string]: string } {
  return present({
    home_street1: text(address.street1),
    home_street2: text(address.street2),
    home_city: text(address.city),
    home_state: text(address.region),
    home_postal_code: text(address.postalCode),
    home_country: text(address.country),
  });
}

/**
 * Tags as JobScore shows them: trimmed, lower case, each once (JobScore sheet §4.4: that capitals do not matter is
 * CONFIRMED).
 */
export function tagNames(tags: readonly string[]): readonly string[] {
  return [...new Set(tags.map((tag) => tag.trim().toLowerCase()).filter((tag) => tag !== ''))];
}

/** Whether a candidate can be offered this job. */
export function isOffered(job: JobScoreJob): boolean {
  return OFFERED_STATUSES.has(job.status);
}

/** A JobScore job in our words. JobScore names no requisition number (JobScore sheet §4.2). */
export function jobOf(job: JobScoreJob): Job {
  const places = [job.location?.city, job.location?.state, job.location?.country]
    .map(text)
    .filter((place) => place !== undefined);
  return {
    remoteId: job.id,
    title: job.title,
    open: isOffered(job),
    statusLabel: job.status,
    ...present({ department: text(job.department?.name), location: text(places.join(', ')) }),
  };
}

/** The year of a date that is known at least to the year. */
export function yearOf(date: PartialDate | undefined): number | undefined {
  const digits = date === undefined ? undefined : /^\d{4}(?=-|$)/.exec(date)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/** A text without spaces around it; `undefined` when there is nothing in it. */
export function text(value: string | null | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function nonEmpty<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}
