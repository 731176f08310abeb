import type { Role } from '@talentbridge/hub';
import { SIMULATED_KEYS } from '@talentbridge/plugin-jobscore/simulator';
import {
  type LinkedInSimulator,
  SIMULATED_APPLICATIONS,
  startSimulator as startLinkedIn,
} from '@talentbridge/plugin-linkedin-recruiter/simulator';
import type { LookedInto } from './looked-into.ts';
import { type OrganizationClient, organizationOf, USER_ERRORS } from './organization-client.ts';
import {
  type Answer,
  type FurtherPlugin,
  type RunningSystem,
  type SystemOptions,
  startSystem,
  startVendors,
  until,
  type Variables,
} from './running-system.ts';

/** A customer of the simulated network. */
export interface NetworkCustomer {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly organization: string;
  readonly contract: string;
}

/** The first customer of the simulated network. */
export const NETWORK: NetworkCustomer = {
  ...SIMULATED_APPLICATIONS.exampleco,
  organization: 'urn:li:organization:1234',
  contract: 'urn:li:contract:42',
};

/** The second one. */
export const OTHER_NETWORK: NetworkCustomer = {
  ...SIMULATED_APPLICATIONS.samplecorp,
  organization: 'urn:li:organization:5678',
  contract: 'urn:li:contract:43',
};

/** Members of the network who are the same whatever the seed; those with a letter are also in the ATS. */
export const MEMBERS = {
  /** Their home address is the same. */
  bo: 'urn:li:person:b0q5a000',
  /** Nothing but the name is the same. */
  emre: 'urn:li:person:e5o5f005',
  /** In no ATS. */
  mira: 'urn:li:person:m7v9x007',
  tove: 'urn:li:person:t8w9x008',
  ada: 'urn:li:person:a1b2c3d4',
} as const;

/** Seats of the network. */
export const SEATS = { rita: 555, tariq: 556, nina: 558 } as const;

/** What tests look at of a candidate's profile at the network. */
const NETWORK_PROFILE = `link { member how linkedBy } counts { notes inMails }
  notes { id authorName isPublic createdAt content { ...Content } }
  inMails { id conversationId authorName byCandidate isPublic createdAt content { ...Content } }`;

const CONTENT = `fragment Content on NetworkContent { __typename ... on NetworkText { subject text }
  ... on NetworkTextRefused { code message authorName writtenAt askWhom } }`;

const ARRIVALS = `arrivals(unassigned: $unassigned, first: 100) { totalCount nodes { id source state outcome reason remedy name
  unassigned jobRemoteId seatId contact { emails phones } candidateRemoteId candidateUrl candidate { id firstName lastName emails } } }`;

/** A deployment with a simulated ATS and a simulated network, which one organization has paired. */
export interface PairedSystems extends AsyncDisposable {
  readonly system: RunningSystem;
  readonly network: LinkedInSimulator;
  readonly organization: OrganizationClient;
  readonly ats: string;
  /** The connection of the network. */
  readonly connectionId: string;
  /** Somebody of the organization: asks, and answers the single field. */
  as(userId: string, roles?: readonly Role[]): (document: string, variables?: Variables) => Promise<LookedInto>;
  /** The same with everything that was answered. */
  answerAs(userId: string, roles?: readonly Role[]): (document: string, variables?: Variables) => Promise<Answer>;
  /** The network, its pair and its steps. */
  state(): Promise<LookedInto>;
  /** Has the network looked at, and the seats asked. */
  refresh(): Promise<void>;
  /** Says whose a seat is, as an admin. */
  giveSeat(seat: number, userId: string): Promise<void>;
  arrivals(unassigned?: boolean): Promise<LookedInto>;
  /** The newest arrival, once it and so many before have ended. */
  arrived(count: number): Promise<LookedInto>;
  /** A candidate of the mirror by their last name, as somebody sees them at the network. */
  candidate(lastName: string, userId?: string, roles?: readonly Role[]): Promise<LookedInto>;
  /** What a recruiter or a member does at the network, as a request of its control page. */
  atNetwork(path: string, body?: unknown): Promise<LookedInto>;
  /** What a recruiter does at the network: export somebody to a job of the list. */
  exportTo(member: string, job: string): Promise<LookedInto>;
  /** What users do at the ATS, as a request of its control page. */
  atAts(path: string, body?: unknown): Promise<LookedInto>;
  /** The same through the ATS's own API, as one of its users. */
  throughAts(path: string, body?: unknown): Promise<LookedInto>;
  /** A member as a seat sees them at the network, with what the ATS told of them. */
  member(urn: string, seat?: number): Promise<LookedInto>;
  /** Has all seats asked for what was written, and waits until they were. */
  poll(): Promise<void>;
}

