import type { Address, Education, SocialUrl, WorkExperience } from '@talentbridge/contracts';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { displayName } from '../../../directory/person-name.js';
import type { Profile } from '../../../directory/profile.js';
import type { CandidateData, MirrorApplicationRecord } from '../mirror-model.js';
import { yearsInRole, yearsOfExperience } from './experience-years.js';
import { fieldNamed, keyOf, type SearchField } from './fields.js';
import type { FieldValues, SearchDocument } from './search-document.js';
import { seniorityOf } from './seniority.js';

/** What is searched of an application. */
export type SearchedApplication = Pick<
  MirrorApplicationRecord,
  | 'jobTitle'
  | 'jobId'
  | 'jobRemoteId'
  | 'status'
  | 'statusLabel'
  | 'subStatus'
  | 'stage'
  | 'rejectionReason'
  | 'withdrawalReason'
  | 'source'
  | 'recruiterName'
  | 'appliedAt'
  | 'remoteUpdatedAt'
>;

/** A candidate of the mirror with what belongs to it, or a profile alone. */
export interface SearchedPerson {
  /** The candidate's, or of a profile alone the profile's. */
  readonly id: string;
  readonly candidate?: {
    readonly connectionId: string;
    readonly data: CandidateData;
    readonly applications: readonly SearchedApplication[];
    /** What could be read of the files, each whole. */
    readonly fileTexts: readonly string[];
  };
  /** Of a candidate: the one that it was matched with, which adds to what the ATS has. */
  readonly profile?: Profile;
  /** When the profile was written last. Of a candidate the ATS's own time counts. */
  readonly profileUpdatedAt?: Date;
}

/** What making a document depends on besides the person. */
export interface SearchDocumentOptions {
  /** For years that still go on. They are as of this day until the document is made again. */
  readonly now: Date;
  /** Whether an address is a placeholder of ours, which nobody is found by. */
  readonly isPlaceholder: (address: string) => boolean;
}

/** What decides whether two values of a field are one, looked up once for each value. */
class KnownKeys {
  private readonly keys = new Map<SearchField, Map<string, string>>();

  of(field: SearchField, value: string): string {
    const keys = this.keys.get(field) ?? new Map<string, string>();
    this.keys.set(field, keys);
    const key = keys.get(value) ?? keyOf(field, value);
    keys.set(value, key);
    return key;
  }
}

/** Gathers values by field. What is empty or there already is left out. */
class FieldCollector {
  private readonly texts = new Map<string, Map<string, string>>();
  private readonly numbers = new Map<string, Set<number>>();

  /** @param keyOfValue How values are told apart. */
  constructor(private readonly keyOfValue: (field: SearchField, value: string) => string = keyOf) {}

  text(name: string, values: readonly (string | null | undefined)[]): void {
    const field = fieldNamed(name);
    const known = this.texts.get(name) ?? new Map<string, string>();
    for (const value of values) {
      const key = value ? this.keyOfValue(field, value) : '';
      if (value && key !== '' && !known.has(key)) known.set(key, value);
    }
    if (known.size > 0) this.texts.set(name, known);
  }

  number(name: string, value: number | undefined): void {
    if (value === undefined || Number.isNaN(value)) return;
    this.numbers.set(name, (this.numbers.get(name) ?? new Set()).add(value));
  }

  date(name: string, value: Date | string | null | undefined): void {
    if (value) this.number(name, new Date(value).getTime());
  }

  values(): FieldValues {
    return {
      texts: Object.fromEntries([...this.texts].map(([name, values]) => [name, [...values.values()]])),
      numbers: Object.fromEntries([...this.numbers].map(([name, values]) => [name, [...values]])),
    };
  }
}

/**
 * What a search is to know of a person. Of a matched candidate that is what the ATS has and what the profile has; contact data
 * of a profile only where it was revealed; self-declared attributes only as a source supplied them. Nothing is guessed, except
 * the seniority that a title names and years that follow from dates.
 */
export function toSearchDocument(person: SearchedPerson, options: SearchDocumentOptions): SearchDocument {
  const { candidate, profile } = person;
  const fields = new FieldCollector();
  if (candidate) addCandidate(fields, candidate.data, options);
  if (profile) addProfile(fields, profile);
  if (candidate) {
    fields.text('connection', [candidate.connectionId]);
    fields.text('resume', candidate.fileTexts);
    // No ATS has a field for it: whoever is on a job, or was, is a candidate.
    fields.text('applicationType', [candidate.applications.length > 0 ? 'Candidate' : 'Prospect']);
    fields.date('updated', candidate.data.updatedAt ?? candidate.data.createdAt);
    fields.date('created', candidate.data.createdAt);
  } else fields.date('updated', person.profileUpdatedAt);
  addWork(fields, [...(candidate?.data.workExperience ?? []), ...(profile?.workExperience ?? [])], options.now);
  // The applications of a person share most of their values.
  const keys = new KnownKeys();
  return {
    id: person.id,
    ...fields.values(),
    places: [candidate?.data.address, profile?.location].flatMap((address) => address?.coordinates ?? []),
    applications: (candidate?.applications ?? []).map((application) => applicationValues(application, keys)),
  };
}

