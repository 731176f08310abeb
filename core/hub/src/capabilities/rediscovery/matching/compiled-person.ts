import type { Address, Education, Phone, SocialUrl, WorkExperience } from '@talentbridge/contracts';
import type { Profile } from '../../../directory/profile.js';
import { readPersonalPage } from '../../../directory/social-url.js';
import type { CandidateData } from '../mirror-model.js';
import { e164Of, mailboxOf } from './contact-keys.js';
import { foldWord } from './fold-name.js';
import { hash32 } from './hash.js';

/** Two halves of 64 bits: two people with the same one have the same page, mailbox or number. */
export type Identity = readonly [number, number];

/** One title held at one employer. `0` stands for what is not known. */
export interface CompiledJob {
  readonly employer: number;
  /** Of the words of the title, whatever their order. */
  readonly title: number;
  /** A bit for each word of the title. */
  readonly titleWords: number;
  /** Months since the year 0; the year alone is its first month with `exact` missing. */
  readonly start: CompiledDate;
}

/** Year times 16, plus the month, 0 when only the year is known; `0`: unknown. */
export type CompiledDate = number;

/** One course of study. `0` stands for what is not known. */
export interface CompiledStudy {
  readonly school: number;
  readonly major: number;
  /** 1 associate, 2 bachelor, 3 master, 4 doctor. */
  readonly level: number;
  readonly year: number;
}

/** A person reduced to what is compared: names in Latin letters, all else as numbers that cannot be turned back. */
export interface CompiledPerson {
  readonly firstNames: readonly string[];
  /** The whole name in one word first, where it has several parts, then its parts. */
  readonly lastNames: readonly string[];
  readonly linkedIn: readonly Identity[];
  readonly gitHub: readonly Identity[];
  readonly emails: readonly Identity[];
  readonly phones: readonly Identity[];
  /** Newest first, at most eight. */
  readonly jobs: readonly CompiledJob[];
  /** Newest first, at most four. */
  readonly studies: readonly CompiledStudy[];
  /** The first year of working or graduating that is known; `0`: none. */
  readonly careerStart: number;
  readonly city: number;
  readonly region: number;
  readonly country: number;
}

/** What compiling must be told. */
export interface CompileOptions {
  /** Whether an address is one of the hub's own placeholders: these never match. */
  readonly isDummyEmail: (address: string) => boolean;
}

interface PersonData {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly fullName?: string;
  readonly emails: readonly string[];
  readonly phones: readonly Pick<Phone, 'number'>[];
  readonly address?: Address;
  readonly socialUrls: readonly SocialUrl[];
  readonly workExperience: readonly WorkExperience[];
  readonly education: readonly Education[];
}

/** Reduces a public profile. Contact data counts whether it is revealed or not: it is compared here and shown to nobody. */
export function compileProfile(profile: Omit<Profile, 'key'>, options: CompileOptions): CompiledPerson {
  return compile(
    {
      ...profile,
      emails: profile.emails.map(({ address }) => address),
      ...(profile.location ? { address: profile.location } : {}),
    },
    options,
  );
}

/** Reduces a candidate of the mirror. */
export function compileCandidate(candidate: CandidateData, options: CompileOptions): CompiledPerson {
  return compile(candidate, options);
}

function compile(person: PersonData, { isDummyEmail }: CompileOptions): CompiledPerson {
  const pages = person.socialUrls.map((url) => readPersonalPage(url)).filter((page) => page !== undefined);
  const handles = (network: 'linkedin' | 'github') =>
    identities(pages.filter((page) => page.network === network).map(({ handle }) => handle));
  const jobs = person.workExperience.map(compileJob).filter(({ employer }) => employer !== 0);
  const studies = person.education.map(compileStudy).filter(({ school }) => school !== 0);
  const years = [...jobs.map(({ start }) => start >> 4), ...studies.map(({ year }) => year)].filter((year) => year > 0);
  return {
    ...compileName(person),
    linkedIn: handles('linkedin'),
    gitHub: handles('github'),
    emails: identities(person.emails.map((address) => mailboxOf(address, isDummyEmail))),
    phones: identities(person.phones.map(({ number }) => e164Of(number, person.address?.country))),
    jobs: jobs.slice(0, 8),
    studies: studies.slice(0, 4),
    careerStart: years.length === 0 ? 0 : Math.min(...years),
    city: hashWords(person.address?.city),
    region: hashWords(regionName(person.address?.region)),
    country: hashWords(person.address?.country),
  };
}

