import { setTimeout as sleep } from 'node:timers/promises';
import { createSimulator, type Simulator } from '@talentbridge/testkit/simulator';
import { SimulatedAccount } from './account.js';
import { registerApi, registerLogin, type SimulatorApp } from './api-routes.js';
import { type BiLoad, registerBi } from './bi-routes.js';
import { registerControls } from './control-routes.js';
import type { Deviations } from './deviations.js';
import type { SimulatedApplication, SimulatedCandidate, SimulatedResume } from './records.js';
import { errorBodyOf, Refusal } from './refusal.js';
import { seedAccounts } from './seed-accounts.js';
import { Sessions } from './sessions.js';
import type { TenantOptions } from './tenant.js';

export type { SimulatedAccount } from './account.js';
export type { BiLoad } from './bi-routes.js';
export { type CopiedFile, type CopiedTable, copyTablesOf, dataCopyOf, writeDataCopy } from './data-copy.js';
export type { Deviations } from './deviations.js';
export { fromEastern, toEastern } from './eastern-clock.js';
export { allApplications, allSubmittals, everybody } from './mirror-data.js';
export type * from './records.js';
export * as requestBodies from './request-bodies.js';
export { SIMULATED_CREDENTIALS } from './seed-accounts.js';
export type { Sessions } from './sessions.js';
export { RECRUITERS, type TenantOptions } from './tenant.js';

const DAY_MS = 86_400_000;

/** How the simulated JobDiva is set up. */
export interface JobDivaSimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Requests a minute of each endpoint, for each account; 0 lifts the limit. Default 300 (JobDiva sheet §4: no numbers are public). */
  readonly rate?: number;
  /** Whether a 429 says how long to wait. Default `true` (JobDiva sheet §4: it may). */
  readonly retryAfter?: boolean;
  /** Open jobs on top of the six that show several states. Default 0. */
  readonly jobs?: number;
  /** Milliseconds that each answer takes. Default 0. */
  readonly latency?: number;
  /** Names of the résumé sources, in each account. Default `SeekOut`, `Monster` and `Referral`. */
  readonly sources?: readonly string[];
  /** Candidates whom the first account has from the start, with jobs and histories. Default 0. */
  readonly candidates?: number;
  /** How many more the first account has whom the API keeps back: only a data copy has them. Default 0. */
  readonly inactive?: number;
  /** Decides what they are like. Default 1. */
  readonly seed?: number;
  /** Over how many days their updates are spread. Default 1,095. */
  readonly days?: number;
  /** The end of that time, in milliseconds since the epoch. Default: the last midnight in UTC. */
  readonly until?: number;
  /** How reading reports behaves under load. */
  readonly bi?: BiLoad;
  readonly deviations?: Deviations;
}

/** A candidate with what hangs on it, as `/_sim/state` shows it. */
export interface CandidateState extends SimulatedCandidate {
  readonly account: number;
  readonly applications: readonly SimulatedApplication[];
  readonly resumes: readonly SimulatedResume[];
}

/** A running JobDiva, with its data within reach of tests. */
export interface JobDivaSimulator extends Simulator {
  /** Two customers, by client id. Default: the first. After a reset: as they were first. */
  account(clientId?: number): SimulatedAccount;
  /** The candidates of all accounts, oldest first. */
  candidates(): readonly CandidateState[];
  readonly sessions: Sessions;
}

/** Starts JobDiva as its fact sheet describes it, with two accounts in it. */
export async function startSimulator(options: JobDivaSimulatorOptions = {}): Promise<JobDivaSimulator> {
  const { rate = 300, jobs = 0, latency = 0, deviations = {} } = options;
  const seed = {
    extraJobs: jobs,
    sources: options.sources ?? ['SeekOut', 'Monster', 'Referral'],
    ...(options.candidates ? { tenant: tenantOf(options, options.candidates) } : {}),
  };
  const freshAccounts = (): SimulatedAccount[] => {
    const fresh = seedAccounts(seed).map((account) => new SimulatedAccount(account));
    if (fresh[0]) addInactive(fresh[0], options.inactive ?? 0);
    return fresh;
  };
  const accounts = freshAccounts();
  let now = (): number => Date.now();
  const sessions = new Sessions(() => now());
  const world = { accounts, sessions, deviations };

  const simulator = await createSimulator({
    name: 'JobDiva',
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(rate === 0
      ? {}
      : {
          rateLimit: {
            requests: rate,
            windowMs: 60_000,
            ...(options.retryAfter === undefined ? {} : { retryAfter: options.retryAfter }),
            // Each endpoint has a quota of its own (JobDiva sheet §4, CONFIRMED); a login is not counted.
            credentialOf: ({ headers, url }) =>
              headers.authorization === undefined ? undefined : `${headers.authorization} ${url.split('?', 1)[0]}`,
          },
        }),
    errorBody: (status, message) => errorBodyOf(status, status === 429 ? 'Request Limit Exceeded' : message, '/apiv2'),
    snapshot: () => snapshotOf(accounts),
    reset: () => {
      sessions.forgetAll();
      accounts.splice(0, accounts.length, ...freshAccounts());
    },
    register(app, kit) {
      now = () => kit.clock.now();
      answerRefusals(app);
      countOverlaps(app, world);
      app.addHook('onSend', async (_request, reply, payload) => {
        reply.header('date', new Date(kit.clock.now()).toUTCString());
        return payload;
      });
      if (latency > 0) app.addHook('preHandler', () => sleep(latency).then(() => undefined));
      registerLogin(app, world);
      registerApi(app, kit, world);
      registerBi(app, kit, world, options.bi ?? {});
      registerControls(app, kit, world);
    },
  });

  return {
    ...simulator,
    sessions,
    account: (clientId) => {
      const account = clientId === undefined ? accounts[0] : accounts.find((one) => one.clientId === clientId);
      if (!account) throw new Error(`The simulator has no account ${clientId}.`);
      return account;
    },
    candidates: () => accounts.flatMap(candidatesOf),
  };
}

