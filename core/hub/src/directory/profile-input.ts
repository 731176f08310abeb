import { type LocatedAddress, type PartialDate, present, type SocialUrl } from '@talentbridge/contracts';
import { z } from 'zod';
import { cleanLine, cleanParagraphs, isLongerThan } from './clean-text.js';
import { readCountryCode } from './country-code.js';
import { deriveKey } from './derive-key.js';
import { isBefore, readPartialDate } from './partial-date.js';
import { type NameParts, splitFullName } from './person-name.js';
import { readPhoneNumber, readPhoneType } from './phone-number.js';
import type {
  DiversityAttribute,
  EmailType,
  Profile,
  ProfileEducation,
  ProfileEmail,
  ProfilePhone,
  ProfileWorkExperience,
} from './profile.js';
import { readSocialUrl, readWebUrl } from './social-url.js';

/** The largest profile that is taken. Longer texts and lists are refused, not cut: the host platform decides what goes. */
export const profileLimits = {
  key: 200,
  name: 200,
  line: 500,
  paragraphs: 20_000,
  url: 2_000,
  emails: 50,
  phones: 50,
  socialUrls: 100,
  workExperience: 200,
  education: 100,
  skills: 500,
  values: 200,
} as const;

type Context = z.core.$RefinementCtx;

/** What one field holds when it is absent, `null` or blank. */
type Absent = undefined;

function refuse(ctx: Context, message: string, path: PropertyKey[] = []): never {
  ctx.addIssue({ code: 'custom', message, path, input: undefined });
  return z.NEVER;
}

function bounded(text: string, limit: number, ctx: Context): string {
  return isLongerThan(text, limit) ? refuse(ctx, `has more than ${limit} characters`) : text;
}

function text(limit: number, clean: (value: string) => string = cleanLine) {
  return z.string().transform((value, ctx) => {
    const cleaned = clean(value);
    return cleaned === '' ? refuse(ctx, 'is empty') : bounded(cleaned, limit, ctx);
  });
}

function optionalText(limit: number, clean: (value: string) => string = cleanLine) {
  return z
    .string()
    .nullish()
    .transform((value, ctx): string | Absent => bounded(clean(value ?? ''), limit, ctx) || undefined);
}

const optionalDate = z
  .union([z.string(), z.int()])
  .nullish()
  .transform((value, ctx): PartialDate | Absent => {
    if (value === null || value === undefined || value === '') return undefined;
    return (
      readPartialDate(value) ?? refuse(ctx, 'is no date: write YYYY, YYYY-MM or YYYY-MM-DD, between 1900 and 2100')
    );
  });

const optionalUrl = optionalText(profileLimits.url).transform((value, ctx): string | Absent =>
  value === undefined ? undefined : (readWebUrl(value) ?? refuse(ctx, 'is no URL of the web')),
);

function degrees(most: number) {
  return z.number().refine((value) => Math.abs(value) <= most, `is not between -${most} and ${most} degrees`);
}

function list<T extends z.ZodType>(entry: T, limit: number) {
  return z
    .array(entry)
    .max(limit, `holds more than ${limit} entries`)
    .nullish()
    .transform((values) => values ?? []);
}

function distinct<T>(values: readonly T[], identity: (value: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const value of values) {
    const key = identity(value);
    if (!seen.has(key)) seen.set(key, value);
  }
  return [...seen.values()];
}

function textList(limit: number = profileLimits.values) {
  return list(text(profileLimits.line), limit).transform((values) => distinct(values, (value) => value.toLowerCase()));
}

