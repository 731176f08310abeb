import { setTimeout as sleep } from 'node:timers/promises';
import { createSimulator, SeededRandom, type Simulator, type SimulatorKit } from '@talentbridge/testkit/simulator';
import { type DuplicatePolicy, SimulatedAccount } from './account.js';
import { callerOf } from './authentication.js';
import { registerCandidates } from './candidate-routes.js';
import type { ListOrder } from './candidate-store.js';
import { type ChurnPlan, type ChurnReport, churn, churnPlanSchema } from './churn.js';
import { registerConfiguration } from './configuration-routes.js';
import { PendingChurn, registerControl } from './control-routes.js';
import { registerJobs } from './job-routes.js';
import { Cursors } from './paging.js';
import type { SimulatedCandidate } from './records.js';
import { errorBodyOf, Refusal } from './refusal.js';
import { routeRegistrar, type SimulatedWorld, type SimulatorApp } from './routes.js';
import { seedAccounts } from './seed-accounts.js';
import { type EndpointTraffic, Traffic } from './traffic.js';
import { registerWebhookControl } from './webhook-control.js';
import { WebhookEngine, type WebhookOptions } from './webhook-engine.js';
import { eventLike, LoadSource } from './webhook-load.js';
import { registerWebhooks } from './webhook-routes.js';
import { webhookState } from './webhook-state.js';

export type { DuplicatePolicy, GeneratedPeople, SimulatedAccount } from './account.js';
export type { ListOrder } from './candidate-store.js';
export type { ChurnPlan, ChurnReport } from './churn.js';
export type * from './records.js';
export { SIMULATED_TOKENS } from './seed-accounts.js';
export type { EndpointTraffic } from './traffic.js';
export type { Mishaps, WebhookEngine, WebhookOptions, WebhookTotals } from './webhook-engine.js';

/** How the simulated SmartRecruiters is set up. */
export interface SmartRecruitersSimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Requests a second for each endpoint and credential; 0 lifts all limits, concurrency included. Default 10. */
  readonly rate?: number;
  /** Open jobs on top of those that show each status. Default 0. */
  readonly jobs?: number;
  /** Milliseconds that each answer takes. Default 0. */
  readonly latency?: number;
  /** Default `existing`. */
  readonly duplicates?: DuplicatePolicy;
  /** How a 429 says how long to wait. Absent: not at all, as documented. */
  readonly retryAfter?: 'seconds' | 'date';
  /** How long `GET /candidates` takes to learn of somebody new, or of a change, in milliseconds. Default 0. */
  readonly searchLagMs?: number;
  /** Generated candidates with applications, in the first account. Default 0. */
  readonly candidates?: number;
  /** Generated people in the talent pool alone. Default: one for fifty candidates. */
  readonly hidden?: number;
  /** Decides what is generated, and what changes at random. Default 1. */
  readonly seed?: number;
  /** Default `changed`. */
  readonly order?: ListOrder;
  /** Whether a new status or source of an application shows in the candidate's `updatedOn`. Default `true`. */
  readonly statusMovesUpdatedOn?: boolean;
  /** How long a cursor lasts, in milliseconds. Default: for ever. */
  readonly cursorLifeMs?: number;
  /** How many candidates of a page stand on the next one again. Default 0. */
  readonly pageOverlap?: number;
  /** How webhooks are delivered. Default: as documented. */
  readonly webhooks?: WebhookOptions;
  /** Labels of the custom sources, in each account. Default `SeekOut` and `Indeed Resume`. */
  readonly sources?: readonly string[];
}

/** A candidate, and whose. */
export interface CandidateState extends SimulatedCandidate {
  readonly account: string;
}

