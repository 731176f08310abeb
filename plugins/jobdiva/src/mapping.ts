import {
  type Address,
  type CandidateRecord,
  type ExportWarning,
  type Job,
  type JsonValue,
  type PartialDate,
  type PhoneType,
  phoneSlots,
  present,
  type SocialNetwork,
  type WorkExperience,
} from '@talentbridge/contracts';
import { countryCode, stateOf } from './places.js';

/** A body of JobDiva's API. */
export type Body = { readonly [field: string]: JsonValue };

/** A candidate as JobDiva's search answers it; what is unknown is empty. */
export interface KnownCandidate {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly alternateEmail: string;
  /** Whether any part of an address is known. */
  readonly hasAddress: boolean;
  readonly phones: readonly string[];
}

/** A job as JobDiva's search answers it. */
export interface VendorJob {
  readonly id: string;
  readonly title: string;
  /** `26-02701` */
  readonly reference: string;
  /** JobDiva's word, such as `OPEN`; empty when it gave none. */
  readonly status: string;
  readonly company: string;
  readonly city: string;
  readonly state: string;
}

/** What to put into JobDiva, and what of it had to stay out. */
export interface Mapped<Content> {
  readonly content: Content;
  readonly warnings: readonly ExportWarning[];
}

type PhoneSlot = 'cellphone' | 'homephone' | 'workphone';

const PHONE_SLOTS: readonly PhoneSlot[] = ['cellphone', 'homephone', 'workphone'];

const SLOT_OF_TYPE: Readonly<Partial<Record<PhoneType, PhoneSlot>>> = {
  mobile: 'cellphone',
  home: 'homephone',
  work: 'workphone',
};

/** JobDiva's types of phone numbers in an update (INFERRED: the Swagger says text, no more). */
const LETTER_OF_TYPE: Readonly<Record<PhoneType, string>> = { mobile: 'C', home: 'H', work: 'W', other: 'C' };

/** Most phone numbers of a candidate (JobDiva sheet §6, unverified). */
const MOST_PHONES = 4;

/** Most characters of a postal code (JobDiva sheet §6, unverified). */
const MOST_ZIP = 20;

/** JobDiva's networks (JobDiva sheet §6: names CONFIRMED). A network without a name there is not declared and never comes. */
const NAME_OF_NETWORK: Readonly<Partial<Record<SocialNetwork, string>>> = {
  linkedin: 'LinkedIn',
  github: 'GitHub',
  twitter: 'X',
  facebook: 'Facebook',
  stackoverflow: 'StackOverflow',
  website: 'Professional Website',
};

/** The networks whose URLs JobDiva has a place for. */
export const NETWORKS: readonly string[] = Object.keys(NAME_OF_NETWORK);

/**
 * The body of `createCandidate` (JobDiva sheet §6, CONFIRMED by the vendor's Swagger). What is blank is left out.
 *
 * @param ids Numbers in JobDiva: of the résumé source, and of the user who owns the candidate.
 */
export function createBody(
  candidate: CandidateRecord,
  ids: { readonly sourceId: number; readonly ownerId: number | undefined },
): Mapped<Body> {
  const [email, alternateemail] = filled(candidate.emails);
  const address = addressFields(candidate.address);
  const educations = candidate.education
    .filter(({ school }) => school.trim() !== '')
    .map(({ school, degree, major, graduationDate }) =>
      present({ school: text(school), degree: text(degree), major: text(major), year: yearOf(graduationDate) }),
    );
  const titles = candidate.workExperience.map(titleOf).filter((title) => title !== undefined);
  const content = {
    firstName: candidate.firstName.trim(),
    lastName: candidate.lastName.trim(),
    ...present({ email, alternateemail }),
    ...phoneSlots(candidate.phones, PHONE_SLOTS, SLOT_OF_TYPE),
    ...address.content,
    ...(educations.length === 0 ? {} : { educations }),
    ...(titles.length === 0 ? {} : { titleskillcertifications: titles }),
    resumeSource: ids.sourceId,
    ...present({ owner: ids.ownerId }),
  };
  return { content, warnings: address.warnings };
}

