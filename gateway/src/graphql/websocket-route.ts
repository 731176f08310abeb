import type { WebSocket } from '@fastify/websocket';
import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { CloseCode, makeServer } from 'graphql-ws';
import { authenticate } from '../auth/bearer-token.js';
import type { AuthenticatedCaller } from '../auth/caller.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { GatewayContext, type OperationServices } from '../context.js';
import { GatewayError, GatewayErrorCode } from '../errors/gateway-error.js';
import type { GatewayMetrics } from '../operations/gateway-metrics.js';
import { RefusedDocument } from './document-admission.js';
import type { GatewayOperations, PreparedOperation } from './gateway-operations.js';
import { readBody } from './request-parameters.js';

/** What the WebSocket side of the API is made of. */
export interface WebSocketOptions {
  readonly operations: GatewayOperations;
  readonly verifier: TokenVerifier;
  readonly services: OperationServices;
  readonly metrics: GatewayMetrics;
}

/** What is known about one connection. */
interface Connection {
  readonly socket: WebSocket;
  readonly request: FastifyRequest;
  authenticated?: AuthenticatedCaller;
  expiry?: NodeJS.Timeout;
}

const INIT_WITHIN_MS = 5_000;
const KEEP_ALIVE_MS = 12_000;
/** A page shows a few; more is a client that forgets to unsubscribe. */
const SUBSCRIPTIONS_PER_SOCKET = 100;
/** Longer ones overflow the timer and would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Answers `graphql-transport-ws` connections (the protocol of graphql-ws). The token comes in `connection_init`, because a
 * browser cannot set headers on a WebSocket. Close codes: 4401 no token or a bad one, which trying again will not
 * mend; 4403 it has expired, connect again with a new one; 1001 this process is stopping, connect again.
 */
export function createWebSocketHandler(
  options: WebSocketOptions,
): (socket: WebSocket, request: FastifyRequest) => void {
  const { operations, verifier, services, metrics } = options;
  const server = makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: INIT_WITHIN_MS,
    onConnect: async ({ connectionParams, extra }) => {
      try {
        const authenticated = await authenticate(headerOf(connectionParams), verifier);
        if (!authenticated) throw new GatewayError(GatewayErrorCode.UNAUTHENTICATED, 'A token is missing.');
        extra.authenticated = authenticated;
        closeWhenExpired(extra, authenticated.expiresAt);
        return true;
      } catch (error) {
        const code = error instanceof GatewayError ? String(error.extensions['code']) : '';
        if (code === GatewayErrorCode.UNAUTHENTICATED) extra.socket.close(CloseCode.Unauthorized, code);
        else extra.socket.close(CloseCode.InternalServerError, code);
        // The socket is closing already; this only keeps the connection from being acknowledged.
        return false;
      }
    },
    onSubscribe: ({ extra, subscriptions }, _id, payload) => {
      try {
        if (Object.keys(subscriptions).length > SUBSCRIPTIONS_PER_SOCKET) throw tooManySubscriptions();
        const { socket, request, authenticated } = extra;
        const gone = new AbortController();
        socket.once('close', () => gone.abort());
        const context = new GatewayContext(authenticated?.caller, request.id, gone.signal, services);
        return operations.prepare(readBody(payload), context);
      } catch (error) {
        if (error instanceof RefusedDocument) return error.errors;
        return [error instanceof GraphQLError ? error : new GraphQLError('failed', { originalError: asError(error) })];
      }
    },
    // Both are given what `onSubscribe` has answered.
    execute: (args) => run(args as PreparedOperation),
    subscribe: (args) => run(args as PreparedOperation),
    onNext: (_context, _id, _payload, _args, result) => operations.present(result),
    onError: (_context, _id, _payload, errors) => errors.flatMap((error) => operations.presentRefusal(error)),
  });

  async function run(prepared: PreparedOperation): ReturnType<GatewayOperations['run']> {
    const startedAt = performance.now();
    const result = await operations.run(prepared);
    metrics.answered('websocket', prepared.operation.operation, 'ok', (performance.now() - startedAt) / 1_000);
    return result;
  }

  return (socket, request) => {
    const connection: Connection = { socket, request };
    metrics.socketOpened();
    const stopPinging = keepAlive(socket);
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) resolve();
            else socket.send(data, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', (data) => {
            receive(String(data)).catch((error: unknown) => {
              request.log.error({ err: error }, 'a WebSocket message could not be handled');
              socket.close(CloseCode.InternalServerError, GatewayErrorCode.INTERNAL_SERVER_ERROR);
            });
          }),
      },
      connection,
    );
    socket.once('close', (code, reason) => {
      metrics.socketClosed();
      stopPinging();
      clearTimeout(connection.expiry);
      closed(code, String(reason)).catch((error: unknown) => {
        request.log.error({ err: error }, 'a WebSocket could not be closed in order');
      });
    });
  };
}

/** Front ends name it as the HTTP header is named, in either spelling. */
function headerOf(parameters: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const header = parameters?.['authorization'] ?? parameters?.['Authorization'];
  return typeof header === 'string' ? header : undefined;
}

function closeWhenExpired(connection: Connection, expiresAt: number): void {
  const left = Math.min(Math.max(expiresAt - Date.now(), 0), LONGEST_TIMER_MS);
  connection.expiry = setTimeout(() => connection.socket.close(CloseCode.Forbidden, 'The token has expired.'), left);
  connection.expiry.unref();
}

/** Finds out that the other side is gone without saying so; also keeps proxies from closing a quiet connection. */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, KEEP_ALIVE_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function tooManySubscriptions(): GatewayError {
  return new GatewayError(
    GatewayErrorCode.OPERATION_TOO_LARGE,
    `The connection has ${SUBSCRIPTIONS_PER_SOCKET} operations already. Complete one first.`,
    { limit: 'subscriptions', maximum: SUBSCRIPTIONS_PER_SOCKET },
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
