import { dateTimeOf } from './date-time.js';
import { type GrowingLists, type PersonInput, readPerson } from './person-input.js';
import type { PersonSchema } from './person-schema.js';
import { Population } from './population.js';
import { RecordStore } from './record-store.js';
import type {
  CollectionEntry,
  ListOption,
  ListValue,
  SimulatedFile,
  SimulatedJob,
  SimulatedPerson,
  SimulatedUser,
  SimulatedWorkflow,
} from './records.js';
import { accessDenied, duplicate, invalid, notFound, Refusal, required } from './refusal.js';

/** What a tenant starts with. */
export interface TenantSeed {
  readonly customerId: string;
  readonly companyName: string;
  readonly users: readonly Pick<SimulatedUser, 'username' | 'password'>[];
  /** Bearer tokens, each standing for a user. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly schema: PersonSchema;
  readonly jobs: readonly SimulatedJob[];
  readonly portals: readonly string[];
  /** Sources of workflows. Absent: any text is taken. */
  readonly sources?: readonly string[];
}

/** How the tenant behaves where the public record is silent. */
export interface TenantBehaviour {
  /** What a second person with the same address meets (iCIMS sheet §6.3). */
  duplicateMode: 'allow' | 'conflict';
  /** Whether a status can be named by its label alone. */
  statusByLabel: boolean;
  /** Whether the List API is served. */
  lists: boolean;
  /** Whether dates and files cannot be asked for as fields of a profile. */
  strictFields: boolean;
}

/** Calls a day, and how many are used (iCIMS sheet §3). */
export interface Quota {
  /** 0: without end. */
  limit: number;
  used: number;
  /** The day that is counted, as `yyyy-MM-dd`. */
  day: string;
}

const ACTIVE: ListValue = { id: 'D32004', value: 'Active' };
const PURGE: ListValue = { id: 'D32099', value: 'Purge' };

/** Statuses of workflows, with the bin in front (iCIMS sheet §8). */
const STATUSES: readonly ListOption[] = [
  { id: 'D10100', value: 'New Submissions - External Portal', hidden: false },
  { id: 'D10103', value: 'New Submissions - Internal Portal', hidden: false },
  { id: 'D10105', value: 'New Submissions - Recruiter Submitted', hidden: false },
  { id: 'D10108', value: 'Withdrawn - Self-Withdrew', hidden: false },
  { id: 'D10200', value: 'Interview - Hiring Manager Review', hidden: false },
  { id: 'D10201', value: 'Interview - Phone Screen', hidden: false },
  { id: 'D10300', value: 'Offer - Extended', hidden: false },
  { id: 'C10301', value: 'Offer - Declined by Candidate', hidden: false },
  { id: 'D10400', value: 'Hired - Start Date Set', hidden: false },
  { id: 'D10500', value: 'Not Selected - Position Filled', hidden: false },
];

/** One customer's iCIMS: what it holds, and the rules by which it changes. Everything is found by index, however much there is. */
export class SimulatedTenant {
  readonly customerId: string;
  readonly companyName: string;
  readonly users: SimulatedUser[];
  readonly tokens: Readonly<Record<string, string>>;
  readonly schema: PersonSchema;
  readonly portals: Set<string>;
  readonly jobs = new Map<number, SimulatedJob>();
  readonly people = new RecordStore<SimulatedPerson>();
  readonly workflows = new RecordStore<SimulatedWorkflow>();
  readonly statuses: ListOption[] = STATUSES.map((status) => ({ ...status }));
  /** `undefined`: any text is taken. */
  sources: string[] | undefined;
  /** Schools, degrees and majors, which grow as people are written. */
  readonly lists: GrowingLists = new Map();
  readonly behaviour: TenantBehaviour = {
    duplicateMode: 'allow',
    statusByLabel: true,
    lists: true,
    strictFields: false,
  };
  readonly quota: Quota = { limit: 0, used: 0, day: '' };

  readonly #peopleByEmail = new Map<string, Set<number>>();
  #population: Population | undefined;
  readonly #workflowsByPerson = new Map<number, Set<number>>();
  #lastPerson = 2000;
  #lastWorkflow = 10;
  #lastEntry = 300;

  constructor(seed: TenantSeed) {
    this.customerId = seed.customerId;
    this.companyName = seed.companyName;
    this.tokens = seed.tokens;
    this.schema = seed.schema;
    this.sources = seed.sources && [...seed.sources];
    this.portals = new Set(seed.portals);
    this.users = seed.users.map((user) => ({
      ...user,
      webServices: true,
      integrationUser: true,
      hiddenFields: new Set(),
      hiddenWorkflowFields: new Set(),
      requiredFields: new Set(['email']),
      allowedAddresses: [],
    }));
    for (const job of seed.jobs) this.jobs.set(job.id, { ...job });
  }

