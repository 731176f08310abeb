import {
  type CandidateRecord,
  type ExportFieldName,
  type ExportWarning,
  type Job,
  type JsonValue,
  type PartialDate,
  type Phone,
  type PhoneType,
  present,
} from '@talentbridge/contracts';
import type { PersonFields } from './person-fields.js';
import { isWebPage } from './portal-url.js';
import type { JobProfile, PortalJob } from './vendor-records.js';

/** The body of a request to make or change a person. Holds no blank: `null` and `""` delete (iCIMS sheet §1, CONFIRMED). */
export type PersonBody = { readonly [field: string]: JsonValue };

/** A candidate in the words of one tenant, and what had to stay behind. */
export interface MappedPerson {
  readonly body: PersonBody;
  readonly notSent: readonly NotSent[];
}

/** A part of the candidate that has no field to go to. */
export interface NotSent {
  readonly field: ExportFieldName;
  /** As an admin calls it: "work experience", "the type of phone numbers". */
  readonly what: string;
}

/** Our types of phone numbers as iCIMS names them (`phonetype` by value is CONFIRMED, iCIMS sheet §5; the values are INFERRED). */
const PHONE_TYPE: Readonly<Partial<Record<PhoneType, string>>> = { mobile: 'Mobile', home: 'Home', work: 'Work' };

/**
 * Puts a candidate into a tenant's fields (iCIMS sheet §6.2).
 *
 * @param purpose A person who is there already keeps work experience and education (the set-up article), and the address
 *   that they were found by.
 */
export function personBody(
  candidate: CandidateRecord,
  fields: PersonFields,
  purpose: 'create' | 'update',
): MappedPerson {
  const body: Record<string, JsonValue> = {};
  const notSent: NotSent[] = [];
  const put = (
    field: ExportFieldName,
    what: string,
    target: { readonly id: string } | undefined,
    value: JsonValue | undefined,
  ): void => {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return;
    if (target) body[target.id] = value;
    else notSent.push({ field, what });
  };
  /** One entry of a collection under the tenant's ids; parts that have none are noted once. */
  const entry = (
    field: ExportFieldName,
    ids: Readonly<Record<string, string | undefined>>,
    values: Readonly<Record<string, readonly [label: string, value: JsonValue | undefined]>>,
  ): JsonValue => {
    const parts: Record<string, JsonValue> = {};
    for (const [part, [label, value]] of Object.entries(values)) {
      if (value === undefined) continue;
      const id = ids[part];
      if (id !== undefined) parts[id] = value;
      else if (!notSent.some(({ what }) => what === label)) notSent.push({ field, what: label });
    }
    return parts;
  };

  put('firstName', 'the first name', fields.firstName, text(candidate.firstName));
  put('lastName', 'the last name', fields.lastName, text(candidate.lastName));
  if (purpose === 'create') put('emails', 'the email address', fields.email, emailOf(candidate));

  const phones = candidate.phones.filter(({ number }) => text(number) !== undefined);
  const phoneIds = fields.phones?.parts ?? {};
  put(
    'phones',
    'phone numbers',
    fields.phones,
    phones.map(({ number, type }) =>
      entry('phones', fields.phones ? phoneIds : ALL_PARTS, {
        number: ['phone numbers', text(number)],
        type: ['the type of phone numbers', PHONE_TYPE[type] && { value: PHONE_TYPE[type] }],
      }),
    ),
  );

  const url = linkedinOf(candidate);
  const { linkedin } = fields;
  if (linkedin?.kind === 'collection') {
    const account = entry('socialUrls', linkedin.parts, {
      url: ['the LinkedIn URL', url],
      network: ['the type of social accounts', { value: 'LinkedIn' }],
    });
    if (url !== undefined) put('socialUrls', 'the LinkedIn URL', linkedin, [account]);
  } else {
    put('socialUrls', 'the LinkedIn URL', linkedin, url);
  }

  if (purpose === 'update') return { body, notSent };

  const held = candidate.workExperience.filter(({ employer }) => text(employer) !== undefined);
  put(
    'workExperience',
    'work experience',
    fields.workExperience,
    held.map(({ employer, title, startDate, endDate, current }) =>
      entry('workExperience', fields.workExperience?.parts ?? ALL_PARTS, {
        employer: ['employers', text(employer)],
        title: ['titles of work experience', text(title)],
        startDate: ['start dates of work experience', dateOnly(startDate)],
        // No end is how iCIMS knows that it goes on.
        endDate: ['end dates of work experience', current ? undefined : dateOnly(endDate)],
      }),
    ),
  );

  const studied = candidate.education.filter(({ school }) => text(school) !== undefined);
  put(
    'education',
    'education',
    fields.education,
    studied.map(({ school, degree }) =>
      entry('education', fields.education?.parts ?? ALL_PARTS, {
        school: ['schools', text(school)],
        degree: ['degrees', text(degree)],
      }),
    ),
  );
  return { body, notSent };
}

