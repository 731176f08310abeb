import { PassThrough } from 'node:stream';
import { type GatewayConfiguration, readConfiguration } from '../../src/configuration.js';
import { createLogger } from '../../src/operations/logging.js';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/server.js';
import { ViewerResolver } from '../../src/viewer/viewer.resolver.js';
import { SampleResolver } from './sample.resolver.js';

/** The organization of test tokens. */
export const organizationId = '5b6a7c1e-0f3d-4a52-9d61-3f0f4f0a9c11';

type Roles = NonNullable<Parameters<NonNullable<Gateway['issuer']>['issue']>[0]>['roles'];

/** A media type that a client of GraphQL over HTTP accepts. */
export type Accept = 'application/json' | 'application/graphql-response+json';

/** Both media types, for `it.each`. */
export const mediaTypes: readonly Accept[] = ['application/json', 'application/graphql-response+json'];

/** What a test reads of an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

/** A gateway that listens on a port of its own, with the sample resolvers. */
export interface TestGateway extends AsyncDisposable {
  readonly url: string;
  readonly gateway: Gateway;
  /** What was logged, as text. */
  log(): string;
  token(roles?: Roles, lifetimeSeconds?: number): Promise<string>;
  /** Posts a query, as an admin unless told otherwise. */
  ask(query: string, options?: AskOptions): Promise<Answer>;
}

/** How a query is asked. */
export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly accept?: Accept;
  /** `null`: no token. */
  readonly token?: string | null;
  readonly roles?: Roles;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Starts a gateway for one test file. */
export async function startTestGateway(
  settings: Readonly<Record<string, string>> = {},
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  const configuration: GatewayConfiguration = readConfiguration({
    NODE_ENV: 'test',
    PORT: '0',
    LOG_LEVEL: 'debug',
    ...settings,
  });
  const lines: string[] = [];
  const output = new PassThrough();
  output.on('data', (line) => lines.push(String(line)));
  const gateway = await createGateway({
    configuration,
    logger: createLogger(configuration.logLevel, output),
    resolvers: [ViewerResolver, SampleResolver],
    development: { identity: { organizationId, userId: 'user-1', roles: ['ADMIN'] } },
    ...options,
  });
  const url = await gateway.listen();
  const token: TestGateway['token'] = async (roles, lifetimeSeconds) => {
    if (!gateway.issuer) throw new Error('This gateway has no issuer of its own.');
    return (await gateway.issuer.issue(roles ? { roles } : {}, lifetimeSeconds)).token;
  };
  return {
    url,
    gateway,
    log: () => lines.join(''),
    token,
    async ask(query, { variables, accept = 'application/json', token: given, roles, headers } = {}) {
      const bearer = given === undefined ? await token(roles) : given;
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept,
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      return readAnswer(response);
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

/** Reads an answer that should be JSON. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const body: Pick<Answer, 'data' | 'errors'> = JSON.parse(text);
  return { status: response.status, headers: response.headers, text, ...body };
}
