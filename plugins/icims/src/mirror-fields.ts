import type { AskedFields } from './client.js';
import {
  type Collection,
  type CollectionField,
  collection,
  find,
  type PersonFields,
  resolveFields,
} from './person-fields.js';
import type { PersonSchema } from './vendor-records.js';

/** Where the parts of a person are read from in one tenant. What is absent, the API user cannot see. */
export interface MirrorFields {
  /** As they are written. */
  readonly written: PersonFields;
  readonly addresses?: CollectionField<AddressPart>;
  readonly education?: CollectionField<'school' | 'degree' | 'major' | 'graduationDate'>;
  readonly source?: string;
  readonly sourceName?: string;
  /** All of it, and what every person has. */
  readonly asked: AskedFields;
}

/** A part of an address. */
export type AddressPart = 'street1' | 'street2' | 'city' | 'region' | 'postalCode' | 'country';

// Ids of addresses are CONFIRMED, those of education INFERRED (iCIMS sheet §6.1).
const ADDRESSES: Collection<AddressPart> = {
  names: ['addresses', 'Address'],
  parts: {
    street1: ['addressstreet1', 'Address 1', 'Street'],
    street2: ['addressstreet2', 'Address 2'],
    city: ['addresscity', 'City'],
    region: ['addressstate', 'State', 'State/Province'],
    postalCode: ['addresszip', 'Zip', 'Zip/Postal Code'],
    country: ['addresscountry', 'Country'],
  },
  key: 'city',
};

const EDUCATION: Collection<'school' | 'degree' | 'major' | 'graduationDate'> = {
  names: ['education', 'Education History'],
  parts: {
    school: ['school', 'School Name'],
    degree: ['degree'],
    major: ['major', 'Field of Study'],
    graduationDate: ['graduationdate', 'Graduation Date'],
  },
  key: 'school',
};

/** Dates as fields of a profile, and that a file shows in one (iCIMS sheet §6.1 and §6.7, INFERRED). */
const INFERRED = ['createddate', 'updateddate', 'resume'];

/** Finds where the parts of a person are read from in this tenant: by id, else by a name that reads the same. */
export function resolveMirrorFields(schema: PersonSchema, linkedinField?: string): MirrorFields {
  const { properties } = schema;
  const written = resolveFields(schema, linkedinField);
  const addresses = collection(properties, ADDRESSES);
  const education = collection(properties, EDUCATION);
  const source = find(properties, ['source']);
  const sourceName = find(properties, ['sourcename', 'Source Name']);
  const { firstName, lastName, email, phones, linkedin, workExperience } = written;
  const ids = [firstName, lastName, email, phones, linkedin, workExperience, addresses, education].map(
    (field) => field?.id,
  );
  const asked = [...ids, source, sourceName, 'folder'].filter((id) => id !== undefined);
  return {
    written,
    ...(addresses === undefined ? {} : { addresses }),
    ...(education === undefined ? {} : { education }),
    ...(source === undefined ? {} : { source }),
    ...(sourceName === undefined ? {} : { sourceName }),
    asked: { fields: [...new Set(asked)], inferred: INFERRED.filter((id) => !asked.includes(id)) },
  };
}