/** A number as an entry of a tenant's collection; a type that has no field stays out. */
export function phoneEntry(
  { number, type }: Phone,
  ids: Readonly<Partial<Record<'number' | 'type', string>>> = {},
): PersonBody {
  const word = PHONE_TYPE[type];
  return {
    ...(ids.number === undefined ? {} : { [ids.number]: number.trim() }),
    ...(ids.type === undefined || word === undefined ? {} : { [ids.type]: { value: word } }),
  };
}

/** Stands in where the whole collection has no field, so that its parts are not named one by one as well. */
const ALL_PARTS: Readonly<Record<string, string>> = {
  number: 'number',
  type: 'type',
  employer: 'employer',
  title: 'title',
  startDate: 'startDate',
  endDate: 'endDate',
  school: 'school',
  degree: 'degree',
};

/** What to tell about parts that were left out because the API user cannot see a field for them. */
export function notVisible(notSent: readonly NotSent[]): readonly ExportWarning[] {
  return notSent.map(({ field, what }) => ({
    code: 'FIELD_NOT_VISIBLE',
    field,
    message: `iCIMS shows the API user no field for ${what}, so it was not sent. Let the login group of the API user see and edit it, or choose another field in the settings.`,
  }));
}

/** What to tell about parts that were left out because iCIMS refused them. */
export function valueRefused(notSent: readonly NotSent[]): readonly ExportWarning[] {
  return notSent.map(({ field, what }) => ({
    code: 'VALUE_REFUSED',
    field,
    message: `iCIMS refused ${what} and took the rest of the candidate. A value may match a hidden option of a list; unhide it there, or add it by hand.`,
  }));
}

/** The address by which iCIMS knows the candidate; `undefined` when there is none. */
export function emailOf(candidate: Pick<CandidateRecord, 'emails'>): string | undefined {
  return candidate.emails.map((email) => text(email)).find((email) => email !== undefined);
}

function linkedinOf({ socialUrls }: CandidateRecord): string | undefined {
  return socialUrls
    .filter(({ network }) => network === 'linkedin')
    .map(({ url }) => text(url))
    .find((url) => url !== undefined);
}

/** `yyyy-MM-dd`, which is all that iCIMS takes (iCIMS sheet §1): a year or month goes out as its first day. */
export function dateOnly(date: PartialDate | undefined): string | undefined {
  const [, year, month = '01', day = '01'] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date ?? '') ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}

/** `yyyy-MM-dd hh:mm a` in UTC, for filters: iCIMS ignores a filter whose date it cannot read (iCIMS sheet §9, CONFIRMED). */
export function dateTime(at: number): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  const hours = Number(time.slice(0, 2));
  const twelve = String(hours % 12 === 0 ? 12 : hours % 12).padStart(2, '0');
  return `${day} ${twelve}:${time.slice(3, 5)} ${hours < 12 ? 'AM' : 'PM'}`;
}

/**
 * A job as recruiters choose it. A portal lists jobs without titles, so without the profile the title is read from the slug
 * of the job's page (iCIMS sheet §7.1).
 */
export function jobOf({ id, portalUrl }: PortalJob, profile: JobProfile | undefined): Job {
  const title = text(profile?.jobtitle) ?? slugTitle(portalUrl) ?? `Job ${id}`;
  return {
    remoteId: String(id),
    title,
    code: text(profile?.jobid) ?? String(id),
    // What stands on a portal takes candidates.
    open: true,
    ...present({
      statusLabel: text(profile?.folder),
      location: text(profile?.joblocation),
      remoteUrl: isWebPage(portalUrl) ? portalUrl : undefined,
    }),
  };
}

/** `Data Engineer` of `https://careers-acme.icims.com/jobs/1709/data-engineer/job`. */
export function slugTitle(portalUrl: string | undefined): string | undefined {
  const slug = /\/jobs\/\d+\/([^/?#]+)\/job\b/.exec(portalUrl ?? '')?.[1];
  if (slug === undefined) return undefined;
  const words = decoded(slug)
    .split(/[-_\s]+/)
    .filter((word) => word !== '');
  return text(words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' '));
}

function decoded(slug: string): string {
  try {
    return decodeURIComponent(slug);
  } catch {
    // A lone percent sign: it reads well enough as it is.
    return slug;
  }
}

function text(value: string | null | undefined): string | undefined {
  const trimmed = value?.trim();
  return trimmed === '' ? undefined : trimmed;
}
