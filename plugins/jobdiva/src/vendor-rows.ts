import {
  AtsAnswerUnreadableError,
  type CallDescription,
  type HttpResponse,
  PermissionMissingError,
  readAnswer,
} from '@talentbridge/contracts';
import { z } from 'zod';
import { messageOf, saysCompleted, saysNotAllowed } from './vendor-errors.js';

/**
 * A record as JobDiva answers it, by plain names: `first name`, `FIRSTNAME` and `FIRST_NAME` are all `firstname`. Every
 * value is a text, and what is unknown is empty, whether JobDiva left it out, empty or wrote `Null` (JobDiva sheet §3).
 */
export interface VendorRow {
  (name: string): string;
  /** Whether the record has the column at all, empty or not. */
  has(name: string): boolean;
}

const list = z.array(z.unknown());
const envelope = z.object({ message: z.string(), data: list.nullish() });

/** The rows of a search: a bare array of objects (JobDiva sheet §6). @throws AtsAnswerUnreadableError */
export function searchRows(response: HttpResponse, call: CallDescription): readonly VendorRow[] {
  return readAnswer(response, list, call).map((row) => rowOf(row));
}

/**
 * The rows of a BI read: `{ message, data }`, rows as objects, or as arrays after a header (JobDiva sheet §3).
 * @throws PermissionMissingError for each of the ways in which such a read was seen to be denied (JobDiva sheet §8).
 * @throws AtsAnswerUnreadableError when it does not say that it went well.
 */
export function biRows(response: HttpResponse, call: CallDescription): readonly VendorRow[] {
  const message = messageOf(response);
  if (saysNotAllowed(message)) throw new PermissionMissingError(call.atsName, call.action);
  if (Array.isArray(response.json) && response.json.length === 0) {
    throw new PermissionMissingError(call.atsName, call.action, 'it answers with a list that has nothing in it');
  }
  const { data } = readAnswer(response, envelope, call);
  if (!saysCompleted(message)) {
    throw new AtsAnswerUnreadableError(call.atsName, `the request to ${call.action}`, 'it reports a failure');
  }
  const [first, ...rest] = data ?? [];
  if (!Array.isArray(first)) return (data ?? []).map((row) => rowOf(row));
  const header = first.map((name) => String(name));
  return rest.map((row) => rowOf(Object.fromEntries(header.map((name, at) => [name, Reflect.get(Object(row), at)]))));
}

/** The id in the first of the fields that has one, digits alone (ids exceed 32 bits, JobDiva sheet §3). */
export function idOf(row: VendorRow, ...names: readonly string[]): string | undefined {
  return names.map((name) => row(name)).find((value) => /^[1-9]\d{0,17}$/.test(value));
}

/** The id in one of the fields. @throws AtsAnswerUnreadableError */
export function idIn(row: VendorRow, call: CallDescription, ...names: readonly string[]): string {
  const id = idOf(row, ...names);
  if (id !== undefined) return id;
  throw new AtsAnswerUnreadableError(call.atsName, `the request to ${call.action}`, `no ${names[0]} in a record`);
}

/** A record by its plain names, whatever it comes from. */
export function rowOf(record: unknown): VendorRow {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(Object(record))) {
    const text = textOf(value);
    if (text !== undefined) texts.set(plainName(name), text);
  }
  return Object.assign((name: string) => texts.get(name) ?? '', { has: (name: string) => texts.has(name) });
}

/** A name without capitals, spaces, underscores and whatever else it is decorated with. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function textOf(value: unknown): string | undefined {
  // A number that JSON could not carry exactly is another number by now.
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : `${value}`;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === 'Null' ? '' : text;
}
