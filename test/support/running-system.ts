import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Hub, HubOptions, Role, Tier, TierGrants } from '@talentbridge/hub';
import { type ExampleSimulator, startSimulator as startExample } from '@talentbridge/plugin-example/simulator';
import {
  type JobScoreSimulator,
  type JobScoreSimulatorOptions,
  startSimulator as startJobScore,
} from '@talentbridge/plugin-jobscore/simulator';
import { createApplication } from '../../gateway/dist/application.js';
import { readConfiguration } from '../../gateway/dist/configuration.js';
import { type DeploymentFile, loadDeployment } from '../../gateway/dist/deployment-file.js';
import { createLogger } from '../../gateway/dist/operations/logging.js';
import type { LookedInto } from './looked-into.ts';
import { freshDatabase } from './postgres.ts';
import { throwawayFolder } from './throwaway-files.ts';
import { timeAtWork } from './time-at-work.ts';

/** Who asks. */
export interface Asker {
  readonly organizationId: string;
  readonly roles: readonly Role[];
  /** Default: the one user of the organization. */
  readonly userId?: string;
}

/** Variables of an operation. */
export type Variables = Readonly<Record<string, unknown>>;

/** How long a subscription is followed that does not end by itself: some milliseconds, or until something is true of what came. */
export type Enough = number | ((streamed: string) => boolean);

/** One answer, read loosely: the test says what it expects of it. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  readonly data: LookedInto;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** The vendors that connections lead to, simulated. */
export interface Vendors extends AsyncDisposable {
  readonly jobscore: JobScoreSimulator;
  readonly example: ExampleSimulator;
}

/** A plugin beside the two that every system has. */
export interface FurtherPlugin {
  readonly package: string;
  /** One of its hosts; a plugin with several stands there several times. */
  readonly host: string;
  /** Where its simulator listens. */
  readonly url: string;
}

