import type { ApolloServer, HTTPGraphQLHead } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyBaseLogger, FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type FormattedExecutionResult, getOperationAST } from 'graphql';
import { authenticate } from '../auth/bearer-token.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import { GatewayContext, type OperationServices } from '../context.js';
import type { ErrorPresenter } from '../errors/error-presenter.js';
import { GatewayError, GatewayErrorCode } from '../errors/gateway-error.js';
import { statusOf } from '../errors/status.js';
import type { GatewayMetrics } from '../operations/gateway-metrics.js';
import type { DocumentAdmission } from './document-admission.js';
import { answerWithEvents } from './event-stream.js';
import type { GatewayOperations } from './gateway-operations.js';
import { negotiate, type ResponseMediaType } from './media-type.js';
import { type RequestParameters, readBody, readQuery } from './request-parameters.js';

/** What the HTTP route of the API is made of. */
export interface HttpRouteOptions {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly operations: GatewayOperations;
  readonly admission: DocumentAdmission;
  readonly presenter: ErrorPresenter;
  readonly verifier: TokenVerifier;
  readonly services: OperationServices;
  readonly metrics: GatewayMetrics;
  readonly bodyLimit: number;
  /** Takes over a request that asks to become a WebSocket. */
  readonly webSocket: (socket: WebSocket, request: FastifyRequest) => void;
}

const PATH = '/graphql';

/**
 * GraphQL over HTTP on `/graphql`. Apollo's own HTTP layer deviates from the specification (400 for `application/json`,
 * 500 for some refusals), so it runs the operation and this route speaks HTTP:
 *
 * - a request that is none (no JSON, no query, batch): 4xx, whatever was accepted
 * - a refused document, variable or caller: 200 for `application/json`, 4xx for `application/graphql-response+json`
 * - an answer with data, even if some fields failed: 200
 */
export async function registerHttpRoute(app: FastifyInstance, options: HttpRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const parseJson = scope.getDefaultJsonParser('error', 'error');
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: options.bodyLimit },
      (request, body, done) => {
        const charset = /;\s*charset="?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
        if (!/^utf-?8$/i.test(charset)) {
          done(new GatewayError(GatewayErrorCode.UNSUPPORTED_MEDIA_TYPE, 'The body must be JSON in UTF-8.'));
          return;
        }
        parseJson(request, body as string, done);
      },
    );
    scope.setErrorHandler((error: FastifyError, request, reply) =>
      refuse(request, reply, options, requestError(error)),
    );

    scope.post(PATH, (request, reply) => answer(request, reply, options, () => readBody(request.body)));
    scope.route({
      method: 'GET',
      url: PATH,
      exposeHeadRoute: false,
      handler: (request, reply) =>
        answer(request, reply, options, () => readQuery(request.query as Readonly<Record<string, unknown>>)),
      wsHandler: options.webSocket,
    });
    scope.route({
      method: ['PUT', 'PATCH', 'DELETE', 'HEAD'],
      url: PATH,
      // Refused before a body is read.
      onRequest: (request, reply) => {
        void refuse(
          request,
          reply.header('allow', 'GET, POST'),
          options,
          new GatewayError(GatewayErrorCode.METHOD_NOT_ALLOWED, 'GraphQL is asked with POST, or GET for queries.'),
        );
      },
      handler: () => undefined,
    });
  });
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  options: HttpRouteOptions,
  readParameters: () => RequestParameters,
): Promise<FastifyReply> {
  const startedAt = performance.now();
  const mediaType = negotiate(request.headers.accept);
  if (!mediaType) {
    throw new GatewayError(
      GatewayErrorCode.NOT_ACCEPTABLE,
      'This answers application/json, application/graphql-response+json or text/event-stream.',
    );
  }
  const parameters = readParameters();
  const gone = new AbortController();
  reply.raw.once('close', () => {
    // It comes after every answer too, and aborting makes an exception with a stack, which costs 2 % of a request.
    if (!reply.raw.writableFinished) gone.abort();
  });
  let type = 'unknown';
  const respond = (result: FormattedExecutionResult, head?: HTTPGraphQLHead): FastifyReply =>
    send(request, reply, options, { mediaType, type, result, head, startedAt });
  try {
    const authenticated = await authenticate(request.headers.authorization, options.verifier);
    const context = new GatewayContext(authenticated?.caller, request.id, gone.signal, options.services);
    if (mediaType === 'text/event-stream') {
      // It closes the context itself, when the stream ends.
      const expiresAt = authenticated?.expiresAt;
      return await answerWithEvents({ request, reply, parameters, context, expiresAt, ...options });
    }
    const document = options.admission.admit(parameters.query, parameters.variables);
    type = getOperationAST(document, parameters.operationName)?.operation ?? type;
    try {
      const { result, head } = await execute(options.apollo, request, parameters, context);
      return respond(result, head);
    } finally {
      await context.close();
    }
  } catch (error) {
    return respond({ errors: options.operations.presentRefusal(error) });
  }
}

