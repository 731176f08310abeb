import type { IncomingHttpHeaders } from 'node:http';
import type { HttpRequest, HttpResponse } from '@talentbridge/contracts';
import type { SecretPlaceholders } from '../secrets/secret-placeholders.js';
import { concealAt, concealJson } from './conceal-json.js';
import { isWithinDepth } from './json-depth.js';

/** An answer, unpacked. */
export interface UnpackedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const JSON_TYPE = /^(?:application|text)\/(?:[\w.+-]+\+)?json$/;
const TEXT_TYPE =
  /^(?:text\/.*|application\/(?:[\w.+-]+\+)?xml|application\/(?:javascript|x-www-form-urlencoded|x-ndjson|csv))$/;

/** Any escaped character: a secret may hide behind it from a search through the text. */
const UNICODE_ESCAPE = '\\u';

/** Turns an answer into what the plugin gets: decoded, parsed, and without a secret in it. */
export function responseOf(
  answer: UnpackedAnswer,
  request: Pick<HttpRequest, 'secretsAt' | 'answer'>,
  secrets: SecretPlaceholders,
  maxJsonDepth: number,
): HttpResponse {
  const { type, charset } = contentTypeOf(answer.headers);
  const isJson = JSON_TYPE.test(type);
  const isWanted = request.answer === 'bytes' && isOk(answer.status);
  // Without a type it is most likely text, and a plugin can make nothing of bytes that it does not expect.
  if (isWanted || (!isJson && type !== '' && !TEXT_TYPE.test(type))) {
    const bytes = new Uint8Array(answer.body);
    return { status: answer.status, headers: headersOf(answer.headers, secrets), json: undefined, text: '', bytes };
  }
  const written = decode(answer.body, charset);
  const pointers = request.secretsAt ?? [];
  const parsed = isJson || pointers.length > 0 ? parse(written, maxJsonDepth) : undefined;
  const body =
    parsed === undefined
      ? plainText(written, { isJson, ok: isOk(answer.status), pointers }, secrets)
      : jsonText(written, parsed.json, pointers, secrets);
  return {
    status: answer.status,
    // After the body, because a token in it may stand in a header too.
    headers: headersOf(answer.headers, secrets),
    json: isJson ? body.json : undefined,
    text: body.text,
  };
}

function jsonText(
  written: string,
  parsed: unknown,
  pointers: readonly string[],
  secrets: SecretPlaceholders,
): { readonly json: unknown; readonly text: string } {
  const { json, concealed } = concealAt(secrets, parsed, pointers);
  if (!concealed && !secrets.isEchoedIn(written) && !written.includes(UNICODE_ESCAPE)) return { json, text: written };
  const clean = concealJson(secrets, json);
  // Written anew where secrets were pointed out or may be escaped, since searching the text could then miss them.
  const text = concealed || written.includes(UNICODE_ESCAPE) ? JSON.stringify(clean) : written;
  return { json: clean, text: secrets.concealEchoes(text) };
}

/** A body that is no JSON, or does not parse. */
function plainText(
  written: string,
  answer: { readonly isJson: boolean; readonly ok: boolean; readonly pointers: readonly string[] },
  secrets: SecretPlaceholders,
): { readonly json: undefined; readonly text: string } {
  // The empty pointer means the whole document. Some vendors answer a login with the bare token and nothing around it.
  if (answer.ok && answer.pointers.includes('') && !answer.isJson && written.trim() !== '') {
    return { json: undefined, text: secrets.conceal('answer', written.trim()) };
  }
  // A damaged answer that should have had a secret in it may still have it, in a place that nobody can point to.
  if (answer.ok && answer.pointers.length > 0 && answer.isJson) return { json: undefined, text: '' };
  return { json: undefined, text: secrets.concealEchoes(written) };
}

function parse(text: string, maxDepth: number): { readonly json: unknown } | undefined {
  if (!isWithinDepth(text, maxDepth)) return undefined;
  try {
    return { json: JSON.parse(text) };
  } catch {
    // Vendors label HTML error pages as JSON: the plugin learns it from `json` being undefined.
    return undefined;
  }
}

function contentTypeOf(headers: IncomingHttpHeaders): { readonly type: string; readonly charset: string } {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  return { type: type.trim(), charset: charset?.slice('charset='.length).replaceAll('"', '') ?? 'utf-8' };
}

function decode(body: Buffer, charset: string): string {
  if (charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
    try {
      return new TextDecoder(charset).decode(body);
    } catch {
      // Nobody knows this charset. UTF-8 reads at least its ASCII.
    }
  }
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text; // Some servers begin with a byte order mark.
}

function headersOf(headers: IncomingHttpHeaders, secrets: SecretPlaceholders): Readonly<Record<string, string>> {
  const joined: Record<string, string> = {};
  let all = '';
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    const text = typeof value === 'string' ? value : value.join(', ');
    joined[name] = text;
    all += `${text}\n`;
  }
  if (!secrets.isEchoedIn(all)) return joined;
  return Object.fromEntries(Object.entries(joined).map(([name, value]) => [name, secrets.concealEchoes(value)]));
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}