/** The same on every start of a day, so that a simulator that is started again holds the same records. */
function tenantOf({ seed, days, until }: JobDivaSimulatorOptions, candidates: number): TenantOptions {
  return {
    candidates,
    until: until ?? Math.floor(Date.now() / DAY_MS) * DAY_MS,
    ...(seed === undefined ? {} : { seed }),
    ...(days === undefined ? {} : { days }),
  };
}

/** Adds people who were last heard of long ago, each with an application. */
function addInactive(account: SimulatedAccount, count: number): void {
  const [job] = account.jobs;
  for (let number = 1; number <= count; number += 1) {
    const at = Date.UTC(2021, 0, number, 15);
    const { id } = account.addCandidate(
      {
        firstName: 'Dormant',
        lastName: `Number ${number}`,
        email: `dormant.${number}@mail.example`,
        city: 'Reno',
        state: 'NV',
        active: false,
      },
      at,
    );
    if (job) account.applyAt(id, job.id, at);
  }
}

/** Puts every failure into JobDiva's words: refusals of routes, and what the server itself refuses. */
function answerRefusals(app: SimulatorApp): void {
  app.setErrorHandler<Error & { readonly statusCode?: number }>((error, request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (error instanceof Refusal) return reply.code(error.status).send(errorBodyOf(error.status, error.message, path));
    const status = error.statusCode ?? 500;
    return reply
      .code(status)
      .send(errorBodyOf(status, status === 400 ? 'Malformed JSON request' : error.message, path));
  });
  app.setNotFoundHandler((request, reply) => reply.code(404).send(errorBodyOf(404, 'Not Found', request.url)));
}

/** Counts requests that begin while another of the same account is under way: one at a time works (JobDiva sheet §4). */
function countOverlaps(app: SimulatorApp, { sessions }: { readonly sessions: Sessions }): void {
  const underWay = new WeakMap<object, SimulatedAccount>();
  const end = (request: object): void => {
    const account = underWay.get(request);
    if (!account) return;
    underWay.delete(request);
    account.underWay -= 1;
  };
  app.addHook('onRequest', async (request, reply) => {
    const account = sessions.holderOf(request.headers.authorization);
    if (!account) return;
    if (account.underWay > 0) account.overlapping += 1;
    account.underWay += 1;
    underWay.set(request, account);
    reply.raw.once('close', () => end(request));
  });
  // Before the answer leaves: whoever gets it may send the next request at once.
  app.addHook('onSend', async (request, _reply, payload) => {
    end(request);
    return payload;
  });
}

function candidatesOf(account: SimulatedAccount): readonly CandidateState[] {
  const applications = Map.groupBy(account.applications, ({ candidateId }) => candidateId);
  return account.people.held.map((candidate) => ({
    account: account.clientId,
    ...candidate,
    applications: applications.get(candidate.id) ?? [],
    resumes: account.people.resumesOf(candidate.id),
  }));
}

/** A large tenant has thousands of jobs. */
const MOST_SHOWN = 500;

/** Everything but passwords and tokens. */
function snapshotOf(accounts: readonly SimulatedAccount[]): Readonly<Record<string, readonly unknown[]>> {
  return {
    accounts: accounts.map(({ clientId, name, users, deniedMethods, overlapping, people }) => ({
      clientId,
      name,
      candidateCount: people.count,
      users: users.map(({ username, disabled }) => ({ username, disabled })),
      deniedMethods,
      overlapping,
    })),
    jobs: rowsOf(accounts, ({ jobs }) => jobs.slice(0, MOST_SHOWN)),
    sources: rowsOf(accounts, ({ sources }) => sources),
    // Those that were made or changed: generated ones are too many to show.
    candidates: accounts.flatMap(candidatesOf),
    submittals: rowsOf(accounts, ({ submittals }) => submittals),
    removals: rowsOf(accounts, ({ removals }) => removals),
    ignoredFields: rowsOf(accounts, ({ ignoredFields }) => ignoredFields),
  };
}

function rowsOf(
  accounts: readonly SimulatedAccount[],
  pick: (account: SimulatedAccount) => readonly object[],
): readonly unknown[] {
  return accounts.flatMap((account) => pick(account).map((row) => ({ account: account.clientId, ...row })));
}