/** Distinct ones, at most four. */
function identities(texts: readonly (string | undefined)[]): readonly Identity[] {
  const distinct = new Set(texts.filter((text) => text !== undefined));
  return [...distinct].slice(0, 4).map((text) => [hash32(text, 1), hash32(text, 2)] as const);
}

/** Words that open a last name and come and go: "van der Berg" is "Berg" to some systems. */
const particles = new Set(
  'van von der den ter ten te de da di do dos das del della dello la le du des bin ibn bint al el ben zu zum zur af av y e und jr sr ii iii iv'.split(
    ' ',
  ),
);

const noName = /^(?:unknown|n-?a|none|null|not-?available|candidate|applicant|first-?name|last-?name|test)$/;

function words(text: string): readonly string[] {
  const folded: string[] = [];
  for (const word of text.split(/[\s,/·・\u3000-]+/u)) {
    const clean = foldWord(word).replace(/[^\p{L}]/gu, '');
    if (clean !== '') folded.push(clean);
  }
  return folded;
}

function compileName(person: PersonData): Pick<CompiledPerson, 'firstNames' | 'lastNames'> {
  // What stands in brackets is a nickname in a first name and a former name in a last name: one more part of it either way.
  const first = words((person.firstName ?? '').replace(/[()"“”]/gu, ' ')).filter((word) => !noName.test(word));
  const last = words((person.lastName ?? '').replace(/[()"“”]/gu, ' ').replace(/\b(?:née?|born|geb)\.?\s/giu, ' '));
  const former = /\((?:née?|born|geb\.?)?\s*([^)]+)\)/iu.exec(person.fullName ?? '')?.[1];
  const named = last.filter((word) => !noName.test(word));
  const core = named.filter((word) => !particles.has(word));
  const parts = core.length > 0 ? core : named;
  return {
    firstNames: withJoined(first, 3),
    lastNames: [...withJoined(parts, 3), ...(former ? words(former).slice(0, 1) : [])].filter(
      (word, index, all) => all.indexOf(word) === index,
    ),
  };
}

/** Several parts, with all of them as one word in front: "Xiao Ming" is "Xiaoming" to others. */
function withJoined(parts: readonly string[], most: number): readonly string[] {
  return parts.length < 2 ? parts : [parts.join(''), ...parts.slice(0, most)];
}

const legalForms = new Set(
  'inc incorporated llc llp lp ltd limited gmbh mbh corp corporation co company plc ag sa sas sarl srl spa bv nv oy oyj ab as asa aps kg kgaa pty pte kk the and of und et y group holding holdings'.split(
    ' ',
  ),
);

function plainWords(text: string): readonly string[] {
  return foldWord(text)
    .replace(/['’.]/gu, '')
    .split(/[^\p{L}\p{N}+#]+/u)
    .filter((word) => word !== '');
}

/** An employer as people write it: without legal form and punctuation. */
function compileEmployer(name: string): number {
  const all = plainWords(name);
  const core = all.filter((word) => !legalForms.has(word));
  const text = (core.length > 0 ? core : all).join('');
  return text === '' ? 0 : hash32(text, 3) || 1;
}

const titleWords: Readonly<Record<string, string>> = {
  sr: 'senior',
  snr: 'senior',
  jr: 'junior',
  jnr: 'junior',
  eng: 'engineer',
  engr: 'engineer',
  engineering: 'engineer',
  dev: 'developer',
  mgr: 'manager',
  mgmt: 'manager',
  management: 'manager',
  dir: 'director',
  asst: 'assistant',
  assoc: 'associate',
  exec: 'executive',
  admin: 'administrator',
  rep: 'representative',
  acct: 'account',
  sw: 'software',
  swe: 'software',
  rn: 'nurse',
  vp: 'vicepresident',
};
const idle = new Set('of the and for in at i ii iii iv v 1 2 3 de der und'.split(' '));

function compileTitle(title: string | undefined): Pick<CompiledJob, 'title' | 'titleWords'> {
  if (!title) return { title: 0, titleWords: 0 };
  let [sum, bits] = [0, 0];
  for (const word of new Set(
    plainWords(title.replace(/vice[ -]president/i, 'vp')).map((each) =>
      Object.hasOwn(titleWords, each) ? (titleWords[each] ?? each) : each,
    ),
  )) {
    if (idle.has(word)) continue;
    const hash = hash32(word, 4);
    sum = (sum + hash) | 0;
    bits |= 1 << (hash & 31);
  }
  return { title: bits === 0 ? 0 : sum || 1, titleWords: bits };
}

function compileDate(date: string | undefined): CompiledDate {
  if (!date) return 0;
  const year = Number(date.slice(0, 4));
  return year > 0 ? year * 16 + (Number(date.slice(5, 7)) || 0) : 0;
}

function compileJob({ employer, title, startDate }: WorkExperience): CompiledJob {
  return { employer: compileEmployer(employer), ...compileTitle(title), start: compileDate(startDate) };
}

const schoolWords: Readonly<Record<string, string>> = {
  univ: 'university',
  uni: 'university',
  universidad: 'university',
  universite: 'university',
  universitat: 'university',
  universita: 'university',
  universidade: 'university',
  u: 'university',
  uc: 'university california',
  suny: 'state university new york',
  cuny: 'city university new york',
  mit: 'massachusetts institute technology',
  eth: 'eth',
  inst: 'institute',
  instituto: 'institute',
  institut: 'institute',
  tech: 'technology',
  coll: 'college',
  st: 'state',
};
const idleInSchools = new Set('of the at in and de di da del der la le for'.split(' '));

function compileSchool(school: string): number {
  const all = plainWords(school)
    .flatMap((word) => (Object.hasOwn(schoolWords, word) ? (schoolWords[word] ?? word).split(' ') : [word]))
    .filter((word) => !idleInSchools.has(word));
  return all.length === 0 ? 0 : hash32(all.toSorted().join(' '), 5) || 1;
}

function compileLevel(degree: string | undefined): number {
  if (!degree) return 0;
  const text = foldWord(degree).replaceAll('.', '');
  if (/\b(?:phd|dphil|doctor|doctorate|md|jd|edd|dr)\b/.test(text)) return 4;
  if (/\b(?:master|masters|maestria|ms|msc|ma|mba|meng|mtech|mphil|llm|magister|diplom)\b/.test(text)) return 3;
  if (/\b(?:bachelor|bachelors|licenciatura|licence|bs|bsc|ba|btech|be|beng|bba|bcom|llb)\b/.test(text)) return 2;
  return /\b(?:associate|associates|aa|as|aas)\b/.test(text) ? 1 : 0;
}

function compileStudy({ school, degree, major, graduationDate }: Education): CompiledStudy {
  return {
    school: compileSchool(school),
    major: hashWords(major),
    level: compileLevel(degree),
    year: compileDate(graduationDate) >> 4,
  };
}

function hashWords(text: string | undefined): number {
  if (!text) return 0;
  const joined = plainWords(text)
    .filter((word) => !idleInSchools.has(word))
    .join('');
  return joined === '' ? 0 : hash32(joined, 6) || 1;
}

const states: Readonly<Record<string, string>> = Object.fromEntries(
  'alabama AL alaska AK arizona AZ arkansas AR california CA colorado CO connecticut CT delaware DE florida FL georgia GA hawaii HI idaho ID illinois IL indiana IN iowa IA kansas KS kentucky KY louisiana LA maine ME maryland MD massachusetts MA michigan MI minnesota MN mississippi MS missouri MO montana MT nebraska NE nevada NV newhampshire NH newjersey NJ newmexico NM newyork NY northcarolina NC northdakota ND ohio OH oklahoma OK oregon OR pennsylvania PA rhodeisland RI southcarolina SC southdakota SD tennessee TN texas TX utah UT vermont VT virginia VA washington WA westvirginia WV wisconsin WI wyoming WY'
    .split(' ')
    .reduce<[string, string][]>((found, word, index, all) => {
      if (index % 2 === 1) found.push([all[index - 1] ?? '', word]);
      return found;
    }, []),
);

/** "California" and "CA" are one place. */
function regionName(region: string | undefined): string | undefined {
  if (!region) return undefined;
  const plain = region.toLowerCase().replaceAll(' ', '');
  return Object.hasOwn(states, plain) ? states[plain] : region;
}
