import type { JobStatus, SimulatedJob, SimulatedKey, SimulatedName, SimulatedUser } from './records.js';
import { seedId } from './vendor-id.js';

/** What an account starts with. */
export interface AccountSeed {
  /** As it stands in the address of its careers site: `exampleco`. */
  readonly slug: string;
  readonly companyName: string;
  readonly users: readonly SimulatedUser[];
  readonly keys: readonly SimulatedKey[];
  readonly jobs: readonly SimulatedJob[];
  readonly databases: readonly SimulatedName[];
  readonly tags: readonly SimulatedName[];
}

/** How many jobs there are, and what the accounts have set up. */
export interface SeedOptions {
  /** Open jobs on top of the four that show each status. */
  readonly extraJobs: number;
  readonly databases: readonly string[];
  readonly tags: readonly string[];
}

/** The keys that a fresh simulator knows. They open nothing but a simulator. */
export const SIMULATED_KEYS = {
  /** A User Key of the first account. */
  user: 'sim-user-key-exampleco',
  /** A User Key of another user of the first account. */
  otherUser: 'sim-user-key-exampleco-second',
  /** The account key of the first account. */
  account: 'sim-account-key-exampleco',
  /** A User Key of the second account. */
  secondAccountUser: 'sim-user-key-samplecorp',
  /** The account key of the second account. */
  secondAccountAccount: 'sim-account-key-samplecorp',
} as const;

/** Two customers that have nothing to do with each other. */
export function seedAccounts(options: SeedOptions): readonly AccountSeed[] {
  const exampleCo = usersOf('exampleco', [
    { first_name: 'Rita', last_name: 'Moss', access_level: 'admin', year: 2024 },
    { first_name: 'Tariq', last_name: 'Bell', access_level: 'recruiter', year: 2025 },
  ]);
  const sampleCorp = usersOf('samplecorp', [
    { first_name: 'Ines', last_name: 'Vale', access_level: 'admin', year: 2023 },
    { first_name: 'Otto', last_name: 'Reed', access_level: 'recruiter', year: 2024 },
  ]);
  return [
    {
      ...setUpOf('exampleco', options),
      companyName: 'Example Co',
      users: exampleCo,
      // The plain key is the newer user's, so that an account known by its oldest user is not known by the key's.
      keys: [
        ...keysOf(exampleCo[1], { user: SIMULATED_KEYS.user }),
        ...keysOf(exampleCo[0], { user: SIMULATED_KEYS.otherUser, account: SIMULATED_KEYS.account }),
      ],
    },
    {
      ...setUpOf('samplecorp', options),
      companyName: 'Sample Corp',
      users: sampleCorp,
      keys: [
        ...keysOf(sampleCorp[1], { user: SIMULATED_KEYS.secondAccountUser }),
        ...keysOf(sampleCorp[0], { account: SIMULATED_KEYS.secondAccountAccount }),
      ],
    },
  ];
}

const FIRST_JOBS: readonly { readonly title: string; readonly status: JobStatus; readonly department: string }[] = [
  { title: 'Backend Engineer', status: 'open', department: 'Engineering' },
  { title: 'Talent Partner', status: 'internal', department: 'People' },
  { title: 'Data Analyst', status: 'on_hold', department: 'Finance' },
  { title: 'Office Manager', status: 'closed', department: 'People' },
];

const PLACES = [
  { city: 'Oakland', state: 'CA', country: 'US' },
  { city: 'Boise', state: 'ID', country: 'US' },
  { city: 'Toronto', state: 'ON', country: 'CA' },
] as const;

const MADE = '2025-01-01T00:00:00.000Z';

function setUpOf(
  slug: string,
  { extraJobs, databases, tags }: SeedOptions,
): Pick<AccountSeed, 'slug' | 'jobs' | 'databases' | 'tags'> {
  const extra = Array.from({ length: extraJobs }, (_, index) => ({
    title: `Field Engineer ${index + 1}`,
    status: 'open' as const,
    department: 'Field Service',
  }));
  return {
    slug,
    jobs: [...FIRST_JOBS, ...extra].map((job, index) => jobOf(slug, job, index)),
    databases: databases.map((name) => namedOf(slug, 'database', name)),
    tags: tags.map((name) => namedOf(slug, 'tag', name.toLowerCase())),
  };
}

function jobOf(slug: string, { title, status, department }: (typeof FIRST_JOBS)[number], index: number): SimulatedJob {
  return {
    id: seedId(`${slug} job ${title}`),
    title,
    status,
    job_type: ['full_time'],
    department: { id: seedId(`${slug} department ${department}`), name: department },
    location: PLACES[index % PLACES.length] ?? PLACES[0],
    created_on: MADE,
    updated_on: MADE,
  };
}

function namedOf(slug: string, kind: string, name: string): SimulatedName {
  return { id: seedId(`${slug} ${kind} ${name}`), name, created_on: MADE, updated_on: MADE };
}

type NewUser = Pick<SimulatedUser, 'first_name' | 'last_name' | 'access_level'> & { readonly year: number };

function usersOf(slug: string, users: readonly [NewUser, NewUser]): readonly [SimulatedUser, SimulatedUser] {
  const [first, second] = users;
  return [userOf(slug, first), userOf(slug, second)];
}

function userOf(slug: string, { year, ...user }: NewUser): SimulatedUser {
  const email = `${user.first_name.toLowerCase()}@${slug}.example`;
  const made = `${year}-02-01T09:00:00.000Z`;
  return { id: seedId(`${slug} user ${email}`), ...user, email, created_on: made, updated_on: made };
}

function keysOf(
  { id: userId }: SimulatedUser,
  tokens: Readonly<Partial<Record<SimulatedKey['accessLevel'], string>>>,
): readonly SimulatedKey[] {
  return Object.entries(tokens).map(([level, token]) => ({
    token,
    accessLevel: level === 'account' ? 'account' : 'user',
    userId,
    revoked: false,
  }));
}
