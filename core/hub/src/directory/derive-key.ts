import { createHash } from 'node:crypto';
import type { Profile } from './profile.js';

function digest(kind: string, identity: string): string {
  return `${kind}:${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}`;
}

/**
 * A stable key for a profile whose source has none, so that importing the same file again updates instead of doubling. From
 * the first of these that the profile has:
 *
 * 1. `linkedin:` the LinkedIn URL
 * 2. `email:` the first email address
 * 3. `name:` the name with the earliest employer, else the earliest school, else the city. A later employer would change
 *    with every new job.
 *
 * Keys appear in logs and URLs, so what they are made from is hashed.
 */
export function deriveKey(profile: Omit<Profile, 'key'>): string {
  const linkedIn = profile.socialUrls.find(({ network }) => network === 'linkedin');
  if (linkedIn) return digest('linkedin', linkedIn.url.toLowerCase());
  const email = profile.emails[0];
  if (email) return digest('email', email.address.toLowerCase());

  const began = (entry: { readonly startDate?: string; readonly endDate?: string; readonly graduationDate?: string }) =>
    entry.startDate ?? entry.endDate ?? entry.graduationDate ?? '9999';
  const earliest = <T extends Parameters<typeof began>[0]>(entries: readonly T[]): T | undefined =>
    entries.toSorted((one, other) => (began(one) < began(other) ? -1 : began(one) > began(other) ? 1 : 0))[0];
  const place =
    earliest(profile.workExperience)?.employer ?? earliest(profile.education)?.school ?? profile.location?.city ?? '';
  const identity = [profile.firstName, profile.lastName ?? '', place].map((part) =>
    part.toLowerCase().normalize('NFKC'),
  );
  return digest('name', identity.join('\u0000'));
}
