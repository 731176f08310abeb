import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import websocket from '@fastify/websocket';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import { createRemoteJWKSet } from 'jose';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { NonEmptyArray } from 'type-graphql';
import { type DevelopmentIdentity, DevelopmentIssuer } from './auth/development-issuer.js';
import { JwtVerifier, type TokenVerifier } from './auth/token-verifier.js';
import type { GatewayConfiguration } from './configuration.js';
import type { OpenScope, OperationServices } from './context.js';
import { registerDevelopmentRoutes } from './development/development-routes.js';
import { registerGraphiql } from './development/graphiql-routes.js';
import { ErrorPresenter } from './errors/error-presenter.js';
import { createApolloServer } from './graphql/apollo-server.js';
import { DocumentAdmission } from './graphql/document-admission.js';
import { GatewayOperations } from './graphql/gateway-operations.js';
import { registerHttpRoute } from './graphql/http-route.js';
import { OperationExecutor } from './graphql/operation-executor.js';
import { createWebSocketHandler } from './graphql/websocket-route.js';
import { corsOptions } from './operations/cors.js';
import { GatewayMetrics } from './operations/gateway-metrics.js';
import { createLogger } from './operations/logging.js';
import { registerOperationsRoutes } from './operations/operations-routes.js';
import { registerSecurityHeaders } from './operations/security-headers.js';
import type { ResolverClass } from './resolvers.js';
import { buildGatewaySchema, type ResolverContainer } from './schema.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers of this route are logged at `debug`: it is called hundreds of times a second. Default `false`. */
    readonly quiet?: boolean;
  }
}

/** What the composition root gives to a gateway. */
export interface GatewayOptions {
  readonly configuration: GatewayConfiguration;
  /** Opens the hub for a caller. Absent: resolvers that use the hub fail. */
  readonly openScope?: OpenScope;
  /** Gives instances of the resolver classes. Absent: they are made without arguments. */
  readonly container?: ResolverContainer;
  /** Absent: all of them. */
  readonly resolvers?: NonEmptyArray<ResolverClass>;
  /** Whether requests can be served: the database answers. Absent: always. */
  readonly isReady?: () => Promise<boolean>;
  /** Adds routes beside the API: webhooks, files, the console. They come with the gateway's headers and logs. */
  readonly routes?: (app: FastifyInstance, services: RouteServices) => Promise<void>;
  /** Absent: JSON lines on standard output. */
  readonly logger?: Logger;
  /** The process' registry of figures. Absent: one of its own. */
  readonly registry?: Registry;
  /** Only read where the configuration says `development` for authentication. */
  readonly development?: {
    /** Who a development token is for. Absent: an admin of a made-up organization. */
    readonly identity?: DevelopmentIdentity;
    /** Where the signing key is kept. Absent: in memory, so that tokens end with the process. */
    readonly keyFile?: string;
  };
}

/** What routes beside the API share with it. */
export interface RouteServices {
  /** Finds out who sent a token; `authenticate` of auth/bearer-token.ts reads the header. */
  readonly verifier: TokenVerifier;
  /** Turns any error into what a client may read; `statusOf` of errors/status.ts gives its HTTP status. */
  readonly presenter: ErrorPresenter;
}

/** A gateway that was set up, and listens once told to. */
export interface Gateway {
  /** Where it listens; known after `listen`. */
  readonly url: string;
  /** Gives tokens in development. Absent when a real identity provider does. */
  readonly issuer: DevelopmentIssuer | undefined;
  /** Starts to accept connections and answers the URL. */
  listen(): Promise<string>;
  /** Stops: accepts nothing new, finishes what runs, and cuts what is left after 10 seconds. */
  close(): Promise<void>;
}

const GRACE_MS = 10_000;
const SWEEP_MS = 100;
/** What a proxy may hand us as a request's id; anything else could forge log lines. */
const REQUEST_ID = /^[\w-]{8,64}$/;
const MADE_UP_IDENTITY: DevelopmentIdentity = {
  organizationId: '00000000-0000-4000-8000-000000000001',
  userId: 'developer',
  roles: ['ADMIN'],
};

