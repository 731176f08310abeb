/** A field of a person as the schema describes it. */
export interface SchemaField {
  readonly title: string;
  readonly type: 'text' | 'date' | 'list' | 'collection';
  /** For lists: what they take. Absent: any text, which becomes a new option (iCIMS sheet §6.1: so it is for schools and degrees). */
  readonly options?: readonly string[];
  /** For collections. */
  readonly parts?: Readonly<Record<string, SchemaField>>;
}

/** All fields of a person in one tenant, by id. */
export type PersonSchema = Readonly<Record<string, SchemaField>>;

const text = (title: string): SchemaField => ({ title, type: 'text' });
const date = (title: string): SchemaField => ({ title, type: 'date' });
const list = (title: string, options?: readonly string[]): SchemaField => ({
  title,
  type: 'list',
  ...(options ? { options } : {}),
});
const collection = (title: string, parts: Readonly<Record<string, SchemaField>>): SchemaField => ({
  title,
  type: 'collection',
  parts,
});

const NAMES: PersonSchema = {
  firstname: text('First Name'),
  middlename: text('Middle Name'),
  lastname: text('Last Name'),
  email: text('Email'),
  phones: collection('Phones', {
    phonenumber: text('Phone'),
    phonetype: list('Phone Type', ['Home', 'Mobile', 'Work', 'Fax']),
  }),
  addresses: collection('Addresses', {
    addressstreet1: text('Address 1'),
    addressstreet2: text('Address 2'),
    addresscity: text('City'),
    addressstate: list('State/Province'),
    addresszip: text('Zip/Postal Code'),
    addresscountry: list('Country'),
  }),
  externalid: text('External ID'),
  source: text('Source'),
  sourcename: text('Source Name'),
};

/** The ids that the fact sheet infers (iCIMS sheet §6.1). */
export const STANDARD_SCHEMA: PersonSchema = {
  ...NAMES,
  workexperience: collection('Work Experience', {
    workemployer: text('Work Employer'),
    worktitle: text('Work Title'),
    workstartdate: date('Work Start Date'),
    workenddate: date('Work End Date'),
  }),
  education: collection('Education', {
    school: list('School'),
    degree: list('Degree'),
    major: list('Major'),
    graduationdate: date('Graduation Date'),
  }),
  socialaccounts: collection('Social Accounts', {
    socialaccounttype: list('Social Account Type', ['LinkedIn', 'Twitter', 'Facebook']),
    socialaccounturl: text('Social Account URL'),
  }),
  field1234: text('Preferred Shift'),
};

/**
 * A tenant in which the inferred ids do not hold: work experience goes by numbered ids and the usual titles, degrees are not
 * kept, there are no social accounts, and a custom field takes the LinkedIn URL.
 */
export const VARIANT_SCHEMA: PersonSchema = {
  ...NAMES,
  rcf3000: collection('Work Experience', {
    rcf3001: text('Work Employer'),
    rcf3002: text('Work Title'),
    rcf3003: date('Work Start Date'),
    rcf3004: date('Work End Date'),
  }),
  education: collection('Education', { school: list('School'), major: list('Major') }),
  field2201: text('LinkedIn Profile'),
  field2202: text('Preferred Shift'),
};

/** The schema as `GET …/profiledefinitions/v1/person/schema` answers it, without what the user cannot see. */
export function schemaAnswer(schema: PersonSchema, hidden: ReadonlySet<string>): unknown {
  const shown = Object.entries(schema).filter(([id]) => !hidden.has(id));
  return {
    type: 'object',
    properties: Object.fromEntries(shown.map(([id, field]) => [id, fieldAnswer(field, hidden)])),
  };
}

/** One field as the schema describes it. */
export function fieldAnswer({ title, type, parts }: SchemaField, hidden: ReadonlySet<string>): unknown {
  if (type !== 'collection') return { title, type: type === 'list' ? 'object' : 'string' };
  const shown = Object.entries(parts ?? {}).filter(([id]) => !hidden.has(id));
  return {
    title,
    type: 'array',
    items: {
      type: 'object',
      properties: Object.fromEntries(shown.map(([id, part]) => [id, fieldAnswer(part, hidden)])),
    },
  };
}

/** The schemas of the two customers, as a user without hidden fields reads them. */
export const PERSON_SCHEMAS = {
  standard: schemaAnswer(STANDARD_SCHEMA, new Set()),
  variant: schemaAnswer(VARIANT_SCHEMA, new Set()),
};
