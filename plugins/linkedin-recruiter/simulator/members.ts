import { SeededRandom } from '@talentbridge/testkit/simulator';
import { NAMED_MEMBERS, plain } from './named-members.js';
import type { Member } from './records.js';

/** What may tell who a candidate is. */
export interface Traits {
  readonly firstName: string;
  readonly lastName: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly profileUrl?: string | undefined;
  readonly title?: string | undefined;
  readonly employer?: string | undefined;
}

/** How many generated members a search looks at. */
const SEARCHED = 20_000;

const FIRST_NAMES = ['Ada', 'Bela', 'Cleo', 'Dario', 'Ebba', 'Femi', 'Gus', 'Ilse', 'Juno', 'Kai', 'Lio', 'Zoë'];
const LAST_NAMES = ['Adeyemi', 'Brandt', 'Castell', 'Dvorak', 'Elstad', 'Gallo', 'Ibarra', 'Keller', 'Moreau', 'Sørby'];
const TITLES = ['Welder', 'Data Analyst', 'Staff Engineer', 'Night Nurse', 'Office Manager', 'Product Designer'];
const EMPLOYERS = ['Northwind', 'Contoso', 'Fabrikam', 'Tailspin Toys', 'Wingtip', 'Litware'];
const PLACES = ['Oakland, California', 'Boise, Idaho', 'Toronto, Ontario', 'Zürich, Switzerland'];
/** Odd, so that it has an inverse modulo 2^32. */
const SCATTER = 0x9e3779b1;
const GATHER = inverseOf(SCATTER);

/**
 * Everybody on the network. A few members have names and are always there; the others are computed from the seed whenever
 * they are asked for, and found again by what stands in their addresses: a million take no memory.
 */
export class Members {
  readonly #named = new Map(NAMED_MEMBERS.map((member) => [member.urn, member]));
  readonly #closed = new Map<string, number>();

  constructor(private readonly options: { readonly size: number; readonly seed: number }) {}

  /** How many there are. */
  get size(): number {
    return NAMED_MEMBERS.length + this.options.size;
  }

