import { present } from '@talentbridge/contracts';
import type { PersonSchema } from './vendor-records.js';

/** A field of a person that the API user may write, under the id that this tenant gives it. */
export interface TextField {
  readonly kind: 'text';
  readonly id: string;
}

/** A list of entries, with the ids of their parts; a part that is missing here is not visible. */
export interface CollectionField<Part extends string> {
  readonly kind: 'collection';
  readonly id: string;
  readonly parts: Readonly<Partial<Record<Part, string>>>;
}

/** Where the parts of a candidate go in one tenant. What is absent, the API user cannot see. */
export interface PersonFields {
  readonly firstName?: TextField;
  readonly lastName?: TextField;
  readonly email?: TextField;
  readonly phones?: CollectionField<'number' | 'type'>;
  readonly linkedin?: TextField | CollectionField<'url' | 'network'>;
  readonly workExperience?: CollectionField<'employer' | 'title' | 'startDate' | 'endDate'>;
  readonly education?: CollectionField<'school' | 'degree'>;
  /** Every field that is visible, with its title: to tell which field a refusal means. */
  readonly titles: ReadonlyMap<string, string>;
}

/** A part of a candidate by the names it may go by: the id of iCIMS first, then labels. */
export type Names = readonly [id: string, ...labels: readonly string[]];

// First and last name, email and phones are CONFIRMED (iCIMS sheet §6.1). The others are INFERRED from the labels in the set-up
// article, so a tenant's schema decides: the id where it is there, else a property whose id or title reads the same.
const NAMES = {
  firstName: ['firstname', 'First Name'],
  lastName: ['lastname', 'Last Name'],
  email: ['email', 'Email Address'],
} as const satisfies Readonly<Record<string, Names>>;

const PHONES = {
  names: ['phones', 'Phone Numbers'],
  parts: { number: ['phonenumber', 'Phone'], type: ['phonetype', 'Phone Type'] },
  key: 'number',
} as const;

const SOCIAL_ACCOUNTS = {
  names: ['socialaccounts', 'Social Account', 'Social Media Accounts'],
  parts: {
    url: ['socialaccounturl', 'Social Account URL', 'URL'],
    network: ['socialaccounttype', 'Social Account Type', 'Type'],
  },
  key: 'url',
} as const;

const WORK = {
  names: ['workexperience', 'Work History', 'Employment History'],
  parts: {
    employer: ['workemployer', 'Work Employer', 'Employer'],
    title: ['worktitle', 'Work Title', 'Title'],
    startDate: ['workstartdate', 'Work Start Date', 'Start Date'],
    endDate: ['workenddate', 'Work End Date', 'End Date'],
  },
  key: 'employer',
} as const;

const EDUCATION = {
  names: ['education', 'Education History'],
  parts: { school: ['school', 'School Name'], degree: ['degree'] },
  key: 'school',
} as const;

/** A collection by the names that it and its parts may go by. */
export interface Collection<Part extends string> {
  readonly names: Names;
  readonly parts: Readonly<Record<Part, Names>>;
  /** The part without which an entry says nothing. */
  readonly key: Part;
}

/**
 * Finds where the parts of a candidate go in this tenant (iCIMS sheet §6.1): nothing is written to a field that the schema does
 * not show.
 *
 * @param linkedinField The field that an admin chose for the LinkedIn URL. Absent: the social accounts, else a text field with
 *   LinkedIn in its name.
 */
export function resolveFields(schema: PersonSchema, linkedinField?: string): PersonFields {
  const { properties } = schema;
  const text = (names: Names): TextField | undefined => {
    const id = find(properties, names);
    return id === undefined ? undefined : { kind: 'text', id };
  };
  return {
    ...present({
      firstName: text(NAMES.firstName),
      lastName: text(NAMES.lastName),
      email: text(NAMES.email),
      phones: collection(properties, PHONES),
      linkedin: linkedinIn(properties, linkedinField),
      workExperience: collection(properties, WORK),
      education: collection(properties, EDUCATION),
    }),
    titles: titlesOf(properties),
  };
}

