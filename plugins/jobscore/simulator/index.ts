import { setTimeout as sleep } from 'node:timers/promises';
import { createSimulator, type Simulator } from '@talentbridge/testkit/simulator';
import { z } from 'zod';
import { SimulatedAccount } from './account.js';
import type { AccountBehaviour } from './account-behaviour.js';
import { registerApi, type SimulatorApp } from './api-routes.js';
import { tokenOf } from './authentication.js';
import { type Churn, type Churned, churn } from './churn.js';
import { registerControls } from './control-routes.js';
import type { Deviations } from './deviations.js';
import { registerFeed } from './feed-routes.js';
import type { CandidateFolder, SimulatedCandidate, SimulatedWebhook } from './records.js';
import { errorBodyOf, Refusal, type RefusalDetail } from './refusal.js';
import { seedAccounts } from './seed-accounts.js';
import { Traffic } from './traffic.js';
import { type DeliveryCounts, type Mishaps, WebhookSender } from './webhook-sender.js';

export type { SimulatedAccount } from './account.js';
export type { Churn, Churned } from './churn.js';
export type { Deviations, MissablePart } from './deviations.js';
export type * from './records.js';
export type { ErrorShape } from './refusal.js';
export { SIMULATED_KEYS } from './seed-accounts.js';
export type { DeliveryCounts, Mishaps } from './webhook-sender.js';

/** How the simulated JobScore is set up. */
export interface JobScoreSimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Requests a minute for each key; 0 lifts the limit. Default 60 (JobScore sheet §5: real limits are not public). */
  readonly rate?: number;
  /** Open jobs on top of the four that show each status. Default 0. */
  readonly jobs?: number;
  /** Milliseconds that each answer takes. Default 0. */
  readonly latency?: number;
  /** Names of the database sources, in each account. Default `SeekOut` and `Indeed Resume`, after the fact sheet. */
  readonly databases?: readonly string[];
  /** Names of the tags, in each account. Default `golang` and `backend`. */
  readonly tags?: readonly string[];
  readonly deviations?: Deviations;
  /** Generated candidates, with histories, in the account `exampleco`. They are computed, not held. Default 0. */
  readonly candidates?: number;
  /** Decides what the generated candidates are. Default 1. */
  readonly seed?: number;
}

/** A candidate with what hangs on it, as `/_sim/state` shows it. */
export interface CandidateState extends SimulatedCandidate, Omit<CandidateFolder, 'candidate'> {
  readonly account: string;
}

/** A running JobScore, with its data within reach of tests. */
export interface JobScoreSimulator extends Simulator {
  /** Two customers: `exampleco`, whom most keys open, and `samplecorp`. After a reset: as they were first. */
  account(slug?: 'exampleco' | 'samplecorp'): SimulatedAccount;
  /** The candidates of all accounts, oldest first, without generated ones that nobody has touched. */
  candidates(): readonly CandidateState[];
  /** Lets the users of an account work, at random. */
  churn(wanted: Churn, slug?: 'exampleco' | 'samplecorp'): Churned;
  /** Webhooks on their way. */
  readonly deliveries: {
    /** Resolves when everything was tried that is due; what failed is tried again once time has moved on. */
    settled(): Promise<void>;
    counts(): DeliveryCounts;
    /** Lets the next ones go wrong. */
    misbehave(mishaps: Mishaps): void;
    /** Delivers the newest event of a webhook once more. */
    sendAgain(webhook: SimulatedWebhook): void;
  };
  /** Every key of every account stops working, as when its user revokes it. */
  revokeApiKeys(): void;
}