/** A running SmartRecruiters, with its data within reach of tests. */
export interface SmartRecruitersSimulator extends Simulator {
  /** Two customers; most tokens open the first. After a reset: as they were first. */
  account(identifier?: 'ExampleCo' | 'SampleCorp'): SimulatedAccount;
  /** The candidates of all accounts, newest first. All of them: of a large tenant, ask the account. */
  candidates(): readonly CandidateState[];
  /** Lets users of the first account do something: now, or after the next pages of candidates. What is left out is 0. */
  churn(plan: Partial<ChurnPlan>): ChurnReport | undefined;
  /** Makes every cursor useless that was handed out so far. */
  expireCursors(): void;
  /** Its webhooks: subscriptions, and what happens to events on their way. */
  readonly webhooks: WebhookEngine;
  /** What was asked of each endpoint. `/_sim/state` shows it too, and `/_sim/traffic` it alone. */
  traffic(): readonly EndpointTraffic[];
  /** What it holds, without the traffic. */
  snapshot(): unknown;
}

/** `GET /candidates` one at a time, everything else eight (SmartRecruiters sheet §13, CONFIRMED). */
const CONCURRENCY = 8;
const NARROW = { 'GET /candidates': 1 };

/** Starts SmartRecruiters as its fact sheet describes it, with two accounts in it. */
export async function startSimulator(options: SmartRecruitersSimulatorOptions = {}): Promise<SmartRecruitersSimulator> {
  const { rate = 10, latency = 0, candidates: listed = 0, seed = 1 } = options;
  const people = { listed, hidden: options.hidden ?? Math.floor(listed / 50), seed };
  const setUp = { extraJobs: options.jobs ?? 0, sources: options.sources ?? ['SeekOut', 'Indeed Resume'], people };
  const behaviour = {
    duplicates: options.duplicates ?? 'existing',
    order: options.order ?? 'changed',
    statusMovesUpdatedOn: options.statusMovesUpdatedOn ?? true,
  } as const;
  // The clock is the simulator's, which comes after its parts.
  const engine = new WebhookEngine(() => simulator.clock.now(), options.webhooks, seed);
  const freshAccounts = (): SimulatedAccount[] =>
    seedAccounts(setUp).map(
      (account) => new SimulatedAccount(account, behaviour, (event) => engine.tell(account.identifier, event)),
    );
  const accounts = freshAccounts();
  const pending = new PendingChurn();
  const random = new SeededRandom(seed);
  const source = new LoadSource((name) => {
    const [first] = accounts;
    if (first) engine.tell(first.identifier, eventLike(name, first, random.next()));
  });
  const held = (): Readonly<Record<string, unknown>> => {
    return { ...snapshotOf(accounts), webhooks: webhookState(engine, simulator.clock.now()).subscriptions };
  };
  const traffic = new Traffic({ perSecond: rate, concurrency: CONCURRENCY, narrow: NARROW });

  let cursors: Cursors | undefined;
  const simulator = await createSimulator({
    name: 'SmartRecruiters',
    seed,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    errorBody: (status, message) => errorBodyOf(status, message),
    snapshot: () => ({
      traffic: traffic.report(),
      ...held(),
    }),
    reset: () => {
      traffic.reset();
      pending.clear();
      source.stop();
      engine.reset();
      accounts.splice(0, accounts.length, ...freshAccounts());
    },
    register(app, kit) {
      cursors = new Cursors(() => kit.clock.now(), options.cursorLifeMs);
      const world: SimulatedWorld = {
        accounts,
        cursors,
        searchLagMs: options.searchLagMs ?? 0,
        pageOverlap: options.pageOverlap ?? 0,
        listed: (account, ids) => pending.play(account, kit, ids),
      };
      answerRefusals(app);
      limitTraffic(app, kit, world, traffic, options.retryAfter);
      if (latency > 0) app.addHook('preHandler', () => sleep(latency).then(() => undefined));
      const route = routeRegistrar(app, kit, world);
      registerJobs(route, world);
      registerCandidates(route, kit, world);
      registerConfiguration(route);
      registerWebhooks(route, kit, world, engine);
      registerControl(app, kit, world, pending);
      registerWebhookControl(app, engine, source, () => kit.clock.now());
      kit.clock.onAdvance(() => engine.redeliver());
      app.addHook('onClose', async () => {
        source.stop();
        engine.close();
      });
      app.get('/_sim/traffic', async () => traffic.report());
    },
  });

  const account = (identifier: string = 'ExampleCo'): SimulatedAccount => {
    const found = accounts.find((one) => one.identifier === identifier);
    if (!found) throw new Error(`The simulator has no account ${identifier}.`);
    return found;
  };
  return {
    ...simulator,
    snapshot: held,
    account,
    webhooks: engine,
    candidates: () => accounts.flatMap((one) => shown(one, one.candidates())),
    churn(partial) {
      const plan = churnPlanSchema.parse(partial);
      if (plan.pages === 0) return churn(account(), plan, simulator.random, simulator.clock.iso());
      pending.add(plan);
      return undefined;
    },
    expireCursors: () => cursors?.expire(),
    traffic: () => traffic.report(),
  };
}