function addCandidate(fields: FieldCollector, data: CandidateData, { isPlaceholder }: SearchDocumentOptions): void {
  const firstName = data.firstName ?? data.lastName ?? '';
  const lastName = data.firstName === undefined ? undefined : data.lastName;
  addName(fields, { firstName, ...(lastName === undefined ? {} : { lastName }) });
  fields.text(
    'email',
    data.emails.filter((address) => !isPlaceholder(address)),
  );
  addPhones(
    fields,
    data.phones.map(({ number }) => number),
  );
  addPages(fields, data.socialUrls);
  fields.text('location', [data.address && addressLine(data.address)]);
  addEducation(fields, data.education);
  fields.text('tag', data.tags);
  fields.text('source', [data.source]);
}

function addProfile(fields: FieldCollector, profile: Profile): void {
  addName(fields, profile);
  fields.text('headline', [profile.headline]);
  fields.text('summary', [profile.summary]);
  fields.text(
    'email',
    profile.emails.filter(({ revealed }) => revealed).map(({ address }) => address),
  );
  addPhones(
    fields,
    profile.phones.filter(({ revealed }) => revealed).map(({ number }) => number),
  );
  addPages(fields, profile.socialUrls);
  fields.text('location', [profile.location && addressLine(profile.location)]);
  addEducation(fields, profile.education);
  const current = profile.workExperience.filter((job) => job.current);
  fields.text(
    'work',
    profile.workExperience.map(({ summary }) => summary),
  );
  fields.text('industry', [profile.industry, ...profile.workExperience.map(({ industry }) => industry)]);
  fields.text(
    'companySize',
    profile.companySize ? [profile.companySize] : current.map(({ companySize }) => companySize),
  );
  fields.text('skill', profile.skills);
  fields.text('certification', profile.certifications);
  fields.text('language', profile.languages);
  fields.text('group', profile.groups);
  fields.text('interest', profile.interests);
  fields.text('honor', profile.honors);
  fields.text('tag', profile.tags);
  fields.text(
    'diversity',
    profile.diversity.map(({ attribute, value }) => `${attribute}: ${value}`),
  );
}

function addName(fields: FieldCollector, name: { firstName: string; lastName?: string; fullName?: string }): void {
  // Both orders of the parts can be looked for as a phrase only where both are written.
  fields.text('name', [displayName(name), `${name.firstName} ${name.lastName ?? ''}`.trim()]);
}

function addPhones(fields: FieldCollector, numbers: readonly string[]): void {
  // As it is dialled from abroad, and as it is dialled at home.
  fields.text(
    'phone',
    numbers.flatMap((number) => [number, parsePhoneNumberFromString(number)?.nationalNumber]),
  );
}

function addPages(fields: FieldCollector, pages: readonly SocialUrl[]): void {
  for (const { network, url } of pages) {
    fields.text(network === 'linkedin' || network === 'github' ? network : 'url', [url]);
  }
}

function addEducation(fields: FieldCollector, education: readonly Education[]): void {
  for (const { school, degree, major } of education) {
    fields.text('school', [school]);
    fields.text('degree', [degree]);
    fields.text('major', [major]);
  }
}

function addWork(fields: FieldCollector, work: readonly WorkExperience[], now: Date): void {
  for (const { current, title, employer } of work) {
    fields.text(current ? 'currentTitle' : 'pastTitle', [title]);
    fields.text(current ? 'currentCompany' : 'pastCompany', [employer]);
    if (current && title) fields.text('seniority', [seniorityOf(title)]);
  }
  fields.number('years', yearsOfExperience(work, now));
  fields.number('yearsInRole', yearsInRole(work, now));
}

function applicationValues(application: SearchedApplication, keys: KnownKeys): FieldValues {
  const fields = new FieldCollector((field, value) => keys.of(field, value));
  fields.text('job', [application.jobTitle]);
  fields.text('jobId', [application.jobRemoteId, application.jobId]);
  fields.text('status', [application.statusLabel ?? application.status]);
  fields.text('outcome', [application.status]);
  fields.text('subStatus', [application.subStatus]);
  fields.text('stage', [application.stage]);
  fields.text('rejectionReason', [application.rejectionReason]);
  fields.text('withdrawalReason', [application.withdrawalReason]);
  fields.text('source', [application.source]);
  fields.text('recruiter', [application.recruiterName]);
  fields.date('applied', application.appliedAt);
  fields.date('applicationUpdated', application.remoteUpdatedAt);
  return fields.values();
}

const countries = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** A place as people say it and look for it: "Porto, Portugal". Streets are nobody's search. */
function addressLine({ city, region, country }: Address): string {
  const name = country && /^[A-Z]{2}$/.test(country) ? countries.of(country) : country;
  return [city, region, name].filter((part) => part !== undefined && part !== '').join(', ');
}