/**
 * The body of `updateCandidateProfile` that adds to a candidate what JobDiva does not have yet. What is there stays: it may
 * come from the person, and ours from a search. `undefined`: nothing is missing.
 */
export function completionBody(known: KnownCandidate, candidate: CandidateRecord): Mapped<Body | undefined> {
  const theirs = [known.email, known.alternateEmail].map(comparableEmail);
  // A placeholder is no way to reach a person whom JobDiva knows already.
  const news = filled(candidate.emails).filter(
    (email) => !isPlaceholder(email) && !theirs.includes(comparableEmail(email)),
  );
  const email = known.email === '' ? news.shift() : undefined;
  const alternateemail = known.alternateEmail === '' ? news.shift() : undefined;
  const theirNumbers = known.phones.map(comparableNumber);
  const phones = candidate.phones.filter(({ number }) => {
    const comparable = comparableNumber(number);
    return comparable !== '' && !theirNumbers.includes(comparable);
  });
  const fitting = phones.slice(0, Math.max(0, MOST_PHONES - known.phones.length));
  const address = known.hasAddress ? { content: {}, warnings: [] } : addressFields(candidate.address);
  const fields = {
    ...present({ email, alternateemail }),
    ...(fitting.length === 0
      ? {}
      : {
          phones: fitting.map(({ number, type }) => ({ phone: number.trim(), type: LETTER_OF_TYPE[type], action: 1 })),
        }),
    ...address.content,
  };
  const warnings = [...address.warnings];
  if (fitting.length < phones.length) {
    warnings.push({
      code: 'PHONE_DROPPED',
      message: `JobDiva takes ${MOST_PHONES} phone numbers of a candidate and has as many. The others were left out.`,
      field: 'phones',
    });
  }
  const isComplete = Object.keys(fields).length === 0;
  return { content: isComplete ? undefined : { candidateid: Number(known.id), ...fields }, warnings };
}

/** The links of a candidate, one for each network: a second one would replace the first (INFERRED). */
export function socialLinks(
  candidate: CandidateRecord,
): Mapped<readonly { readonly name: string; readonly link: string }[]> {
  const links = new Map<string, string>();
  const dropped = new Set<string>();
  for (const { network, url } of candidate.socialUrls) {
    const name = NAME_OF_NETWORK[network];
    const link = url.trim();
    if (name === undefined || link === '' || links.get(name) === link) continue;
    if (links.has(name)) dropped.add(name);
    else links.set(name, link);
  }
  const warnings = [...dropped].map((name) => ({
    code: 'LINK_DROPPED',
    message: `JobDiva takes one link for ${name}. The first one was sent.`,
    field: 'socialUrls' as const,
  }));
  return { content: [...links].map(([name, link]) => ({ name, link })), warnings };
}

/** The LinkedIn URL by which a candidate can be known. */
export function linkedInUrl(candidate: CandidateRecord): string | undefined {
  return text(candidate.socialUrls.find(({ network }) => network === 'linkedin')?.url);
}

/**
 * The text beside an uploaded résumé, which JobDiva demands and searches (JobDiva sheet §6). Without addresses and
 * numbers: JobDiva matches people by addresses that it finds in such a text.
 */
export function resumeText(candidate: CandidateRecord): string {
  const lines = [
    `${candidate.firstName.trim()} ${candidate.lastName.trim()}`,
    ...candidate.workExperience.map(({ title, employer, startDate, endDate, current }) =>
      [title, employer, [startDate, current ? 'now' : endDate].filter(Boolean).join(' to ')].filter(Boolean).join(', '),
    ),
    ...candidate.education.map(({ degree, major, school, graduationDate }) =>
      [degree, major, school, graduationDate].filter(Boolean).join(', '),
    ),
  ];
  return lines.join('\n');
}

/**
 * A title with the employer in its text: JobDiva has titles with dates and no place for an employer (JobDiva sheet §6,
 * INFERRED). `undefined` without a title: an employer alone is none.
 */
export function titleOf(held: WorkExperience): Body | undefined {
  const title = text(held.title);
  if (title === undefined) return undefined;
  const employer = text(held.employer);
  return {
    titleskillcertification: employer === undefined ? title : `${title} at ${employer}`,
    ...present({
      startDate: firstDayOf(held.startDate, '01'),
      endDate: held.current ? undefined : firstDayOf(held.endDate, '12'),
    }),
  };
}