/** Counts every request at its arrival, and refuses what is too much, before anything else is looked at. */
function limitTraffic(
  app: SimulatorApp,
  kit: SimulatorKit,
  { accounts }: SimulatedWorld,
  traffic: Traffic,
  retryAfter: SmartRecruitersSimulatorOptions['retryAfter'],
): void {
  const counted = new WeakMap<object, Readonly<Record<string, string>>>();
  app.addHook('onRequest', async (request, reply) => {
    const { url = '(unknown)' } = request.routeOptions;
    if (url.startsWith('/_sim')) return;
    const endpoint = `${request.method} ${url.replace(/:(\w+)/g, '{$1}')}`;
    const caller = callerOf(accounts, request.headers)?.token.name ?? 'nobody';
    const { admitted, headers, retryInMs = 1000, leave } = traffic.arrive(endpoint, caller, kit.clock.now());
    counted.set(request, headers);
    // Whichever comes first: the answer is out, or the connection is gone; it may be so already.
    if (reply.raw.destroyed) leave();
    else reply.raw.once('finish', leave).once('close', leave);
    if (admitted) return;
    if (retryAfter === 'seconds') reply.header('retry-after', String(Math.ceil(retryInMs / 1000)));
    if (retryAfter === 'date') reply.header('retry-after', new Date(Date.now() + 1000 + retryInMs).toUTCString());
    return reply.code(429).send(errorBodyOf(429, 'Too many requests'));
  });
  app.addHook('onSend', async (request, reply, payload) => {
    // The vendor's clock is the simulator's, not the machine's.
    reply.header('date', new Date(kit.clock.now()).toUTCString());
    if (!request.url.startsWith('/_sim')) reply.headers(counted.get(request) ?? traffic.idleHeaders());
    return payload;
  });
}

/** Puts every failure into SmartRecruiters' words: refusals of routes, and what the server itself refuses. */
function answerRefusals(app: SimulatorApp): void {
  app.setErrorHandler<Error & { readonly statusCode?: number }>((error, _request, reply) => {
    if (error instanceof Refusal) {
      return reply.code(error.status).send(errorBodyOf(error.status, error.message, error.code));
    }
    const asked = error.statusCode ?? 500;
    // Unreadable bodies are bad requests: no other status is documented for them.
    const status = asked < 500 ? 400 : asked;
    return reply.code(status).send(errorBodyOf(status, error.message));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBodyOf(404, 'Not found')));
}

function shown(account: SimulatedAccount, candidates: readonly SimulatedCandidate[]): readonly CandidateState[] {
  return candidates.map((candidate) => ({ account: account.identifier, ...candidate }));
}

/** Everything but the tokens and the traffic; of generated people, those who have changed. */
function snapshotOf(accounts: readonly SimulatedAccount[]): Readonly<Record<string, readonly unknown[]>> {
  const rows = (pick: (account: SimulatedAccount) => readonly object[]): readonly unknown[] =>
    accounts.flatMap((account) => pick(account).map((row) => ({ account: account.identifier, ...row })));
  return {
    candidates: accounts.flatMap((account) => shown(account, account.ownCandidates())),
    generated: rows(({ untouched }) => (untouched > 0 ? [{ untouched }] : [])),
    jobs: rows(({ jobs }) => jobs),
    sources: rows(({ sourceTypes }) =>
      sourceTypes.map(({ label, values }) => ({ type: label, values: values.map((value) => value.label).join(', ') })),
    ),
  };
}