/** How a system is set up. */
export interface SystemOptions {
  /** Absent: one of its own. */
  readonly databaseUrl?: string;
  /** Needed to open a database that another system has used. */
  readonly encryptionKeys?: string;
  /** Absent: vendors of its own, which end with it. */
  readonly vendors?: Vendors;
  /** Further plugins, with the simulators that stand in for their vendors. */
  readonly further?: readonly FurtherPlugin[];
  /** Where its search indexes are kept. Default: in a folder that is deleted when it ends. */
  readonly searchIndexes?: HubOptions['searchIndexes'];
  /** Which walls between organizations stand. Default `both`. */
  readonly isolation?: HubOptions['isolation'];
  /** Whom contact data is asked from. Default: what is stored with the profiles. */
  readonly contactSource?: HubOptions['contactSource'];
  /** Whether vendors can reach the gateway where it listens, to tell it of changes. Default `true`. */
  readonly vendorsAreLocal?: boolean;
  /** Default `true`. */
  readonly worker?: boolean;
  /** What each tier opens. Default: everything. */
  readonly tiers?: Readonly<Record<Tier, TierGrants>>;
  /** By plugin id: how fast its ATS may be asked. Default: what the plugin declares. */
  readonly pace?: DeploymentFile['pace'];
  /** Default `debug`. */
  readonly logLevel?: 'trace' | 'debug';
  /** Environment variables of the gateway. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A whole deployment in this process: database, hub, worker, gateway on a port of its own, and simulated vendors. */
export interface RunningSystem extends AsyncDisposable {
  readonly url: string;
  readonly databaseUrl: string;
  readonly encryptionKeys: string;
  readonly hub: Hub;
  readonly vendors: Vendors;
  /** A token of the development issuer. */
  token(as: Asker): Promise<string>;
  /** Sends one operation over HTTP. */
  query(document: string, variables: Variables, as: Asker): Promise<Answer>;
  /**
   * Follows a subscription over server-sent events, and answers everything that came.
   * @param enough After so many milliseconds, or once this is true of what came, it is left. Default: it ends by itself.
   */
  follow(document: string, variables: Variables, as: Asker, enough?: Enough): Promise<Answer>;
  /** Everything that was logged so far. */
  log(): string;
  /** Everything that was answered so far, as text. */
  answers(): string;
}

/** Starts simulated vendors that take requests as fast as they come. */
export async function startVendors(jobscore: JobScoreSimulatorOptions = {}): Promise<Vendors> {
  const vendors = {
    jobscore: await startJobScore({ rate: 0, ...jobscore }),
    example: await startExample({ requestsPerMinute: 1_000_000 }),
  };
  return {
    ...vendors,
    async [Symbol.asyncDispose]() {
      await vendors.jobscore.close();
      await vendors.example.close();
    },
  };
}

/** Starts a system. */
export async function startSystem(options: SystemOptions = {}): Promise<RunningSystem> {
  const databaseUrl = options.databaseUrl ?? (await freshDatabase());
  const encryptionKeys = options.encryptionKeys ?? `test:${randomBytes(32).toString('base64')}`;
  const vendors = options.vendors ?? (await startVendors());
  const { further = [] } = options;
  const logLevel = options.logLevel ?? 'debug';
  const lines: string[] = [];
  const output = new PassThrough();
  output.on('data', (line) => lines.push(String(line)));
  const configuration = readConfiguration({
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: logLevel,
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: encryptionKeys,
    FILE_STORE: `disk:${throwawayFolder()}`,
    WORKER: options.worker === false ? 'off' : 'on',
    // A machine that stands still is no reason to give a search up.
    SEARCH_TIME_LIMIT_SECONDS: '60',
    ...options.settings,
  });
  const application = await createApplication({
    configuration,
    deployment: await loadDeployment(
      {
        plugins: [
          '@talentbridge/plugin-jobscore',
          '@talentbridge/plugin-example',
          ...new Set(further.map((one) => one.package)),
        ],
        defaultTier: 'ENTERPRISE',
        ...(options.tiers ? { tiers: mutableTiers(options.tiers) } : {}),
        outgoingAddresses: ['192.0.2.10'],
        hostOverrides: {
          'api.jobscore.com': vendors.jobscore.url,
          'api.example-ats.test': vendors.example.url,
          ...Object.fromEntries(further.map(({ host, url }) => [host, url])),
        },
        demo: { simulators: [] },
        ...(options.pace ? { pace: options.pace } : {}),
      },
      configuration.hub,
    ),
    logger: createLogger(logLevel, output),
    vendorsAreLocal: options.vendorsAreLocal ?? true,
    ...(options.contactSource ? { contactSource: options.contactSource } : {}),
    ...(options.isolation ? { isolation: options.isolation } : {}),
    ...(options.searchIndexes ? { searchIndexes: options.searchIndexes } : {}),
  });
  const { gateway, hub } = application;
  const url = await gateway.listen();
  const answers: string[] = [];

  const token: RunningSystem['token'] = async ({ organizationId, roles, userId = userOf(organizationId) }) => {
    const issued = await gateway.issuer?.issue({ organizationId, userId, roles });
    if (!issued) throw new Error('This gateway has no issuer of its own.');
    return issued.token;
  };
  const ask = async (
    document: string,
    variables: Variables,
    as: Asker,
    accept: string,
    enough?: Enough,
  ): Promise<Answer> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${await token(as)}` },
      body: JSON.stringify({ query: document, variables }),
    });
    const contentType = response.headers.get('content-type') ?? '';
    const isStream = contentType.includes('event-stream');
    const text = isStream && enough !== undefined ? await enoughOf(response, enough) : await response.text();
    answers.push(text);
    const body = contentType.includes('json') ? JSON.parse(text) : { data: eventsOf(text) };
    return { status: response.status, contentType, text, ...body };
  };
  return {
    url,
    databaseUrl,
    encryptionKeys,
    hub,
    vendors,
    token,
    query: (document, variables, as) => ask(document, variables, as, 'application/graphql-response+json'),
    follow: (document, variables, as, enough) => ask(document, variables, as, 'text/event-stream', enough),
    log: () => lines.join(''),
    answers: () => answers.join('\n'),
    async [Symbol.asyncDispose]() {
      await application.close();
      if (!options.vendors) await vendors[Symbol.asyncDispose]();
    },
  };
}

/** The user that asks for an organization, so that traces of them can be looked for. */
export function userOf(organizationId: string): string {
  return `user-of-${organizationId}`;
}

/** Waits until something is so. Time in which the machine stands still does not count. @throws Error that shows the last state. */
export async function until<State>(
  look: () => Promise<State> | State,
  isSo: (state: State) => boolean,
  patienceMs = 45_000,
): Promise<State> {
  using time = timeAtWork();
  for (;;) {
    const state = await look();
    if (isSo(state)) return state;
    if (time.ms() > patienceMs) throw new Error(`It did not become so in ${patienceMs} ms: ${JSON.stringify(state)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What of a stream comes until it is enough, whole events alone; a minute at most. */
async function enoughOf(response: Response, enough: Enough): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const timer = setTimeout(() => void reader?.cancel(), typeof enough === 'number' ? enough : 60_000);
  let text = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += part.value;
    if (typeof enough === 'function' && enough(text)) await reader?.cancel();
  }
  clearTimeout(timer);
  return text.slice(0, text.lastIndexOf('\n\n') + 2);
}

function eventsOf(stream: string): readonly unknown[] {
  return stream
    .split('\n\n')
    .filter((event) => event.startsWith('event: next'))
    .map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)));
}

function mutableTiers(tiers: Readonly<Record<Tier, TierGrants>>) {
  const copy = (grants: TierGrants) =>
    Object.fromEntries(Object.entries(grants).map(([plugin, names]) => [plugin, [...names]]));
  return {
    ESSENTIAL: copy(tiers.ESSENTIAL),
    PROFESSIONAL: copy(tiers.PROFESSIONAL),
    ENTERPRISE: copy(tiers.ENTERPRISE),
  };
}
