import type { SimulatorKit, SimulatorOptions } from '@talentbridge/testkit/simulator';
import { withUnknownProperties } from '@talentbridge/testkit/simulator';
import { accessLists } from './acl-routes.js';
import type { Answer, Call } from './call.js';
import { applications, candidates } from './candidate-routes.js';
import { integrations } from './integration-routes.js';
import { jobPostings, jobPostingTasks } from './job-tasks.js';
import { provisionedApplications } from './provisioning-routes.js';
import { RECRUITER_RESOURCES } from './recruiter-routes.js';
import { badRequest, forbidden, notFound, Refusal } from './refusal.js';
import { TOKEN_LIFE_S } from './tokens.js';
import { readTunnel } from './tunnel.js';
import type { World } from './world.js';

/** The server that routes are registered with. */
export type SimulatorApp = Parameters<SimulatorOptions['register']>[0];

/** The two names that LinkedIn answers by. A request by any other name gets both. */
export interface HostNames {
  readonly token: string;
  readonly api: string;
}

/** The versions that are known to work (LinkedIn sheet §1). */
const VERSIONS: ReadonlySet<string> = new Set(['202512', '202601', '202602', '202603', '202604']);

interface Resource {
  readonly answer: (world: World, call: Call) => Answer;
  /** The counters of the day that a request counts for (LinkedIn sheet §4). Absent: none is published. */
  readonly counters?: (call: Pick<Call, 'path'>) => readonly string[];
}

const RESOURCES: Readonly<Record<string, Resource>> = {
  provisionedApplications: { answer: provisionedApplications },
  atsIntegrations: { answer: integrations, counters: () => ['integrations'] },
  simpleJobPostings: { answer: jobPostings },
  simpleJobPostingTasks: { answer: jobPostingTasks },
  atsCandidates: { answer: candidates, counters: ({ path }) => [path[1] ?? 'candidates'] },
  atsApplications: { answer: applications, counters: ({ path }) => [path[1] ?? 'applications'] },
  atsEntityAcls: { answer: (world, call) => accessLists(world, call, 'acl'), counters: () => ['acls'] },
  atsEntityAclAssignees: { answer: (world, call) => accessLists(world, call, 'assignee'), counters: () => ['acls'] },
  ...Object.fromEntries(
    Object.entries(RECRUITER_RESOURCES).map(([name, answer]) => [name, { answer, counters: () => countersOf(name) }]),
  ),
};

/** Names that resources have in the versioned paths alone (LinkedIn sheet §3.3). */
const VERSIONED_NAMES: Readonly<Record<string, string>> = { integrations: 'atsIntegrations' };

/** Registers the token endpoint and everything under `/v2` and `/rest`. */
export function registerApi(app: SimulatorApp, kit: SimulatorKit, world: World, hosts: HostNames): void {
  void app.register(async (api) => {
    // Queries and bodies are read here, as Rest.li does: what the kit makes of forms loses what is repeated.
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    api.addHook('onRequest', async ({ headers, url }) => {
      const isToken = url.startsWith('/oauth/');
      if (headers.host === (isToken ? hosts.api : hosts.token)) throw notFound('Resource');
    });
    api.post('/oauth/v2/accessToken', async ({ headers, body }, reply) => {
      const { status, answer } = tokenAnswer(world, headers['content-type'], String(body ?? ''), kit.clock.now());
      return reply.code(status).send(answer);
    });
    api.route({
      method: ['GET', 'POST', 'PUT', 'DELETE'],
      url: '/:family(v2|rest)/*',
      handler: async (request, reply) => {
        const { url = '' } = request.raw;
        const call = callOf(
          world,
          { url, method: request.method, headers: request.headers, body: request.body },
          kit.clock.now(),
        );
        const { status, body } = resourceOf(call.resource).answer(world, call);
        return reply
          .code(status ?? (body === undefined ? 204 : 200))
          .send(body === undefined ? undefined : withSurprises(body));
      },
    });
  });
}

