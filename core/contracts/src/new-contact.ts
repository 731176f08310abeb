import type { ContactAddition } from './capabilities/export.js';
import type { Phone } from './model/candidate.js';

/** Addresses and numbers that a candidate has. */
export interface KnownContact {
  readonly emails: readonly string[];
  readonly phones: readonly string[];
}

/**
 * What of an addition the candidate does not have, each once, in its order. An address is the same in other capitals, a number in
 * other punctuation.
 */
export function newContact(
  { emails, phones }: ContactAddition,
  there: KnownContact,
): { readonly emails: readonly string[]; readonly phones: readonly Phone[] } {
  return {
    emails: unseen(emails, withoutCapitals, there.emails.map(withoutCapitals)),
    phones: unseen(phones, ({ number }) => digitsOf(number), there.phones.map(digitsOf)),
  };
}

function unseen<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
  there: readonly string[],
): readonly Value[] {
  const seen = new Set(there);
  return values.filter((value) => {
    const key = keyOf(value);
    if (key === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function withoutCapitals(email: string): string {
  return email.trim().toLowerCase();
}

function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}
