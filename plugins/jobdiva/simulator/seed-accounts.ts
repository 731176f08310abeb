import type { AccountSeed } from './account.js';
import type { JobStatus, SimulatedJob, SimulatedUser } from './records.js';
import type { TenantOptions } from './tenant.js';

/** How many jobs there are, and what the accounts have set up. */
export interface SeedOptions {
  /** Open jobs on top of those that show each status. */
  readonly extraJobs: number;
  /** Names of résumé sources. */
  readonly sources: readonly string[];
  /** Candidates of the first account. */
  readonly tenant?: TenantOptions;
}

/** What opens a fresh simulator, and nothing but a simulator. */
export const SIMULATED_CREDENTIALS = {
  /** The API user of the first account. */
  first: { clientId: '123456', username: 'api@acme.example', password: 'sim-password-acme' },
  /** An API user of the first account whom an administrator has disabled. */
  disabled: { clientId: '123456', username: 'former-api@acme.example', password: 'sim-password-former' },
  /** The API user of the second account. */
  second: { clientId: '234567', username: 'api@globex.example', password: 'sim-password-globex' },
} as const;

const FIRST_JOBS: readonly Pick<SimulatedJob, 'title' | 'company' | 'city' | 'state' | 'status'>[] = [
  { title: 'Data Engineer', company: 'Northwind', city: 'Boston', state: 'MA', status: 'OPEN' },
  { title: 'Registered Nurse', company: 'Mercy Clinic', city: 'Tampa', state: 'FL', status: 'OPEN' },
  { title: 'Payroll Analyst', company: 'Contoso', city: 'Newark', state: 'NJ', status: 'OPEN' },
  { title: 'Warehouse Lead', company: 'Fabrikam', city: 'Reno', state: 'NV', status: 'ON HOLD' },
  { title: 'Java Developer', company: 'Northwind', city: 'Boston', state: 'MA', status: 'FILLED' },
  { title: 'Help Desk Agent', company: 'Contoso', city: 'Newark', state: 'NJ', status: 'CLOSED' },
];

/** Two customers that have nothing to do with each other. */
export function seedAccounts({ extraJobs, sources, tenant }: SeedOptions): readonly AccountSeed[] {
  const { first, disabled, second } = SIMULATED_CREDENTIALS;
  const accounts = [
    {
      name: 'Acme Staffing',
      clientId: first.clientId,
      users: [userOf(first), { ...userOf(disabled), disabled: true }],
    },
    { name: 'Globex Staffing', clientId: second.clientId, users: [userOf(second)] },
  ];
  return accounts.map(({ name, clientId, users }, index) => ({
    name,
    clientId: Number(clientId),
    users,
    ...(tenant && index === 0 ? { tenant } : {}),
    sources: sources.map((source, at) => ({ id: 7000 + index * 100 + at, name: source })),
    jobs: [...FIRST_JOBS, ...Array.from({ length: extraJobs }, (_, at) => extraJob(at))].map((job, at) => ({
      id: 31_900_001 + index * 1_000_000 + at,
      reference: `26-${String(2701 + at).padStart(5, '0')}`,
      ...job,
    })),
  }));
}

function extraJob(index: number): (typeof FIRST_JOBS)[number] {
  const status: JobStatus = 'OPEN';
  return { title: `Field Technician ${index + 1}`, company: 'Globex', city: 'Dayton', state: 'OH', status };
}

function userOf({ username, password }: { readonly username: string; readonly password: string }): SimulatedUser {
  return { username, password, disabled: false };
}
