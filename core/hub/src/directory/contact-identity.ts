import type { ProfileEmail, ProfilePhone } from './profile.js';

/** What makes two entries the same address. */
export function emailIdentity({ address }: Pick<ProfileEmail, 'address'>): string {
  return address.toLowerCase();
}

/** What makes two entries the same number. */
export function phoneIdentity({ number }: Pick<ProfilePhone, 'number'>): string {
  return number;
}
