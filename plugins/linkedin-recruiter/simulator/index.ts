import { createSimulator, type Simulator } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import { type HostNames, registerApi, type SimulatorApp } from './api.js';
import type { AtsRecords } from './ats-records.js';
import { registerControls } from './control-routes.js';
import type { PushReport } from './push-sender.js';
import { type Application, INTEGRATION_TYPES, type SeatState } from './records.js';
import { Recruiter } from './recruiter.js';
import { errorBodyOf, Refusal } from './refusal.js';
import { SIMULATED_APPLICATIONS } from './seed.js';
import { type Limits, PUBLISHED_LIMITS } from './throttles.js';
import { registerWidgets } from './widgets.js';
import { type Behaviour, type Flag, World } from './world.js';

export type { AtsRecords, PushedApplication, PushedCandidate, PushedJob } from './ats-records.js';
export { NAMED_MEMBERS } from './named-members.js';
export type { PushReport } from './push-sender.js';
export type * from './records.js';
export { Recruiter } from './recruiter.js';
export { SIMULATED_APPLICATIONS } from './seed.js';
export { type Limits, PUBLISHED_LIMITS } from './throttles.js';
export { TOKEN_LIFE_S } from './tokens.js';
export type { Flag } from './world.js';

/** How the simulated LinkedIn is set up. */
export interface LinkedInSimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** The names by which it is asked for tokens and by its API. */
  readonly hosts?: Partial<HostNames>;
  /** Generated members beside the named ones. They are computed, not held. Default 1,000. */
  readonly members?: number;
  /** Decides who the generated members are. Default 1. */
  readonly seed?: number;
  /** Default: as published. */
  readonly limits?: Partial<Limits>;
  /** Default: matches show and jobs are accepted at once. */
  readonly behaviour?: Partial<Behaviour>;
  /** How far the customers' own applications are set up. Default `nothing`. */
  readonly integrations?: 'nothing' | 'requested';
  /** Origins of pages that may show widgets, for the customers' own applications. */
  readonly widgetDomains?: readonly string[];
  /** Whether callback addresses are asked every two hours whose they are. Default `false`. */
  readonly checksOwnership?: boolean;
}

/** A running LinkedIn, with its data within reach of tests. */
export interface LinkedInSimulator extends Simulator {
  /** What recruiters and members do. */
  readonly recruiter: Recruiter;
  /** What was pushed for an organization. Default: the first one's. */
  records(organization?: string): AtsRecords;
  /** What was taken against LinkedIn's advice. */
  flags(): readonly Flag[];
  /** Notifications on their way. */
  readonly pushes: {
    report(): readonly PushReport[];
    /** Resolves when everything was tried that is due. */
    settled(): Promise<void>;
    /** Sends one once more, as it was. */
    again(id: string): void;
  };
  /** The applications, with their integrations and what is configured. */
  applications(): readonly Application[];
  /** Gives a seat another state. */
  setSeat(id: number, state: SeatState): void;
  /** Every access token stops working. */
  revokeTokens(): void;
}

/** Starts LinkedIn as its fact sheet describes it, with two companies that hire. */
export async function startSimulator(options: LinkedInSimulatorOptions = {}): Promise<LinkedInSimulator> {
  const { members = 1000, seed = 1, integrations = 'nothing' } = options;
  const limits = { ...PUBLISHED_LIMITS, ...options.limits };
  const behaviour = { matchDelayMs: 0, taskDelayMs: 0, ...options.behaviour };
  const hosts = { token: 'www.linkedin.com', api: 'api.linkedin.com', ...options.hosts };
  let world: World | undefined;
  let checking = Promise.resolve();
  const prepare = (fresh: World): void => {
    for (const application of fresh.applications) application.validJsSdkDomains = options.widgetDomains ?? [];
    if (integrations === 'nothing') return;
    const recruiter = new Recruiter(fresh);
    recruiter.onboard(SIMULATED_APPLICATIONS.exampleco.clientId, 'urn:li:contract:42');
    recruiter.onboard(SIMULATED_APPLICATIONS.samplecorp.clientId, 'urn:li:contract:43');
  };
  const simulator = await createSimulator({
    name: 'LinkedIn',
    seed,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    errorBody: (status, message) => errorBodyOf(status, message),
    snapshot: () => (world ? snapshotOf(world) : {}),
    reset: () => {
      world?.reset();
      if (world) prepare(world);
    },
    register(app, kit) {
      const made = new World(() => kit.clock.now(), kit.random, { members, seed, limits, behaviour });
      world = made;
      prepare(made);
      answerRefusals(app);
      registerApi(app, kit, made, hosts);
      registerControls(app, made);
      registerWidgets(app, made);
      kit.clock.onAdvance(() => {
        made.pushes.wake();
        if (options.checksOwnership) checking = askDue(made);
      });
      const rounds = options.checksOwnership ? setInterval(() => void askDue(made), 60_000).unref() : undefined;
      app.addHook('onClose', async () => {
        clearInterval(rounds);
        made.pushes.reset();
      });
    },
  });
  if (!world) throw new Error('The simulator has no world.');
  const held = world;
  return {
    ...simulator,
    recruiter: new Recruiter(held),
    records: (organization = 'urn:li:organization:1234') => held.recordsOf(organization),
    flags: () => held.flags,
    pushes: {
      report: () => held.pushes.report(),
      settled: () => checking.then(() => held.pushes.settled()),
      again: (id) => void held.pushes.sendAgain(id),
    },
    applications: () => held.applications,
    setSeat: (id, state) => held.setSeat(id, state),
    revokeTokens: () => held.tokens.revoke(),
  };
}

