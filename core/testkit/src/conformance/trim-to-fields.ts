import type { CandidateRecord, ExportField, ExportFieldName, PartialDate } from '@talentbridge/contracts';

const LENGTH_OF = { year: 4, month: 7, day: 10 } as const;

/**
 * What of a candidate a plugin may be handed: the fields it declares, within the limits it declares. The hub does this
 * before every export, and the suite before every check.
 */
export function trimToFields(candidate: CandidateRecord, fields: readonly ExportField[]): CandidateRecord {
  const field = (name: ExportFieldName): ExportField | undefined => fields.find((each) => each.name === name);
  const emails = field('emails');
  const phones = field('phones');
  const address = field('address');
  const socialUrls = field('socialUrls');
  const tags = field('tags');
  return {
    firstName: text(candidate.firstName, field('firstName')),
    lastName: text(candidate.lastName, field('lastName')),
    emails: emails ? first(candidate.emails, emails).map((email) => text(email, emails)) : [],
    phones: phones ? first(candidate.phones, phones) : [],
    ...(address && candidate.address ? { address: parts(candidate.address, address) } : {}),
    socialUrls: socialUrls
      ? first(
          candidate.socialUrls.filter(({ network }) => socialUrls.networks?.includes(network) ?? true),
          socialUrls,
        )
      : [],
    workExperience: entries(candidate.workExperience, field('workExperience')),
    education: entries(candidate.education, field('education')),
    tags: tags ? first(candidate.tags, tags).map((tag) => text(tag, tags)) : [],
  };
}

function text(value: string, field: ExportField | undefined): string {
  if (!field) return '';
  const { maxLength = value.length } = field;
  const cut = value.slice(0, maxLength);
  // Never half an emoji: a high surrogate whose other half was cut off goes as well.
  return cut.length < value.length && value.codePointAt(maxLength - 1) !== value.charCodeAt(maxLength - 1)
    ? cut.slice(0, -1)
    : cut;
}

function first<Item>(items: readonly Item[], { maxCount = items.length }: ExportField): readonly Item[] {
  return items.slice(0, maxCount);
}

function entries<Entry extends object>(list: readonly Entry[], field: ExportField | undefined): readonly Entry[] {
  return field ? first(list, field).map((entry) => parts(entry, field)) : [];
}

/** Keeps the declared parts and the flag `current`, which says how to read a missing end date. */
function parts<Entry extends object>(entry: Entry, field: ExportField): Entry {
  const kept = Object.entries(entry)
    .filter(([name]) => name === 'current' || (field.parts?.includes(name) ?? true))
    .map(([name, value]) => [name, typeof value === 'string' ? part(name, value, field) : value]);
  return Object.fromEntries(kept);
}

function part(name: string, value: string, field: ExportField): string {
  return name.endsWith('Date') ? date(value, field) : text(value, field);
}

function date(value: PartialDate, { datePrecision = 'day' }: ExportField): PartialDate {
  return value.slice(0, LENGTH_OF[datePrecision]);
}
