import type { Address, CandidateRecord, ExportField, ExportFieldName, PartialDate } from '@talentbridge/contracts';

/** One value of a candidate that does not go out as it is. */
export interface Adjustment {
  readonly field: ExportFieldName;
  /** The part of the field: `title`, `city`. Absent: the whole value. */
  readonly part?: string;
  /**
   * - `DROPPED`: the ATS takes the field, but not this value
   * - `SHORTENED`: it goes out cut, or a date less exact
   * - `NOT_SENT`: the ATS takes no such field, part or network: a property of the ATS, not of this candidate
   */
  readonly kind: 'DROPPED' | 'SHORTENED' | 'NOT_SENT';
  /** Why, as a sentence without personal data. */
  readonly reason: string;
  /** The value as it was. Personal data: for the preview only, never for logs, results or the audit log. */
  readonly value: string;
}

/** A candidate cut to what an ATS takes. */
export interface FittedCandidate {
  readonly record: CandidateRecord;
  /** Everything that is lost, in the order of the record's fields. Empty: the candidate goes out whole. */
  readonly adjustments: readonly Adjustment[];
  /** The required fields that are empty: such a candidate cannot be sent. */
  readonly missing: readonly ExportField[];
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** The longest beginning of at most `limit` code points that cuts no character as a reader sees it. */
function cut(text: string, limit: number): string {
  let end = 0;
  let length = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    length += lengthOf(segment);
    if (length > limit) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd();
}

const dateLengths = { year: 4, month: 7, day: 10 } as const;

/** How a part of an entry may be changed. `whole`: half of it would be another address, number or tag, so it goes or stays. */
type PartKind = 'text' | 'whole' | 'date' | 'fixed';

type Entry = Readonly<Record<string, string | boolean | undefined>>;

/** Fits the values of one field and collects what is lost. */
class FieldFitter {
  constructor(
    readonly name: ExportFieldName,
    readonly field: ExportField | undefined,
    readonly adjustments: Adjustment[],
  ) {}

  lose(kind: Adjustment['kind'], reason: string, value: string, part?: string): void {
    this.adjustments.push({ field: this.name, ...(part ? { part } : {}), kind, reason, value });
  }

  /** A text that may be cut. */
  text(value: string, part?: string): string {
    const limit = this.field?.maxLength;
    if (limit === undefined || lengthOf(value) <= limit) return value;
    const shortened = cut(value, limit);
    if (shortened === '') this.lose('DROPPED', `Longer than the ${limit} characters that the ATS takes.`, value, part);
    else this.lose('SHORTENED', `Cut to the ${limit} characters that the ATS takes.`, value, part);
    return shortened;
  }

  date(value: PartialDate, part: string): PartialDate {
    const precision = this.field?.datePrecision ?? 'day';
    const shortened = value.slice(0, dateLengths[precision]);
    if (shortened !== value) this.lose('SHORTENED', `The ATS takes dates by ${precision}.`, value, part);
    return shortened;
  }

  /** Whether a value that must not be cut fits; if not, it is lost. */
  fits(value: string, shown: string = value): boolean {
    const limit = this.field?.maxLength;
    if (limit === undefined || lengthOf(value) <= limit) return true;
    this.lose('DROPPED', `Longer than the ${limit} characters that the ATS takes.`, shown);
    return false;
  }

  /** As many values as the field takes, none when it is not declared. */
  count<T>(values: readonly T[], shown: (value: T) => string): readonly T[] {
    if (!this.field) {
      for (const value of values) this.lose('NOT_SENT', 'The ATS takes no such field.', shown(value));
      return [];
    }
    const limit = this.field.maxCount;
    if (limit === undefined || values.length <= limit) return values;
    for (const value of values.slice(Math.max(0, limit)))
      this.lose('DROPPED', `The ATS takes at most ${limit}.`, shown(value));
    return values.slice(0, Math.max(0, limit));
  }

  takesPart(part: string): boolean {
    return this.field?.parts === undefined || this.field.parts.includes(part);
  }

