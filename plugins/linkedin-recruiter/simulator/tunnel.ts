import { badRequest } from './refusal.js';

/** A request as it came. */
export interface Untunnelled {
  readonly method: string;
  /** `X-HTTP-Method-Override`. */
  readonly override: string | undefined;
  readonly contentType: string | undefined;
  readonly query: string;
  readonly text: string;
}

/** A request as it is meant. */
export interface Tunnelled {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads a request whose query may be too long for an address: then it is a POST, the method stands in a header and the
 * query in a form. One that has a body too comes in two parts, as Rest.li does it (LinkedIn sheet §4: CONFIRMED for DELETE,
 * the others INFERRED).
 */
export function readTunnel({ method, override, contentType = '', query, text }: Untunnelled): Tunnelled {
  if (override === undefined) {
    if (contentType.startsWith(FORM)) throw badRequest('A form is taken with X-HTTP-Method-Override only');
    return { method, query: new URLSearchParams(query), body: jsonOf(text) };
  }
  if (method !== 'POST') throw badRequest('X-HTTP-Method-Override is taken with POST only');
  const meant = override.toUpperCase();
  if (!['GET', 'PUT', 'DELETE', 'POST'].includes(meant)) throw badRequest('X-HTTP-Method-Override is unknown');
  if (contentType.startsWith(FORM)) return { method: meant, query: joined(query, text), body: undefined };
  const boundary = /^multipart\/mixed;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return { method: meant, query: new URLSearchParams(query), body: jsonOf(text) };
  const parts = partsOf(text, boundary);
  const form = parts.find(({ type }) => type.startsWith(FORM));
  const json = parts.find(({ type }) => type.startsWith('application/json'));
  return { method: meant, query: joined(query, form?.content ?? ''), body: jsonOf(json?.content ?? '') };
}

function joined(query: string, form: string): URLSearchParams {
  return new URLSearchParams([query, form.trim()].filter((part) => part !== '').join('&'));
}

function partsOf(text: string, boundary: string): readonly { readonly type: string; readonly content: string }[] {
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => {
      const [head = '', ...content] = part.trim().split(/\r?\n\r?\n/);
      return { type: /^content-type:\s*(.*)$/im.exec(head)?.[1] ?? '', content: content.join('\n\n') };
    });
}

function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The body is no JSON');
  }
}
