import type { SimulatedCandidate } from './records.js';

/**
 * Whether JobScore's background check would take two records for one person: an equal email address in any slot,
 * capitals aside, or an equal LinkedIn URL. What it really compares is not public (JobScore sheet §6, INFERRED).
 */
export function lookAlike(a: SimulatedCandidate, b: SimulatedCandidate): boolean {
  return shareAny(emailsOf(a), emailsOf(b)) || shareAny(linkedInUrlsOf(a), linkedInUrlsOf(b));
}

function emailsOf({ email, work_email }: SimulatedCandidate): readonly string[] {
  return [email, work_email]
    .filter((address) => address != null && address !== '')
    .map((address) => String(address).toLowerCase());
}

function linkedInUrlsOf({ profile_links = [] }: SimulatedCandidate): readonly string[] {
  return profile_links
    .filter(({ type }) => type === 'linkedin')
    .map(({ url }) => url.toLowerCase().replace(/\/+$/, ''));
}

function shareAny(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.includes(one));
}