/** A mirrored ATS that takes the place of the simulated one of every system. */
export interface PairedAts {
  readonly plugins: readonly FurtherPlugin[];
  /** Makes a finished connection with Export and Rediscovery, and answers its id. */
  connect(organization: OrganizationClient): Promise<string>;
}

/** How the pair is set up. */
export interface PairedSystemsOptions extends Pick<SystemOptions, 'logLevel' | 'settings' | 'isolation'> {
  /** Default: a new one. */
  readonly organizationId?: string;
  /** Default 12: they fit the network's members. */
  readonly candidates?: number;
  readonly missingEmail?: 'DUMMY' | 'REFUSE';
  /** Absent: the ATS of every system. */
  readonly ats?: PairedAts;
  /** The careers site that the network is told of. Absent: none. */
  readonly careersUrl?: string;
  /** Default: all. */
  readonly capabilities?: readonly string[];
  /** How far setting up goes. Default `working`: everything is enabled and was sent. */
  readonly upTo?: 'connected' | 'paired' | 'working';
}

/** Starts an ATS, a network and a deployment, and joins them as an admin does. */
export async function startPairedSystems(options: PairedSystemsOptions = {}): Promise<PairedSystems> {
  const { upTo = 'working', missingEmail } = options;
  const network = await startNetwork();
  const vendors = await startVendors({ candidates: options.candidates ?? 12 });
  const system = await startSystem({
    vendors,
    further: [...networkPlugin(network), ...(options.ats?.plugins ?? [])],
    pace: { jobscore: {}, smartrecruiters: {}, 'linkedin-recruiter': {} },
    ...(options.logLevel ? { logLevel: options.logLevel } : {}),
    ...(options.settings ? { settings: options.settings } : {}),
    ...(options.isolation ? { isolation: options.isolation } : {}),
  });
  const organization = organizationOf(system, options.organizationId);
  const ats = await (options.ats?.connect(organization) ??
    organization.connect(undefined, 'jobscore', ['EXPORT', 'REDISCOVERY']));
  const connectionId = await connectNetwork(organization, NETWORK, options.careersUrl);
  const answerAs: PairedSystems['answerAs'] =
    (userId, roles = ['RECRUITER']) =>
    (document, variables = {}) =>
      system.query(document, variables, { organizationId: organization.id, roles, userId });
  const as: PairedSystems['as'] = (userId, roles) => async (document, variables) => {
    const { data, errors, text } = await answerAs(userId, roles)(document, variables);
    if (errors || !data) throw new Error(`${document} failed: ${text}`);
    return Object.values(data)[0];
  };
  const self: PairedSystems = {
    system,
    network,
    organization,
    ats,
    connectionId,
    as,
    answerAs,
    state: () =>
      organization.ask(
        `query ($id: ID!) { systemConnection(connectionId: $id) {
           id missingEmail network { id status } ats { id status } steps { id title status remedy }
           seats { seatId contractId firstName lastName active userId confirmed exportsThisMonth exportsPerMonth }
           progress { phase kinds { kind sent refused } waiting { jobs candidates } firstSync { done total endedAt } reason
             polledAt nextPollAt pollProblem leftBehind }
           refusedRecords(first: 100) { totalCount nodes { kind remoteId mirrorId reason } }
           closedMembers { member candidateRemoteIds candidates { id lastName } } } }`,
        { id: connectionId },
      ),
    refresh: () => refresh(organization, connectionId),
    async giveSeat(seat, userId) {
      const given = await organization.ask(
        `mutation ($input: ConnectSeatInput!) { connectSeat(input: $input) { ${USER_ERRORS}
           ... on SeatChanged { seat { seatId userId confirmed } } } }`,
        { input: { connectionId, userId, seatId: await seatIdOf(self, seat) } },
      );
      if (given.seat?.userId !== userId) throw new Error(JSON.stringify(given));
    },
    arrivals: async (unassigned = false) =>
      (
        await organization.ask(
          `query ($id: ID!, $unassigned: Boolean!) { systemConnection(connectionId: $id) { ${ARRIVALS} } }`,
          { id: connectionId, unassigned },
        )
      ).arrivals,
    async candidate(lastName, userId = 'somebody', roles = ['VIEWER']) {
      const { nodes } = await as(userId, roles)(
        `query ($id: ID!) { candidates(connectionId: $id, first: 100) { nodes {
           id remoteId firstName lastName emails applications { id remoteId jobTitle stage }
           networkProfile { ${NETWORK_PROFILE} } } } } ${CONTENT}`,
        { id: ats },
      );
      return nodes.find((one: { readonly lastName: string }) => one.lastName === lastName);
    },
    async arrived(count) {
      const { nodes } = await until(
        () => self.arrivals(),
        ({ nodes: listed }) => listed.length === count && !['PENDING', 'SENDING'].includes(listed[0].state),
        30_000,
      );
      return nodes[0];
    },
    atNetwork: (path, body) => control(`${network.url}/_sim/recruiter${path}`, body),
    exportTo: (member, job) => self.atNetwork('/exports', { seat: SEATS.rita, member, job }),
    atAts: (path, body) => control(`${vendors.jobscore.url}/_sim${path}`, body),
    throughAts: (path, body) =>
      control(`${vendors.jobscore.url}/v2${path}`, body, { authorization: `Token token=${SIMULATED_KEYS.user}` }),
    member: (urn, seat = SEATS.rita) => self.atNetwork(`/profiles/${urn.split(':').at(-1)}?seat=${seat}`),
    async poll() {
      const before = (await self.state()).progress.polledAt;
      await self.refresh();
      await until(
        () => self.state(),
        // One that began before is followed by another at once.
        ({ progress: { polledAt, nextPollAt } }) => polledAt !== before && Date.parse(nextPollAt) > Date.now() + 60_000,
        60_000,
      );
    },
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await vendors[Symbol.asyncDispose]();
      await network.close();
    },
  };
  if (upTo === 'connected') return self;
  await pairWith(organization, { connectionId, atsConnectionId: ats, ...(missingEmail ? { missingEmail } : {}) });
  if (upTo === 'paired') return self;
  await enableAll(self);
  return self;
}