/** A request as it came. */
interface RawRequest {
  /** With the query, not decoded. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** Reads a request, after asking in turn who it is, whether they may, and whether it is too much. */
function callOf(
  world: World,
  { url, method, headers, body }: RawRequest,
  now: number,
): Call & { readonly resource: string } {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const [path = '', search = ''] = splitOnce(url, '?');
  const [family = '', named = '', ...rest] = path.split('/').slice(1);
  const versioned = family === 'rest';
  const resource = versioned ? (VERSIONED_NAMES[named] ?? named) : named;
  const application = world.tokens.application(header('authorization'), now);
  if (versioned) demandVersion(header('linkedin-version'));
  const isProvisioning = resource === 'provisionedApplications';
  if (isProvisioning !== (application.kind === 'parent')) {
    throw forbidden(isProvisioning ? 'Only the parent may provision' : 'A parent application may only provision');
  }
  for (const counter of resourceOf(resource).counters?.({ path: rest }) ?? []) {
    world.throttles.request(application.urn, counter, now);
  }
  return {
    ...readTunnel({
      method,
      override: header('x-http-method-override'),
      contentType: header('content-type'),
      query: search,
      text: typeof body === 'string' ? body : '',
    }),
    restli: header('x-restli-method')?.toLowerCase(),
    path: rest,
    resource,
    versioned,
    application,
    now,
    takeRecords: (kind, count) =>
      world.throttles.perMinute(
        `${application.urn} records ${kind}`,
        count,
        world.throttles.limits.recordsPerMinute,
        now,
      ),
  };
}

function resourceOf(name: string): Resource {
  const resource = Object.hasOwn(RESOURCES, name) ? RESOURCES[name] : undefined;
  if (!resource) throw notFound('Resource');
  return resource;
}

/** Seats, InMails, stubs and notes count together; InMails also by themselves (LinkedIn sheet §4, CONFIRMED). */
function countersOf(name: string): readonly string[] {
  if (name === 'exportedCandidates') return [];
  return name === 'conversationEvents' ? ['recruiter', name] : ['recruiter'];
}

function demandVersion(version: string | undefined): void {
  if (version === undefined) throw badRequest('A version must be present: LinkedIn-Version');
  if (!VERSIONS.has(version)) throw new Refusal(426, `Requested version ${version} is not active`);
}

/** `POST /oauth/v2/accessToken` (LinkedIn sheet §2.1; the refusals INFERRED). */
function tokenAnswer(
  world: World,
  contentType: string | undefined,
  body: string,
  now: number,
): { readonly status: number; readonly answer: unknown } {
  const refused = (status: number, error: string, error_description: string) => ({
    status,
    answer: { error, error_description },
  });
  if (!contentType?.startsWith('application/x-www-form-urlencoded')) {
    return refused(400, 'invalid_request', 'The content type must be application/x-www-form-urlencoded');
  }
  const form = new URLSearchParams(body);
  if (form.get('grant_type') !== 'client_credentials') {
    return refused(400, 'unsupported_grant_type', 'grant_type must be client_credentials');
  }
  const application = world.applications.find(({ clientId }) => clientId === form.get('client_id'));
  if (!application || application.clientSecret !== form.get('client_secret')) {
    return refused(401, 'invalid_client', 'Client authentication failed');
  }
  const access_token = world.tokens.issue(application, now);
  return { status: 200, answer: withUnknownProperties({ access_token, expires_in: TOKEN_LIFE_S }) };
}

/** Properties that no documentation mentions, everywhere but in the maps by key: there they would be records. */
function withSurprises(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('results' in body) || !('errors' in body)) {
    return withUnknownProperties(body);
  }
  const eachOf = (map: unknown): unknown =>
    Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, withUnknownProperties(value)]));
  return { results: eachOf(body.results), errors: eachOf(body.errors) };
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
