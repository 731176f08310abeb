import { readAddressText } from '../address-text.js';
import { readCountryCode } from '../country-code.js';
import { meansPresent, readLooseDate } from '../partial-date.js';
import { profileLimits } from '../profile-input.js';
import { accountUrl } from '../social-url.js';
import type { ImportOptions } from './import-row.js';
import { TracedInput } from './traced-input.js';

type Fields = Readonly<Record<string, unknown>>;

/** The documented extension of the standard; see ./README.md. */
const extensionName = 'x-talentbridge';

/** Fields of the extension that are taken as the profile's own fields. */
const extensionTexts = ['key', 'firstName', 'lastName', 'industry', 'companySize', 'dataSource'];
const extensionLists = [
  'tags',
  'groups',
  'honors',
  'certifications',
  'languages',
  'interests',
  'skills',
  'socialUrls',
  'diversity',
];

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a value that should be one; numbers are written where texts belong (postal codes, phone numbers). */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The first of several names of a field that holds text: the standard's first, then those that people use instead. */
function textAt(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(fields[name]);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Reads one JSON Resume document part by part, leaving out and noting what cannot be used. */
class JsonResumeReader {
  readonly input = new TracedInput();

  constructor(
    private readonly document: Fields,
    private readonly options: ImportOptions,
  ) {}

  read(): TracedInput {
    const extension = this.#extension();
    const basics = this.#object(this.document['basics'], 'basics');
    this.#names(basics, extension);
    this.#text('headline', textAt(basics, 'label', 'headline', 'title'), 'basics.label');
    this.#text('summary', textAt(basics, 'summary'), 'basics.summary');
    this.#location(basics['location']);
    this.#contacts(basics, extension);
    this.#socialUrls(basics);
    this.#work();
    this.#education();
    this.#skills();
    this.#named('certifications', 'certificates', 'name', 'title');
    this.#named('certifications', 'certifications', 'name', 'title');
    this.#named('languages', 'languages', 'language', 'name');
    this.#named('interests', 'interests', 'name');
    this.#named('honors', 'awards', 'title', 'name');
    this.#extend(extension);
    return this.input;
  }

  #text(field: string, value: string | undefined, origin: string): void {
    if (value !== undefined) this.input.set(field, value, origin);
  }

  /** An object that may be missing; anything else in its place is noted. */
  #object(value: unknown, origin: string): Fields {
    if (value === undefined || value === null) return {};
    if (isFields(value)) return value;
    this.input.leaveOut(origin, 'is no object');
    return {};
  }

  /** The entries of a list that may be missing, or be a single entry instead of a list. */
  #entries(
    section: string,
    from: Fields = this.document,
    limit: number = profileLimits.values,
  ): { value: unknown; origin: string }[] {
    const list = from[section];
    if (list === undefined || list === null || list === '') return [];
    const values: readonly unknown[] = Array.isArray(list) ? list : [list];
    if (values.length > limit) this.input.leaveOut(section, `holds more than ${limit} entries; those after`);
    return values
      .slice(0, limit)
      .map((value, index) => ({ value, origin: Array.isArray(list) ? `${section}[${index}]` : section }))
      .filter(({ value }) => value !== null && value !== undefined && value !== '');
  }

  #date(value: unknown, origin: string): string | undefined {
    const text = textOf(value);
    if (text === undefined) {
      if (value !== undefined && value !== null && value !== '') this.input.leaveOut(origin, 'is no date');
      return undefined;
    }
    const date = readLooseDate(text);
    if (date === undefined && !meansPresent(text)) this.input.leaveOut(origin, 'is a date that cannot be read');
    return date;
  }

  #extension(): Fields {
    return this.#object(this.document[extensionName], extensionName);
  }

  #names(basics: Fields, extension: Fields): void {
    const name = basics['name'];
    const parts = isFields(name) ? name : basics;
    this.#text('fullName', textOf(name), 'basics.name');
    if (textOf(extension['firstName']) !== undefined) return;
    this.#text('firstName', textAt(parts, 'firstName', 'first', 'givenName'), 'basics.firstName');
    this.#text('lastName', textAt(parts, 'lastName', 'last', 'familyName'), 'basics.lastName');
  }

  #location(value: unknown): void {
    const origin = 'basics.location';
    const given: unknown = Array.isArray(value) ? value[0] : value;
    const text = textOf(given);
    if (text !== undefined) {
      this.input.set('location', readAddressText(text), origin);
      return;
    }
    const location = this.#object(given === '' ? undefined : given, origin);
    const country = textAt(location, 'countryCode', 'country');
    const address = {
      // The standard writes several lines of an address with line breaks.
      ...Object.fromEntries(
        (textAt(location, 'address', 'street') ?? '')
          .split(/\s*\n\s*/u)
          .filter((part) => part.trim() !== '')
          .slice(0, 2)
          .map((part, index) => [`street${index + 1}`, part]),
      ),
      city: textAt(location, 'city'),
      region: textAt(location, 'region', 'state'),
      postalCode: textAt(location, 'postalCode', 'zip'),
      country: country === undefined ? undefined : (readCountryCode(country) ?? country),
    };
    this.input.set('location', address, origin);
  }

  /** Texts of a field that should hold one and may hold several, as a list or separated. */
  #several(fields: Fields, name: string, separator: RegExp): { text: string; origin: string }[] {
    return this.#entries(name, fields).flatMap(({ value, origin }) => {
      const text = isFields(value) ? textAt(value, 'address', 'email', 'number', 'phone', 'value') : textOf(value);
      if (text === undefined) this.input.leaveOut(`basics.${origin}`, 'is no text');
      return (text ?? '')
        .split(separator)
        .filter((part) => part.trim() !== '')
        .map((part) => ({ text: part, origin: `basics.${origin}` }));
    });
  }

  #contacts(basics: Fields, extension: Fields): void {
    const revealed =
      typeof extension['revealed'] === 'boolean' ? extension['revealed'] : (this.options.contactsRevealed ?? true);
    const own = (list: string, part: string) =>
      this.#entries(list, extension).map(({ value, origin }) => ({
        value: isFields(value) ? { ...value } : { [part]: value },
        id: textOf(isFields(value) ? value[part] : value)
          ?.trim()
          .toLowerCase(),
        origin: `${extensionName}.${origin}`,
      }));
    const add = (list: string, part: string, found: readonly { text: string; origin: string }[]) => {
      const extended = own(list, part);
      // The extension knows more about an address that the standard part holds too, so its entry replaces that one.
      const before = found.filter(({ text }) => !extended.some(({ id }) => id === text.trim().toLowerCase()));
      for (const { text, origin } of before) this.input.append(list, { [part]: text, revealed }, origin);
      for (const { value, origin } of extended) this.input.append(list, { revealed: false, ...value }, origin);
    };
    add('emails', 'address', [
      ...this.#several(basics, 'email', /[,;]|\s+\/\s+|\s+(?=\S+@)/u),
      ...this.#several(basics, 'emails', /[,;]/u),
    ]);
    add('phones', 'number', [
      ...this.#several(basics, 'phone', /[,;]|\s+\/\s+/u),
      ...this.#several(basics, 'phones', /[,;]/u),
    ]);
  }

  #socialUrls(basics: Fields): void {
    for (const name of ['url', 'website']) {
      const url = textOf(basics[name]);
      if (url !== undefined) this.input.append('socialUrls', url, `basics.${name}`);
    }
    const profiles = basics['profiles'];
    // Some write an object, { "GitHub": "..." }, where the standard has a list.
    const list = isFields(profiles)
      ? Object.entries(profiles).map(([network, value]) =>
          isFields(value) ? { network, ...value } : { network, url: value },
        )
      : profiles;
    for (const { value, origin } of this.#entries('profiles', { profiles: list })) {
      const place = `basics.${origin}`;
      if (!isFields(value)) {
        if (typeof value === 'string') this.input.append('socialUrls', value, place);
        else this.input.leaveOut(place, 'is no object');
        continue;
      }
      const url = textAt(value, 'url', 'link');
      const network = textAt(value, 'network', 'name') ?? '';
      const username = textAt(value, 'username', 'user', 'handle');
      // A bare user name in the place of the URL is as common as one in its own.
      const account =
        (url === undefined ? undefined : /[./:]/.test(url) ? undefined : accountUrl(network, url)) ??
        (url === undefined && username !== undefined ? accountUrl(network, username) : undefined);
      if (account) this.input.append('socialUrls', account, place);
      else if (url !== undefined) this.input.append('socialUrls', url, place);
      else if (username !== undefined || network !== '') this.input.leaveOut(place, 'has no URL');
    }
  }

  #work(): void {
    const section = this.document['work'] === undefined ? 'experience' : 'work';
    for (const { value, origin } of this.#entries(section, this.document, profileLimits.workExperience)) {
      const job = this.#object(value, origin);
      const employer = textAt(job, 'name', 'company', 'employer', 'organization');
      if (employer === undefined) {
        if (isFields(value)) this.input.leaveOut(origin, 'names no employer');
        continue;
      }
      const startDate = this.#date(job['startDate'], `${origin}.startDate`);
      const end = this.#date(job['endDate'], `${origin}.endDate`);
      const endText = textOf(job['endDate']);
      // By the standard an entry without an end goes on; without a beginning either, nothing is known.
      const current =
        endText === undefined
          ? job['isCurrent'] === true || job['current'] === true || (startDate !== undefined && !job['endDate'])
          : meansPresent(endText);
      const highlights = this.#entries('highlights', job)
        .map((entry) => textOf(entry.value))
        .filter((text) => text !== undefined);
      const summary = [textAt(job, 'summary', 'description'), ...highlights.map((text) => `• ${text}`)]
        .filter((text) => text !== undefined)
        .join('\n');
      const location = job['location'];
      const more = this.#object(job[extensionName], `${origin}.${extensionName}`);
      this.input.append(
        'workExperience',
        {
          employer,
          title: textAt(job, 'position', 'title', 'role'),
          startDate,
          endDate: current ? undefined : end,
          current,
          summary,
          location: isFields(location)
            ? [location['city'], location['region'], location['countryCode']].map(textOf).filter(Boolean).join(', ')
            : textOf(location),
          companyUrl: textAt(job, 'url', 'website'),
          industry: textAt(more, 'industry'),
          companySize: textAt(more, 'companySize'),
        },
        origin,
      );
    }
  }

  #education(): void {
    for (const { value, origin } of this.#entries('education', this.document, profileLimits.education)) {
      const course = this.#object(value, origin);
      const school = textAt(course, 'institution', 'school', 'name');
      if (school === undefined) {
        if (isFields(value)) this.input.leaveOut(origin, 'names no school');
        continue;
      }
      this.input.append(
        'education',
        {
          school,
          degree: textAt(course, 'studyType', 'degree'),
          major: textAt(course, 'area', 'major', 'fieldOfStudy'),
          startDate: this.#date(course['startDate'], `${origin}.startDate`),
          graduationDate: this.#date(course['endDate'] ?? course['graduationDate'], `${origin}.endDate`),
        },
        origin,
      );
    }
  }

  /** A skill's keywords are skills too: the standard groups them ("Web": HTML, CSS). */
  #skills(): void {
    for (const { value, origin } of this.#entries('skills', this.document, profileLimits.skills)) {
      if (isFields(value)) {
        const name = textAt(value, 'name', 'skill', 'title');
        if (name !== undefined) this.#skill(name, origin);
        const keywords = value['keywords'];
        const texts = typeof keywords === 'string' ? keywords.split(/[,;|]/u) : Array.isArray(keywords) ? keywords : [];
        for (const [index, keyword] of texts.entries()) {
          const text = textOf(keyword);
          if (text !== undefined) this.#skill(text, `${origin}.keywords[${index}]`);
        }
      } else {
        const text = textOf(value);
        // One text for all of them: "HTML, CSS".
        if (text !== undefined)
          for (const part of text.split(/[,;|]/u)) if (part.trim() !== '') this.#skill(part, origin);
      }
    }
  }

  #skill(text: string, origin: string): void {
    if (this.input.count('skills') < profileLimits.skills) this.input.append('skills', text, origin);
    else this.input.leaveOut(origin, `is more than ${profileLimits.skills} skills`);
  }

  /** A section whose entries are kept by their name alone. */
  #named(field: string, section: string, ...names: readonly string[]): void {
    for (const { value, origin } of this.#entries(section)) {
      const text = isFields(value) ? textAt(value, ...names) : textOf(value);
      if (text === undefined) this.input.leaveOut(origin, 'has no name');
      else if (this.input.count(field) < profileLimits.values) this.input.append(field, text, origin);
      else this.input.leaveOut(origin, `is more than ${profileLimits.values} entries`);
    }
  }

  #extend(extension: Fields): void {
    this.input.set('dataSource', this.options.dataSource ?? 'JSON Resume file', 'dataSource');
    for (const name of extensionTexts) {
      const value = extension[name];
      if (value !== undefined && value !== null) this.input.set(name, value, `${extensionName}.${name}`);
    }
    for (const name of extensionLists) {
      for (const { value, origin } of this.#entries(name, extension)) {
        if (this.input.count(name) < (name === 'skills' ? profileLimits.skills : profileLimits.values)) {
          this.input.append(name, isFields(value) ? { ...value } : value, `${extensionName}.${origin}`);
        }
      }
    }
    const known = [...extensionTexts, ...extensionLists, 'emails', 'phones', 'revealed'];
    for (const name of Object.keys(extension)) {
      if (!known.includes(name))
        this.input.leaveOut(`${extensionName}.${name.slice(0, 60)}`, 'is no field of the extension');
    }
  }
}

/**
 * Turns a JSON Resume document, as people really publish them, into a profile being read: every deviation that still says
 * what is meant is understood; what does not is left out and noted. Sections without a place in a profile (`volunteer`,
 * `publications`, `projects`, `references`, `meta`) and fields that the standard does not know are passed over.
 * @returns `undefined` when the value is no object.
 */
export function fromJsonResume(document: unknown, options: ImportOptions = {}): TracedInput | undefined {
  return isFields(document) ? new JsonResumeReader(document, options).read() : undefined;
}