function linkedinIn(properties: PersonSchema['properties'], chosen: string | undefined): PersonFields['linkedin'] {
  if (chosen !== undefined) {
    // The admin's word counts: another field would put the URL where nobody looks for it.
    return Object.hasOwn(properties, chosen) ? { kind: 'text', id: chosen } : undefined;
  }
  const social = collection(properties, SOCIAL_ACCOUNTS);
  if (social) return social;
  const named = Object.entries(properties).find(
    ([id, { title = '', items }]) => items === undefined && `${folded(id)} ${folded(title)}`.includes('linkedin'),
  );
  return named && { kind: 'text', id: named[0] };
}

/** Finds a collection in a schema; `undefined` when it, or the part without which it says nothing, is not visible. */
export function collection<Part extends string>(
  properties: PersonSchema['properties'],
  { names, parts, key }: Collection<Part>,
): CollectionField<Part> | undefined {
  const id = find(properties, names);
  if (id === undefined) return undefined;
  const inner = properties[id]?.items?.properties;
  const found: Partial<Record<Part, string>> = {};
  for (const [part, partNames] of Object.entries<Names>(parts)) {
    // A schema that does not say what is in a collection hides nothing of it.
    const partId = inner === undefined ? partNames[0] : find(inner, partNames);
    if (partId !== undefined) found[part as Part] = partId;
  }
  return found[key] === undefined ? undefined : { kind: 'collection', id, parts: found };
}

/** Finds a field by its id, else by a name that reads the same. */
export function find(
  properties: Readonly<Record<string, { readonly title?: string | undefined }>>,
  [id, ...labels]: Names,
): string | undefined {
  if (Object.hasOwn(properties, id)) return id;
  const wanted = new Set([id, ...labels].map(folded));
  return Object.entries(properties).find(
    ([name, { title = '' }]) => wanted.has(folded(name)) || wanted.has(folded(title)),
  )?.[0];
}

function folded(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function titlesOf(properties: PersonSchema['properties']): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  for (const [id, { title = '', items }] of Object.entries(properties)) {
    titles.set(id, title);
    for (const [part, inner] of Object.entries(items?.properties ?? {})) titles.set(part, inner.title ?? '');
  }
  return titles;
}

/**
 * The fields as they are after some were refused: without these ids, and without a collection whose key part is among them.
 */
export function withoutFields(fields: PersonFields, ids: ReadonlySet<string>): PersonFields {
  const { firstName, lastName, email, titles, phones, linkedin, workExperience, education } = fields;
  const kept = <Part extends string>(
    field: CollectionField<Part> | undefined,
    { key }: Collection<Part>,
  ): CollectionField<Part> | undefined => {
    if (field === undefined || ids.has(field.id)) return undefined;
    const parts = Object.fromEntries(
      Object.entries<string | undefined>(field.parts).filter(([, id]) => !ids.has(id ?? '')),
    );
    return parts[key] === undefined ? undefined : { ...field, parts: parts as Partial<Record<Part, string>> };
  };
  return {
    ...present({
      firstName,
      lastName,
      email,
      phones: kept(phones, PHONES),
      linkedin:
        linkedin?.kind === 'collection'
          ? kept(linkedin, SOCIAL_ACCOUNTS)
          : linkedin && (ids.has(linkedin.id) ? undefined : linkedin),
      workExperience: kept(workExperience, WORK),
      education: kept(education, EDUCATION),
    }),
    titles,
  };
}

/** The ids of fields that a candidate can do without, collections and their parts. */
export function optionalIds(fields: PersonFields): ReadonlySet<string> {
  const { phones, linkedin, workExperience, education } = fields;
  return new Set(
    [phones, linkedin, workExperience, education]
      .flatMap((field) => {
        if (field === undefined) return [];
        return field.kind === 'text' ? [field.id] : [field.id, ...Object.values<string | undefined>(field.parts)];
      })
      .filter((id) => id !== undefined),
  );
}