/** Asks the callback addresses whose turn it is. */
async function askDue(world: World): Promise<void> {
  for (const application of world.applications) {
    for (const { context, type } of application.integrations) {
      const target = type === INTEGRATION_TYPES[0] ? world.callbackOf(application, context) : undefined;
      if (target && world.ownership.isDue(target.url)) {
        await world.ownership.check(target, application.urn.split(':').at(-1) ?? '');
      }
    }
  }
}

/** Puts every failure into LinkedIn's words: refusals of routes, and what the server itself refuses. */
function answerRefusals(app: SimulatorApp): void {
  app.setErrorHandler<Error & { readonly statusCode?: number }>((error, _request, reply) => {
    if (error instanceof Refusal) {
      return reply.code(error.status).send(errorBodyOf(error.status, error.message, error.code));
    }
    // A page's own address that cannot be read.
    const status = error instanceof z.ZodError ? 400 : (error.statusCode ?? 500);
    return reply.code(status).send(errorBodyOf(status, error.message));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBodyOf(404, 'Not found')));
}

/** Everything but secrets and the callback addresses, which are secrets too. */
function snapshotOf(world: World): Readonly<Record<string, readonly unknown[]>> {
  const ofEach = (pick: (records: AtsRecords) => Iterable<unknown>): readonly unknown[] =>
    world.companies.flatMap(({ organization }) => [...pick(world.recordsOf(organization))]);
  return {
    applications: world.applications.map(({ urn, kind, name, clientId, validJsSdkDomains }) => ({
      urn,
      kind,
      name,
      clientId,
      validJsSdkDomains,
    })),
    integrations: world.applications.flatMap(({ clientId, integrations }) =>
      integrations.map(({ context, type, name, status, configuration }) => ({
        clientId,
        context,
        type,
        name: name ?? null,
        status,
        configured: [...configuration.keys()],
      })),
    ),
    seats: world.seats.map(({ exports, ...seat }) => ({ ...seat, exports: Object.fromEntries(exports) })),
    jobs: ofEach(({ jobs }) => jobs.values()),
    tasks: [...world.tasks.values()].slice(-100).map(({ element: _element, ...task }) => task),
    candidates: ofEach(({ candidates }) =>
      [...candidates.values()].map(({ id, record, matched, notes }) => ({
        id,
        ...record,
        matched,
        notes: Object.fromEntries(notes),
      })),
    ),
    applicationsPushed: ofEach(({ applications }) =>
      [...applications.values()].map(({ id, record, notes, interviewFeedback, stages }) => ({
        id,
        ...record,
        notes: Object.fromEntries(notes),
        interviewFeedback: Object.fromEntries(interviewFeedback),
        stages: Object.fromEntries(stages),
      })),
    ),
    accessLists: ofEach(({ acls, assignees }) => [...acls.values(), ...assignees.values()]),
    exports: [...world.exports.values()],
    conversations: world.conversations,
    stubs: world.stubs,
    prospectNotes: world.notes,
    notifications: world.pushes.report(),
    ownership: world.ownership.report(),
    throttles: world.throttles.report(world.now()),
    flags: world.flags,
  };
}