  /** The user of tests: the first. */
  get user(): SimulatedUser {
    const [first] = this.users;
    if (!first) throw new Error('A tenant has users.');
    return first;
  }

  /**
   * Replaces everybody by so many people with histories, whom nobody holds: the same seed makes the same people of the same
   * jobs. They are found by id and by address; words within them are searched for one by one.
   */
  populate({ candidates, seed }: { readonly candidates: number; readonly seed: number }): void {
    const { schema, statuses } = this;
    const jobs = [...this.jobs.values()];
    this.#population = new Population({ candidates, seed, schema, jobs, statuses, folder: ACTIVE });
    this.people.reset(this.#population.people);
    this.workflows.reset(this.#population.workflows);
    this.#peopleByEmail.clear();
    this.#workflowsByPerson.clear();
    this.#lastPerson = Math.max(2000, this.#population.people.lastId);
    this.#lastWorkflow = Math.max(10, this.#population.workflows.lastId);
    this.#lastEntry = 300 + candidates * 10;
  }

  /** The highest id that a person has, or had. */
  get lastPersonId(): number {
    return this.#lastPerson;
  }

  /** People whose address reads exactly so, without capitals. */
  peopleOf(email: string): ReadonlySet<number> {
    const own = this.#peopleByEmail.get(email.toLowerCase()) ?? NONE;
    const generated = this.#population?.personOf(email);
    // One who was changed here is found by the address of today.
    if (generated === undefined || this.people.own.has(generated) || !this.people.has(generated)) return own;
    return new Set([generated, ...own]);
  }

  /** Workflows of a person. */
  workflowsOf(personId: number): ReadonlySet<number> {
    const generated = this.#population?.workflowsOf(personId) ?? [];
    const untouched = generated.filter((id) => !this.workflows.own.has(id) && this.workflows.has(id));
    return new Set([...untouched, ...(this.#workflowsByPerson.get(personId) ?? NONE)]);
  }

  /** A new person (iCIMS sheet §6.2). */
  addPerson(
    body: unknown,
    user: SimulatedUser,
    now: number,
  ): { readonly person: SimulatedPerson; readonly input: PersonInput } {
    const input = readPerson(body, this.schema, user, this.lists);
    this.#refuseTaken(input);
    this.#requireFields(input.values, user);
    this.#lastPerson += 1;
    const person: SimulatedPerson = {
      id: this.#lastPerson,
      fields: new Map(),
      folder: ACTIVE,
      createdAt: now,
      updatedAt: now,
      hidden: false,
    };
    this.people.add(person);
    this.#write(person, input);
    return { person, input };
  }

  /** Changes a person: what is not in the body stays, collections grow by what is new (iCIMS sheet §6.4). */
  changePerson(id: number, body: unknown, user: SimulatedUser, now: number): PersonInput {
    const person = this.#personToChange(id);
    const input = readPerson(body, this.schema, user, this.lists);
    this.#refuseTaken(input, id);
    const after = new Map<string, unknown>([...person.fields, ...input.values]);
    for (const field of input.emptied) after.delete(field);
    this.#requireFields(after, user);
    this.#write(person, input);
    person.updatedAt = now;
    return input;
  }

  /** One more entry of a collection; an equal one is ignored without a word (iCIMS sheet §6.4, CONFIRMED). */
  addEntries(person: SimulatedPerson, collection: string, entries: readonly Omit<CollectionEntry, 'entry'>[]): number {
    const held = [...entriesOf(person, collection)];
    const known = new Map(held.map(({ entry, ...parts }) => [fingerprint(parts), entry]));
    let last = 0;
    for (const parts of entries) {
      const print = fingerprint(parts);
      const same = known.get(print);
      if (same === undefined) {
        this.#lastEntry += 1;
        held.push({ entry: this.#lastEntry, ...parts });
        known.set(print, this.#lastEntry);
      }
      last = same ?? this.#lastEntry;
    }
    person.fields.set(collection, held);
    return last;
  }

  /** @throws Refusal with status 404, code 2 or 3 */
  person(id: number): SimulatedPerson {
    const person = this.people.get(id);
    if (!person) throw notFound('Person');
    if (person.hidden) throw accessDenied('Person');
    return person;
  }

  /** @throws Refusal with status 404 */
  job(id: number): SimulatedJob {
    const job = this.jobs.get(id);
    if (!job) throw notFound('Job');
    return job;
  }

  /** Keeps the résumé in place of any other. */
  putResume(id: number, file: Omit<SimulatedFile, 'uploads'>, now: number): void {
    const person = this.#personToChange(id);
    person.resume = { ...file, uploads: (person.resume?.uploads ?? 0) + 1 };
    person.updatedAt = now;
  }

  /** Puts a person onto a job (iCIMS sheet §8). */
  addWorkflow(body: unknown, now: number): SimulatedWorkflow {
    const input: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
    const empty = ['baseprofile', 'associatedprofile'].filter((field) => isMissing(input[field]));
    if (empty.length > 0) throw required(empty);
    const job = this.job(idOf(input, 'baseprofile'));
    const person = this.person(idOf(input, 'associatedprofile'));
    const source = textOf(input, 'source');
    if (source !== undefined && this.sources && !this.sources.includes(source)) {
      throw invalid('source', 'The list has no such value.');
    }
    const status = this.#statusOf(input['status']);
    if (this.#isOn(person.id, job.id)) throw duplicate('The person is already associated with this job.');
    this.#lastWorkflow += 1;
    const sourcename = textOf(input, 'sourcename');
    const workflow: SimulatedWorkflow = {
      id: this.#lastWorkflow,
      jobId: job.id,
      personId: person.id,
      ...(source === undefined ? {} : { source }),
      ...(sourcename === undefined ? {} : { sourcename }),
      status,
      createdAt: now,
      updatedAt: now,
    };
    this.workflows.add(workflow);
    this.#indexWorkflow(workflow);
    return workflow;
  }

  /**
   * What an admin does who merges two people (iCIMS sheet §6.6): the discarded one is renamed and moves to the Purge folder. Their
   * workflows move along and keep their dates, which is the harder case for whoever reads changes (nothing public says).
   */
  merge(discardedId: number, keptId: number, now: number): void {
    const discarded = this.#personToChange(discardedId);
    const kept = this.person(keptId);
    for (const id of this.workflowsOf(discarded.id)) {
      const workflow = this.#workflowToChange(id);
      if (this.#isOn(kept.id, workflow.jobId)) continue;
      this.#workflowsByPerson.get(discarded.id)?.delete(id);
      workflow.personId = kept.id;
      this.#indexWorkflow(workflow);
    }
    discarded.fields.set('firstname', `Merged with ${kept.id} - ${dateTimeOf(now)}`);
    this.purge(discarded.id, now);
  }

  /** Moves a person to the Purge folder, which is how users delete (iCIMS sheet §6.6). */
  purge(id: number, now: number): void {
    const person = this.#personToChange(id);
    person.folder = PURGE;
    person.updatedAt = now;
  }

  /** Whether a person is in the Purge folder. */
  isPurged({ folder }: SimulatedPerson): boolean {
    return folder.value === PURGE.value;
  }

  /** What emptying the Purge folder does to a person: nothing of them is left. */
  erase(id: number): void {
    this.#unindex(this.people.get(id));
    for (const workflow of this.workflowsOf(id)) this.workflows.delete(workflow);
    this.#workflowsByPerson.delete(id);
    this.people.delete(id);
  }

  /** Sets fields of a person as a user does in iCIMS's own pages, where nothing is checked. */
  edit(id: number, values: Readonly<Record<string, unknown>>, now: number): void {
    const person = this.#personToChange(id);
    this.#unindex(person);
    for (const [field, value] of Object.entries(values)) person.fields.set(field, value);
    this.#index(person);
    person.updatedAt = now;
  }

  /** Moves a workflow to another status. */
  moveWorkflow(id: number, status: ListValue, now: number): void {
    const workflow = this.#workflowToChange(id);
    workflow.status = { id: status.id, value: status.value };
    workflow.updatedAt = now;
  }

  /** Hides a person or a workflow from the API user, or shows it again: nothing of it changes. */
  setHidden(type: 'people' | 'workflows', id: number, hidden: boolean): void {
    const record = this[type].keep(id);
    if (record) record.hidden = hidden;
    if (record && 'fields' in record) this.#index(record);
    if (record && 'jobId' in record) this.#indexWorkflow(record);
  }

  /** Posts a job on portals, or on none, in a folder. */
  changeJob(id: number, change: Partial<Pick<SimulatedJob, 'folder' | 'portals'>>, now: number): void {
    Object.assign(this.job(id), change, { updatedAt: now });
  }

  /** Counts one call, beginning anew with each day in UTC. Answers `false` when there is none left. */
  countCall(now: number): boolean {
    const day = new Date(now).toISOString().slice(0, 10);
    if (this.quota.day !== day) Object.assign(this.quota, { day, used: 0 });
    if (this.quota.limit !== 0 && this.quota.used >= this.quota.limit) return false;
    this.quota.used += 1;
    return true;
  }

  #statusOf(value: unknown): ListValue {
    const [first] = this.statuses;
    if (isMissing(value)) return first ?? { id: 'D10100', value: 'New' };
    const { id, value: label } =
      typeof value === 'object' && value !== null ? { id: undefined, value: undefined, ...value } : {};
    const byLabel = this.behaviour.statusByLabel && typeof label === 'string';
    const found = this.statuses.find((status) =>
      id === undefined ? byLabel && status.value.endsWith(label) : status.id === id,
    );
    if (!found) throw invalid('status', 'The list has no such value.');
    return { id: found.id, value: found.value };
  }

  #write(person: SimulatedPerson, { values, emptied }: PersonInput): void {
    for (const field of emptied) {
      if (field === 'email') this.#unindex(person);
      person.fields.delete(field);
    }
    for (const [field, value] of values) {
      if (this.schema[field]?.type === 'collection') {
        this.addEntries(person, field, value as readonly Omit<CollectionEntry, 'entry'>[]);
        continue;
      }
      if (field === 'email') this.#unindex(person);
      person.fields.set(field, value);
      if (field === 'email') this.#index(person);
    }
  }

  /** A person out of the store, to be changed: one who was generated is held from now on. */
  #personToChange(id: number): SimulatedPerson {
    const isNew = !this.people.own.has(id);
    const person = this.people.keep(id);
    if (!person) throw notFound('Person');
    if (isNew) this.#index(person);
    return person;
  }

  #workflowToChange(id: number): SimulatedWorkflow {
    const workflow = this.workflows.keep(id);
    if (!workflow) throw notFound('Workflow');
    this.#indexWorkflow(workflow);
    return workflow;
  }

  #isOn(personId: number, jobId: number): boolean {
    return [...this.workflowsOf(personId)].some((id) => this.workflows.get(id)?.jobId === jobId);
  }

  #index(person: SimulatedPerson): void {
    const email = person.fields.get('email');
    if (typeof email !== 'string') return;
    const ids = this.#peopleByEmail.get(email.toLowerCase()) ?? new Set();
    this.#peopleByEmail.set(email.toLowerCase(), ids.add(person.id));
  }

  #unindex(person: SimulatedPerson | undefined): void {
    const email = person?.fields.get('email');
    if (person && typeof email === 'string') this.#peopleByEmail.get(email.toLowerCase())?.delete(person.id);
  }

  #indexWorkflow({ id, personId }: SimulatedWorkflow): void {
    const ids = this.#workflowsByPerson.get(personId) ?? new Set();
    this.#workflowsByPerson.set(personId, ids.add(id));
  }

  /** Where two people may not have one address: neither when one is made nor, which is INFERRED, when one is changed. */
  #refuseTaken({ values }: PersonInput, own?: number): void {
    const email = values.get('email');
    if (this.behaviour.duplicateMode !== 'conflict' || typeof email !== 'string') return;
    const others = [...this.peopleOf(email)].filter((id) => id !== own);
    if (others.some((id) => this.people.get(id)?.folder.value !== PURGE.value)) {
      throw duplicate('A person with this email address already exists.');
    }
  }

  #requireFields(values: ReadonlyMap<string, unknown>, { requiredFields }: SimulatedUser): void {
    const empty = [...requiredFields].filter((field) => !values.has(field));
    if (empty.length > 0) throw required(empty);
  }
}

const NONE: ReadonlySet<number> = new Set();

/** The entries of a person's collection. */
function entriesOf({ fields }: SimulatedPerson, collection: string): readonly CollectionEntry[] {
  const held = fields.get(collection);
  return Array.isArray(held) ? held : [];
}

/** Equal entries read the same, in whatever order their parts come. */
function fingerprint(parts: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(parts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function idOf(input: Readonly<Record<string, unknown>>, field: string): number {
  const value = Number(input[field]);
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new Refusal(400, { code: 5, field, message: `${field} must be an id.` });
  return value;
}

function textOf(input: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = input[field];
  if (isMissing(value)) return undefined;
  if (typeof value !== 'string') throw invalid(field, 'The value must be text.');
  return value;
}
