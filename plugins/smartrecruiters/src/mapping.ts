import {
  type Address,
  type CandidateRecord,
  type Education,
  type Job,
  type PartialDate,
  present,
  type SocialNetwork,
  type WorkExperience,
} from '@talentbridge/contracts';
import type { JobAnswer } from './vendor-records.js';

/** Statuses of jobs that candidates are offered (SmartRecruiters sheet §4, INFERRED). */
const OPEN_STATUSES: ReadonlySet<string> = new Set(['CREATED', 'SOURCING', 'INTERVIEW', 'OFFER']);

/** Which source a candidate carries; the ids are the customer's own (SmartRecruiters sheet §7 and §10). */
export type SourceDetails = {
  readonly sourceTypeId: string;
  readonly sourceSubTypeId?: string;
  readonly sourceId: string;
};

/** A candidate's links: one of each. SmartRecruiters' fifth, skype, is none of ours (sheet §6). */
export type WebBody = {
  readonly linkedin?: string;
  readonly facebook?: string;
  readonly twitter?: string;
  readonly website?: string;
};

/** A place (SmartRecruiters sheet §7). */
export type LocationBody = {
  readonly city?: string;
  readonly region?: string;
  readonly regionCode?: string;
  readonly country?: string;
  readonly countryCode?: string;
};

/** One title held. */
export type ExperienceBody = {
  readonly company: string;
  readonly title?: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly current: boolean;
};

/** One course of study. */
export type EducationBody = {
  readonly institution: string;
  readonly degree?: string;
  readonly major?: string;
  readonly endDate?: string;
};

/** The body that makes a candidate (SmartRecruiters sheet §7, CONFIRMED). */
export type CandidateBody = {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phoneNumber?: string;
  readonly location?: LocationBody;
  readonly web?: WebBody;
  readonly tags?: readonly string[];
  readonly education?: readonly EducationBody[];
  readonly experience?: readonly ExperienceBody[];
  readonly sourceDetails?: SourceDetails;
};

/**
 * Puts a candidate into SmartRecruiters' words. What is blank is left out, and so is what finds no place: a second email
 * address or phone number, and links beyond those of `linksOf`.
 */
export function candidateBody(candidate: CandidateRecord, sourceDetails: SourceDetails | undefined): CandidateBody {
  const experience = candidate.workExperience.filter(({ employer }) => employer.trim() !== '').map(experienceOf);
  const education = candidate.education.filter(({ school }) => school.trim() !== '').map(educationOf);
  return {
    firstName: candidate.firstName.trim(),
    lastName: candidate.lastName.trim(),
    email: emailOf(candidate),
    ...present({
      phoneNumber: firstText(candidate.phones.map(({ number }) => number)),
      location: nonEmpty(locationOf(candidate.address)),
      web: nonEmpty(linksOf(candidate).web),
      tags: someOf([...new Set(candidate.tags.map((tag) => tag.trim()).filter((tag) => tag !== ''))]),
      experience: someOf(experience),
      education: someOf(education),
      sourceDetails,
    }),
  };
}

/** The one email address that SmartRecruiters takes; empty when there is none. */
export function emailOf({ emails }: Pick<CandidateRecord, 'emails'>): string {
  return firstText(emails) ?? '';
}

/** The slot of each network. GitHub has none: it takes that of the website when no website is known. */
const SLOTS: readonly { readonly slot: keyof WebBody; readonly networks: readonly SocialNetwork[] }[] = [
  { slot: 'linkedin', networks: ['linkedin'] },
  { slot: 'facebook', networks: ['facebook'] },
  { slot: 'twitter', networks: ['twitter'] },
  { slot: 'website', networks: ['website', 'github'] },
];

/** The networks whose links are sent. */
export const SENT_NETWORKS: readonly SocialNetwork[] = SLOTS.flatMap(({ networks }) => networks);

/**
 * Puts links into their slots: of each network the first, and a GitHub page as website when there is no other.
 * `homeless` is how many found no slot.
 */
export function linksOf({ socialUrls }: Pick<CandidateRecord, 'socialUrls'>): {
  readonly web: WebBody;
  readonly homeless: number;
} {
  const urls = socialUrls.map(({ network, url }) => ({ network, url: url.trim() })).filter(({ url }) => url !== '');
  const web: Partial<Record<keyof WebBody, string>> = {};
  for (const { slot, networks } of SLOTS) {
    const url = networks.flatMap((wanted) => urls.filter(({ network }) => network === wanted))[0]?.url;
    if (url !== undefined) web[slot] = url;
  }
  const sent = new Set(Object.values(web));
  return { web, homeless: new Set(urls.map(({ url }) => url).filter((url) => !sent.has(url))).size };
}

/**
 * City, region and country. SmartRecruiters has neither street nor postal code for people, and keeps codes apart from names
 * (sheet §7; its example writes country codes in lower case).
 */
export function locationOf(address: Address = {}): LocationBody {
  const region = text(address.region);
  const country = text(address.country);
  const hasCountryCode = country !== undefined && /^[A-Za-z]{2}$/.test(country);
  // A region's code means something beside a country's code alone.
  const hasRegionCode = hasCountryCode && region !== undefined && /^[A-Z0-9]{1,3}$/.test(region);
  return present({
    city: text(address.city),
    ...(hasRegionCode ? { regionCode: region } : { region }),
    ...(hasCountryCode ? { countryCode: country.toLowerCase() } : { country }),
  });
}

function experienceOf(held: WorkExperience): ExperienceBody {
  return {
    company: held.employer.trim(),
    ...present({
      title: text(held.title),
      startDate: dateOf(held.startDate),
      endDate: held.current ? undefined : dateOf(held.endDate),
    }),
    current: held.current,
  };
}

function educationOf({ school, degree, major, graduationDate }: Education): EducationBody {
  return {
    institution: school.trim(),
    ...present({ degree: text(degree), major: text(major), endDate: dateOf(graduationDate) }),
  };
}

/** A date as SmartRecruiters takes them: by year, month or day (sheet §2, CONFIRMED). Another is left out. */
export function dateOf(date: PartialDate | undefined): string | undefined {
  return date !== undefined && /^\d{4}(-\d{2}(-\d{2})?)?$/.test(date) ? date : undefined;
}

/** Whether a candidate can be put onto this job. A list that does not say what is a template hides none (sheet §4). */
export function isOpen({ status, template }: JobAnswer): boolean {
  return template !== true && OPEN_STATUSES.has(status ?? '');
}

/** A SmartRecruiters job in our words. */
export function jobOf(job: JobAnswer): Job {
  const { city, region, regionCode, country, countryCode } = job.location ?? {};
  const place = [city, text(region) ?? regionCode, text(country) ?? countryCode?.toUpperCase()]
    .map(text)
    .filter((part) => part !== undefined)
    .join(', ');
  return {
    remoteId: job.id,
    title: job.title,
    open: isOpen(job),
    ...present({
      code: text(job.refNumber),
      statusLabel: text(job.status),
      department: text(job.department?.label),
      location: text(place),
    }),
  };
}

/** Compares texts without capitals and spacing: whether SmartRecruiters keeps them as sent is not known. */
export function isSameText(one: string | null | undefined, other: string | null | undefined): boolean {
  return comparable(one) === comparable(other);
}

function comparable(value: string | null | undefined): string {
  return (value ?? '').normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}

function firstText(values: readonly string[]): string | undefined {
  return values.map(text).find((value) => value !== undefined);
}

/** A text without the space around it; `undefined` when nothing is left. */
export function text(value: string | null | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function someOf<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}

function nonEmpty<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
