import { randomUUID } from 'node:crypto';
import type { Hub, OrganizationScope } from '@talentbridge/hub';
import { type JobScoreSimulator, SIMULATED_KEYS } from '@talentbridge/plugin-jobscore/simulator';
import {
  type LinkedInSimulator,
  startSimulator as startLinkedIn,
} from '@talentbridge/plugin-linkedin-recruiter/simulator';
import {
  Concealment,
  CUSTOMERS,
  PAGE_ORIGIN,
  Recorder,
  RecruiterPages,
  SECRETS,
} from '../../../plugins/linkedin-recruiter/certification/index.ts';
import { type RunningSystem, startSystem, startVendors, until } from '../../support/running-system.ts';

/** A whole deployment between a simulated JobScore and a simulated LinkedIn, with recorders on every way. */
export interface HubStand extends AsyncDisposable {
  readonly hub: Hub;
  /** An admin of the organization. */
  readonly scope: OrganizationScope;
  readonly jobscore: JobScoreSimulator;
  readonly linkedIn: LinkedInSimulator;
  /** What people do and see in LinkedIn. */
  readonly pages: RecruiterPages;
  readonly atsConnectionId: string;
  readonly connectionId: string;
  /** What goes to LinkedIn. */
  readonly toLinkedIn: Recorder;
  /** What goes to the ATS. */
  readonly toAts: Recorder;
  /** What LinkedIn tells the hub. */
  readonly toHub: Recorder;
  readonly concealment: Concealment;
}

/** How many candidates the ATS has: more than fit into one batch. */
const CANDIDATES = 130;

const LINKEDIN = '@talentbridge/plugin-linkedin-recruiter';

/**
 * Starts it on an empty, migrated database: the ATS is connected and mirrored, LinkedIn is connected and paired with it, and
 * nothing is enabled yet.
 */
export async function startHubStand(databaseUrl: string): Promise<HubStand> {
  await using starting = new AsyncDisposableStack();
  const concealment = new Concealment({ ...SECRETS, 'key of JobScore': SIMULATED_KEYS.user });
  const vendors = starting.use(await startVendors({ candidates: CANDIDATES }));
  // No rule on the hub is about how fast it asks, and waiting for a place in line would take minutes.
  const limits = { conversationsPerMinute: 1_000_000 };
  const linkedIn = await startLinkedIn({ members: 50, widgetDomains: [PAGE_ORIGIN], limits });
  starting.defer(() => linkedIn.close());
  const toLinkedIn = starting.use(await Recorder.start(() => linkedIn.url, concealment));
  const toAts = starting.use(await Recorder.start(() => vendors.jobscore.url, concealment));
  let system: RunningSystem | undefined;
  const toHub = starting.use(await Recorder.start(() => system?.url ?? 'http://127.0.0.1:9', concealment));
  system = starting.use(
    await startSystem({
      databaseUrl,
      vendors: { ...vendors, jobscore: { ...vendors.jobscore, url: toAts.url } },
      further: ['www.linkedin.com', 'api.linkedin.com'].map((host) => ({
        package: LINKEDIN,
        host,
        url: toLinkedIn.url,
      })),
      pace: { jobscore: {}, 'linkedin-recruiter': {} },
      settings: { PUBLIC_URL: toHub.url },
    }),
  );
  const { hub } = system;
  const scope = hub.scope({ organizationId: randomUUID(), userId: 'admin', roles: ['ADMIN', 'RECRUITER'] });
  starting.defer(() => scope.close());
  const connect = connectorOf(hub, scope);
  const atsConnectionId = await connect('jobscore', ['export', 'rediscovery'], { apiKey: SIMULATED_KEYS.user });
  await until(
    () => hub.mirror.state(scope, atsConnectionId),
    ({ completeAt }) => completeAt !== null,
  );
  const {
    clientId: childClientId,
    clientSecret: childClientSecret,
    organizationUrn,
    contractUrn,
  } = CUSTOMERS.exampleco;
  const connectionId = await connect(
    'linkedin-recruiter',
    ['systemConnect'],
    { childClientId, childClientSecret, organizationUrn, contractUrn },
    { careersUrl: 'https://careers.example.com' },
  );
  await hub.systemConnect.pair(scope, { connectionId, atsConnectionId });
  const stack = starting.move();
  return {
    hub,
    scope,
    jobscore: vendors.jobscore,
    linkedIn,
    pages: new RecruiterPages(toLinkedIn.url),
    atsConnectionId,
    connectionId,
    toLinkedIn,
    toAts,
    toHub,
    concealment,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** What connects a plugin as an admin does, and answers the connection's id. */
function connectorOf(hub: Hub, scope: OrganizationScope) {
  return async (
    pluginId: string,
    capabilities: readonly ('export' | 'rediscovery' | 'systemConnect')[],
    credentials: Readonly<Record<string, string>>,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const { id } = await hub.connections.create(scope, { pluginId, capabilities });
    await hub.connections.acknowledgeRequirements(scope, id);
    const target = capabilities.includes('export') ? { testTarget: { kind: 'prospect' } as const } : {};
    await hub.connections.submitCredentials(scope, { connectionId: id, credentials, settings, ...target });
    await hub.connections.finish(scope, id);
    return id;
  };
}
