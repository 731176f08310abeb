import { type ContactAddition, type ContactReceipt, newContact } from '@talentbridge/contracts';
import { PHONE_SLOTS, type PhoneSlot, text } from './mapping.js';
import type { JobScorePerson } from './vendor-records.js';

/** The two places JobScore has for an email address, in the order in which they are filled (JobScore sheet §4.5). */
const EMAIL_SLOTS = ['email', 'work_email'] as const;

type Slot = (typeof EMAIL_SLOTS)[number] | PhoneSlot;

/** What may stand in for a name that nobody knew. */
const NAMES = [
  ['first_name', 'firstName'],
  ['last_name', 'lastName'],
] as const;

/** What to set of a candidate, and what has no place there. */
export interface ContactChanges {
  readonly changes: Readonly<Record<string, string>>;
  readonly leftOut: ContactReceipt['leftOut'];
}

/**
 * Puts an addition into the places that are free, or hold what was made up: a placeholder address, a name that nobody knew.
 * Nothing else of the candidate is touched.
 */
export function contactChanges(person: JobScorePerson, addition: ContactAddition): ContactChanges {
  const { madeUp } = addition;
  const held = (slot: Slot): string | undefined => {
    const value = text(person[slot]);
    return value?.toLowerCase() === madeUp?.email?.toLowerCase() ? undefined : value;
  };
  const isFree = (slot: Slot): boolean => held(slot) === undefined;
  const { emails, phones } = newContact(addition, {
    emails: EMAIL_SLOTS.flatMap((slot) => held(slot) ?? []),
    phones: PHONE_SLOTS.flatMap((slot) => held(slot) ?? []),
  });
  const numbers = phones.map(({ number }) => number);
  const emailSlots = EMAIL_SLOTS.filter(isFree);
  const phoneSlots = PHONE_SLOTS.filter(isFree);
  const learned = NAMES.filter(
    ([property, name]) => madeUp && text(person[property]) === madeUp[name] && addition[name] !== madeUp[name],
  );
  return {
    changes: Object.fromEntries([
      ...learned.map(([property, name]) => [property, addition[name]]),
      ...placed(emailSlots, emails),
      ...placed(phoneSlots, numbers),
    ]),
    leftOut: { emails: emails.slice(emailSlots.length), phones: numbers.slice(phoneSlots.length) },
  };
}

function placed(slots: readonly string[], values: readonly string[]): readonly (readonly [string, string])[] {
  return slots.flatMap((slot, index) => {
    const value = values[index];
    return value === undefined ? [] : [[slot, value] as const];
  });
}
