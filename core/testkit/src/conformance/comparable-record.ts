import type { CandidateRecord, ExportCapability } from '@talentbridge/contracts';
import { fitToFields } from '@talentbridge/plugin-host';

/**
 * A candidate in a form in which what was sent equals what arrived: the declared fields alone, lists in an order of
 * their own where the order means nothing, and a missing list the same as an empty one.
 */
export function comparableRecord(
  record: Partial<CandidateRecord>,
  { fields, limits }: Pick<ExportCapability, 'fields' | 'limits'>,
): Readonly<Record<string, unknown>> {
  const whole: CandidateRecord = {
    firstName: '',
    lastName: '',
    emails: [],
    phones: [],
    socialUrls: [],
    workExperience: [],
    education: [],
    tags: [],
    ...record,
  };
  const { firstName, lastName, emails, phones, address, socialUrls, workExperience, education, tags } = fitToFields(
    whole,
    fields,
  ).record;
  return {
    firstName,
    lastName,
    // The first address is the one that is written to; the others have no rank.
    email: emails[0],
    emails: emails.toSorted(),
    // Vendors have types of numbers and networks of their own: the number and the link are what must not change.
    phones: phones.map(({ number }) => number).toSorted(),
    socialUrls: socialUrls.map(({ url }) => url).toSorted(),
    address: address ?? {},
    workExperience: sorted(workExperience.map(({ current: _current, ...rest }) => rest)),
    education: sorted(education),
    tags: (limits.tagMatching === 'caseInsensitive' ? tags.map((tag) => tag.toLowerCase()) : tags).toSorted(),
  };
}

function sorted<Item extends object>(items: readonly Item[]): readonly Item[] {
  const key = (item: Item): string => JSON.stringify(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
