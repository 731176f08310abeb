import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSimulator, type Simulator, type SimulatorKit } from '@talentbridge/testkit/simulator';
import { registerApi, type SimulatedWorld, type SimulatorApp, type SimulatorRequest } from './api-routes.js';
import { authenticate, type Caller } from './authentication.js';
import { registerControls } from './control-routes.js';
import type { SimulatedPerson, SimulatedWorkflow } from './records.js';
import { errorBodyOf, errorHeaderOf, Refusal, type RefusalDetail } from './refusal.js';
import { SearchCache } from './search-cache.js';
import { SIMULATED_LOGINS, seedTenants } from './seed-tenants.js';
import { SimulatedTenant } from './tenant.js';

export { type Churned, type ChurnPlan, churn } from './churn.js';
export { PERSON_SCHEMAS } from './person-schema.js';
export type { CollectionEntry, SimulatedJob, SimulatedPerson, SimulatedUser, SimulatedWorkflow } from './records.js';
export { SIMULATED_LOGINS } from './seed-tenants.js';
export type { SimulatedTenant } from './tenant.js';

/** How the simulated iCIMS is set up. */
export interface IcimsSimulatorOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Requests a minute for each user; 0, the default, for any number: iCIMS limits days and calls at once (iCIMS sheet §3). */
  readonly rate?: number;
  /** Calls a day for each customer; 0 for any number. Default 10,000, as the standard licence has. */
  readonly quota?: number;
  /** Jobs on portal 1, on top of the first four. Default 0. */
  readonly jobs?: number;
  /** Milliseconds that each answer takes. Default 0. */
  readonly latency?: number;
  /** People with histories in customer `1234` whom nobody holds, however many. Default 0. */
  readonly candidates?: number;
  /** Decides who they are, and what `/_sim/churn` does to them. Default 1. */
  readonly seed?: number;
}

/** A person with what hangs on it, as `/_sim/state` shows it. */
export interface PersonState {
  readonly customer: string;
  readonly id: number;
  readonly folder: string;
  /** Fields by the tenant's ids. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly workflows: readonly SimulatedWorkflow[];
  /** The name of the résumé, and how often one was uploaded. */
  readonly resume?: { readonly filename: string; readonly uploads: number };
}

/** A running iCIMS, with its data within reach of tests. */
export interface IcimsSimulator extends Simulator {
  /** Two customers: `1234` with the fields of the fact sheet, `5678` with others. After a reset: as they were first. */
  tenant(customerId?: '1234' | '5678'): SimulatedTenant;
  /** People of all customers, oldest first. */
  people(): readonly PersonState[];
  /** Every password and token stops working, as when iCIMS withdraws the credentials. */
  revokeCredentials(): void;
}

/** Calls at once that iCIMS bears (iCIMS sheet §3: that there is a cap is public, its number INFERRED). */
const MOST_AT_ONCE = 10;

/** What a fresh tenant may use when it is not told otherwise (iCIMS sheet §3, CONFIRMED). */
const STANDARD_QUOTA = 10_000;

/** Starts iCIMS as its fact sheet describes it, with two customers in it. */
export async function startSimulator(options: IcimsSimulatorOptions = {}): Promise<IcimsSimulator> {
  const { rate = 0, quota = STANDARD_QUOTA, jobs = 0, latency = 0, candidates = 0, seed = 1 } = options;
  const freshTenants = (): SimulatedTenant[] =>
    seedTenants(jobs).map((from, index) => {
      const tenant = new SimulatedTenant(from);
      tenant.quota.limit = quota;
      if (index === 0 && candidates > 0) tenant.populate({ candidates, seed });
      return tenant;
    });
  const tenants = freshTenants();
  const cache = new SearchCache();
  const callers = new WeakMap<object, Caller>();
  const world: SimulatedWorld = {
    tenants,
    cache,
    callerOf(request) {
      const caller = callers.get(request);
      if (!caller) throw new Error('Every route of the vendor is behind a login.');
      return caller;
    },
  };

  const simulator = await createSimulator({
    name: 'iCIMS',
    seed,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(rate === 0 ? {} : { rateLimit: { requests: rate, windowMs: 60_000 } }),
    errorBody: (_status, message) => errorBodyOf([{ code: 0, message }]),
    snapshot: () => snapshotOf(tenants),
    reset: () => {
      tenants.splice(0, tenants.length, ...freshTenants());
      cache.clear();
    },
    register(app, kit) {
      answerRefusals(app);
      guardCalls(app, kit, world, callers);
      if (latency > 0) app.addHook('preHandler', () => sleep(latency).then(() => undefined));
      registerApi(app, kit, world);
      registerLogin(app);
      registerControls(app, kit, world);
    },
  });

  return {
    ...simulator,
    tenant: (customerId = '1234') => {
      const tenant = tenants.find((one) => one.customerId === customerId);
      if (!tenant) throw new Error(`The simulator has no customer ${customerId}.`);
      return tenant;
    },
    people: () => tenants.flatMap(peopleOf),
    revokeCredentials: () => {
      for (const user of tenants.flatMap(({ users }) => users)) user.password = randomUUID();
    },
  };
}

