import type { NetworkWidget } from '@talentbridge/contracts';
import { SIMULATED_APPLICATIONS } from '../dist/simulator/index.js';

/** A company that hires, with its own developer application. */
export interface Customer {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly organizationUrn: string;
  readonly contractUrn: string;
  /** A seat of the contract. */
  readonly seat: number;
}

/** The two companies that the simulator knows. */
export const CUSTOMERS = {
  exampleco: {
    ...SIMULATED_APPLICATIONS.exampleco,
    name: 'Example Co',
    organizationUrn: 'urn:li:organization:1234',
    contractUrn: 'urn:li:contract:42',
    seat: 555,
  },
  samplecorp: {
    ...SIMULATED_APPLICATIONS.samplecorp,
    name: 'Sample Corp',
    organizationUrn: 'urn:li:organization:5678',
    contractUrn: 'urn:li:contract:43',
    seat: 655,
  },
} as const satisfies Readonly<Record<string, Customer>>;

/** The types that Recruiter System Connect is made of (LinkedIn sheet §3). */
export const INTEGRATIONS = ['ONE_CLICK_EXPORT', 'IN_ATS_INDICATOR', 'PROFILE_PLUGIN', 'CSA_API'] as const;

/** Members whom the simulator knows by name. */
export const MEMBERS = {
  ada: 'urn:li:person:a1b2c3d4',
  emre: 'urn:li:person:e5o5f005',
  mira: 'urn:li:person:m7v9x007',
} as const;

/** The page that shows widgets. */
export const PAGE_ORIGIN = 'https://hub.example';

/** What Recruiter shows of a member; read loosely. */
export interface ShownProfile {
  readonly inAts: boolean;
  readonly previews: readonly {
    readonly name: string;
    readonly url: string;
    readonly jobs: readonly {
      readonly title: string;
      readonly currentStage: string | null;
      readonly stages: readonly { readonly stage: string }[];
    }[];
    readonly notes: readonly { readonly note: string }[];
    readonly interviews: readonly { readonly feedback: string }[];
  }[];
}

/** What administrators, recruiters and members do in LinkedIn, and what they see: over HTTP, so that it is recorded too. */
export class RecruiterPages {
  readonly #url: string;

  /** @param url Where LinkedIn is. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Does something in LinkedIn. @throws Error when LinkedIn does not let it. */
  async act(path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${this.#url}/_sim/recruiter${path}`, init);
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`LinkedIn did not let ${path}: ${JSON.stringify(answer)}`);
    return Object(answer);
  }

  /** The administrator picks the contract and asks for the package. */
  async askForPackage({ clientId, contractUrn: contract }: Customer): Promise<void> {
    await this.act('/onboarding', { clientId, contract });
  }

  /** The administrator enables an integration. */
  async enable(customer: Customer, type: (typeof INTEGRATIONS)[number]): Promise<void> {
    const context = type === 'CSA_API' ? customer.contractUrn : customer.organizationUrn;
    await this.act('/integrations', { clientId: customer.clientId, type, context, status: 'ENABLED' });
  }

  /** A profile as a seat sees it. @param member A person's URN. */
  async profile(member: string, { seat }: Pick<Customer, 'seat'> = CUSTOMERS.exampleco): Promise<ShownProfile> {
    const id = member.slice(member.lastIndexOf(':') + 1);
    const response = await fetch(`${this.#url}/_sim/recruiter/profiles/${id}?seat=${seat}`);
    if (!response.ok) throw new Error(`LinkedIn shows no profile: status ${response.status}.`);
    // The simulator's own view, of which only this much is looked at.
    return (await response.json()) as ShownProfile;
  }

  /** The page of a profile, with the list of jobs that an export offers. */
  async profilePage(member: string, { seat }: Pick<Customer, 'seat'> = CUSTOMERS.exampleco): Promise<string> {
    const id = member.slice(member.lastIndexOf(':') + 1);
    return (await fetch(`${this.#url}/_sim/recruiter/people/${id}?seat=${seat}`)).text();
  }

  /** The frame that LinkedIn's script makes of a profile widget. */
  async frame({ attributes, scriptSettings }: NetworkWidget, origin: string = PAGE_ORIGIN): Promise<string> {
    const query = new URLSearchParams({
      api_key: scriptSettings['api_key'] ?? '',
      origin,
      candidate: attributes['data-ats-candidate-id'] ?? '',
      context: attributes['data-integration-context'] ?? '',
    });
    return (await fetch(`${this.#url}/xdoor/widgets/profile?${query}`)).text();
  }
}