/** Puts a gateway together. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { configuration } = options;
  const production = configuration.environment === 'production';
  const logger = options.logger ?? createLogger(configuration.logLevel);
  const metrics = new GatewayMetrics(options.registry);
  const { issuer, verifier } = await createVerifier(options);
  const container = options.container ?? defaultContainer();
  const services: OperationServices = {
    openScope:
      options.openScope ??
      (() => {
        throw new Error('This gateway was started without a hub.');
      }),
    instanceOf: (type) => container.get(type) as InstanceType<typeof type>,
  };

  const schema = await buildGatewaySchema({ container, resolvers: options.resolvers });
  const admission = new DocumentAdmission(schema, { limits: configuration.limits, introspection: !production });
  const executor = new OperationExecutor(schema);
  const presenter = new ErrorPresenter({
    logger,
    revealInternals: configuration.environment === 'development',
    suggestNames: !production,
  });
  const operations = new GatewayOperations(schema, admission, executor, presenter);
  const apollo = createApolloServer({
    schema,
    executor,
    presenter,
    logger,
    environment: configuration.environment,
  });
  await apollo.start();

  const app = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    // One line for each answer is written below, without what Fastify would put into it.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: configuration.trustProxy,
    bodyLimit: configuration.bodyLimit,
    forceCloseConnections: 'idle',
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log[request.routeOptions.config.quiet ? 'debug' : 'info'](
      { req: request.raw, status: reply.statusCode, ms: Math.round(reply.elapsedTime), requestId: request.id },
      'answered',
    );
  });
  registerSecurityHeaders(app, { production });
  await app.register(cors, corsOptions(configuration.corsOrigins));
  await app.register(websocket, {
    options: { maxPayload: configuration.bodyLimit, handleProtocols },
    // Closed by `close` below, with a code that tells clients to connect again.
    preClose: (done: () => void) => done(),
  });
  registerOperationsRoutes(app, {
    metrics,
    configuration: configuration.metrics,
    isReady: options.isReady ?? (async () => true),
  });
  await registerHttpRoute(app, {
    apollo,
    operations,
    admission,
    presenter,
    verifier,
    services,
    metrics,
    bodyLimit: configuration.bodyLimit,
    webSocket: createWebSocketHandler({ operations, verifier, services, metrics }),
  });
  if (issuer) {
    registerDevelopmentRoutes(app, issuer);
    await registerGraphiql(app);
  }
  await options.routes?.(app, { verifier, presenter });

  let url = '';
  let closing: Promise<void> | undefined;
  return {
    get url() {
      return url;
    },
    issuer,
    async listen() {
      const address = await app.listen({ host: configuration.host, port: configuration.port });
      url = address.replace('0.0.0.0', 'localhost').replace('[::]', 'localhost');
      return url;
    },
    close() {
      closing ??= closeGracefully(app).then(() => apollo.stop());
      return closing;
    },
  };
}

/** Makes one instance of each resolver class, without arguments. */
function defaultContainer(): ResolverContainer {
  const instances = new Map<ResolverClass, object>();
  return {
    get(resolver) {
      const known = instances.get(resolver);
      if (known) return known;
      const made: object = Reflect.construct(resolver, []);
      instances.set(resolver, made);
      return made;
    },
  };
}

async function createVerifier(
  options: GatewayOptions,
): Promise<{ readonly issuer: DevelopmentIssuer | undefined; readonly verifier: TokenVerifier }> {
  const { authentication, environment } = options.configuration;
  if (authentication.kind === 'jwks') {
    const keys = createRemoteJWKSet(new URL(authentication.url), { timeoutDuration: 5_000, cooldownDuration: 30_000 });
    return { issuer: undefined, verifier: new JwtVerifier(authentication, keys) };
  }
  const issuer = await DevelopmentIssuer.create({
    identity: options.development?.identity ?? MADE_UP_IDENTITY,
    keyFile: options.development?.keyFile,
    environment,
  });
  return { issuer, verifier: issuer.verifier };
}

/** Ends the process' connections in an order that loses nothing that was promised. */
async function closeGracefully(app: FastifyInstance): Promise<void> {
  const { clients } = app.websocketServer;
  for (const socket of clients) socket.close(1001, 'The server is stopping. Connect again.');
  // A connection whose request has just finished waits for the next one, which will not come.
  const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => {
    for (const socket of clients) socket.terminate();
    app.server.closeAllConnections();
  }, GRACE_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
