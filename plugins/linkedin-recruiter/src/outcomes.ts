import { type HttpResponse, type NetworkResult, PermissionMissingError, readAnswer } from '@talentbridge/contracts';
import type { KeyForm } from './keys.js';
import { ATS, reasonOf, type VendorError } from './vendor-errors.js';
import { batchAnswer, recordOutcome } from './vendor-records.js';

/** What became of the records of a batch, by id. */
export type Outcomes = ReadonlyMap<string, NetworkResult>;

/** It worked. */
export const DONE: NetworkResult = { ok: true };

/** LinkedIn, or we in its place, refuse a record as it is. */
export function refused(reason: string): NetworkResult {
  return { ok: false, retry: false, reason };
}

/** It failed this time. */
export function failed(reason: string): NetworkResult {
  return { ok: false, retry: true, reason };
}

/** Answers of a server that cannot do it now: the token, too many requests, a time-out. */
const PASSING: ReadonlySet<number> = new Set([401, 408, 429]);

/** What an error of one record means: a 4xx refuses it, anything else passes. */
export function resultOf(error: VendorError): NetworkResult {
  const { status } = error;
  const reason = `${ATS} does not take it: ${reasonOf(error)}`;
  return status >= 400 && status < 500 && !PASSING.has(status) ? refused(reason) : failed(reason);
}

/** One record of a batch, as LinkedIn answered it. */
export interface AnsweredRecord {
  readonly id: string;
  /** Whatever stands in `results`. */
  readonly value: unknown;
  /** Absent: there is none. */
  readonly error?: VendorError;
}

/** The records of the answer to a batch (LinkedIn sheet §4: results and errors CONFIRMED, the form of errors INFERRED). */
export function answeredRecords(response: HttpResponse, keys: KeyForm, action: string): readonly AnsweredRecord[] {
  const { results, errors } = readAnswer(response, batchAnswer, { atsName: ATS, action });
  const answered = [
    ...[...results].map(([key, value]) => recordOf(keys, key, value, false)),
    ...[...errors].map(([key, value]) => recordOf(keys, key, value, true)),
  ].filter((record) => record !== undefined);
  demandAllowed(answered, action);
  return answered;
}

/**
 * @throws PermissionMissingError when all records are forbidden: then it is no record's fault (LinkedIn sheet §4, INFERRED: the
 *   integration is not enabled).
 */
export function demandAllowed(records: readonly { readonly error?: VendorError | undefined }[], action: string): void {
  const [first] = records;
  if (first?.error && records.every(({ error }) => error?.status === 403)) {
    throw new PermissionMissingError(ATS, action, reasonOf(first.error));
  }
}

function recordOf(keys: KeyForm, key: string, value: unknown, isError: boolean): AnsweredRecord | undefined {
  const id = keys.idIn(key);
  if (id === undefined) return undefined;
  const { status, serviceErrorCode: code, message } = recordOutcome.parse(value);
  // What stands among the errors is one, whatever its status; a result without a status went well.
  const isBad = status !== undefined && status >= 400;
  if (!isError && !isBad) return { id, value };
  return { id, value, error: { status: isBad ? status : 500, code, message } };
}

/** What became of each id; one that the answer does not mention is tried again. */
export function outcomesOf(ids: readonly string[], answered: readonly AnsweredRecord[]): Outcomes {
  const told = new Map(answered.map(({ id, error }) => [id, error ? resultOf(error) : DONE]));
  return new Map(ids.map((id) => [id, told.get(id) ?? failed(`${ATS} does not say what became of it`)]));
}
