import type { Application, Seat, SeatState } from './records.js';

/** A contract of a company: seats belong to it. */
export interface ContractSeed {
  readonly urn: string;
  readonly name: string;
}

/** A company that hires with Recruiter. */
export interface CompanySeed {
  readonly slug: string;
  readonly name: string;
  readonly organization: string;
  readonly contracts: readonly ContractSeed[];
}

/** The applications that a fresh simulator knows. They open nothing but a simulator. */
export const SIMULATED_APPLICATIONS = {
  parent: { clientId: 'sim-linkedin-parent', clientSecret: 'sim-parent-secret' },
  exampleco: { clientId: 'sim-linkedin-exampleco', clientSecret: 'sim-child-secret-exampleco' },
  samplecorp: { clientId: 'sim-linkedin-samplecorp', clientSecret: 'sim-child-secret-samplecorp' },
} as const;

/** Two companies that have nothing to do with each other; the first has two contracts. */
export const COMPANIES: readonly CompanySeed[] = [
  {
    slug: 'exampleco',
    name: 'Example Co',
    organization: 'urn:li:organization:1234',
    contracts: [
      { urn: 'urn:li:contract:42', name: 'Example Co, hiring' },
      { urn: 'urn:li:contract:44', name: 'Example Co, agencies' },
    ],
  },
  {
    slug: 'samplecorp',
    name: 'Sample Corp',
    organization: 'urn:li:organization:5678',
    contracts: [{ urn: 'urn:li:contract:43', name: 'Sample Corp, hiring' }],
  },
];

/** The seats of a fresh simulator. */
export function seedSeats(): Seat[] {
  return [
    seat(555, 'Rita', 'Moss', 'r1t4', '42'),
    seat(556, 'Tariq', 'Bell', 't4r1', '42'),
    seat(557, 'Emil', 'Stone', 'e4m4', '42', 'PARKED'),
    seat(558, 'Nina', 'Holt', 'n1n4', '44'),
    seat(655, 'Ines', 'Vale', 'i4n3', '43'),
    seat(656, 'Otto', 'Reed', 'o7t0', '43'),
  ];
}

/** The applications of a fresh simulator, without integrations. */
export function seedApplications(): Application[] {
  return Object.entries(SIMULATED_APPLICATIONS).map(([slug, credentials], index) => ({
    ...credentials,
    urn: `urn:li:developerApplication:${12_344 + index}`,
    kind: slug === 'parent' ? 'parent' : 'child',
    uniqueForeignId: slug,
    name: `Hub - ${COMPANIES.find((company) => company.slug === slug)?.name ?? 'parent'}`,
    description: '',
    oauth2AuthorizedCallbackUrls: [],
    validJsSdkDomains: [],
    integrations: [],
  }));
}

function seat(
  id: number,
  firstName: string,
  lastName: string,
  member: string,
  contract: string,
  state: SeatState = 'ACTIVE',
): Seat {
  const urns = { member: `urn:li:person:${member}`, contract: `urn:li:contract:${contract}` };
  return { id, firstName, lastName, ...urns, state, exports: new Map() };
}
