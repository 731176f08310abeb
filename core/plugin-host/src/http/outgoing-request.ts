import type { HttpRequest } from '@talentbridge/contracts';
import { encodeBody } from './request-body.js';
import { type RequestGuard, requestFault } from './request-guard.js';
import { headersOf } from './request-headers.js';
import { type RequestTarget, targetOf } from './request-url.js';

/** A request that passed every check and is ready for the wire. It has secrets in it. */
export interface OutgoingRequest {
  readonly method: HttpRequest['method'];
  readonly target: RequestTarget;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Uint8Array | undefined;
  /** Whether sending it twice does no more than sending it once. */
  readonly repeatable: boolean;
}

const METHODS = new Set<string>(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies HttpRequest['method'][]);

/**
 * Checks a request against the manifest and the rules of HTTP, and puts the secrets in.
 * @throws PluginFaultError when it is not allowed.
 * @throws CredentialsRejectedError when a credential cannot be sent as it is.
 */
export function outgoingRequest(guard: RequestGuard, request: HttpRequest): OutgoingRequest {
  if (!METHODS.has(request.method)) throw requestFault(guard, 'used a method that is not allowed');
  const target = targetOf(guard, request);
  const body = request.body && encodeBody(guard, request.body);
  return {
    method: request.method,
    target,
    headers: headersOf(guard, request, body?.contentType),
    body: body?.content,
    repeatable: request.repeatable ?? request.method === 'GET',
  };
}