  /** Who it is; also after they closed their account. */
  byUrn(urn: string): Member | undefined {
    const named = this.#named.get(urn);
    if (named) return named;
    const scattered = /^urn:li:person:m([0-9a-z]{1,7})$/.exec(urn)?.[1];
    if (scattered === undefined) return undefined;
    const number = Math.imul(Number.parseInt(scattered, 36) - this.#salt, GATHER) >>> 0;
    const member = this.#at(number);
    return member?.urn === urn ? member : undefined;
  }

  /**
   * Who a candidate is: by an email address, the profile's address, name and telephone, or name, title and employer
   * (LinkedIn sheet §10.4, the last two SECONDARY). Nobody who closed their account.
   */
  matching(traits: Traits): readonly Member[] {
    const emails = new Set(traits.emails.map((email) => email.toLowerCase()));
    const profile = traits.profileUrl === undefined ? undefined : slugOf(traits.profileUrl);
    const phones = new Set(traits.phones.map(digitsOf).filter((digits) => digits.length >= 7));
    return this.#candidates(traits).filter((member) => {
      if (this.closedAt(member.urn) !== undefined) return false;
      if (member.emails.some((email) => emails.has(email.toLowerCase()))) return true;
      if (profile !== undefined && profile === slugOf(member.profileUrl)) return true;
      if (!same(member.firstName, traits.firstName) || !same(member.lastName, traits.lastName)) return false;
      if (member.phone !== undefined && phones.has(digitsOf(member.phone))) return true;
      return same(member.title, traits.title) && same(member.employer, traits.employer);
    });
  }

  /** Those who have each of these words somewhere, named members first. Looks at the first 20,000. */
  search(text: string): readonly Member[] {
    const generated = Array.from({ length: Math.min(this.options.size, SEARCHED) }, (_, number) => this.#at(number));
    return [...NAMED_MEMBERS, ...generated].filter(
      (member): member is Member =>
        member !== undefined && this.closedAt(member.urn) === undefined && mentions(member, text),
    );
  }

  /** Ends a membership. */
  close(urn: string, at: number): void {
    if (!this.#closed.has(urn)) this.#closed.set(urn, at);
  }

  /** When a membership ended, in milliseconds since the epoch. */
  closedAt(urn: string): number | undefined {
    return this.#closed.get(urn);
  }

  /** Everybody is a member again. */
  reset(): void {
    this.#closed.clear();
  }

  get #salt(): number {
    return Math.imul(this.options.seed + 1, 0x85ebca6b) >>> 0;
  }

  /** Whoever might be meant, without a look at everybody. */
  #candidates({ lastName, emails, profileUrl = '' }: Traits): readonly Member[] {
    // The number stands in a generated member's addresses, and in letters behind the name.
    const marks = [...emails.map((email) => email.split('@')[0] ?? ''), slugOf(profileUrl)].map((text) =>
      Number(/[.-](\d{1,9})$/.exec(text)?.[1] ?? Number.NaN),
    );
    const letters = /-([a-j]{1,9})$/.exec(lastName)?.[1];
    const named = letters === undefined ? [] : [numberIn(letters)];
    const generated = [...new Set([...marks, ...named])].map((number) => this.#at(number));
    return [...NAMED_MEMBERS, ...generated.filter((member) => member !== undefined)];
  }

  #at(number: number): Member | undefined {
    if (!(number >= 0 && number < this.options.size)) return undefined;
    const random = new SeededRandom(Math.imul(number + 1, 0xc2b2ae35) ^ this.#salt);
    const pick = (words: readonly string[]): string => words[random.below(words.length)] ?? '';
    const firstName = pick(FIRST_NAMES);
    const lastName = `${pick(LAST_NAMES)}-${lettersOf(number)}`;
    const slug = `${plain(firstName)}.${plain(lastName)}`;
    return {
      urn: `urn:li:person:m${((Math.imul(number, SCATTER) + this.#salt) >>> 0).toString(36)}`,
      firstName,
      lastName,
      emails: [`${slug}.${number}@mail.example`, `${slug}.${number}@office.example`].slice(0, 1 + random.below(2)),
      ...(random.next() < 0.7 ? { phone: `+1415${String(number).padStart(7, '0')}` } : {}),
      title: pick(TITLES),
      employer: pick(EMPLOYERS),
      location: pick(PLACES),
      profileUrl: `https://www.linkedin.com/in/${slug.replaceAll('.', '-')}-${number}`,
    };
  }
}

/** Whether each word of a text stands somewhere in what a profile shows. */
export function mentions({ firstName, lastName, title, employer, location }: Member, text: string): boolean {
  const shown = `${firstName} ${lastName} ${title} ${employer} ${location}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => shown.includes(word));
}

/** The end of a profile's address: what differs between `http`, `www` and a slash at the end means nothing. */
function slugOf(profileUrl: string): string {
  return (/linkedin\.com\/in\/([^/?#]+)/i.exec(profileUrl)?.[1] ?? '').toLowerCase();
}

/** The last ten digits: a country code may be there or not. */
function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '').slice(-10);
}

function same(one: string, other: string | undefined): boolean {
  return other !== undefined && one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** A number in letters, as it stands behind a name. */
function lettersOf(number: number): string {
  return [...String(number)].map((digit) => 'abcdefghij'.charAt(Number(digit))).join('');
}

function numberIn(letters: string): number {
  return Number([...letters].map((letter) => 'abcdefghij'.indexOf(letter)).join(''));
}

/** The number that undoes a multiplication modulo 2^32, by Newton's method. */
function inverseOf(odd: number): number {
  let inverse = odd;
  for (let step = 0; step < 5; step += 1) inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse));
  return inverse;
}
