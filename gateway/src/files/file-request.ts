import type { FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from '../auth/bearer-token.js';
import type { Caller } from '../auth/caller.js';
import { type Permission, rolesWith } from '../auth/permissions.js';
import type { TokenVerifier } from '../auth/token-verifier.js';
import type { ErrorPresenter } from '../errors/error-presenter.js';
import { forbiddenError, GatewayError, GatewayErrorCode, unauthenticatedError } from '../errors/gateway-error.js';
import { statusOf } from '../errors/status.js';

/** Who asks, if they may. @throws GatewayError UNAUTHENTICATED, FORBIDDEN */
export async function callerWith(
  permission: Permission,
  request: FastifyRequest,
  verifier: TokenVerifier,
): Promise<Caller> {
  const authenticated = await authenticate(request.headers.authorization, verifier);
  if (!authenticated) throw unauthenticatedError();
  const { caller } = authenticated;
  const allowed = rolesWith(permission);
  if (!allowed.some((role) => caller.roles.includes(role))) throw forbiddenError(permission, caller.roles, allowed);
  return caller;
}

/** @throws GatewayError when a file comes compressed. */
export function checkEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding === 'identity') return;
  throw new GatewayError(GatewayErrorCode.UNSUPPORTED_MEDIA_TYPE, 'The file must come as it is, not compressed.');
}

/** What errors of the hub are outside of GraphQL. */
const STATUS: Readonly<Partial<Record<string, number>>> = {
  NOT_FOUND: 404,
  WRONG_STATE: 409,
  CAPABILITY_OFF: 403,
  FILE_LINK_INVALID: 403,
  FILE_LINK_EXPIRED: 410,
};

/** Errors look as they do on `/graphql`, with the HTTP status that fits. */
export function refuse(reply: FastifyReply, presenter: ErrorPresenter, error: unknown): FastifyReply {
  const presented = presenter.present(error);
  const code = presented.extensions?.['code'];
  if (code === GatewayErrorCode.UNAUTHENTICATED) reply.header('www-authenticate', 'Bearer realm="talentbridge"');
  const status = (typeof code === 'string' ? STATUS[code] : undefined) ?? statusOf([presented]);
  return (
    reply
      .code(status)
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      // The rest of the body is not wanted, and would have to be read before another request.
      .header('connection', 'close')
      .send(JSON.stringify({ errors: [presented] }))
  );
}
