import { SeededRandom } from '@talentbridge/testkit/simulator';
import { generatedResume } from './generated-resume.js';
import { type PersonSchema, STANDARD_SCHEMA } from './person-schema.js';
import type { GeneratedRecords } from './record-store.js';
import type { CollectionEntry, ListValue, SimulatedJob, SimulatedPerson, SimulatedWorkflow } from './records.js';

/** Who lives in a generated tenant. */
export interface PopulationOptions {
  readonly candidates: number;
  /** Decides everything about everybody. */
  readonly seed: number;
  readonly schema: PersonSchema;
  /** The jobs that they are on. */
  readonly jobs: readonly SimulatedJob[];
  /** The statuses that their workflows have. */
  readonly statuses: readonly ListValue[];
  readonly folder: ListValue;
}

/** Everything generated was changed before this, so that a search for later changes looks at nobody of it. */
export const GENERATED_UNTIL = Date.parse('2026-01-01T00:00:00Z');
const GENERATED_FROM = Date.parse('2019-01-01T00:00:00Z');

/** Ids have gaps, because other records of a tenant have numbers as well, and some are deleted. */
const FIRST_PERSON = 2001;
const IDS_PER_PERSON = 3;
const FIRST_WORKFLOW = 11;
const IDS_PER_WORKFLOWS = 4;

/** A tenant of any size that takes no memory. An id leads to the number of its person, and the number to all the rest. */
export class Population {
  readonly people: GeneratedRecords<SimulatedPerson>;
  readonly workflows: GeneratedRecords<SimulatedWorkflow>;

  constructor(private readonly options: PopulationOptions) {
    const { candidates } = options;
    this.people = {
      lastId: candidates === 0 ? 0 : this.#personId(candidates - 1),
      has: (id) => this.#numberOf(id) !== undefined,
      get: (id) => {
        const number = this.#numberOf(id);
        return number === undefined ? undefined : this.#person(number);
      },
      idsAfter: (after) => this.#peopleAfter(after),
    };
    this.workflows = {
      lastId: FIRST_WORKFLOW + candidates * IDS_PER_WORKFLOWS - 1,
      has: (id) => this.#workflowOf(id) !== undefined,
      get: (id) => {
        const found = this.#workflowOf(id);
        return found && this.#workflow(found.number, found.place);
      },
      idsAfter: (after) => this.#workflowsAfter(after),
    };
  }

  /** Ids of the workflows that a person was generated with. */
  workflowsOf(personId: number): readonly number[] {
    const number = this.#numberOf(personId);
    return number === undefined ? [] : this.#places(number).map((place) => workflowId(number, place));
  }

  /** The person who was generated with this address. */
  personOf(email: string): number | undefined {
    const number = Number(/\.(\d{1,9})@home\.example$/.exec(email.toLowerCase())?.[1] ?? Number.NaN);
    if (!(number < this.options.candidates)) return undefined;
    return this.#person(number).fields.get('email') === email.toLowerCase() ? this.#personId(number) : undefined;
  }

