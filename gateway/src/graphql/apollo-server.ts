import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import type { DocumentNode, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayContext } from '../context.js';
import type { ErrorPresenter } from '../errors/error-presenter.js';
import { GatewayError, GatewayErrorCode } from '../errors/gateway-error.js';
import { checkCaller } from './gateway-operations.js';
import type { OperationExecutor } from './operation-executor.js';
import { RecentCache } from './recent-cache.js';

/** What the GraphQL server is made of. */
export interface ApolloServerOptions {
  readonly schema: GraphQLSchema;
  readonly executor: OperationExecutor;
  readonly presenter: ErrorPresenter;
  readonly logger: Logger;
  readonly environment: string;
}

const REMEMBERED_DOCUMENTS = 500;

/** Sets up Apollo Server for queries and mutations. What it would do about HTTP is done in http-route.ts. */
export function createApolloServer(options: ApolloServerOptions): ApolloServer<GatewayContext> {
  const { schema, executor, presenter, logger } = options;
  return new ApolloServer<GatewayContext>({
    schema,
    nodeEnv: options.environment,
    logger: {
      debug: (message) => logger.debug(message),
      info: (message) => logger.info(message),
      warn: (message) => logger.warn(message),
      error: (message) => logger.error(message),
    },
    // The admission has validated every document by the time it comes here, with the same rules for every transport.
    dangerouslyDisableValidation: true,
    introspection: true,
    formatError: (_formatted: GraphQLFormattedError, error: unknown) => presenter.present(error),
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    // Requests from another site carry no credentials: tokens travel in a header, never in a cookie, and a POST must be
    // JSON, which a browser asks leave for first.
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    documentStore: documentStore(),
    plugins: [
      // It looks at every field of every answer for hints that this schema does not give: 1,747 CPU-us a request with it,
      // 1,060 without (50 items).
      ApolloServerPluginCacheControlDisabled(),
      callerPlugin(),
      executorPlugin(executor, presenter),
    ],
  });
}

/** Refuses, before anything runs, what nobody is signed in for and what needs a stream. */
function callerPlugin(): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, contextValue }) {
          if (!operation) return;
          if (operation.operation === 'subscription') {
            throw new GatewayError(
              GatewayErrorCode.BAD_REQUEST,
              'A subscription needs a stream: open a WebSocket (graphql-transport-ws) or accept text/event-stream.',
            );
          }
          checkCaller(document, operation, contextValue);
        },
      };
    },
  };
}

/**
 * Runs operations with our executor. This hook is Apollo's own way to answer without its executor; the other, posing as
 * a federation gateway, wraps every request in objects for a protocol that is not spoken here.
 */
function executorPlugin(executor: OperationExecutor, presenter: ErrorPresenter): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ document, operation, request, contextValue, response }) {
          // Without an operation Apollo's own executor says why.
          if (!operation) return null;
          const { errors, ...rest } = await executor.execute({
            document,
            operationName: request.operationName,
            variables: request.variables ?? {},
            context: contextValue,
          });
          const singleResult = errors ? { errors: presenter.presentAll(errors), ...rest } : rest;
          return { http: response.http, body: { kind: 'single', singleResult } };
        },
      };
    },
  };
}

/** Validated documents by hash. Apollo's own store measures each by printing it as JSON. */
function documentStore(): {
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
} {
  const documents = new RecentCache<string, DocumentNode>(REMEMBERED_DOCUMENTS);
  return {
    get: async (key) => documents.get(key),
    set: async (key, document) => documents.set(key, document),
    delete: async (key) => documents.delete(key),
  };
}