const emailAddress = z.string().transform((value, ctx): string => {
  const address = cleanLine(value).replace(/^mailto:/i, '');
  // Deliberately loose (addresses in every script exist); what it keeps out is what cannot be delivered or means several.
  const match = /^([^\s@<>()[\]\\,;:"]{1,64})@([^\s@<>()[\]\\,;:"/?#]+\.[^\s@<>()[\]\\,;:"./?#]+)$/u.exec(address);
  if (!match?.[1] || !match[2] || address.length > 254 || match[2].includes('..'))
    return refuse(ctx, 'is no email address');
  return `${match[1]}@${match[2].toLowerCase()}`;
});

const emailTypes: readonly EmailType[] = ['personal', 'work', 'other'];

const email = z
  .strictObject({
    address: emailAddress,
    revealed: z.boolean().nullish(),
    type: z.enum(emailTypes).nullish(),
  })
  .transform(
    ({ address, revealed, type }): ProfileEmail => ({
      address,
      revealed: revealed ?? false,
      ...(type ? { type } : {}),
    }),
  );

const phoneNumber = text(100).transform((value, ctx) =>
  readPhoneNumber(value) === undefined ? refuse(ctx, 'is no phone number') : value,
);

const phone = z.strictObject({
  number: phoneNumber,
  type: optionalText(50),
  revealed: z.boolean().nullish(),
});

/** Entries that one answer of a contact source may have: what follows is not looked at. */
const MOST_FOUND = 200;

// A kind that is not known says less than the address is worth.
const foundEmail = z
  .object({ address: emailAddress, type: z.enum(emailTypes).optional().catch(undefined) })
  .transform(({ address, type }) => ({ address, ...(type ? { type } : {}) }));
const foundPhone = z.object({ number: phoneNumber, type: optionalText(50).catch(undefined) });

const socialUrl = z
  .union([z.string(), z.strictObject({ url: z.string(), network: z.string().nullish() })])
  .transform((value, ctx): SocialUrl => {
    const given = cleanLine(typeof value === 'string' ? value : value.url);
    const path = typeof value === 'string' ? [] : ['url'];
    if (isLongerThan(given, profileLimits.url))
      return refuse(ctx, `has more than ${profileLimits.url} characters`, path);
    return readSocialUrl(given) ?? refuse(ctx, 'is no URL of the web', path);
  });

const coordinates = z.strictObject({ latitude: degrees(90), longitude: degrees(180) });

const address = z
  .strictObject({
    street1: optionalText(profileLimits.line),
    street2: optionalText(profileLimits.line),
    city: optionalText(profileLimits.line),
    region: optionalText(profileLimits.line),
    postalCode: optionalText(50),
    country: optionalText(profileLimits.line),
    coordinates: coordinates.nullish().transform((value) => value ?? undefined),
  })
  .transform((parts): LocatedAddress | Absent => {
    const country = parts.country === undefined ? undefined : (readCountryCode(parts.country) ?? parts.country);
    const given = present({ ...parts, country });
    return Object.keys(given).length === 0 ? undefined : given;
  });

const workExperience = z
  .strictObject({
    employer: text(profileLimits.line),
    title: optionalText(profileLimits.line),
    startDate: optionalDate,
    endDate: optionalDate,
    current: z.boolean().nullish(),
    summary: optionalText(profileLimits.paragraphs, cleanParagraphs),
    location: optionalText(profileLimits.line),
    companyUrl: optionalUrl,
    industry: optionalText(profileLimits.line),
    companySize: optionalText(100),
  })
  .transform((entry, ctx): ProfileWorkExperience => {
    if (entry.startDate && entry.endDate && isBefore(entry.endDate, entry.startDate)) {
      return refuse(ctx, 'is before startDate', ['endDate']);
    }
    if (entry.current && entry.endDate) {
      return refuse(ctx, 'is given although current is true: leave one of them out', ['endDate']);
    }
    return present({ ...entry, current: entry.current ?? false });
  });

const education = z
  .strictObject({
    school: text(profileLimits.line),
    degree: optionalText(profileLimits.line),
    major: optionalText(profileLimits.line),
    startDate: optionalDate,
    graduationDate: optionalDate,
    summary: optionalText(profileLimits.paragraphs, cleanParagraphs),
  })
  .transform((entry, ctx): ProfileEducation => {
    if (entry.startDate && entry.graduationDate && isBefore(entry.graduationDate, entry.startDate)) {
      return refuse(ctx, 'is before startDate', ['graduationDate']);
    }
    return present(entry);
  });

const diversity = z.strictObject({
  attribute: text(100),
  value: text(profileLimits.line),
  source: text(profileLimits.line),
}) satisfies z.ZodType<DiversityAttribute>;

const profileFields = z.strictObject({
  key: optionalText(profileLimits.key),
  firstName: optionalText(profileLimits.name),
  lastName: optionalText(profileLimits.name),
  fullName: optionalText(profileLimits.name),
  headline: optionalText(profileLimits.line),
  summary: optionalText(profileLimits.paragraphs, cleanParagraphs),
  location: address.nullish().transform((value) => value ?? undefined),
  emails: list(email, profileLimits.emails),
  phones: list(phone, profileLimits.phones),
  socialUrls: list(socialUrl, profileLimits.socialUrls),
  workExperience: list(workExperience, profileLimits.workExperience),
  education: list(education, profileLimits.education),
  skills: textList(profileLimits.skills),
  industry: optionalText(profileLimits.line),
  companySize: optionalText(100),
  certifications: textList(),
  languages: textList(),
  groups: textList(),
  interests: textList(),
  honors: textList(),
  diversity: list(diversity, profileLimits.values),
  tags: textList(),
  dataSource: optionalText(profileLimits.line),
});

type ProfileFields = z.output<typeof profileFields>;

/** An address given twice counts as revealed when either says so. */
function distinctContacts<T extends { readonly revealed: boolean }>(
  contacts: readonly T[],
  identity: (contact: T) => string,
): T[] {
  const revealed = new Set(contacts.filter((contact) => contact.revealed).map(identity));
  return distinct(contacts, identity).map((contact) => ({ ...contact, revealed: revealed.has(identity(contact)) }));
}

/** Contact data that a source found, as a profile keeps it. */
export interface FoundContacts {
  /** Preferred first, each once, revealed. */
  readonly emails: readonly ProfileEmail[];
  readonly phones: readonly ProfilePhone[];
  /** Entries that are no address and no number. */
  readonly unusable: number;
}

/**
 * Reads contact data from outside, entry by entry, as `profileInput` does: one that cannot be used is left out and counted.
 * @param country Where the person lives: numbers without a country code are read as of there.
 */
export function readFoundContacts(
  given: { readonly emails?: readonly unknown[]; readonly phones?: readonly unknown[] },
  country?: string,
): FoundContacts {
  const entriesOf = (entries: readonly unknown[] | undefined): readonly unknown[] =>
    Array.isArray(entries) ? entries.slice(0, MOST_FOUND) : [];
  const emails = entriesOf(given.emails).map((entry) => foundEmail.safeParse(entry));
  const phones = entriesOf(given.phones).map((entry) => foundPhone.safeParse(entry));
  return {
    emails: distinctContacts(
      emails.flatMap(({ data }): ProfileEmail[] => (data ? [{ ...data, revealed: true, found: true }] : [])),
      (entry) => entry.address.toLowerCase(),
    ),
    phones: distinctContacts(
      phones.flatMap(({ data }): ProfilePhone[] =>
        data
          ? [
              {
                number: readPhoneNumber(data.number, country) ?? data.number,
                type: readPhoneType(data.type),
                revealed: true,
                found: true,
              },
            ]
          : [],
      ),
      (entry) => entry.number,
    ),
    unusable: [...emails, ...phones].filter(({ success }) => !success).length,
  };
}

function readNames(fields: ProfileFields): NameParts {
  if (fields.firstName) return present({ firstName: fields.firstName, lastName: fields.lastName });
  if (fields.fullName && !fields.lastName) return splitFullName(fields.fullName);
  // A person known by one name has it as first name, wherever the source put it.
  return { firstName: fields.lastName ?? '' };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'string' && cleanLine(value) === '');
}

const nameMissing = {
  path: ['firstName'],
  message: 'is missing: give firstName and lastName, or fullName',
  // Told together with everything else that is wrong, not only once the rest is mended.
  when: () => true,
};

const keyMissing = {
  path: ['key'],
  message: "is missing: give the host platform's id of the profile",
  when: () => true,
};

// Called with whatever came, so that a missing name is told beside other refusals; what is no object is refused as such.
function hasOneOf(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return names.some((name) => isGiven(fields[name]));
}

const hasName = (value: unknown): boolean => hasOneOf(value, ['firstName', 'lastName', 'fullName']);
const hasKey = (value: unknown): boolean => hasOneOf(value, ['key']);

function toProfile(fields: ProfileFields): Profile {
  const country = fields.location?.country;
  const phones = fields.phones.map(
    ({ number, type, revealed }): ProfilePhone => ({
      number: readPhoneNumber(number, country) ?? number,
      type: readPhoneType(type),
      revealed: revealed ?? false,
    }),
  );
  // A profile is stored and compared without empty fields.
  const profile = present({
    ...fields,
    ...readNames(fields),
    key: undefined,
    emails: distinctContacts(fields.emails, (entry) => entry.address.toLowerCase()),
    phones: distinctContacts(phones, (entry) => entry.number),
    socialUrls: distinct(fields.socialUrls, (entry) => entry.url.toLowerCase()),
    diversity: distinct(fields.diversity, (entry) => JSON.stringify(entry).toLowerCase()),
  });
  return { key: fields.key ?? deriveKey(profile), ...profile };
}

/**
 * Reads a profile from outside: text is composed, trimmed and freed of control characters, dates become partial dates, URLs
 * name their network, phone numbers become E.164, repetitions go, `null` means absent. Unknown fields are refused, because
 * what is misspelt would be lost without a word.
 */
const profileInput = profileFields.refine(hasName, nameMissing).refine(hasKey, keyMissing).transform(toProfile);

/** As `profileInput`, for files: a profile without a key gets one from `deriveKey`. */
const profileFileInput = profileFields.refine(hasName, nameMissing).transform(toProfile);

/** Why a profile or a row was refused. Names the field, never its value. */
export interface RefusalReason {
  /** Where: `workExperience[2].startDate`. Absent: the whole. */
  readonly path?: string;
  /** A phrase that follows the path: "is no email address". */
  readonly message: string;
}

/** A place inside a profile as a person reads it: `emails[0].address`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part).slice(0, 60)}`,
    )
    .join('');
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    if (issue.path.length === 0) return 'is no object with the fields of a profile';
    if (issue.input === undefined || issue.input === null) return 'is missing';
    return issue.expected === 'boolean'
      ? 'is neither true nor false'
      : `is not of the expected type (${issue.expected})`;
  }
  if (issue.code === 'invalid_union') return 'is not of an expected type';
  if (issue.code === 'unrecognized_keys') {
    return `holds fields that are not known: ${issue.keys
      .slice(0, 10)
      .map((key) => cleanLine(key).slice(0, 60))
      .join(', ')}`;
  }
  if (issue.code === 'invalid_value') return `is none of ${issue.values.map(String).join(', ')}`;
  return issue.message;
}

/** A profile, or every reason why it is none, with the paths that the reasons are about. */
export type ProfileReading =
  | { readonly ok: true; readonly profile: Profile }
  | {
      readonly ok: false;
      readonly reasons: readonly RefusalReason[];
      readonly paths: readonly (readonly PropertyKey[])[];
    };

function read(schema: typeof profileInput | typeof profileFileInput, value: unknown): ProfileReading {
  // The inputs tell what is missing from what is wrong. They are personal data and go no further than here.
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { ok: true, profile: result.data };
  const { issues } = result.error;
  return {
    ok: false,
    reasons: issues.map((issue) => {
      const message = describe(issue);
      return issue.path.length === 0 ? { message } : { path: pathText(issue.path), message };
    }),
    paths: issues.map(({ path }) => path),
  };
}

/** Reads a profile from outside, as `profileInput` describes. */
export function readProfile(value: unknown): ProfileReading {
  return read(profileInput, value);
}

/** Reads a profile from a file, as `profileFileInput` describes. */
export function readFileProfile(value: unknown): ProfileReading {
  return read(profileFileInput, value);
}