async function execute(
  apollo: ApolloServer<GatewayContext>,
  request: FastifyRequest,
  parameters: RequestParameters,
  context: GatewayContext,
): Promise<{ readonly result: FormattedExecutionResult; readonly head: HTTPGraphQLHead }> {
  const { query, operationName, variables } = parameters;
  const response = await apollo.executeOperation(
    {
      query,
      ...(operationName === undefined ? {} : { operationName }),
      variables,
      // The method is all it looks at: GET may not change anything.
      http: { method: request.method, headers: new HeaderMap(), search: '', body: undefined },
    },
    { contextValue: context },
  );
  if (response.body.kind !== 'single') throw new Error('An answer came in parts, which nothing here asks for.');
  return { result: response.body.singleResult, head: response.http };
}

interface Answer {
  readonly mediaType: ResponseMediaType;
  /** Query or mutation, where that is known. */
  readonly type: string;
  readonly result: FormattedExecutionResult;
  readonly head?: HTTPGraphQLHead | undefined;
  readonly startedAt: number;
}

function send(request: FastifyRequest, reply: FastifyReply, options: HttpRouteOptions, answer: Answer): FastifyReply {
  const { result, head, mediaType, type, startedAt } = answer;
  const refused = !('data' in result);
  let status = 200;
  if (refused) {
    const errors = result.errors ?? [];
    // 405 stands whatever was accepted: it is about the method. So do failures that are ours.
    const always = head?.status === 405 ? 405 : statusOf(errors) >= 500 ? statusOf(errors) : undefined;
    status = always ?? (mediaType === 'application/json' ? 200 : statusOf(errors));
    challenge(reply, errors[0]?.extensions?.['code']);
  }
  for (const [name, value] of head?.headers ?? []) if (name !== 'content-length') reply.header(name, value);
  const outcome = outcomeOf(result);
  options.metrics.answered('http', type, outcome, (performance.now() - startedAt) / 1_000);
  logAnswer(request.log, outcome, startedAt);
  // As text rather than as an object, so that Fastify does not serialise it a second time.
  return reply
    .code(status)
    .header('content-type', `${mediaType === 'text/event-stream' ? 'application/json' : mediaType}; charset=utf-8`)
    .header('cache-control', 'no-store')
    .header('vary', 'Accept, Authorization, Origin')
    .send(JSON.stringify(result.errors ? { errors: result.errors, ...withoutErrors(result) } : result));
}

function withoutErrors({ errors: _errors, ...rest }: FormattedExecutionResult): FormattedExecutionResult {
  return rest;
}

/** Answers what is no GraphQL request at all. */
function refuse(request: FastifyRequest, reply: FastifyReply, options: HttpRouteOptions, error: unknown): FastifyReply {
  const presented = options.presenter.present(error);
  const mediaType = negotiate(request.headers.accept);
  const outcome = String(presented.extensions?.['code'] ?? '');
  options.metrics.answered('http', 'unknown', outcome, 0);
  challenge(reply, presented.extensions?.['code']);
  return reply
    .code(statusOf([presented]))
    .header(
      'content-type',
      `${mediaType === 'application/graphql-response+json' ? mediaType : 'application/json'}; charset=utf-8`,
    )
    .header('cache-control', 'no-store')
    .send(JSON.stringify({ errors: [presented] }));
}

/** What Fastify found wrong, in our words; an error of ours stays as it is. */
function requestError(error: FastifyError): unknown {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new GatewayError(
        GatewayErrorCode.PAYLOAD_TOO_LARGE,
        'The request is too large. Ask for less in one request.',
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new GatewayError(
        GatewayErrorCode.UNSUPPORTED_MEDIA_TYPE,
        'The body must be JSON: send `content-type: application/json`.',
      );
    default:
      if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
        return new GatewayError(GatewayErrorCode.BAD_REQUEST, 'The body is not JSON.');
      }
      return error;
  }
}

/** Tells how to sign in, as HTTP asks of a 401. */
function challenge(reply: FastifyReply, code: unknown): void {
  if (code === GatewayErrorCode.UNAUTHENTICATED) reply.header('www-authenticate', 'Bearer realm="talentbridge"');
}

function outcomeOf(result: FormattedExecutionResult): string {
  return result.errors?.length ? String(result.errors[0]?.extensions?.['code'] ?? 'unknown') : 'ok';
}

function logAnswer(log: FastifyBaseLogger, outcome: string, startedAt: number): void {
  log.debug({ outcome, ms: Math.round(performance.now() - startedAt) }, 'answered an operation');
}