  #personId(number: number): number {
    return FIRST_PERSON + number * IDS_PER_PERSON + this.#randomOf(number, 1).below(IDS_PER_PERSON);
  }

  #numberOf(id: number): number | undefined {
    const number = Math.floor((id - FIRST_PERSON) / IDS_PER_PERSON);
    return number >= 0 && number < this.options.candidates && this.#personId(number) === id ? number : undefined;
  }

  *#peopleAfter(after: number): Generator<number> {
    const first = Math.max(0, Math.floor((after - FIRST_PERSON) / IDS_PER_PERSON));
    for (let number = first; number < this.options.candidates; number += 1) {
      const id = this.#personId(number);
      if (id > after) yield id;
    }
  }

  *#workflowsAfter(after: number): Generator<number> {
    const first = Math.max(0, Math.floor((after - FIRST_WORKFLOW) / IDS_PER_WORKFLOWS));
    for (let number = first; number < this.options.candidates; number += 1) {
      for (const place of this.#places(number)) {
        const id = workflowId(number, place);
        if (id > after) yield id;
      }
    }
  }

  #workflowOf(id: number): { readonly number: number; readonly place: number } | undefined {
    const number = Math.floor((id - FIRST_WORKFLOW) / IDS_PER_WORKFLOWS);
    const place = id - FIRST_WORKFLOW - number * IDS_PER_WORKFLOWS;
    if (number < 0 || number >= this.options.candidates) return undefined;
    return this.#places(number).includes(place) ? { number, place } : undefined;
  }

  /** None to three jobs, each once. */
  #places(number: number): readonly number[] {
    const most = Math.min(IDS_PER_WORKFLOWS - 1, this.options.jobs.length);
    const count = Math.min(most, [0, 1, 1, 1, 2, 2, 3][this.#randomOf(number, 2).below(7)] ?? 1);
    return Array.from({ length: count }, (_, place) => place);
  }

  #times(number: number): { readonly createdAt: number; readonly updatedAt: number } {
    const random = this.#randomOf(number, 3);
    // Ids rise with time.
    const share = (number + random.next()) / Math.max(1, this.options.candidates);
    const createdAt = minute(GENERATED_FROM + share * (GENERATED_UNTIL - GENERATED_FROM));
    return { createdAt, updatedAt: minute(createdAt + random.next() * (GENERATED_UNTIL - createdAt)) };
  }

  #workflow(number: number, place: number): SimulatedWorkflow {
    const { jobs, statuses } = this.options;
    const random = this.#randomOf(number, 10 + place);
    const { createdAt, updatedAt } = this.#times(number);
    // Neighbours, so that nobody is on a job twice.
    const first = this.#randomOf(number, 4).below(jobs.length);
    const [source, sourcename] = SOURCES[random.below(SOURCES.length)] ?? ['Job Board', 'Example Jobs'];
    return {
      id: workflowId(number, place),
      jobId: jobs[(first + place) % jobs.length]?.id ?? 0,
      personId: this.#personId(number),
      source,
      sourcename,
      status: statuses[random.below(statuses.length)] ?? { id: 'D10100', value: 'New' },
      createdAt,
      updatedAt,
    };
  }

  #person(number: number): SimulatedPerson {
    const random = this.#randomOf(number, 5);
    const pick = <Item>(items: readonly [Item, ...Item[]]): Item => items[random.below(items.length)] ?? items[0];
    const [firstname, lastname] = [pick(FIRST_NAMES), `${pick(LAST_NAMES)}-${letters(number)}`];
    const slug = `${plain(firstname)}.${plain(lastname)}.${number}`;
    const place = pick(PLACES);
    const year = 2004 + random.below(14);
    let entries = number * 10;
    const entry = (parts: Readonly<Record<string, unknown>>): CollectionEntry => {
      entries += 1;
      return { entry: entries, ...parts };
    };
    const [source, sourcename] = pick(SOURCES);
    const jobs = random.below(4);
    const fields = this.#fields({
      firstname,
      lastname,
      email: `${slug}@home.example`,
      phones: [
        ...(random.next() < 0.7 ? [entry({ phonenumber: phone(number), phonetype: option('Mobile') })] : []),
        ...(random.next() < 0.2 ? [entry({ phonenumber: phone(number + 1), phonetype: option('Work') })] : []),
      ],
      addresses: random.next() < 0.8 ? [entry({ ...place, primary: true })] : [],
      socialaccounts:
        random.next() < 0.7
          ? [
              entry({
                socialaccounttype: option('LinkedIn'),
                socialaccounturl: `https://www.linkedin.com/in/${slug.replaceAll('.', '-')}`,
              }),
            ]
          : [],
      workexperience: Array.from({ length: jobs }, (_, index) =>
        entry({
          workemployer: pick(EMPLOYERS),
          worktitle: pick(TITLES),
          workstartdate: `${year + 3 * (jobs - index)}-0${1 + random.below(9)}-01`,
          ...(index === 0 ? {} : { workenddate: `${year + 3 * (jobs - index + 1)}-01-31` }),
        }),
      ),
      education:
        random.next() < 0.6
          ? [
              entry({
                school: option(pick(SCHOOLS)),
                degree: option(pick(DEGREES)),
                major: option(pick(MAJORS)),
                graduationdate: `${year}-06-30`,
              }),
            ]
          : [],
      source,
      sourcename,
    });
    const id = this.#personId(number);
    return {
      id,
      fields,
      folder: this.options.folder,
      ...this.#times(number),
      hidden: false,
      ...(random.next() < 0.6
        ? {
            resume: generatedResume(`${plain(lastname)}.pdf`, [
              `${firstname} ${lastname}`,
              `Person ${id}`,
              pick(TITLES),
            ]),
          }
        : {}),
    };
  }

  /** Values under the ids that this tenant gives them; what it has no field for stays out. */
  #fields(values: Readonly<Record<string, unknown>>): Map<string, unknown> {
    const { schema } = this.options;
    const fields = new Map<string, unknown>();
    for (const [standard, value] of Object.entries(values)) {
      const id = idIn(schema, STANDARD_SCHEMA, standard);
      if (Array.isArray(value)) {
        const parts = id === undefined ? undefined : schema[id]?.parts;
        if (id !== undefined && parts && value.length > 0)
          fields.set(
            id,
            value.map((entry) => renamed(entry, standard, parts)),
          );
        else if (standard === 'socialaccounts') keepLink(fields, schema, value);
      } else if (id !== undefined) fields.set(id, value);
    }
    return fields;
  }

  /** Random numbers about a person, the same each time, and unlike those of any other purpose. */
  #randomOf(number: number, purpose: number): SeededRandom {
    const salt = Math.imul(this.options.seed + 1, 0x9e3779b1) ^ Math.imul(purpose, 0xc2b2ae35);
    return new SeededRandom(mixed(mixed(number + 1) ^ salt));
  }
}

