import { emailIdentity, phoneIdentity } from '../contact-identity.js';
import type { Profile, ProfileEmail } from '../profile.js';
import { profileLimits, readFoundContacts } from '../profile-input.js';
import type { ContactAnswer, ContactKind } from './contact-source.js';

/** A profile after an answer. */
export interface MergedContacts {
  readonly profile: Profile;
  /** Addresses and numbers that were not revealed before. */
  readonly revealed: number;
  /** Whether the profile has revealed contact data of the kinds that are wanted. */
  readonly hasContact: boolean;
  /** Entries of the answer that are no contact data. */
  readonly unusable: number;
}

interface Contact {
  readonly revealed: boolean;
  readonly found?: true;
}

/**
 * Puts an answer into a profile. What the profile has keeps its place and its words; what is new follows in the order of the
 * answer. Putting the same answer in again changes nothing.
 *
 * @param asked The kinds that the source was asked about: what it says of others is ignored.
 * @param wanted The kinds that the order is about.
 * @param isPlaceholder Whether an address is one that the deployment made up: such are no contact data.
 */
export function mergeContacts(
  profile: Profile,
  answer: Extract<ContactAnswer, { readonly kind: 'STORED' | 'FOUND' | 'NONE' }>,
  asked: readonly ContactKind[],
  wanted: readonly ContactKind[],
  isPlaceholder: (address: string) => boolean,
): MergedContacts {
  const found =
    answer.kind === 'FOUND'
      ? readFoundContacts(answer, profile.location?.country)
      : { emails: [], phones: [], unusable: 0 };
  const all = answer.kind === 'STORED';
  const real = (email: ProfileEmail): boolean => !isPlaceholder(email.address);
  const emails = asked.includes('EMAIL')
    ? merge(
        profile.emails,
        found.emails.filter(real),
        emailIdentity,
        profileLimits.emails,
        (email) => all && real(email),
      )
    : profile.emails;
  const phones = asked.includes('PHONE')
    ? merge(profile.phones, found.phones, phoneIdentity, profileLimits.phones, () => all)
    : profile.phones;
  return {
    profile: { ...profile, emails, phones },
    revealed: revealedOf(emails) - revealedOf(profile.emails) + revealedOf(phones) - revealedOf(profile.phones),
    hasContact:
      (wanted.includes('EMAIL') && emails.some((email) => email.revealed && real(email))) ||
      (wanted.includes('PHONE') && phones.some((phone) => phone.revealed)),
    unusable: found.unusable,
  };
}

function merge<T extends Contact>(
  stored: readonly T[],
  found: readonly T[],
  identity: (contact: T) => string,
  limit: number,
  reveals: (contact: T) => boolean,
): readonly T[] {
  const known = new Set(stored.map(identity));
  const confirmed = new Set(found.map(identity));
  const kept = stored.map((contact) =>
    contact.revealed || reveals(contact) || confirmed.has(identity(contact)) ? { ...contact, revealed: true } : contact,
  );
  const added = found.filter((contact) => !known.has(identity(contact)));
  return [...kept, ...added].slice(0, Math.max(limit, stored.length));
}

function revealedOf(contacts: readonly Contact[]): number {
  return contacts.filter((contact) => contact.revealed).length;
}
