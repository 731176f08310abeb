import { randomBytes } from 'node:crypto';
import type { HttpBody, JsonValue, MultipartPart } from '@talentbridge/contracts';
import type { SecretPlaceholders } from '../secrets/secret-placeholders.js';
import { type RequestGuard, requestFault } from './request-guard.js';

/** A body as it goes onto the wire, with secrets in it. */
export interface EncodedBody {
  readonly contentType: string;
  readonly content: string | Buffer | Uint8Array;
}

/** How deep a JSON body may nest: what is deeper is a mistake of the plugin's, or somebody's attack on it. */
const MAX_DEPTH = 64;

/**
 * Encodes a body, and puts secrets into form values, JSON string values and plain multipart values; never into names,
 * files or raw bytes.
 * @throws PluginFaultError when it cannot be encoded.
 */
export function encodeBody(guard: RequestGuard, body: HttpBody): EncodedBody {
  if ('json' in body) return { contentType: 'application/json', content: encodeJson(guard, body.json) };
  if ('form' in body) {
    const pairs = Object.entries(body.form).map(([name, value]) => [name, guard.secrets.reveal(value)]);
    return { contentType: 'application/x-www-form-urlencoded', content: new URLSearchParams(pairs).toString() };
  }
  if ('multipart' in body) return encodeMultipart(guard, body.multipart);
  return { contentType: body.contentType, content: body.bytes };
}

function encodeJson(guard: RequestGuard, json: JsonValue): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(json);
    // Placeholders pass through JSON unchanged, so a look at the text spares the walk in nearly every request.
    if (text !== undefined && guard.secrets.mentions(text)) text = JSON.stringify(revealIn(guard.secrets, json, 0));
  } catch (cause) {
    throw requestFault(guard, `sent a body that is no JSON (${cause instanceof Error ? cause.name : 'unknown error'})`);
  }
  if (text === undefined) throw requestFault(guard, 'sent a body that is no JSON (undefined)');
  return text;
}

function revealIn(secrets: SecretPlaceholders, json: JsonValue, depth: number): JsonValue {
  if (typeof json === 'string') return secrets.reveal(json);
  if (typeof json !== 'object' || json === null) return json;
  if (depth >= MAX_DEPTH) throw new RangeError('The body nests too deep.');
  if (isList(json)) return json.map((value) => revealIn(secrets, value, depth + 1));
  // `fromEntries` defines properties, so that a name such as __proto__ is only a name.
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, revealIn(secrets, value, depth + 1)]));
}

/** `Array.isArray` does not see that a readonly array is one. */
function isList(json: JsonValue): json is readonly JsonValue[] {
  return Array.isArray(json);
}

function encodeMultipart(guard: RequestGuard, parts: readonly MultipartPart[]): EncodedBody {
  // Random, so that nothing in a file can end a part before its time.
  const boundary = `part-${randomBytes(18).toString('hex')}`;
  const chunks = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\n${partHeaders(guard, part)}\r\n\r\n`),
    contentOf(guard, part),
    Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    content: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

function contentOf(guard: RequestGuard, part: MultipartPart): Uint8Array {
  if (typeof part.value !== 'string') return part.value;
  return Buffer.from(part.filename === undefined ? guard.secrets.reveal(part.value) : part.value);
}

function partHeaders(guard: RequestGuard, part: MultipartPart): string {
  const type =
    part.contentType ?? (typeof part.value === 'string' ? 'text/plain; charset=utf-8' : 'application/octet-stream');
  if (/[^\u0020-\u007e]/.test(type)) throw requestFault(guard, 'sent a multipart body with an impossible content type');
  const filename = part.filename === undefined ? '' : `; filename="${escapeParameter(part.filename)}"`;
  const disposition = `content-disposition: form-data; name="${escapeParameter(part.name)}"${filename}`;
  // A plain value goes without a type unless the plugin gave one: several vendors take anything typed for a file.
  const isPlain = part.filename === undefined && part.contentType === undefined && typeof part.value === 'string';
  return isPlain ? disposition : `${disposition}\r\ncontent-type: ${type}`;
}

/** As browsers do it (WHATWG): a quote or a line break would end the header early. */
function escapeParameter(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}
