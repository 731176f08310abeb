import type { ExportFieldName, HttpResponse } from '@talentbridge/contracts';
import { z } from 'zod';

/** Why JobScore refused a request, as far as it says. */
export interface Refusal {
  /** JobScore's words, on one line, without a full stop, addresses and phone numbers. Absent: it gave none. */
  readonly reason?: string;
  /** JobScore's name of the property that it is about. */
  readonly property?: string;
}

const wording = z.string().trim().min(1).optional().catch(undefined);

const errorBody = z.object({
  errors: z
    .array(z.object({ message: wording, detail: wording, title: wording, field: wording }).catch({}))
    .optional()
    .catch(undefined),
  error: wording,
  message: wording,
});

const MAX_REASON_LENGTH = 300;

/**
 * Reads why JobScore refused. The body is known from v1 alone, so several shapes are understood: of each of `errors`
 * its `message`, `detail` or `title`, else `error`, else `message`, else nothing, and the status has to speak for
 * itself (JobScore sheet §5, INFERRED).
 */
export function readRefusal(response: HttpResponse): Refusal {
  const body = errorBody.safeParse(response.json);
  if (!body.success) return {};
  const { errors = [], error, message } = body.data;
  const reasons = errors.map((one) => one.message ?? one.detail ?? one.title).filter((reason) => reason !== undefined);
  const reason = reasons.length > 0 ? [...new Set(reasons)].join('; ') : (error ?? message);
  const property = errors.find((one) => one.field !== undefined)?.field;
  return {
    ...(reason === undefined ? {} : { reason: oneLine(withoutPersonalData(reason, [])) }),
    ...(property === undefined ? {} : { property }),
  };
}

function oneLine(reason: string): string {
  const line = reason.replace(/\s+/g, ' ').replace(/\.$/, '');
  return line.length > MAX_REASON_LENGTH ? `${line.slice(0, MAX_REASON_LENGTH - 1)}…` : line;
}

/** Our field behind a property of JobScore's candidate, and what an admin does about it. */
const FIELD_OF_PROPERTY: Readonly<Record<string, { readonly field: ExportFieldName; readonly remedy?: string }>> = {
  first_name: { field: 'firstName' },
  last_name: { field: 'lastName' },
  email: { field: 'emails' },
  work_email: { field: 'emails' },
  home_phone: { field: 'phones' },
  mobile_phone: { field: 'phones' },
  work_phone: { field: 'phones' },
  source: { field: 'source', remedy: 'add it under Admin > Sources > Database, capitals matter' },
  source_detail: { field: 'source', remedy: 'add it under Admin > Sources > Database, capitals matter' },
  tags: { field: 'tags', remedy: 'add it under Admin > Tags' },
  profile_links: { field: 'socialUrls' },
  employers: { field: 'workExperience' },
  schools: { field: 'education' },
};

/** A refusal of a candidate in words for a recruiter, with our name of the field it is about. */
export interface CandidateRefusal {
  readonly reason: string;
  readonly field?: string;
}

/**
 * Puts the refusal of a candidate into words, without repeating what was sent of the person.
 *
 * @param personal What was sent of the person: JobScore may quote it back.
 */
export function candidateRefusal(response: HttpResponse, personal: readonly string[]): CandidateRefusal {
  const { reason, property } = readRefusal(response);
  const known = property === undefined ? undefined : FIELD_OF_PROPERTY[property.split(/[.[]/, 1)[0] ?? property];
  const words = reason === undefined ? `it answered ${response.status}` : withoutPersonalData(reason, personal);
  return {
    reason: known?.remedy === undefined ? words : `${words} (${known.remedy})`,
    ...(known === undefined ? {} : { field: known.field }),
  };
}

/** Shorter values are parts of ordinary words: taking them out would make the message unreadable. */
const SHORTEST_PERSONAL_VALUE = 3;

/** Replaces what was sent of the person, and whatever reads like an email address or a phone number, by an ellipsis. */
export function withoutPersonalData(message: string, personal: readonly string[]): string {
  return personal
    .filter((value) => value.length >= SHORTEST_PERSONAL_VALUE)
    .toSorted((a, b) => b.length - a.length)
    .reduce(
      (line, value) => line.replace(new RegExp(`(?<![\\p{L}\\d])${RegExp.escape(value)}(?![\\p{L}\\d])`, 'giu'), '…'),
      message,
    )
    .replace(/[^\s"'<>(]+@[^\s"'<>),;]+/g, '…')
    .replace(/\+?\d[\d ().-]{6,}\d/g, '…');
}
