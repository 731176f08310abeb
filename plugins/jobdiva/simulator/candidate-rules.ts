import { parameterRefused } from './refusal.js';

/** Most characters of each field (JobDiva sheet §6, unverified; titles and schools INFERRED). */
const LIMITS: Readonly<Record<string, { readonly label: string; readonly most: number }>> = {
  firstName: { label: 'First Name', most: 50 },
  lastName: { label: 'Last Name', most: 50 },
  email: { label: 'Email', most: 100 },
  alternateemail: { label: 'Alternate Email', most: 100 },
  address1: { label: 'Address1', most: 100 },
  address2: { label: 'Address2', most: 100 },
  city: { label: 'City', most: 100 },
  zipCode: { label: 'Zip', most: 20 },
  cellphone: { label: 'Cell Phone', most: 20 },
  homephone: { label: 'Home Phone', most: 20 },
  workphone: { label: 'Work Phone', most: 20 },
  narrative: { label: 'Narrative', most: 400 },
};

const STATES: Readonly<Record<string, ReadonlySet<string>>> = {
  US: new Set(
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR GU VI AS MP'.split(
      ' ',
    ),
  ),
  CA: new Set('AB BC MB NB NL NS NT NU ON PE QC SK YT'.split(' ')),
};

/** @throws Refusal with status 500 that quotes the value, as JobDiva's texts do. */
export function checkLengths(fields: Readonly<Record<string, unknown>>): void {
  for (const [name, { label, most }] of Object.entries(LIMITS)) {
    const value = fields[name];
    if (typeof value === 'string') checkLength(label, value, most);
  }
}

/** @throws Refusal with status 500 */
export function checkLength(label: string, value: string, most: number): void {
  if ([...value].length > most) throw parameterRefused(`${label}(${value}) exceeds ${most} characters`);
}

/**
 * A state has to fit its country; without a country it is one of the United States (JobDiva sheet §6, unverified).
 * @throws Refusal with status 500
 */
export function checkPlace(state: string | undefined, country: string | undefined): void {
  if (country !== undefined && country !== '' && !/^[A-Z]{2}$/.test(country)) {
    throw parameterRefused(`Country(${country}) is not valid`);
  }
  if (state === undefined || state === '') return;
  const states = STATES[country === undefined || country === '' ? 'US' : country];
  if (states && !states.has(state))
    throw parameterRefused(`State(${state}) is not valid for country(${country ?? 'US'})`);
}

/** @throws Refusal with status 500 */
export function checkEmail(email: string | undefined): void {
  if (email !== undefined && email !== '' && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw parameterRefused(`Email(${email}) is not valid`);
  }
}
