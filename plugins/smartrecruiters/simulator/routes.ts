import type { SimulatorKit, SimulatorOptions } from '@talentbridge/testkit/simulator';
import { type readMultipart, withUnknownProperties } from '@talentbridge/testkit/simulator';
import type { SimulatedAccount } from './account.js';
import { authorise } from './authentication.js';
import type { Cursors, Query } from './paging.js';
import type { SimulatedToken } from './records.js';
import { badRequest } from './refusal.js';

/** The server that routes are registered with. */
export type SimulatorApp = Parameters<SimulatorOptions['register']>[0];
type SimulatorRequest = Parameters<typeof readMultipart>[0];

/** What routes answer from. */
export interface SimulatedWorld {
  readonly accounts: readonly SimulatedAccount[];
  /** How long `GET /candidates` takes to learn of somebody new, or of a change, in milliseconds. */
  readonly searchLagMs: number;
  readonly cursors: Cursors;
  /** How many candidates of a page stand on the next one again. */
  readonly pageOverlap: number;
  /** Told who was on a page of candidates, before it is sent. */
  readonly listed: (account: SimulatedAccount, ids: readonly string[]) => void;
}

/** One request, read. */
export interface Call {
  readonly account: SimulatedAccount;
  readonly token: SimulatedToken;
  readonly query: Query;
  readonly request: SimulatorRequest;
  /** Now, on the simulator's clock. */
  readonly now: string;
  /** A part of the path, decoded. */
  param(name: string): string;
}

/** What a route answers. */
export interface Answer {
  /** Default 200; without a body, 204. */
  readonly status?: number;
  readonly body?: unknown;
  /** Instead of a body. */
  readonly file?: { readonly contentType: string; readonly bytes: Buffer };
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** Registers one route, which takes any of the scopes. */
export type RouteRegistrar = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  scopes: readonly string[],
  answer: (call: Call) => Answer | Promise<Answer>,
) => void;

/** Registers routes that authorise first and answer with properties that no documentation mentions. */
export function routeRegistrar(app: SimulatorApp, kit: SimulatorKit, world: SimulatedWorld): RouteRegistrar {
  return (method, url, scopes, answer) => {
    app.route<{ Params: Record<string, string> }>({
      method,
      url,
      handler: async (request, reply) => {
        const { account, token } = authorise(world.accounts, request.headers, scopes);
        const { params } = request;
        const query = queryOf(request.url);
        const now = kit.clock.iso();
        const call = { account, token, query, request, now, param: (name: string) => params[name] ?? '' };
        const { file, body, status = (file ?? body) === undefined ? 204 : 200, headers = {} } = await answer(call);
        for (const [name, value] of Object.entries(headers)) if (value !== undefined) reply.header(name, value);
        if (file) return reply.code(status).type(file.contentType).send(file.bytes);
        return reply.code(status).send(body === undefined ? undefined : withUnknownProperties(body));
      },
    });
  };
}

/** @throws Refusal with status 400: the server reads forms too, these routes do not. */
export function jsonOf({ headers, body }: Call['request']): unknown {
  if (/^application\/json\b/i.test(headers['content-type'] ?? '')) return body;
  throw badRequest('Content type must be application/json');
}

function queryOf(url: string): Query {
  const { searchParams } = new URL(url, 'http://simulator.invalid');
  return Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
}
