import { toEastern } from './eastern-clock.js';
import type {
  SimulatedApplication,
  SimulatedCandidate,
  SimulatedJob,
  SimulatedRecruiter,
  SimulatedResume,
  SimulatedSubmittal,
} from './records.js';

/** What a generated tenant is like. The same options always give the same records. */
export interface TenantOptions {
  readonly candidates: number;
  /** Default 1. */
  readonly seed?: number;
  /** When the last of them was updated, in milliseconds since the epoch. */
  readonly until: number;
  /** Over how many days before that the updates are spread. Default 1,095. */
  readonly days?: number;
  /** Default: one for a hundred candidates, at least six. */
  readonly jobs?: number;
  /** The least candidate id: 14 digits. Default 15,000,000,000,000. */
  readonly firstId?: number;
}

/** People who work at the customer. */
export const RECRUITERS: readonly SimulatedRecruiter[] = [
  { id: 410_001, firstName: 'Rita', lastName: 'Moss' },
  { id: 410_002, firstName: 'Omar', lastName: 'Keane' },
  { id: 410_003, firstName: 'Lena', lastName: 'Brandt' },
  { id: 410_004, firstName: 'Theo', lastName: 'Abara' },
];

const DAY_MS = 86_400_000;
const FIRST_ID = 15_000_000_000_000;
/** Ids of candidates, as JobDiva's, are not one after the other. */
const ID_STEP = 37;
const FIRST_JOB_ID = 33_000_001;
const FIRST_SUBMITTAL_ID = 70_000_000;
/** An application comes at most so long before the candidate's last update, a submittal at most so long after it. */
const REACH_MS = 5 * DAY_MS;
const MOST_APPLICATIONS = 2;

const FIRST_NAMES = [
  'Ada',
  'Bela',
  'Chidi',
  'Dora',
  'Emeka',
  'Freya',
  'Goran',
  'Hana',
  'Ines',
  'Jonas',
  'Kira',
  'Luis',
];
const LAST_NAMES = [
  'Abara',
  'Brandt',
  'Castro',
  'Dvorak',
  'Eriksen',
  'Fontaine',
  'Gupta',
  'Haddad',
  'Ivanov',
  'Jensen',
];
const PLACES = [
  ['Boston', 'MA', '02111'],
  ['Tampa', 'FL', '33602'],
  ['Newark', 'NJ', '07102'],
  ['Reno', 'NV', '89501'],
  ['Dayton', 'OH', '45402'],
] as const;
const TITLES = ['Welder', 'Registered Nurse', 'Data Engineer', 'Payroll Analyst', 'Java Developer', 'Warehouse Lead'];
const COMPANIES = ['Northwind', 'Mercy Clinic', 'Contoso', 'Fabrikam', 'Globex'];
const REASONS = ['Salary', 'Skills do not match', 'Position filled'];
const STATES = ['internal', 'submitted', 'interview', 'rejected', 'hired'] as const;

/**
 * A customer with any number of candidates, none of whom is held in memory: each is computed from the seed and its number.
 * Numbers grow with the time of the last update, so that a window of time is a range of numbers.
 */
export class GeneratedTenant {
  readonly size: number;
  /** All of them: they are few. */
  readonly jobs: readonly SimulatedJob[];
  readonly #seed: number;
  readonly #start: number;
  readonly #slot: number;
  readonly #until: number;
  readonly #firstId: number;

