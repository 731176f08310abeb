import type { HttpRequest } from '@talentbridge/contracts';
import { ACCEPTED_ENCODINGS } from './inflate.js';
import { type RequestGuard, requestFault, unsendableCredential } from './request-guard.js';

/** Those that decide where a message ends, where it goes and how it is packed: the client's own business. */
const FORBIDDEN = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** What no header value can carry: line breaks and other control characters, and what is outside Latin-1. */
const UNSENDABLE = /[^\t\u0020-\u007e\u0080-\u00ff]/;

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Checks the headers of a request, puts secrets into their values, and adds those of the client.
 * @param contentType Of the body; absent when there is none.
 * @throws PluginFaultError
 * @throws CredentialsRejectedError when a credential has characters that no header can carry.
 */
export function headersOf(
  guard: RequestGuard,
  request: HttpRequest,
  contentType: string | undefined,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    accept: 'application/json, */*;q=0.5',
    'user-agent': guard.userAgent,
    'accept-encoding': ACCEPTED_ENCODINGS,
  };
  if (contentType !== undefined) headers['content-type'] = sendable(guard, 'content-type', contentType);
  const seen = new Set<string>();
  for (const [written, value] of Object.entries(request.headers ?? {})) {
    const name = written.toLowerCase();
    if (!HEADER_NAME.test(name))
      throw requestFault(guard, 'set a header whose name has characters that are not allowed');
    if (FORBIDDEN.has(name)) throw requestFault(guard, `set the header ${name}, which the HTTP client sets by itself`);
    if (seen.has(name)) throw requestFault(guard, `set the header ${name} twice`);
    seen.add(name);
    if (name === 'content-type') checkContentType(guard, request, value);
    headers[name] = sendable(guard, name, value);
  }
  if (request.basic) {
    if (seen.has('authorization')) throw requestFault(guard, 'set the header authorization as well as "basic"');
    headers['authorization'] = basicOf(guard, request.basic);
  }
  return headers;
}

/** Some vendors insist on a JSON type of their own. Any other body says its type itself. */
function checkContentType(guard: RequestGuard, request: HttpRequest, value: string): void {
  if (request.body === undefined || !('json' in request.body) || !JSON_TYPE.test(value)) {
    throw requestFault(guard, 'set the header content-type, which the body decides');
  }
}

function sendable(guard: RequestGuard, name: string, value: string): string {
  if (UNSENDABLE.test(value)) {
    throw requestFault(
      guard,
      `set the header ${name} to a value with a line break or other characters that are not allowed`,
    );
  }
  const revealed = guard.secrets.reveal(value);
  if (revealed !== value && UNSENDABLE.test(revealed)) {
    throw unsendableCredential(guard, 'one has characters that cannot be sent, such as a typographic quote');
  }
  return revealed;
}

function basicOf(guard: RequestGuard, basic: NonNullable<HttpRequest['basic']>): string {
  const username = guard.secrets.reveal(basic.username);
  // The first colon ends the user name (RFC 7617): the rest of it would become part of the password.
  if (username.includes(':')) throw unsendableCredential(guard, 'the user name contains a colon');
  return `Basic ${Buffer.from(`${username}:${guard.secrets.reveal(basic.password)}`).toString('base64')}`;
}