/** Lets calls in: one at a time counted, known users only, so many at once, so many a day. */
function guardCalls(
  app: SimulatorApp,
  kit: SimulatorKit,
  { tenants }: SimulatedWorld,
  callers: WeakMap<object, Caller>,
): void {
  let underWay = 0;
  app.addHook('onRequest', async (request, reply) => {
    const customerId = customerOf(request);
    // Whoever hung up before this waits for nothing any more, and would never be heard to leave.
    if (customerId === undefined || reply.sent || reply.raw.destroyed) return;
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
    });
    if (underWay > MOST_AT_ONCE) {
      reply.header('retry-after', '1');
      throw new Refusal(429, { code: 9, message: 'Too many concurrent calls.' });
    }
    const caller = authenticate(tenants, {
      customerId,
      authorization: request.headers.authorization,
      address: request.ip,
    });
    // No Retry-After: X-RateLimit-Reset tells the wait (iCIMS sheet §3).
    if (!caller.tenant.countCall(kit.clock.now())) {
      throw new Refusal(429, { code: 9, message: 'Daily web services call limit exceeded.' });
    }
    callers.set(request, caller);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const customerId = customerOf(request);
    const tenant = tenants.find((one) => one.customerId === customerId);
    if (customerId === undefined) return payload;
    reply.header('date', new Date(kit.clock.now()).toUTCString());
    reply.header('x-transaction', `{${randomUUID()}}`);
    if (tenant && tenant.quota.limit > 0) {
      const { limit, used } = tenant.quota;
      reply.header('x-ratelimit-limit', String(limit));
      reply.header('x-ratelimit-remaining', String(Math.max(0, limit - used)));
      reply.header('x-ratelimit-reset', String(secondsToMidnight(kit.clock.now())));
    }
    return payload;
  });
}

function customerOf({ url }: SimulatorRequest): string | undefined {
  return /^\/customers\/([^/?]+)/.exec(url)?.[1];
}

/** Seconds until 00:00 UTC, when all calls are there again (iCIMS sheet §3, CONFIRMED). */
function secondsToMidnight(now: number): number {
  return Math.ceil((86_400_000 - (now % 86_400_000)) / 1000);
}

/** Puts every failure into iCIMS's words: body, X-Error lines, and the two challenges of a 401. */
function answerRefusals(app: SimulatorApp): void {
  const detailsOf = (error: Error): readonly RefusalDetail[] =>
    error instanceof Refusal ? error.details : [{ code: 5, message: error.message }];
  app.setErrorHandler<Error & { readonly statusCode?: number }>((error, _request, reply) => {
    const status = error instanceof Refusal ? error.status : error.statusCode === 406 ? 415 : (error.statusCode ?? 500);
    const details = detailsOf(error);
    if (status === 401) reply.header('www-authenticate', ['Basic', 'x-icims-v1-hmac-sha256']);
    reply.header('x-error', errorHeaderOf(details));
    return reply.code(status).send(errorBodyOf(details));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBodyOf([{ code: 2, message: 'Not found.' }])));
}

/** The login service for OAuth2 client credentials (iCIMS sheet §2): customer ID and password stand in for client id and secret. */
function registerLogin(app: SimulatorApp): void {
  app.post('/oauth/token', async ({ body }, reply) => {
    const form: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
    const login = Object.values(SIMULATED_LOGINS).find(
      ({ customerId, password }) => form['client_id'] === customerId && form['client_secret'] === password,
    );
    const isAsked = form['grant_type'] === 'client_credentials' && form['audience'] === 'https://api.icims.com/v1/';
    if (!login || !isAsked) {
      return reply.code(401).send({ error: 'access_denied', error_description: 'The client is unknown.' });
    }
    return { access_token: login.token, token_type: 'Bearer', expires_in: 86_400 };
  });
}

function peopleOf(tenant: SimulatedTenant): readonly PersonState[] {
  return [...tenant.people.values()].map((person) => stateOf(tenant, person));
}

/** As many of those who were generated are shown in a list of everybody. */
const SHOWN = 50;

/** Everybody who was made or changed here, and the first of the others: a large tenant is shown in part. */
function shownOf(tenant: SimulatedTenant): readonly PersonState[] {
  const shown = new Set<number>();
  for (const id of tenant.people.idsAfter(0)) {
    if (shown.size === SHOWN) break;
    shown.add(id);
  }
  for (const id of tenant.people.own.keys()) shown.add(id);
  return [...shown].flatMap((id) => {
    const person = tenant.people.get(id);
    return person ? [stateOf(tenant, person)] : [];
  });
}

function stateOf(tenant: SimulatedTenant, person: SimulatedPerson): PersonState {
  return {
    customer: tenant.customerId,
    id: person.id,
    folder: person.folder.value,
    fields: Object.fromEntries(person.fields),
    createdAt: new Date(person.createdAt).toISOString(),
    workflows: [...tenant.workflowsOf(person.id)].flatMap((id) => tenant.workflows.get(id) ?? []),
    ...(person.resume ? { resume: { filename: person.resume.filename, uploads: person.resume.uploads } } : {}),
  };
}

/** Everything but passwords and calls: looking at something does not change it. */
function snapshotOf(tenants: readonly SimulatedTenant[]): Readonly<Record<string, readonly unknown[]>> {
  return {
    customers: tenants.map(({ customerId, companyName, portals }) => ({
      customerId,
      companyName,
      portals: [...portals],
    })),
    jobs: tenants.flatMap(({ customerId, jobs }) =>
      [...jobs.values()].map((job) => ({ customer: customerId, ...job })),
    ),
    people: tenants.flatMap(shownOf),
  };
}
