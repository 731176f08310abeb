import {
  type CallDescription,
  CredentialsRejectedError,
  failureOf,
  type HttpResponse,
  type HubError,
  PermissionMissingError,
} from '@talentbridge/contracts';
import { z } from 'zod';

/** How iCIMS is called in messages. */
export const ATS = 'iCIMS';

/** A definite "no" to a request that carried data. */
export interface Refusal {
  readonly status: number;
  /** Error codes in the order of the answer. Only 0 to 3 are documented (iCIMS sheet §4): the others decide nothing. */
  readonly codes: readonly number[];
  /** Ids of fields that the header X-Error names. */
  readonly fields: readonly string[];
  /** All messages. For patterns only: they may repeat what was sent, which is personal data. */
  readonly text: string;
}

const errorBody = z.object({
  errors: z
    .array(
      z
        .object({
          errorCode: z.coerce.number().optional().catch(undefined),
          errorMessage: z.string().optional().catch(undefined),
        })
        .catch({ errorCode: undefined, errorMessage: undefined }),
    )
    .catch([]),
});

/** Reads why iCIMS refused, from the body and from the header lines `X-Error: 1:email:...` (iCIMS sheet §4, CONFIRMED). */
export function readRefusal(response: HttpResponse): Refusal {
  const read = errorBody.safeParse(response.json);
  const errors = read.success ? read.data.errors : [];
  // Several lines of one header arrive joined by commas, and a message may hold commas of its own.
  const lines = (response.headers['x-error'] ?? '').split(/,\s*(?=\d+:)/).map((line) => line.split(':'));
  const fields = lines.flatMap(([, field = '', ...rest]) => (rest.length > 0 && FIELD_ID.test(field) ? [field] : []));
  const headerCodes = lines.flatMap(([code = '']) => (/^\d+$/.test(code) ? [Number(code)] : []));
  const bodyCodes = errors.flatMap(({ errorCode }) => (errorCode === undefined ? [] : [errorCode]));
  return {
    status: response.status,
    codes: bodyCodes.length > 0 ? bodyCodes : headerCodes,
    fields: [...new Set(fields)],
    text: errors.map(({ errorMessage = '' }) => errorMessage).join('\n'),
  };
}

const FIELD_ID = /^[a-z][a-z0-9]{0,39}$/;

/** The record exists, and the API user may not see it: code 3, which comes with a 404 (iCIMS sheet §4, CONFIRMED). */
export function isHidden({ status, codes }: Refusal): boolean {
  return status === 404 && codes.includes(3);
}

/** The record is not there (any more): a 404 that is not about rights. */
export function isGone(refusal: Refusal): boolean {
  return refusal.status === 404 && !isHidden(refusal);
}

/** The record is deleted, in iCIMS's own words: code 2, which alone counts as deleted (iCIMS sheet §4 CONFIRMED, §6.5 INFERRED). */
export function saysGone({ status, codes }: Refusal): boolean {
  return status === 404 && codes.includes(2) && !codes.includes(3);
}

/** iCIMS holds this already. Neither status nor words are documented (iCIMS sheet §6.3 and §8, INFERRED). */
export function isDuplicate({ status, text }: Refusal): boolean {
  return status === 409 || (status === 400 && /duplicate|already exists/i.test(text));
}

/** Whether a refusal is about one property of the request: by X-Error where that names any, else by the words. */
export function isAbout(property: string, { status, fields, text }: Refusal): boolean {
  if (status !== 400) return false;
  return fields.length > 0 ? fields.includes(property) : new RegExp(`\\b${property}\\b`, 'i').test(text);
}

/** A filter that a search does not take from this user (iCIMS sheet §9, CONFIRMED words). */
function isHiddenFilter({ status, text }: Refusal): boolean {
  return status === 400 && /not valid or hidden/i.test(text);
}

/** A refusal in words that repeat nothing of what was sent. */
export function reasonOf({ status, codes }: Refusal): string {
  return codes.length === 0
    ? `it answered ${status}`
    : `it answered ${status}, error code ${[...new Set(codes)].join(', ')}`;
}

/**
 * The error for a status that is no success, in the contract's terms. Messages of iCIMS are never quoted: they repeat what was
 * sent. Codes other than 0 to 3 decide nothing, because the public table ends there (iCIMS sheet §4).
 */
export function icimsFailure(response: HttpResponse, call: CallDescription): HubError {
  const refusal = readRefusal(response);
  if (refusal.status === 401) return new CredentialsRejectedError(ATS, 'the user name or the password is wrong');
  if (refusal.status === 403) return new PermissionMissingError(ATS, call.action, reasonOfForbidden(refusal));
  if (isHidden(refusal)) {
    return new PermissionMissingError(ATS, call.action, 'the login group of the API user may not see that record');
  }
  if (isHiddenFilter(refusal)) {
    return new PermissionMissingError(ATS, call.action, 'the login group of the API user may not search by that field');
  }
  return failureOf(response, call, reasonOf(refusal));
}

/** Which 403 it is can be told by its words alone, and they are INFERRED (iCIMS sheet §2): both causes end with an admin. */
function reasonOfForbidden(refusal: Refusal): string {
  if (/\bIP\b/.test(refusal.text)) {
    return 'the address of this product is not among the addresses that the API user may call from';
  }
  if (/web services/i.test(refusal.text)) return 'the API user may not use web services';
  return reasonOf(refusal);
}
