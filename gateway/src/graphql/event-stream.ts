import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult, FormattedExecutionResult } from 'graphql';
import type { GatewayContext } from '../context.js';
import { GatewayErrorCode } from '../errors/gateway-error.js';
import { statusOf } from '../errors/status.js';
import type { GatewayMetrics } from '../operations/gateway-metrics.js';
import type { Events, GatewayOperations, PreparedOperation } from './gateway-operations.js';
import type { RequestParameters } from './request-parameters.js';

/** One request that accepts `text/event-stream`. */
export interface EventStreamRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly parameters: RequestParameters;
  readonly context: GatewayContext;
  /** When the caller's token expires, in milliseconds since the epoch; the stream ends then. */
  readonly expiresAt: number | undefined;
  readonly operations: GatewayOperations;
  readonly metrics: GatewayMetrics;
}

/** Proxies cut connections on which nothing is heard for a minute. */
const KEEP_ALIVE_MS = 12_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * GraphQL over server-sent events, "distinct connections": one request, one stream of `next` events, then `complete`.
 * For clients behind proxies that pass no WebSockets. https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export async function answerWithEvents(exchange: EventStreamRequest): Promise<FastifyReply> {
  const { request, reply, parameters, context, operations, metrics } = exchange;
  const startedAt = performance.now();
  let prepared: PreparedOperation;
  try {
    prepared = operations.prepare(parameters, context);
    if (request.method === 'GET' && prepared.operation.operation === 'mutation') {
      return reply.code(405).header('allow', 'POST').send();
    }
  } catch (error) {
    const errors = operations.presentRefusal(error);
    const status = statusOf(errors);
    if (errors[0]?.extensions?.['code'] === GatewayErrorCode.UNAUTHENTICATED)
      reply.header('www-authenticate', 'Bearer realm="talentbridge"');
    metrics.answered('event-stream', 'unknown', String(errors[0]?.extensions?.['code']), 0);
    return reply
      .code(status)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify({ errors }));
  }
  const answers = await operations.run(prepared);
  metrics.answered('event-stream', prepared.operation.operation, 'ok', (performance.now() - startedAt) / 1_000);
  const stream = new PassThrough();
  // Not awaited: the answer is on its way while events are still to come.
  void sendEvents(stream, answers, exchange);
  return (
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      // Tells nginx to pass every event on at once.
      .header('x-accel-buffering', 'no')
      .send(stream)
  );
}

async function sendEvents(
  stream: PassThrough,
  answers: ExecutionResult | Events,
  { operations, context, expiresAt, request }: EventStreamRequest,
): Promise<void> {
  const keepAlive = setInterval(() => stream.write(':\n\n'), KEEP_ALIVE_MS);
  let expiry: NodeJS.Timeout | undefined;
  try {
    if (!(Symbol.asyncIterator in answers)) {
      stream.write(eventOf('next', operations.present(answers)));
    } else {
      const end = (): void => void answers.return?.();
      context.signal.addEventListener('abort', end, { once: true });
      if (expiresAt !== undefined)
        expiry = setTimeout(end, Math.min(Math.max(expiresAt - Date.now(), 0), LONGEST_TIMER_MS));
      for await (const answer of answers) {
        if (!stream.write(eventOf('next', operations.present(answer)))) await drained(stream, context.signal);
      }
    }
    stream.write(eventOf('complete'));
  } catch (error) {
    stream.write(eventOf('next', { errors: operations.presentRefusal(error) }));
    stream.write(eventOf('complete'));
    request.log.debug('a stream of events ended with an error');
  } finally {
    clearInterval(keepAlive);
    clearTimeout(expiry);
    stream.end();
  }
}

function eventOf(event: 'next' | 'complete', data?: FormattedExecutionResult): string {
  // JSON has no line breaks of its own, so one `data` line holds it. `complete` must have one too, for browsers.
  return `event: ${event}\ndata: ${data === undefined ? '' : JSON.stringify(data)}\n\n`;
}

async function drained(stream: PassThrough, signal: AbortSignal): Promise<void> {
  await Promise.race([once(stream, 'drain'), once(signal, 'abort')]);
}