  constructor({ candidates, seed = 1, until, days = 1095, jobs, firstId = FIRST_ID }: TenantOptions) {
    this.size = candidates;
    this.#seed = seed;
    this.#until = until;
    this.#start = until - days * DAY_MS;
    this.#slot = (until - this.#start) / Math.max(1, candidates);
    this.#firstId = firstId;
    const count = jobs ?? Math.max(6, Math.ceil(candidates / 100));
    this.jobs = Array.from({ length: count }, (_, index) => this.#job(index, count));
  }

  idOf(index: number): number {
    return this.#firstId + index * ID_STEP;
  }

  /** The number of a candidate, or `undefined` when this tenant never had it. */
  indexOf(id: number): number | undefined {
    const index = (id - this.#firstId) / ID_STEP;
    return Number.isInteger(index) && index >= 0 && index < this.size ? index : undefined;
  }

  /** The number of the candidate with an address, or `undefined`. */
  indexOfEmail(email: string): number | undefined {
    const index = Number(/\.(\d+)@mail\.example$/.exec(email)?.[1] ?? Number.NaN);
    return index < this.size && this.#email(index).toLowerCase() === email ? index : undefined;
  }

  /** The number of the candidate with a submittal. */
  holderOfSubmittal(id: number): number | undefined {
    const index = Math.floor((id - FIRST_SUBMITTAL_ID) / MOST_APPLICATIONS);
    return index >= 0 && index < this.size ? index : undefined;
  }

  candidate(index: number): SimulatedCandidate {
    const [city, state, zipCode] = this.#pick(PLACES, index, 'place');
    const updatedAt = this.#updatedAt(index);
    const hasProfile = this.#below(10, index, 'profile') < 6;
    const [firstName, lastName] = this.#name(index);
    return {
      id: this.idOf(index),
      firstName,
      lastName,
      email: this.#email(index),
      alternateemail: '',
      address1: `${1 + this.#below(900, index, 'street')} Main Street`,
      address2: '',
      city,
      state,
      zipCode,
      countryid: 'US',
      phones: [
        { type: 'C', phone: `+1617555${String(this.#below(10_000, index, 'phone')).padStart(4, '0')}` },
        ...(this.#below(3, index, 'home') === 0 ? [{ type: 'H', phone: '(617) 555-0100' }] : []),
      ],
      educations: [
        { school: 'Example State University', degree: 'BSc', major: 'Engineering', year: 2001 + (index % 20) },
      ],
      titles: [
        {
          titleskillcertification: `${this.#pick(TITLES, index, 'title')} at ${this.#pick(COMPANIES, index, 'company')}`,
          startDate: `${2010 + (index % 12)}-03-01T00:00:00`,
        },
      ],
      narrative: '',
      resumeSource: undefined,
      owner: undefined,
      links: {},
      userFields: hasProfile
        ? { 'LinkedIn URL': `https://www.linkedin.com/in/${firstName}-${lastName}-${index}`.toLowerCase() }
        : {},
      active: true,
      createdAt: updatedAt - this.#below(200, index, 'age') * DAY_MS,
      updatedAt,
    };
  }

  applications(index: number): readonly SimulatedApplication[] {
    return this.#considered(index)
      .filter(({ isApplicant }) => isApplicant)
      .map(({ jobIndex, salt }) => {
        const appliedAt = this.#updatedAt(index) - this.#below(REACH_MS / 1000, index, `applied${salt}`) * 1000;
        return {
          candidateId: this.idOf(index),
          jobId: FIRST_JOB_ID + jobIndex,
          dateApplied: toEastern(appliedAt),
          source: undefined,
          sourceName: this.#pick(['Monster', 'Referral', 'Career Portal'], index, `source${salt}`),
          status: this.#below(8, index, `status${salt}`) === 0 ? 'Rejected' : 'Pending',
          rejectReason: this.#below(8, index, `status${salt}`) === 0 ? this.#pick(REASONS, index, `reason${salt}`) : '',
          touchedAt: appliedAt,
        };
      });
  }

  submittals(index: number): readonly SimulatedSubmittal[] {
    return this.#considered(index).flatMap(({ jobIndex, salt, isSubmitted }) => {
      const touchedAt = this.#updatedAt(index) + this.#below(REACH_MS / 1000, index, `touched${salt}`) * 1000;
      if (!isSubmitted || touchedAt > this.#until) return [];
      const state = this.#pick(STATES, index, `state${salt}`);
      return [
        {
          id: FIRST_SUBMITTAL_ID + index * MOST_APPLICATIONS + salt,
          candidateId: this.idOf(index),
          jobId: FIRST_JOB_ID + jobIndex,
          userId: this.#pick(RECRUITERS, index, `user${salt}`).id,
          state,
          rejectReason: state === 'rejected' ? this.#pick(REASONS, index, `why${salt}`) : '',
          submittedAt: Math.min(this.#updatedAt(index), touchedAt),
          touchedAt,
        },
      ];
    });
  }

  resumes(index: number): readonly SimulatedResume[] {
    if (this.#below(4, index, 'resume') === 0) return [];
    const id = this.idOf(index);
    const [firstName, lastName] = this.#name(index);
    const text = `${firstName} ${lastName}\n${this.#pick(TITLES, index, 'title')} at ${this.#pick(COMPANIES, index, 'company')}`;
    return [
      {
        id: `${id}_1_11`,
        candidateId: id,
        filename: `${lastName}-resume.txt`,
        source: 0,
        text,
        bytes: Buffer.byteLength(text),
        createdAt: this.#updatedAt(index),
      },
    ];
  }

  /** Numbers of candidates who were updated within a time, and perhaps of some around it. */
  *updatedBetween(from: number, to: number): Generator<number> {
    const first = Math.max(0, Math.floor((from - this.#start) / this.#slot) - 1);
    const last = Math.min(this.size - 1, Math.ceil((to - this.#start) / this.#slot) + 1);
    for (let index = first; index <= last; index += 1) yield index;
  }

  /** Numbers of candidates who applied or were submitted within a time, and of some around it. */
  workedOnBetween(from: number, to: number): Generator<number> {
    return this.updatedBetween(from - REACH_MS, to + REACH_MS);
  }

  /** Numbers of candidates who may have something to do with a job. */
  *consideredFor(jobId: number): Generator<number> {
    const job = jobId - FIRST_JOB_ID;
    const count = this.jobs.length;
    if (job < 0 || job >= count) return;
    const perJob = this.#perJob();
    for (let salt = 0; salt < MOST_APPLICATIONS; salt += 1) {
      // The other way round of how a candidate's jobs are found.
      for (let group = (((job - salt * 7) % count) + count) % count; group * perJob < this.size; group += count) {
        for (let index = group * perJob; index < Math.min(this.size, (group + 1) * perJob); index += 1) yield index;
      }
    }
  }

  #considered(index: number): readonly {
    readonly jobIndex: number;
    readonly salt: number;
    readonly isApplicant: boolean;
    readonly isSubmitted: boolean;
  }[] {
    const jobs = new Set<number>();
    return Array.from({ length: MOST_APPLICATIONS }, (_, salt) => {
      const jobIndex = (Math.floor(index / this.#perJob()) + salt * 7) % this.jobs.length;
      const isTwice = jobs.has(jobIndex);
      jobs.add(jobIndex);
      return {
        jobIndex,
        salt,
        isApplicant: !isTwice && this.#below(3, index, `applies${salt}`) > salt,
        isSubmitted: !isTwice && this.#below(3, index, `submits${salt}`) === 0,
      };
    });
  }

  #perJob(): number {
    return Math.max(1, Math.ceil(this.size / this.jobs.length));
  }

  #job(index: number, count: number): SimulatedJob {
    const [city, state] = this.#pick(PLACES, index, 'jobPlace');
    const span = this.#until - this.#start;
    const updatedAt = Math.floor((this.#start + ((index + 1) / count) * span) / 1000) * 1000;
    return {
      id: FIRST_JOB_ID + index,
      reference: `${20 + (index % 7)}-${String(10_000 + index).padStart(5, '0')}`,
      title: this.#pick(TITLES, index, 'jobTitle'),
      company: this.#pick(COMPANIES, index, 'jobCompany'),
      city,
      state,
      status: index % 3 === 0 ? 'CLOSED' : 'OPEN',
      recruiterId: this.#pick(RECRUITERS, index, 'jobRecruiter').id,
      createdAt: updatedAt - 20 * DAY_MS,
      updatedAt,
    };
  }

  #name(index: number): readonly [string, string] {
    return [this.#pick(FIRST_NAMES, index, 'first'), this.#pick(LAST_NAMES, index, 'last')];
  }

  #email(index: number): string {
    return `${this.#name(index).join('.').toLowerCase()}.${index}@mail.example`;
  }

  /** Whole seconds; never earlier than that of the candidate before. */
  #updatedAt(index: number): number {
    const within = this.#below(1000, index, 'updated') / 1000;
    return Math.floor((this.#start + (index + within) * this.#slot) / 1000) * 1000;
  }

  #pick<Item>(items: readonly Item[], index: number, what: string): Item {
    const item = items[this.#below(items.length, index, what)];
    if (item === undefined) throw new Error('There is nothing to pick.');
    return item;
  }

  /** A whole number below a limit that depends on the seed, the candidate and what it is for, and on nothing else. */
  #below(limit: number, index: number, what: string): number {
    let hash = Math.imul(this.#seed ^ 0x9e3779b1, 0x85ebca6b) ^ index;
    for (let at = 0; at < what.length; at += 1) hash = Math.imul(hash ^ what.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    return ((hash ^ (hash >>> 15)) >>> 0) % limit;
  }
}
