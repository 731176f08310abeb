import { z } from 'zod';
import {
  AtsAnswerUnreadableError,
  AtsRateLimitedError,
  AtsUnavailableError,
  CandidateRejectedError,
  CredentialsRejectedError,
  type HubError,
  PermissionMissingError,
  RecordNotFoundError,
  RequestRefusedError,
  WebhookRefusedError,
} from './errors.js';
import type { HttpResponse } from './http.js';
import type { Secret } from './secret.js';

/** What a plugin says about a call, so that a failure of it can be put into words. */
export interface CallDescription {
  readonly atsName: string;
  /** What was tried, as a phrase that follows "allow these credentials to": "list jobs". */
  readonly action: string;
  /** The record that was asked for, for a 404. */
  readonly record?: { readonly type: string; readonly remoteId: string };
  /**
   * What is refused when the ATS refuses the call: the candidate that is sent, or the webhook that is made. Absent: neither,
   * so that the plugin asked for something that the ATS does not serve.
   */
  readonly about?: 'candidate' | 'webhook';
}

/**
 * Turns a status that is no success into the error that the field's conventions give it: 401 reconnect, 403 reconnect,
 * 404 with a record skip, 429 retry, 408 and 5xx retry (after a write with unknown effect), other 4xx refuse what the call is
 * `about`. A plugin whose vendor means something else by a status decides before it comes here.
 *
 * @param reason The vendor's message, read by the plugin; without personal data.
 */
export function failureOf(response: HttpResponse, call: CallDescription, reason?: string): HubError {
  const { status, effect = 'unknown' } = response;
  if (status === 401) return new CredentialsRejectedError(call.atsName, reason);
  if (status === 403) return new PermissionMissingError(call.atsName, call.action, reason);
  if (status === 404 && call.record)
    return new RecordNotFoundError(call.atsName, call.record.type, call.record.remoteId);
  if (status === 429) return new AtsRateLimitedError(call.atsName, retryAfterMs(response));
  // A server that gave up waiting (408) may have acted on what it had by then, as one that broke (5xx).
  if (status === 408 || status >= 500)
    return new AtsUnavailableError(call.atsName, `answered ${status} to the request to ${call.action}`, { effect });
  if (status >= 400) return refused(call, reason ?? `it answered ${status}`);
  const what = `the request to ${call.action}`;
  return new AtsAnswerUnreadableError(call.atsName, what, `it answered ${status}`, { effect });
}

function refused({ atsName, action, about }: CallDescription, reason: string): HubError {
  if (about === 'candidate') return new CandidateRejectedError(atsName, reason);
  if (about === 'webhook') return new WebhookRefusedError(atsName, reason);
  return new RequestRefusedError(atsName, action, reason);
}

/** How long the vendor asks to wait (Retry-After in seconds or as a date), in milliseconds; `undefined` when it does not say. */
export function retryAfterMs(response: HttpResponse, now: number = Date.now()): number | undefined {
  const value = response.headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Number(value), 86_400) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(0, at - now), 86_400_000);
}

/**
 * Reads the JSON of a successful answer with a lenient schema: unknown properties are the vendor's right, missing ones
 * are an error that names the path and never the value.
 * @throws AtsAnswerUnreadableError
 */
export function readAnswer<Schema extends z.ZodType>(
  response: HttpResponse,
  schema: Schema,
  call: CallDescription,
): z.output<Schema> {
  const what = `the request to ${call.action}`;
  const { effect = 'unknown' } = response;
  if (response.json === undefined) {
    const type = response.headers['content-type']?.split(';')[0] ?? 'no content type';
    throw new AtsAnswerUnreadableError(call.atsName, what, `it is not JSON (${type})`, { effect });
  }
  const parsed = schema.safeParse(response.json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? issue.path.join('.') : 'the top level';
  throw new AtsAnswerUnreadableError(call.atsName, what, `unexpected value at ${where}`, { effect });
}

/**
 * The schema of a value that `secretsAt` points to. A value that is no placeholder is refused: a secret that the request did
 * not name goes no further.
 */
export function secretField(): z.ZodType<Secret> {
  return z.custom<Secret>((value) => typeof value === 'string' && PLACEHOLDER.test(value));
}

const PLACEHOLDER = /^\[secret [^\]]+\]$/;
