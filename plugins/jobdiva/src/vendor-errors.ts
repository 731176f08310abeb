import type { ExportFieldName, HttpResponse } from '@talentbridge/contracts';
import { z } from 'zod';

// JobDiva answers nearly every business error with status 500, so the text decides (JobDiva sheet §8: the status and the
// place of the message are CONFIRMED, the texts unverified). This is the only file that reads texts.

/**
 * Why JobDiva refused a request for good.
 *
 * - `notAllowed`: the API user may not use the method
 * - `emailUsed`: another candidate has an address of this one
 * - `state`: the state does not fit the country
 * - `network`: a social network that this JobDiva does not know
 * - `other`: anything else
 */
export type RefusalKind = 'notAllowed' | 'emailUsed' | 'state' | 'network' | 'other';

/** A definite no: nothing was written. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** JobDiva's words without the values that it quotes, addresses and phone numbers. */
  readonly reason: string;
  /** Our field that it is about, where the text names one. */
  readonly field?: ExportFieldName;
}

const wording = z.string().trim().min(1).optional().catch(undefined);
const errorBody = z.object({
  message: wording,
  apierror: z.object({ message: wording }).optional().catch(undefined),
});

const DEFINITE = /^\s*(?:error:|parameter check failed|you are not allowed)/i;
const NOT_ALLOWED = /not allowed to (?:access|query)/i;
const PATTERNS: readonly (readonly [RefusalKind, RegExp])[] = [
  ['notAllowed', NOT_ALLOWED],
  ['emailUsed', /email.*already used/is],
  ['state', /\bstate\b.*(?:not valid|invalid|does not)|invalid state\b/is],
  ['network', /invalid social network name/i],
];
const FIELDS: readonly (readonly [ExportFieldName, RegExp])[] = [
  ['firstName', /\bfirst ?name\b/i],
  ['lastName', /\blast ?name\b/i],
  ['emails', /\be-?mail\b/i],
  ['phones', /\bphone\b/i],
  ['source', /\bresume ?source\b/i],
  ['address', /\b(?:address\d?|city|state|zip|country)\b/i],
];

const MAX_REASON_LENGTH = 200;

/** JobDiva's message, from whichever place it stands in; `undefined` when there is none. */
export function messageOf({ json, text }: Pick<HttpResponse, 'json' | 'text'>): string | undefined {
  const body = errorBody.safeParse(json);
  if (body.success) return body.data.apierror?.message ?? body.data.message;
  const words = typeof json === 'string' ? json : text;
  // A page for people says nothing about the request.
  return words.trim() === '' || words.trimStart().startsWith('<') ? undefined : words.trim();
}

/**
 * The definite no in an answer, or `undefined` when it is a success, an outage, or anything else that the status alone
 * decides. A 200 can be one (JobDiva sheet §3), and so can a 500 whose text begins in certain ways (§8).
 */
export function refusalOf(response: HttpResponse): Refusal | undefined {
  const message = messageOf(response);
  const isDefinite =
    (isSuccess(response) || response.status === 500) && message !== undefined && DEFINITE.test(message);
  return isDefinite ? describeRefusal(message) : undefined;
}

/** Puts a refusal's text into what the plugin acts on. */
export function describeRefusal(message: string): Refusal {
  const kind = PATTERNS.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
  const field = FIELDS.find(([, pattern]) => pattern.test(message))?.[0];
  return { kind, reason: withoutPersonalData(withoutValues(message), []), ...(field === undefined ? {} : { field }) };
}

/** Whether a text says that a method is not allowed, whatever it begins with. */
export function saysNotAllowed(message: string | undefined): boolean {
  return message !== undefined && NOT_ALLOWED.test(message);
}

/** How long JobDiva asks to wait when its queue is full, in milliseconds (JobDiva sheet §4: an older wording, unverified). */
export function queueWaitMs(message: string | undefined): number | undefined {
  const [, minutes] = /too many API requests.*try again in (\d{1,2}) minute/is.exec(message ?? '') ?? [];
  return minutes === undefined ? undefined : Number(minutes) * 60_000;
}

/** Whether a BI read says that it went well: its message names the query and then this (JobDiva sheet §3). */
export function saysCompleted(message: string | undefined): boolean {
  return message?.includes('completed successfully') ?? false;
}

/**
 * What a refused login means (JobDiva sheet §2: status 500 is CONFIRMED, the texts are not). `undefined`: it says nothing
 * about the credentials.
 */
export function loginRefusal(response: HttpResponse): 'disabled' | 'unknown' | 'notAllowed' | undefined {
  // The name of a placeholder ("[secret password …]") is no word of JobDiva's.
  const message = messageOf(response)?.replace(/\[secret [^\]]*\]/g, '') ?? '';
  if (/USER_DISABLED|user is disabled/i.test(message)) return 'disabled';
  if (saysNotAllowed(message)) return 'notAllowed';
  if (response.status === 401 || response.status === 400) return 'unknown';
  return response.status === 500 && /INVALID_CREDENTIALS|user ?name|password/i.test(message) ? 'unknown' : undefined;
}

/** Whether the vendor did what was asked, as far as the status tells. */
export function isSuccess({ status }: Pick<HttpResponse, 'status'>): boolean {
  return status >= 200 && status < 300;
}

/** JobDiva quotes values in parentheses: `Email(ada@example.org) Already used`. */
function withoutValues(message: string): string {
  const line = message
    .replace(/^\s*parameter check failed\s*/i, '')
    .replace(/^\s*error:\s*/i, '')
    // From the first to the last one: a value may have parentheses of its own.
    .replace(/\(.*\)/s, '(…)')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return line.length > MAX_REASON_LENGTH ? `${line.slice(0, MAX_REASON_LENGTH - 1)}…` : line;
}

/** Shorter values are parts of ordinary words: taking them out would make the message unreadable. */
const SHORTEST_PERSONAL_VALUE = 3;

/** Replaces what was sent of the person, and whatever reads like an email address or a phone number, by an ellipsis. */
export function withoutPersonalData(message: string, personal: readonly string[]): string {
  return personal
    .map((value) => value.trim())
    .filter((value) => value.length >= SHORTEST_PERSONAL_VALUE)
    .toSorted((a, b) => b.length - a.length)
    .reduce(
      (line, value) => line.replace(new RegExp(`(?<![\\p{L}\\d])${RegExp.escape(value)}(?![\\p{L}\\d])`, 'giu'), '…'),
      message,
    )
    .replace(/[^\s"'<>(]+@[^\s"'<>),;]+/g, '…')
    .replace(/\+?\d[\d ().-]{6,}\d/g, '…');
}
