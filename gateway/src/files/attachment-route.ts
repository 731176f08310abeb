import { Readable } from 'node:stream';
import type { Hub } from '@talentbridge/hub';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorPresenter } from '../errors/error-presenter.js';
import { refuse } from './file-request.js';

/** What the route works with. */
export interface AttachmentRouteOptions {
  readonly hub: Pick<Hub, 'scope' | 'attachments'>;
  readonly presenter: ErrorPresenter;
}

/** Below which the links to files lie. What follows is as good as a password for five minutes. */
const ATTACHMENT_PATH = '/files/attachments';

/** What a browser may be told that a file is. Anything that it could run or draw as a page is a file and no more. */
const SAFE_TYPES: ReadonlySet<string> = new Set([
  'application/pdf',
  'application/msword',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.oasis.opendocument.text',
  'application/rtf',
  'text/plain',
  'image/png',
  'image/jpeg',
  'image/gif',
]);

/** The link to a file, relative to the origin of the gateway. */
export function linkPathOf(token: string): string {
  return `${ATTACHMENT_PATH}/${token}`;
}

/**
 * `GET /files/attachments/:token`, and `HEAD`: one file of a candidate, for whoever has a link that is good. The link says whose it
 * is; that the file is still there, still this organization's and may still be shown is looked up each time.
 */
export async function registerAttachmentRoute(app: FastifyInstance, options: AttachmentRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler((error, _request, reply) => refuse(reply, options.presenter, error));
    scope.route<{ Params: { '*': string } }>({
      method: ['GET', 'HEAD'],
      // A parameter with a name may not be as long as a token is.
      url: `${ATTACHMENT_PATH}/*`,
      handler: (request, reply) => send(request, reply, request.params['*'], options),
    });
  });
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  { hub }: AttachmentRouteOptions,
): Promise<FastifyReply> {
  const { organizationId, userId, fileId } = hub.attachments.ticketOf(token);
  // The roles were looked at when the link was made.
  await using scope = hub.scope({ organizationId, userId, roles: [] });
  const headOnly = request.method === 'HEAD';
  const { filename, size, contentType, content } = await hub.attachments.open(scope, fileId, { headOnly });
  reply
    .header('content-type', SAFE_TYPES.has(contentType) ? contentType : 'application/octet-stream')
    .header('content-length', size)
    .header('content-disposition', dispositionOf(filename))
    .header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
    .header('x-content-type-options', 'nosniff')
    .header('cross-origin-resource-policy', 'same-site')
    .header('accept-ranges', 'none')
    .header('cache-control', 'no-store');
  if (headOnly) return reply.send();
  // One that is a stream already is ended as such when the client goes away.
  return reply.send(content instanceof Readable ? content : Readable.from(content));
}

/** What a header or a file system trips over: a name is no path. */
const UNSAFE = /[\p{Cc}\p{Bidi_C}"*/:<>?\\|]/gu;

/** Saves the file under its name: in ASCII for old clients, as it is for the others (RFC 6266, RFC 8187). */
export function dispositionOf(filename: string): string {
  const name = filename.toWellFormed().replace(UNSAFE, '_').slice(0, 150).toWellFormed();
  const ascii = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    // Letters of full width, and signs such as ℅, have become what was taken out above.
    .replace(UNSAFE, '_')
    .replace(/[^ -~]|%/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
