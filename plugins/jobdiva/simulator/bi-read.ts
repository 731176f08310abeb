import type { SimulatedAccount } from './account.js';
import { badRequest } from './refusal.js';

/** A row as BI reads answer it: keys in upper case, every value a text (JobDiva sheet §3, CONFIRMED). */
export type BiRow = Readonly<Record<string, string>>;

/** The arguments of a BI read. */
export type BiQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Adds one BI read: its method, its name for people, and what it answers. */
export type AddBiRead = (
  method: string,
  title: string,
  read: (account: SimulatedAccount, query: BiQuery) => Iterable<BiRow>,
) => void;

/** What a report answers when it cannot be made: status 200 and this message. */
export class ReportFailure extends Error {}

/** An argument that is given once. @throws Refusal with status 400 */
export function one(query: BiQuery, name: string): string {
  const value = query[name];
  if (value === undefined) throw badRequest(`${name} parameter is missing`);
  return typeof value === 'string' ? value : (value[0] ?? '');
}

/** `?candidateIds=1&candidateIds=2`, at most 100 (JobDiva sheet §3, CONFIRMED). @throws Refusal with status 400 */
export function idsIn(query: BiQuery, name: string): readonly number[] {
  const value = query[name];
  if (value === undefined) throw badRequest(`${name} parameter is missing`);
  const ids = typeof value === 'string' ? [value] : value;
  if (ids.length > 100) throw badRequest(`${name} parameter has too many values`);
  return ids.map((id) => {
    if (!/^\d{1,15}$/.test(id)) throw badRequest(`${name} parameter is of the wrong type`);
    return Number(id);
  });
}
