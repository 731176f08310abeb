import { combine, combineUnordered } from './hash.js';
import type { NameBook } from './name-book.js';
import { LISTS, type RecordView } from './packed-person.js';

/** How many employers and schools open blocks: the newest ones. */
const [EMPLOYERS, SCHOOLS] = [4, 2];

/** The lists of a record that identify by themselves. */
const CONTACTS = ['linkedIn', 'gitHub', 'emails', 'phones'] as const;

/** A list of a record that identifies by itself. */
export type ContactList = (typeof CONTACTS)[number];

/** What kind of key: keys of one kind meet keys of that kind alone. */
const SALT = {
  linkedIn: 11,
  gitHub: 12,
  emails: 13,
  phones: 14,
  name: 21,
  nameAt: 22,
  wordAt: 23,
  nameIn: 24,
} as const;

/**
 * The keys under which a record is found. Two records meet when they share one of:
 *
 * - a page, mailbox or phone number
 * - first and last name, by sound, in any order, nicknames as their full names
 * - the same with an employer, a school or a city, for names that are too frequent by themselves
 * - one word of the name with an employer or a school, for names that changed or were mistyped
 *
 * Each record has some twenty, whatever the number of records, and a block that is too large is not read: the cost grows with
 * the number of records and not with its square.
 * @param see Told each key, and whether it is that of a page, mailbox or phone number.
 */
export function forEachBlockingKey(
  person: RecordView,
  names: NameBook,
  see: (key: number, isContact: boolean) => void,
): void {
  const seeName = (key: number): void => see(key, false);
  for (const list of CONTACTS) {
    for (let entry = 0; entry < person.count(LISTS[list]); entry += 1) see(contactKey(person, list, entry), true);
  }
  const places = placesOf(person);
  const firsts = firstKeys(person, names);
  const lasts = lastKeys(person, names);
  for (const first of firsts) {
    for (const last of lasts) {
      const name = combineUnordered(first, last);
      seeName(combine(name, SALT.name));
      if (person.city !== 0) seeName(combine(combine(name, person.city), SALT.nameIn));
      for (const place of places) seeName(combine(combine(name, place), SALT.nameAt));
    }
  }
  for (const word of new Set([...firsts, ...lasts])) {
    for (const place of places) seeName(combine(combine(word, place), SALT.wordAt));
  }
}

/** The key of a page, mailbox or phone number of a record. */
export function contactKey(person: RecordView, list: ContactList, entry: number): number {
  return combine(person.read(LISTS[list], entry), SALT[list]);
}

/** What counts how many bear a name: first and last name together, in any order. */
export function fullNameKey(person: RecordView, names: NameBook): number {
  const first = person.calledBy;
  if (first < 0 || person.count(LISTS.lastNames) === 0) return 0;
  const last = names.soundOf(person.read(LISTS.lastNames, 0));
  return combine(combineUnordered(names.groupsOf(first)[0] ?? 0, last), SALT.name);
}

function placesOf(person: RecordView): readonly number[] {
  const places: number[] = [];
  for (let job = 0; job < person.count(LISTS.jobs) && places.length < EMPLOYERS; job += 1) {
    const employer = person.read(LISTS.jobs, job);
    if (!places.includes(employer)) places.push(employer);
  }
  const schools = Math.min(SCHOOLS, person.count(LISTS.studies));
  for (let study = 0; study < schools; study += 1) {
    const school = person.read(LISTS.studies, study);
    if (!places.includes(school)) places.push(school);
  }
  return places;
}

function firstKeys(person: RecordView, names: NameBook): readonly number[] {
  const count = person.count(LISTS.firstNames);
  if (count === 0) return [];
  const keys = new Set(names.groupsOf(person.calledBy));
  // Several parts may be one word elsewhere, and the second may be what somebody is called by.
  if (count > 1) keys.add(names.soundOf(person.read(LISTS.firstNames, 0)));
  if (count > 2) for (const key of names.groupsOf(person.read(LISTS.firstNames, 2))) keys.add(key);
  return [...keys];
}

function lastKeys(person: RecordView, names: NameBook): readonly number[] {
  const keys = new Set<number>();
  const count = Math.min(3, person.count(LISTS.lastNames));
  for (let entry = 0; entry < count; entry += 1) keys.add(names.soundOf(person.read(LISTS.lastNames, entry)));
  return [...keys];
}
