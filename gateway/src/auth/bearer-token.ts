import { unauthenticatedError } from '../errors/gateway-error.js';
import type { AuthenticatedCaller } from './caller.js';
import type { TokenVerifier } from './token-verifier.js';

/**
 * Who sent an `Authorization` header. Nobody, when there is none: the operation then decides whether that will do.
 * @throws GatewayError when there is one and it does not count.
 */
export async function authenticate(
  header: string | undefined,
  verifier: TokenVerifier,
): Promise<AuthenticatedCaller | undefined> {
  if (header === undefined || header === '') return undefined;
  const match = /^Bearer +(\S+)$/i.exec(header.trim());
  if (!match?.[1]) throw unauthenticatedError('the header must read `Authorization: Bearer <token>`');
  return verifier.verify(match[1]);
}