/** Has the administrator of the network enable everything, and waits until the first sync is done. */
export async function enableAll(pair: PairedSystems): Promise<void> {
  await enableIntegrations(pair, pair.network, NETWORK);
  await until(
    () => pair.state(),
    ({ progress }) => progress?.firstSync.endedAt != null,
    60_000,
  );
}

/** Has the administrator of the network enable everything, once the hub has done its part, and has it noticed. */
export async function enableIntegrations(
  { organization, connectionId }: Pick<PairedSystems, 'organization' | 'connectionId'>,
  { url }: Pick<LinkedInSimulator, 'url'>,
  customer: NetworkCustomer,
): Promise<void> {
  await refresh(organization, connectionId);
  await until(
    () =>
      organization.ask(`query ($id: ID!) { systemConnection(connectionId: $id) { steps { id status } } }`, {
        id: connectionId,
      }),
    ({ steps }) => steps.every((one: { readonly id: string; readonly status: string }) => isReady(one)),
    30_000,
  );
  for (const type of ['ONE_CLICK_EXPORT', 'IN_ATS_INDICATOR', 'PROFILE_PLUGIN', 'CSA_API']) {
    const context = type === 'CSA_API' ? customer.contract : customer.organization;
    const { clientId } = customer;
    await control(`${url}/_sim/recruiter/integrations`, { clientId, type, context, status: 'ENABLED' });
  }
  await refresh(organization, connectionId);
}

