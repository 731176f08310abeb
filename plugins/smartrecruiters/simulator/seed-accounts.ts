import { createHash } from 'node:crypto';
import type { AccountSeed, GeneratedPeople } from './account.js';
import type { JobStatus, SimulatedJob, SimulatedSourceType, SimulatedToken } from './records.js';

/** How many jobs there are, and what the accounts have set up. */
export interface SeedOptions {
  /** Open jobs on top of those that show each status. */
  readonly extraJobs: number;
  /** The labels of the custom sources. */
  readonly sources: readonly string[];
  /** Who lives in the first account. */
  readonly people: GeneratedPeople;
}

/** The SmartTokens that a fresh simulator knows. They open nothing but a simulator. */
export const SIMULATED_TOKENS = {
  /** May do everything in the first account. */
  full: 'sim-smarttoken-exampleco',
  /** The same without the right to create candidates. */
  withoutCreate: 'sim-smarttoken-exampleco-read-only',
  /** May do everything in the second account. */
  secondAccount: 'sim-smarttoken-samplecorp',
} as const;

const SCOPES = [
  'candidates_read',
  'candidates_create',
  'candidates_manage',
  'jobs_read',
  'configuration_read',
  'company_read',
  'webhooks_manage',
];

/** Two customers that have nothing to do with each other. */
export function seedAccounts(options: SeedOptions): readonly AccountSeed[] {
  return [
    {
      identifier: 'ExampleCo',
      name: 'Example Co',
      tokens: [
        tokenOf(SIMULATED_TOKENS.full, 'full', SCOPES),
        tokenOf(
          SIMULATED_TOKENS.withoutCreate,
          'without candidates_create',
          SCOPES.filter((scope) => scope !== 'candidates_create'),
        ),
      ],
      ...setUpOf('exampleco', options),
      people: options.people,
    },
    {
      identifier: 'SampleCorp',
      name: 'Sample Corp',
      tokens: [tokenOf(SIMULATED_TOKENS.secondAccount, 'second account', SCOPES)],
      ...setUpOf('samplecorp', options),
    },
  ];
}

interface JobSeed {
  readonly title: string;
  readonly status: JobStatus;
  readonly department: string;
  readonly template?: boolean;
}

const FIRST_JOBS: readonly JobSeed[] = [
  { title: 'Backend Engineer', status: 'SOURCING', department: 'Engineering' },
  { title: 'Talent Partner', status: 'CREATED', department: 'People' },
  { title: 'Platform Engineer', status: 'INTERVIEW', department: 'Engineering' },
  { title: 'Controller', status: 'OFFER', department: 'Finance' },
  { title: 'Office Manager', status: 'FILLED', department: 'People' },
  { title: 'Data Analyst', status: 'CANCELLED', department: 'Finance' },
  { title: 'Account Executive', status: 'ON_HOLD', department: 'Sales' },
  { title: 'Engineering Template', status: 'CREATED', department: 'Engineering', template: true },
];

const PLACES = [
  { city: 'Oakland', regionCode: 'CA', countryCode: 'us' },
  { city: 'Boise', regionCode: 'ID', countryCode: 'us' },
  { city: 'Toronto', regionCode: 'ON', countryCode: 'ca' },
] as const;

const MADE = '2025-01-01T00:00:00.000Z';

function setUpOf(slug: string, { extraJobs, sources }: SeedOptions): Pick<AccountSeed, 'jobs' | 'sourceTypes'> {
  const extra = Array.from({ length: extraJobs }, (_, index) => ({
    title: `Field Engineer ${index + 1}`,
    status: 'SOURCING' as const,
    department: 'Field Service',
  }));
  return {
    jobs: [...FIRST_JOBS, ...extra].map((job, index) => jobOf(slug, job, index)),
    sourceTypes: sourceTypesOf(slug, sources),
  };
}

function jobOf(slug: string, { title, status, department, template = false }: JobSeed, index: number): SimulatedJob {
  return {
    id: seedId(`${slug} job ${title}`),
    title,
    refNumber: `REF${index + 1}A`,
    status,
    template,
    department,
    ...(PLACES[index % PLACES.length] ?? PLACES[0]),
    createdOn: MADE,
    updatedOn: MADE,
    history: [{ changedOn: MADE, status }],
  };
}

/** The custom sources stand behind more than one page of job boards, and in a type of their own. */
function sourceTypesOf(slug: string, sources: readonly string[]): readonly SimulatedSourceType[] {
  const idOf = (name: string): string => seedId(`${slug} source ${name}`);
  const boards = Array.from({ length: 120 }, (_, index) => `Job board ${index + 1}`);
  return [
    {
      id: idOf('type referral'),
      label: 'Referral',
      subtypes: [],
      values: [{ id: idOf('Employee'), label: 'Employee' }],
    },
    {
      id: idOf('type boards'),
      label: 'Job boards',
      subtypes: ['FREE', 'PAID'],
      values: boards.map((label) => ({ id: idOf(label), label, subType: 'FREE' })),
    },
    {
      id: idOf('type custom'),
      label: 'Sourcing',
      subtypes: ['CUSTOM'],
      values: sources.map((label) => ({ id: idOf(label), label, subType: 'CUSTOM' })),
    },
  ];
}

function tokenOf(token: string, name: string, scopes: readonly string[]): SimulatedToken {
  return { token, name, scopes: new Set(scopes), revoked: false };
}

/** An id that is the same in every run, so that what a hub remembers stays true. */
function seedId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