  /** The parts of an entry, each fitted; those that are not taken or do not fit are left out. */
  parts(entry: Entry, kinds: Readonly<Record<string, PartKind>>): Record<string, string> {
    const fitted: Record<string, string> = {};
    for (const [part, kind] of Object.entries(kinds)) {
      const value = entry[part];
      if (typeof value !== 'string' || value === '') continue;
      if (kind !== 'fixed' && !this.takesPart(part)) {
        this.lose('NOT_SENT', 'The ATS takes no such part.', value, part);
        continue;
      }
      const result =
        kind === 'date' ? this.date(value, part) : kind === 'text' || kind === 'fixed' ? this.text(value, part) : value;
      if (result !== '') fitted[part] = result;
    }
    return fitted;
  }
}

function described(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

const addressParts: Readonly<Record<keyof Address, PartKind>> = {
  street1: 'text',
  street2: 'text',
  city: 'text',
  region: 'text',
  postalCode: 'text',
  country: 'text',
};

/**
 * Cuts a candidate to what an ATS takes, by the same declaration that documents it, and lists everything that is lost on the
 * way. Pure; fitting a fitted candidate changes nothing.
 *
 * Lists lose their last entries. Texts are cut between characters as a reader sees them; what makes no sense cut (email
 * addresses, phone numbers, URLs, tags) is dropped instead. What tells an entry from another (employer, school, number, URL)
 * stays in every entry, and so does `current`, without which an absent end would be ambiguous. A field that is not declared is
 * not sent.
 */
export function fitToFields(record: CandidateRecord, fields: readonly ExportField[]): FittedCandidate {
  const adjustments: Adjustment[] = [];
  const fitter = (name: ExportFieldName) =>
    new FieldFitter(
      name,
      fields.find((field) => field.name === name),
      adjustments,
    );

  const name = (field: 'firstName' | 'lastName'): string => {
    const fit = fitter(field);
    const [value] = fit.count(record[field] === '' ? [] : [record[field]], (text) => text);
    return value === undefined ? '' : fit.text(value);
  };
  const firstName = name('firstName');
  const lastName = name('lastName');

  // What cannot go anyway is taken out before the counting, so that it takes no other value's place.
  const emailFit = fitter('emails');
  const emails = emailFit.count(
    emailFit.field ? record.emails.filter((email) => emailFit.fits(email)) : record.emails,
    (email) => email,
  );

  const phoneFit = fitter('phones');
  const phones = phoneFit
    .count(
      phoneFit.field ? record.phones.filter(({ number }) => phoneFit.fits(number)) : record.phones,
      ({ number }) => number,
    )
    .map((phone) => {
      if (phoneFit.takesPart('type') || phone.type === 'other') return phone;
      phoneFit.lose('NOT_SENT', 'The ATS takes no such part.', phone.type, 'type');
      return { ...phone, type: 'other' as const };
    });

  const address = fitAddress(fitter('address'), record.address);

  const urlFit = fitter('socialUrls');
  const takenUrls = record.socialUrls.filter(({ network, url }) => {
    if (!urlFit.field) return true;
    if (urlFit.field.networks && !urlFit.field.networks.includes(network)) {
      urlFit.lose('NOT_SENT', 'The ATS takes no URLs of this network.', url);
      return false;
    }
    return urlFit.fits(url);
  });
  const socialUrls = urlFit.count(takenUrls, ({ url }) => url);

  const workFit = fitter('workExperience');
  const workExperience = workFit
    .count(record.workExperience, ({ title, employer, startDate, endDate }) =>
      described(title, employer, startDate, endDate),
    )
    .map((work) => {
      const entry = { ...work };
      const { employer = '', ...parts } = workFit.parts(entry, {
        employer: 'fixed',
        title: 'text',
        startDate: 'date',
        endDate: 'date',
      });
      return { employer, ...parts, current: work.current };
    });

  const educationFit = fitter('education');
  const education = educationFit
    .count(record.education, ({ degree, major, school, graduationDate }) =>
      described(degree, major, school, graduationDate),
    )
    .map((course) => {
      const entry = { ...course };
      const { school = '', ...parts } = educationFit.parts(entry, {
        school: 'fixed',
        degree: 'text',
        major: 'text',
        graduationDate: 'date',
      });
      return { school, ...parts };
    });

  const tagFit = fitter('tags');
  const tags = tagFit.count(tagFit.field ? record.tags.filter((tag) => tagFit.fits(tag)) : record.tags, (tag) => tag);

  const fitted: CandidateRecord = {
    firstName,
    lastName,
    emails,
    phones,
    ...(address ? { address } : {}),
    socialUrls,
    workExperience,
    education,
    tags,
  };
  return { record: fitted, adjustments, missing: missingFields(fitted, fields) };
}

function fitAddress(fit: FieldFitter, address: Address | undefined): Address | undefined {
  if (!address) return undefined;
  const [taken] = fit.count([address], ({ street1, street2, city, region, postalCode, country }) =>
    described(street1, street2, city, region, postalCode, country),
  );
  if (!taken) return undefined;
  const parts = fit.parts({ ...taken }, addressParts);
  return Object.keys(parts).length > 0 ? parts : undefined;
}

function missingFields(record: CandidateRecord, fields: readonly ExportField[]): ExportField[] {
  return fields.filter(({ name, required }) => {
    // The source is the deployment's and the résumé is generated: no profile lacks them.
    if (!required || name === 'source' || name === 'resume') return false;
    const value = record[name];
    return value === undefined || ((typeof value === 'string' || Array.isArray(value)) && value.length === 0);
  });
}
