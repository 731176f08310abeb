import type { HttpBody, HttpRequest, JsonValue } from '@talentbridge/contracts';
import type { ApiFamily } from './api-family.js';

/** The batch methods of Rest.li (LinkedIn sheet §4, CONFIRMED; those that read and delete INFERRED). */
export type BatchMethod = 'batch_update' | 'batch_partial_update' | 'batch_create' | 'batch_get' | 'batch_delete';

/** A request to the API, before anybody knows by which family and way it goes. */
export interface ApiCall {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Absent: no batch. */
  readonly restli?: BatchMethod;
  /** Such as `atsCandidates`, as `/v2` calls it. */
  readonly resource: string;
  /** What follows the resource, encoded, with a slash in front. */
  readonly below?: string;
  /** Encoded, without `?`. */
  readonly query?: string;
  readonly body?: JsonValue;
  readonly lane?: string;
}

/** Longer queries travel in a form: addresses of more than a few thousand characters are cut off here and there. */
const LONGEST_QUERY = 4_000;

const FORM = 'application/x-www-form-urlencoded';

/**
 * The request for a call, without its token. Whatever the plugin asks for does no more when it is sent twice: upserts, removals
 * and values alike.
 */
export function requestFor(family: ApiFamily, call: ApiCall): Omit<HttpRequest, 'basic' | 'secretsAt'> {
  const { method, restli, resource, below = '', query = '', body, lane } = call;
  const url = `https://api.linkedin.com${family.prefix}/${family.names[resource] ?? resource}${below}`;
  const isLong = query.length > LONGEST_QUERY;
  const headers = {
    accept: 'application/json',
    ...family.headers,
    ...(restli === undefined ? {} : { 'x-restli-method': restli }),
    ...(isLong ? { 'x-http-method-override': method } : {}),
  };
  const sent = isLong ? tunnelled(query, body) : body === undefined ? undefined : { json: body };
  return {
    method: isLong ? 'POST' : method,
    url: isLong || query === '' ? url : `${url}?${query}`,
    headers,
    repeatable: true,
    ...(sent === undefined ? {} : { body: sent }),
    ...(method === 'GET' ? { reads: true } : {}),
    ...(lane === undefined ? {} : { lane }),
  };
}

/**
 * A query as a form, and a body behind it (LinkedIn sheet §4: CONFIRMED for removals, which have no body; INFERRED for the
 * others, after Rest.li).
 */
function tunnelled(query: string, body: JsonValue | undefined): HttpBody {
  if (body === undefined) return { bytes: bytesOf(query), contentType: FORM };
  // Random, so that nothing in a record can end a part before its time.
  const boundary = `part-${crypto.randomUUID()}`;
  const parts = [
    `--${boundary}\r\ncontent-type: ${FORM}\r\n\r\n${query}\r\n`,
    `--${boundary}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(body)}\r\n`,
    `--${boundary}--\r\n`,
  ];
  return { bytes: bytesOf(parts.join('')), contentType: `multipart/mixed; boundary=${boundary}` };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A query of names and values; a value that is a list repeats its name. Half a character becomes one that finds nothing. */
export function queryOf(parameters: Readonly<Record<string, string | number | readonly string[]>>): string {
  return Object.entries(parameters)
    .flatMap(([name, value]) =>
      (typeof value === 'object' ? value : [value]).map(
        (one) => `${name}=${encodeURIComponent(String(one).toWellFormed())}`,
      ),
    )
    .join('&');
}