/** The network named its parts and knows where to call: its administrator may enable them. */
function isReady({ id, status }: { readonly id: string; readonly status: string }): boolean {
  return !['request', 'callback'].includes(id) || status === 'DONE';
}

/** A finished connection of the network. */
export async function connectNetwork(
  organization: OrganizationClient,
  customer: NetworkCustomer,
  careersUrl?: string,
): Promise<string> {
  const connectionId = await organization.begin('linkedin-recruiter', ['SYSTEM_CONNECT']);
  const submitted = await organization.submit(connectionId, '', {
    credentials: [
      { name: 'childClientId', value: customer.clientId },
      { name: 'childClientSecret', value: customer.clientSecret },
      { name: 'organizationUrn', value: customer.organization },
      { name: 'contractUrn', value: customer.contract },
    ],
    testTarget: null,
    ...(careersUrl === undefined ? {} : { settings: [{ name: 'careersUrl', value: careersUrl }] }),
  });
  if (!submitted.report?.complete) throw new Error(JSON.stringify(submitted));
  const finished = await organization.finish(connectionId);
  if (finished.status !== 'CONNECTED') throw new Error(JSON.stringify(finished));
  return connectionId;
}

/** Joins a network with an ATS. */
export async function pairWith(
  organization: OrganizationClient,
  input: { readonly connectionId: string; readonly atsConnectionId: string; readonly missingEmail?: string },
): Promise<void> {
  const paired = await organization.ask(
    `mutation ($input: PairSystemsInput!) { pairSystems(input: $input) { ${USER_ERRORS}
       ... on SystemsPaired { systemConnection { id ats { id } } } } }`,
    { input },
  );
  if (paired.systemConnection?.ats.id !== input.atsConnectionId) throw new Error(JSON.stringify(paired));
}

/** Starts the simulated network, which takes as many questions as the first poll of a month has. */
export function startNetwork(): Promise<LinkedInSimulator> {
  return startLinkedIn({
    integrations: 'requested',
    widgetDomains: ['http://localhost:4000'],
    limits: { conversationsPerMinute: 1_000_000 },
  });
}

/** What a deployment loads and reaches the simulated network by. */
export function networkPlugin({ url }: Pick<LinkedInSimulator, 'url'>): readonly FurtherPlugin[] {
  return ['www.linkedin.com', 'api.linkedin.com', 'platform.linkedin.com'].map((host) => ({
    package: '@talentbridge/plugin-linkedin-recruiter',
    host,
    url,
  }));
}

async function refresh(organization: OrganizationClient, connectionId: string): Promise<void> {
  const refreshed = await organization.ask(
    `mutation ($id: ID!) { refreshSystemConnection(connectionId: $id) { ${USER_ERRORS}
       ... on SystemConnectionRefreshed { systemConnection { id } } } }`,
    { id: connectionId },
  );
  if (!refreshed.systemConnection) throw new Error(JSON.stringify(refreshed));
}

/** The id by which a seat of the network is known here. */
async function seatIdOf(pair: PairedSystems, seat: number): Promise<string> {
  const { seats } = await until(
    () => pair.state(),
    (state) => state.seats.length > 0,
  );
  const found = seats.find((one: { readonly seatId: string }) => one.seatId.endsWith(String(seat)));
  if (!found) throw new Error(`The network told of no seat ${seat}: ${JSON.stringify(seats)}`);
  return found.seatId;
}

async function control(
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<LookedInto> {
  const response = await fetch(url, {
    headers: {
      accept: 'application/json',
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return JSON.parse(text);
}