/** Starts JobScore as its fact sheet describes it, with two accounts in it. */
export async function startSimulator(options: JobScoreSimulatorOptions = {}): Promise<JobScoreSimulator> {
  const { rate = 60, jobs = 0, latency = 0, deviations = {} } = options;
  const seed = {
    extraJobs: jobs,
    databases: options.databases ?? ['SeekOut', 'Indeed Resume'],
    tags: options.tags ?? ['golang', 'backend'],
  };
  const deliveries = new WebhookSender(() => simulator.clock.now());
  const traffic = new Traffic();
  const behaviour: AccountBehaviour = {
    datesByParts: !deviations.withoutDatingByParts,
    newestFirst: deviations.newestFirst ?? false,
    tell: (webhooks, happening) => deliveries.send(webhooks, happening),
  };
  const freshAccounts = (): SimulatedAccount[] => {
    const fresh = seedAccounts(seed).map((account) => new SimulatedAccount(account, behaviour));
    if (options.candidates) fresh[0]?.populate({ candidates: options.candidates, seed: options.seed ?? 1 });
    return fresh;
  };
  const stopTelling = (): void => {
    traffic.stop();
    deliveries.reset();
  };
  const accounts = freshAccounts();
  const world = { accounts, deviations };
  const errorBody = (status: number, details: readonly RefusalDetail[]): unknown =>
    errorBodyOf(deviations.errorShape ?? 'errors', status, details);

  const simulator: Simulator = await createSimulator({
    name: 'JobScore',
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(rate === 0
      ? {}
      : { rateLimit: { requests: rate, windowMs: 60_000, credentialOf: ({ headers }) => tokenOf(headers) } }),
    errorBody: (status, message) => errorBody(status, [{ code: 'error', message }]),
    snapshot: () => snapshotOf(accounts),
    reset: () => {
      stopTelling();
      accounts.splice(0, accounts.length, ...freshAccounts());
    },
    register(app, kit) {
      answerRefusals(app, errorBody);
      if (latency > 0) app.addHook('preHandler', () => sleep(latency).then(() => undefined));
      registerApi(app, kit, world);
      registerFeed(app, world);
      registerControls(app, kit, world, { deliveries, traffic });
      app.addHook('onClose', async () => stopTelling());
      kit.clock.onAdvance(() => {
        deliveries.wake();
        for (const account of accounts) account.findDuplicates();
      });
    },
  });

  const accountOf: JobScoreSimulator['account'] = (slug = 'exampleco') => {
    const account = accounts.find((one) => one.slug === slug);
    if (!account) throw new Error(`The simulator has no account ${slug}.`);
    return account;
  };
  return {
    ...simulator,
    account: accountOf,
    deliveries,
    churn: (wanted, slug) => churn(accountOf(slug), wanted, simulator.clock),
    candidates: () => accounts.flatMap(candidatesOf),
    revokeApiKeys: () => {
      for (const key of accounts.flatMap(({ keys }) => keys)) key.revoked = true;
    },
  };
}

/** Puts every failure into JobScore's words: refusals of routes, and what the server itself refuses. */
function answerRefusals(
  app: SimulatorApp,
  errorBody: (status: number, details: readonly RefusalDetail[]) => unknown,
): void {
  app.setErrorHandler<Error & { readonly statusCode?: number }>((error, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send(errorBody(error.status, error.details));
    if (error instanceof z.ZodError) {
      const details = error.issues.map(({ path, message }) => ({ code: 'invalid', field: path.join('.'), message }));
      return reply.code(422).send(errorBody(422, details));
    }
    // A body that is not multipart where a file is expected is a wrong content type to JobScore.
    const status = error.statusCode === 406 ? 415 : (error.statusCode ?? 500);
    return reply.code(status).send(errorBody(status, [{ code: 'invalid', message: error.message }]));
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody(404, [{ code: 'not_found', message: 'Not found' }])),
  );
}

function candidatesOf(account: SimulatedAccount): readonly CandidateState[] {
  return account.candidates.map(({ id }) => {
    const { candidate, ...parts } = account.folder(id);
    return { account: account.slug, ...candidate, ...parts };
  });
}

/** Everything but the keys. */
function snapshotOf(accounts: readonly SimulatedAccount[]): Readonly<Record<string, readonly unknown[]>> {
  const rows = (pick: (account: SimulatedAccount) => readonly object[]): readonly unknown[] =>
    accounts.flatMap((account) => pick(account).map((row) => ({ account: account.slug, ...row })));
  return {
    users: rows(({ users }) => users),
    jobs: rows(({ jobs }) => jobs),
    databases: rows(({ databases }) => databases),
    tags: rows(({ tags }) => tags),
    candidates: accounts.flatMap(candidatesOf),
    counts: accounts.map(({ slug, size }) => ({ account: slug, candidates: size })),
    duplicates: rows(({ duplicates }) => duplicates),
    webhooks: rows(({ webhooks }) => webhooks),
  };
}
