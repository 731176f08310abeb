import { STANDARD_SCHEMA, VARIANT_SCHEMA } from './person-schema.js';
import type { ListValue, SimulatedJob } from './records.js';
import type { TenantSeed } from './tenant.js';

/** What opens a fresh simulator, and nothing else. */
export const SIMULATED_LOGINS = {
  /** A tenant whose fields go by the ids of the fact sheet. */
  example: {
    customerId: '1234',
    username: 'sim-api-user',
    password: 'sim-password-1234',
    token: 'sim-bearer-token-1234',
  },
  /** A tenant that renames and hides them, and holds sources to a list. */
  variant: {
    customerId: '5678',
    username: 'sim-api-user-5678',
    password: 'sim-password-5678',
    token: 'sim-bearer-token-5678',
  },
} as const;

const APPROVED: ListValue = { id: 'D31001', value: 'Approved' };
const CLOSED: ListValue = { id: 'D31005', value: 'Closed (Filled)' };

const CATEGORY: ListValue = { id: 'D35010', value: 'Operations' };
const RECRUITER = { id: 121, name: 'Rita Moss' };

const PLACES = ['Oakland, CA', 'Boise, ID', 'Toronto, ON'];
const MADE = Date.parse('2026-11-01T14:07:00Z');

/** Jobs that show what there is: on one portal, on the other, on both, and on none. */
const FIRST_JOBS: readonly Pick<SimulatedJob, 'jobtitle' | 'folder' | 'portals'>[] = [
  { jobtitle: 'Data Engineer', folder: APPROVED, portals: ['1'] },
  { jobtitle: 'Talent Partner', folder: APPROVED, portals: ['1', '2'] },
  { jobtitle: 'Field Technician', folder: APPROVED, portals: ['2'] },
  { jobtitle: 'Office Manager', folder: CLOSED, portals: [] },
];

/**
 * Two customers that have nothing to do with each other.
 *
 * @param extraJobs Jobs on portal 1, on top of the first ones.
 */
export function seedTenants(extraJobs: number): readonly TenantSeed[] {
  const extra = Array.from({ length: extraJobs }, (_, index) => ({
    jobtitle: `Field Engineer ${index + 1}`,
    folder: APPROVED,
    portals: ['1'],
  }));
  const jobs = [...FIRST_JOBS, ...extra].map(({ jobtitle, folder, portals }, index): SimulatedJob => {
    const id = 1709 + index;
    const joblocation = PLACES[index % PLACES.length] ?? '';
    return {
      id,
      jobtitle,
      jobid: `2026-${id}`,
      folder,
      joblocation,
      portals,
      createdAt: MADE,
      updatedAt: MADE,
      positioncategory: CATEGORY,
      recruiter: RECRUITER,
    };
  });
  const { example, variant } = SIMULATED_LOGINS;
  return [
    { ...loginOf(example), companyName: 'Example Co', schema: STANDARD_SCHEMA, jobs, portals: ['1', '2'] },
    {
      ...loginOf(variant),
      companyName: 'Variant Corp',
      schema: VARIANT_SCHEMA,
      jobs,
      portals: ['1', '2'],
      sources: ['Job Board', 'Identify Feature', 'Other (Please Specify)'],
    },
  ];
}

function loginOf({
  customerId,
  username,
  password,
  token,
}: (typeof SIMULATED_LOGINS)[keyof typeof SIMULATED_LOGINS]): Pick<TenantSeed, 'customerId' | 'users' | 'tokens'> {
  return { customerId, users: [{ username, password }], tokens: { [token]: username } };
}
