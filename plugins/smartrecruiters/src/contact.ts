import { type ContactAddition, type ContactReceipt, newContact } from '@talentbridge/contracts';
import { isSameText, text } from './mapping.js';
import type { CandidateDetails } from './vendor-records.js';

/** What a change of a candidate may set; what is not in it stays (SmartRecruiters sheet §6, CONFIRMED). */
export type PersonalDetails = {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly phoneNumber?: string;
};

/** What to set of a candidate, and what has no place there. */
export interface ContactChanges {
  readonly changes: PersonalDetails;
  readonly leftOut: ContactReceipt['leftOut'];
}

/**
 * Puts an addition into the two places that SmartRecruiters has, one email address and one phone number, where they are free or
 * hold what was made up. Nothing else of the candidate is touched.
 */
export function contactChanges(person: CandidateDetails, addition: ContactAddition): ContactChanges {
  const { madeUp } = addition;
  const heldEmail = isSameText(person.email, madeUp?.email) ? undefined : text(person.email);
  const heldPhone = text(person.phoneNumber);
  const { emails, phones } = newContact(addition, {
    emails: heldEmail === undefined ? [] : [heldEmail],
    phones: heldPhone === undefined ? [] : [heldPhone],
  });
  const numbers = phones.map(({ number }) => number);
  const email = heldEmail === undefined ? emails[0] : undefined;
  const phoneNumber = heldPhone === undefined ? numbers[0] : undefined;
  const isLearned = (name: 'firstName' | 'lastName'): boolean =>
    madeUp !== undefined && text(person[name]) === madeUp[name] && addition[name] !== madeUp[name];
  return {
    changes: {
      ...(isLearned('firstName') && { firstName: addition.firstName }),
      ...(isLearned('lastName') && { lastName: addition.lastName }),
      ...(email !== undefined && { email }),
      ...(phoneNumber !== undefined && { phoneNumber }),
    },
    leftOut: {
      emails: email === undefined ? emails : emails.slice(1),
      phones: phoneNumber === undefined ? numbers : numbers.slice(1),
    },
  };
}