function workflowId(number: number, place: number): number {
  return FIRST_WORKFLOW + number * IDS_PER_WORKFLOWS + place;
}

/** The field of a schema that has the id of a standard field, or its title. */
function idIn(schema: PersonSchema, standard: PersonSchema, id: string): string | undefined {
  if (Object.hasOwn(schema, id)) return id;
  const title = standard[id]?.title;
  return Object.entries(schema).find(([, field]) => field.title === title)?.[0];
}

function renamed(entry: CollectionEntry, collection: string, parts: PersonSchema): CollectionEntry {
  const standard = STANDARD_SCHEMA[collection]?.parts ?? {};
  const kept = Object.entries(entry).flatMap(([name, value]) => {
    if (name === 'entry' || name === 'primary') return [[name, value] as const];
    const id = idIn(parts, standard, name);
    return id === undefined ? [] : [[id, value] as const];
  });
  return { entry: entry.entry, ...Object.fromEntries(kept) };
}

/** A tenant without social accounts has a field for the link. */
function keepLink(fields: Map<string, unknown>, schema: PersonSchema, accounts: readonly CollectionEntry[]): void {
  const field = Object.entries(schema).find(
    ([, { title, type }]) => type === 'text' && title.includes('LinkedIn'),
  )?.[0];
  const url = accounts[0]?.['socialaccounturl'];
  if (field !== undefined && url !== undefined) fields.set(field, url);
}

function option(value: string): ListValue {
  return { id: `C${40_000 + value.length}`, value };
}

/** iCIMS dates by the minute. */
function minute(at: number): number {
  return Math.floor(at / 60_000) * 60_000;
}

function phone(number: number): string {
  return `+1415${String(number % 10_000_000).padStart(7, '0')}`;
}

/** A number in letters, because some systems refuse digits in a name. */
function letters(number: number): string {
  return [...String(number)].map((digit) => 'abcdefghij'.charAt(Number(digit))).join('');
}

/** A name as it stands in addresses. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/ø/g, 'o')
    .replace(/[^a-zA-Z-]/g, '')
    .toLowerCase();
}

/** A whole number below 2^32 with its bits thoroughly mixed (the end of MurmurHash3). */
function mixed(number: number): number {
  let bits = number >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const FIRST_NAMES = [
  'Ada',
  'Bo',
  'Chidi',
  'Dina',
  'Emre',
  'Farah',
  'Goran',
  'Hana',
  'Ivo',
  'Kofi',
  'Léa',
  'Zoë',
] as const;
const LAST_NAMES = ['Okafor', 'Lindqvist', 'Marchetti', 'Nakamura', 'Petrova', 'Quispe', 'Rahman', 'Sørensen'] as const;
const EMPLOYERS = ['Northwind', 'Contoso', 'Fabrikam', 'Tailspin Toys', 'Wingtip'] as const;
const TITLES = ['Welder', 'Data Analyst', 'Staff Engineer', 'Night Nurse', 'Office Manager'] as const;
const SCHOOLS = ['Example University', 'Sample College', 'Institute of Examples'] as const;
const DEGREES = ['BSc', 'MSc', 'MBA'] as const;
const MAJORS = ['Mathematics', 'Nursing', 'Economics'] as const;
type Source = readonly [source: string, name: string];
const SOURCES: readonly [Source, ...Source[]] = [
  ['Job Board', 'Example Jobs'],
  ['SeekOut', 'SeekOut'],
  ['Other (Please Specify)', 'Spring Fair'],
];
const US = { id: 'D41001', abbrev: 'US', value: 'United States' };
type Place = Readonly<Record<string, unknown>>;
const PLACES: readonly [Place, ...Place[]] = [
  { addresscity: 'Oakland', addressstate: { id: 'D41001005', abbrev: 'CA', value: 'California' }, addresscountry: US },
  { addresscity: 'Boise', addressstate: { id: 'D41001013', abbrev: 'ID', value: 'Idaho' }, addresscountry: US },
  { addresscity: 'Zürich', addresszip: '8001', addresscountry: { id: 'D41041', abbrev: 'CH', value: 'Switzerland' } },
];
