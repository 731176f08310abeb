import { Readable } from 'node:stream';
import { type ByteSource, FileTooLargeError, type Hub, NotFoundError } from '@talentbridge/hub';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { ErrorPresenter } from '../errors/error-presenter.js';
import { badUserInputError, GatewayError, GatewayErrorCode } from '../errors/gateway-error.js';
import { DATA_COPY_PATH, showDataCopyFile } from '../mirror/show-data-copy.js';
import { isUuid } from '../validation/uuid.js';
import { callerWith, checkEncoding, refuse } from './file-request.js';

/** What the routes work with. */
export interface DataCopyRouteOptions {
  readonly hub: Pick<Hub, 'scope' | 'dataCopies'>;
  readonly verifier: TokenVerifier;
  readonly presenter: ErrorPresenter;
  /** Largest file in bytes. */
  readonly importLimit: number;
}

const place = z.object({ id: z.string().refine(isUuid), '*': z.string().default('') });

/**
 * `PUT /imports/data-copies/:id/files/*`: one file of a data copy as the body, streamed into the file store, in place of the one
 * before with the same path. Answers what it is read as.
 *
 * `GET /imports/data-copies/:id/refused-rows`: the rows that could not be used, as CSV.
 */
export async function registerDataCopyRoutes(app: FastifyInstance, options: DataCopyRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    // The body is handed on as it comes, whatever it says it is.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, _request, reply) => refuse(reply, options.presenter, error));
    scope.put(`${DATA_COPY_PATH}/:id/files/*`, (request, reply) => upload(request, reply, options));
    scope.get(`${DATA_COPY_PATH}/:id/refused-rows`, (request, reply) => refusedRows(request, reply, options));
  });
}

async function upload(
  request: FastifyRequest,
  reply: FastifyReply,
  { hub, verifier, importLimit }: DataCopyRouteOptions,
): Promise<FastifyReply> {
  const caller = await callerWith('connection:manage', request, verifier);
  const { id, '*': path } = placeOf(request.params);
  checkEncoding(request.headers['content-encoding']);
  if (Number(request.headers['content-length'] ?? 0) > importLimit) throw tooLarge(importLimit);
  await using scope = hub.scope(caller);
  try {
    const { csv, ...file } = await hub.dataCopies.upload(scope, id, path, bodyOf(request), importLimit);
    const shown = csv ? { ...file, ...showDataCopyFile(csv) } : file;
    return reply
      .header('cache-control', 'no-store')
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify(shown));
  } catch (error) {
    if (error instanceof FileTooLargeError) throw tooLarge(error.limit);
    throw error;
  }
}

async function refusedRows(
  request: FastifyRequest,
  reply: FastifyReply,
  { hub, verifier }: DataCopyRouteOptions,
): Promise<FastifyReply> {
  const caller = await callerWith('connection:manage', request, verifier);
  const { id } = placeOf(request.params);
  await using scope = hub.scope(caller);
  const rows = await hub.dataCopies.refusedRows(scope, id);
  if (!rows) throw new NotFoundError('data copy', id);
  return reply
    .header('cache-control', 'no-store')
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', 'attachment; filename="refused-rows.csv"')
    .header('x-content-type-options', 'nosniff')
    .send(Readable.from(rows));
}

function placeOf(parameters: unknown): z.infer<typeof place> {
  const read = place.safeParse(parameters);
  if (!read.success) throw badUserInputError('id', 'This is no id. Take `uploadUrl` of the import.');
  return { ...read.data, id: read.data.id.toLowerCase() };
}

/** The body in pieces. @throws GatewayError when it breaks off. */
async function* bodyOf(request: FastifyRequest): ByteSource & AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of request.raw) yield chunk as Uint8Array;
  } catch (error) {
    if (request.raw.complete) throw error;
    throw new GatewayError(
      GatewayErrorCode.BAD_REQUEST,
      'The upload broke off. Nothing was stored; send the file again.',
    );
  }
}

function tooLarge(limit: number): GatewayError {
  return new GatewayError(
    GatewayErrorCode.PAYLOAD_TOO_LARGE,
    `The file is larger than ${limit} bytes. Nothing of it was stored. A table can be sent in parts, each with the header.`,
    { limit },
  );
}
