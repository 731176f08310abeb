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
  /** Whether it certainly writes nothing. */
  readonly reads: boolean;
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
  const reads = request.reads ?? request.method === 'GET';
  checkAnswer(guard, request, reads);
  const target = targetOf(guard, request);
  const body = request.body && encodeBody(guard, request.body);
  return {
    method: request.method,
    target,
    headers: headersOf(guard, request, body?.contentType),
    body: body?.content,
    reads,
    repeatable: request.repeatable ?? reads,
  };
}

function checkAnswer(guard: RequestGuard, { maxBytes, answer, secretsAt }: HttpRequest, reads: boolean): void {
  if (maxBytes !== undefined && !(maxBytes > 0)) throw requestFault(guard, 'set a maxBytes that is not above zero');
  // What was written must not be skipped because too much was answered.
  if (maxBytes !== undefined && !reads) throw requestFault(guard, 'set maxBytes for a request that may write');
  if (answer === 'bytes' && secretsAt) throw requestFault(guard, 'asked for bytes and for secrets within them');
}