/** Whether two addresses are the same to JobDiva, which takes no notice of capitals (JobDiva sheet §6). */
export function isSameEmail(a: string, b: string): boolean {
  return comparableEmail(a) === comparableEmail(b);
}

/** Whether two people are called the same: capitals, accents and spacing aside. */
export function isSameName(
  a: Pick<KnownCandidate, 'firstName' | 'lastName'>,
  b: Pick<KnownCandidate, 'firstName' | 'lastName'>,
): boolean {
  return (
    comparableName(a.firstName) === comparableName(b.firstName) &&
    comparableName(a.lastName) === comparableName(b.lastName)
  );
}

/** A JobDiva job in our words. `department` is the client whom the job is for. */
export function jobOf(job: VendorJob, remoteUrl: string): Job {
  const place = filled([job.city, job.state]).join(', ');
  return {
    remoteId: job.id,
    title: job.title,
    open: isOpen(job),
    remoteUrl,
    ...present({
      code: text(job.reference),
      statusLabel: text(job.status),
      department: text(job.company),
      location: text(place),
    }),
  };
}

/** Whether a job takes candidates. A job without a status came in a search for open ones. */
export function isOpen({ status }: Pick<VendorJob, 'status'>): boolean {
  return status === '' || status.toUpperCase() === 'OPEN';
}

/** Whether all words occur in a job's title, reference or client. */
export function hasWords(job: VendorJob, search: string): boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const all = `${job.title} ${job.reference} ${job.company}`.toLowerCase();
  return words.every((word) => all.includes(word));
}

/** An address that the hub generated for somebody without one: `no-email-1047659244@…`, the number perhaps negative. */
function isPlaceholder(email: string): boolean {
  return /^no-email--?\d+@/i.test(email.trim());
}

function addressFields(address: Address = {}): Mapped<Body> {
  const warnings: ExportWarning[] = [];
  const leaveOut = (part: string): void => {
    warnings.push({
      code: 'ADDRESS_PART_DROPPED',
      message: `JobDiva does not take the ${part}. It was left out.`,
      field: 'address',
    });
  };
  const country = text(address.country);
  const countryid = country === undefined ? undefined : countryCode(country);
  if (country !== undefined && countryid === undefined) leaveOut('country');
  const region = text(address.region);
  const zip = text(address.postalCode);
  // Half a postal code is another place, so it is not cut.
  const zipCode = zip !== undefined && [...zip].length > MOST_ZIP ? undefined : zip;
  if (zip !== zipCode) leaveOut('postal code');
  // A state of a country that JobDiva was not told would be taken for one of the United States.
  const isStray = country !== undefined && countryid === undefined && region !== undefined;
  if (isStray) leaveOut('state');
  const content = present({
    address1: text(address.street1),
    address2: text(address.street2),
    city: text(address.city),
    state: region === undefined || isStray ? undefined : stateOf(region, countryid),
    zipCode,
    countryid,
  });
  return { content, warnings };
}

/** JobDiva takes a whole day: the first of the month, in `month` where only the year is known. */
function firstDayOf(date: PartialDate | undefined, month: string): string | undefined {
  const [, year, known = month] = /^(\d{4})(?:-(\d{2}))?(?:-\d{2})?$/.exec(date ?? '') ?? [];
  return year === undefined ? undefined : `${year}-${known}-01T00:00:00`;
}

function yearOf(date: PartialDate | undefined): number | undefined {
  const digits = /^\d{4}(?=-|$)/.exec(date ?? '')?.[0];
  return digits === undefined ? undefined : Number(digits);
}

function comparableEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The last ten digits, so that a number with and without its country is the same one. */
function comparableNumber(number: string): string {
  return number.replace(/\D/g, '').slice(-10);
}

function comparableName(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').trim().toLowerCase();
}

function filled(texts: readonly string[]): string[] {
  return texts.map((one) => one.trim()).filter((one) => one !== '');
}

function text(value: string | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
