import { Readable } from 'node:stream';
import type { ByteSource, Hub, ImportReport } from '@talentbridge/hub';
import { refusedRowsCsv } from '@talentbridge/hub';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { ErrorPresenter } from '../errors/error-presenter.js';
import { badUserInputError, GatewayError, GatewayErrorCode } from '../errors/gateway-error.js';
import { showImport } from '../profiles/show-import.js';
import { callerWith, checkEncoding, refuse } from './file-request.js';

/** What the import route works with. */
export interface ImportRouteOptions {
  readonly hub: Pick<Hub, 'scope' | 'profileImport'>;
  readonly verifier: TokenVerifier;
  readonly presenter: ErrorPresenter;
  /** Largest file in bytes. */
  readonly importLimit: number;
}

const importQuery = z.object({ format: z.enum(['CSV', 'NDJSON', 'JSON_RESUME']) });

/**
 * `POST /imports/profiles?format=CSV|NDJSON|JSON_RESUME`: a file of profiles as the body, streamed into the directory, so
 * that its size costs no memory. Answers the report as JSON, or with `Accept: text/csv` its refused rows as CSV.
 * Whatever was read before something goes wrong stays imported; sending the file again updates and doubles nothing.
 */
export async function registerImportRoute(app: FastifyInstance, options: ImportRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    // The body is handed on as it comes, whatever it says it is: `format` decides how it is read.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, _request, reply) => refuse(reply, options.presenter, error));
    scope.post('/imports/profiles', (request, reply) => importProfiles(request, reply, options));
  });
}

async function importProfiles(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ImportRouteOptions,
): Promise<FastifyReply> {
  const caller = await callerWith('directory:write', request, options.verifier);
  const format = readFormat(request.query);
  checkEncoding(request.headers['content-encoding']);
  const limit = options.importLimit;
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit, 'Nothing of it was read.');
  await using scope = options.hub.scope(caller);
  const report = await options.hub.profileImport.run(scope, format, bodyOf(request, limit));
  return send(request, reply, report);
}

function readFormat(query: unknown): z.infer<typeof importQuery>['format'] {
  const read = importQuery.safeParse(query);
  if (!read.success)
    throw badUserInputError('format', 'Say what the file is: `?format=CSV`, `NDJSON` or `JSON_RESUME`.');
  return read.data.format;
}

/** The body in pieces. @throws GatewayError when it breaks off or is too large. */
async function* bodyOf(request: FastifyRequest, limit: number): ByteSource & AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of request.raw) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > limit) throw tooLarge(limit, 'What came before the limit was imported.');
      yield chunk as Uint8Array;
    }
  } catch (error) {
    if (error instanceof GatewayError || request.raw.complete) throw error;
    throw new GatewayError(
      GatewayErrorCode.BAD_REQUEST,
      'The upload broke off. What had arrived was imported; send the file again, nothing is doubled.',
    );
  }
}

function tooLarge(limit: number, consequence: string): GatewayError {
  return new GatewayError(
    GatewayErrorCode.PAYLOAD_TOO_LARGE,
    `The file is larger than ${limit} bytes. ${consequence} Split it and send the parts.`,
    { limit },
  );
}

function send(request: FastifyRequest, reply: FastifyReply, report: ImportReport): FastifyReply {
  reply.header('cache-control', 'no-store').header('vary', 'Accept, Authorization, Origin');
  if (/\btext\/csv\b/i.test(request.headers.accept ?? '')) {
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="refused-rows.csv"')
      .send(Readable.from(refusedRowsCsv(report.refusedRows)));
  }
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(showImport(report)));
}
