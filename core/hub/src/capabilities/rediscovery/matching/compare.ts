import { ABSENT, AT, FIELDS, type Field, LEVELS } from './levels.js';
import type { NameBook } from './name-book.js';
import { LISTS, type RecordView } from './packed-person.js';

/** What comparing two people leaves; used again for every pair. */
export class Comparison {
  /** For each field the index of its level in `LEVELS`, or `ABSENT`. */
  readonly levels = new Int8Array(FIELDS.length);
  readonly sharedEmployers: number[] = [];
  readonly sharedSchools: number[] = [];
}

const index = Object.fromEntries(
  FIELDS.map((field) => [field, Object.fromEntries(LEVELS[field].map((level, at) => [level, at]))]),
) as { readonly [Of in Field]: Readonly<Record<(typeof LEVELS)[Of][number], number>> };

const { firstName: FIRST, lastName: LAST, employers: EMPLOYERS, schools: SCHOOLS } = index;

/** Compares two people field by field. It makes no difference which is which. */
export function compare(one: RecordView, other: RecordView, names: NameBook, into: Comparison): void {
  const { levels } = into;
  levels.fill(ABSENT);
  levels[AT.linkedIn] = identityLevel(one, other, LISTS.linkedIn);
  levels[AT.gitHub] = identityLevel(one, other, LISTS.gitHub);
  levels[AT.email] = identityLevel(one, other, LISTS.emails);
  levels[AT.phone] = identityLevel(one, other, LISTS.phones);
  compareNames(one, other, names, levels);
  compareJobs(one, other, into);
  compareStudies(one, other, into);
  levels[AT.career] = careerLevel(one.careerStart, other.careerStart);
  levels[AT.place] = placeLevel(one, other);
}

function identityLevel(one: RecordView, other: RecordView, list: number): number {
  const [ones, others] = [one.count(list), other.count(list)];
  if (ones === 0 || others === 0) return ABSENT;
  for (let left = 0; left < ones; left += 1) {
    for (let right = 0; right < others; right += 1) {
      if (one.read(list, left) === other.read(list, right) && one.read(list, left, 1) === other.read(list, right, 1)) {
        return 0;
      }
    }
  }
  return 1;
}

function compareNames(one: RecordView, other: RecordView, names: NameBook, levels: Int8Array): void {
  const hasFirst = one.calledBy >= 0 && other.calledBy >= 0;
  const hasLast = one.count(LISTS.lastNames) > 0 && other.count(LISTS.lastNames) > 0;
  const first = hasFirst ? firstLevel(one, other, names) : ABSENT;
  const last = hasLast ? lastLevel(one, other, names) : ABSENT;
  if (first !== FIRST.EXACT && last !== LAST.EXACT && hasFirst && hasLast && areSwapped(one, other, names)) {
    levels[AT.firstName] = FIRST.SWAPPED;
    levels[AT.lastName] = LAST.SWAPPED;
    return;
  }
  levels[AT.firstName] = first;
  levels[AT.lastName] = last;
}

function firstLevel(one: RecordView, other: RecordView, names: NameBook): number {
  const list = LISTS.firstNames;
  const [left, right] = [one.calledBy, other.calledBy];
  const [leftText, rightText] = [names.textOf(left), names.textOf(right)];
  const [ones, others] = [one.count(list), other.count(list)];
  const [leftWhole, rightWhole] = [one.read(list, 0), other.read(list, 0)];
  if (left === right || leftWhole === rightWhole || leftWhole === right || left === rightWhole) {
    return leftText.length === 1 && rightText.length === 1 ? FIRST.INITIAL : FIRST.EXACT;
  }
  for (const group of names.groupsOf(left)) {
    if (names.groupsOf(right).includes(group)) {
      // Names without pet forms are in a group of their own, which is their sound.
      return names.soundOf(left) === names.soundOf(right) ? FIRST.SOUND : FIRST.NICKNAME;
    }
  }
  if (names.soundOf(leftWhole) === names.soundOf(rightWhole)) return FIRST.SOUND;
  for (let entry = 0; entry < ones; entry += 1) {
    for (let against = 0; against < others; against += 1) {
      const word = one.read(list, entry);
      if (word === other.read(list, against) && names.textOf(word).length > 1) return FIRST.PART;
    }
  }
  if (isTypo(leftText, rightText)) return FIRST.SIMILAR;
  const initial = leftText.length === 1 || rightText.length === 1;
  return initial && leftText[0] === rightText[0] ? FIRST.INITIAL : FIRST.DIFFERENT;
}

function lastLevel(one: RecordView, other: RecordView, names: NameBook): number {
  const list = LISTS.lastNames;
  const [left, right] = [one.read(list, 0), other.read(list, 0)];
  const [leftText, rightText] = [names.textOf(left), names.textOf(right)];
  if (left === right) return leftText.length === 1 ? LAST.INITIAL : LAST.EXACT;
  let best: number = LAST.DIFFERENT;
  for (let entry = 0; entry < one.count(list); entry += 1) {
    for (let against = 0; against < other.count(list); against += 1) {
      const [word, otherWord] = [one.read(list, entry), other.read(list, against)];
      if (word === otherWord && names.textOf(word).length > 1) return LAST.PART;
      if (names.soundOf(word) === names.soundOf(otherWord)) best = LAST.SOUND;
    }
  }
  if (best === LAST.SOUND) return best;
  if (isTypo(leftText, rightText)) return LAST.SIMILAR;
  const initial = leftText.length === 1 || rightText.length === 1;
  return initial && leftText[0] === rightText[0] ? LAST.INITIAL : LAST.DIFFERENT;
}

function areSwapped(one: RecordView, other: RecordView, names: NameBook): boolean {
  return (
    isAlike(one.calledBy, other.read(LISTS.lastNames, 0), names) &&
    isAlike(other.calledBy, one.read(LISTS.lastNames, 0), names)
  );
}

function isAlike(left: number, right: number, names: NameBook): boolean {
  return left === right || names.soundOf(left) === names.soundOf(right);
}

/** Whether one slip of the fingers lies between two words, or two in a long one; two letters that changed places are one slip. */
export function isTypo(left: string, right: string): boolean {
  const shorter = Math.min(left.length, right.length);
  const slips = shorter >= 8 ? 2 : 1;
  // Of three letters against three, a slip is a third: Lee and Lea are two names.
  if (left.length + right.length < 7 || Math.abs(left.length - right.length) > slips) return false;
  return slipsBetween(left, right) <= slips;
}

const rows = [new Int8Array(64), new Int8Array(64), new Int8Array(64)] as const;

function slipsBetween(left: string, right: string): number {
  if (left.length > 60 || right.length > 60) return 60;
  let [before, above, row] = rows;
  for (let column = 0; column <= right.length; column += 1) above[column] = column;
  for (let line = 1; line <= left.length; line += 1) {
    row[0] = line;
    for (let column = 1; column <= right.length; column += 1) {
      const same = left.charCodeAt(line - 1) === right.charCodeAt(column - 1);
      let least = (above[column - 1] ?? 0) + (same ? 0 : 1);
      least = Math.min(least, (above[column] ?? 0) + 1, (row[column - 1] ?? 0) + 1);
      if (
        line > 1 &&
        column > 1 &&
        left.charCodeAt(line - 1) === right.charCodeAt(column - 2) &&
        left.charCodeAt(line - 2) === right.charCodeAt(column - 1)
      ) {
        least = Math.min(least, (before[column - 2] ?? 0) + 1);
      }
      row[column] = least;
    }
    [before, above, row] = [above, row, before];
  }
  return above[right.length] ?? 0;
}

function compareJobs(one: RecordView, other: RecordView, into: Comparison): void {
  const { levels, sharedEmployers: shared } = into;
  shared.length = 0;
  const list = LISTS.jobs;
  const [ones, others] = [one.count(list), other.count(list)];
  if (ones === 0 || others === 0) return;
  let dates: number = ABSENT;
  let titles: number = ABSENT;
  for (let left = 0; left < ones; left += 1) {
    for (let right = 0; right < others; right += 1) {
      const title = titleLevel(one, left, other, right);
      if (title !== ABSENT) titles = titles === ABSENT ? title : Math.min(titles, title);
      const employer = one.read(list, left);
      if (employer !== other.read(list, right)) continue;
      if (!shared.includes(employer)) shared.push(employer);
      const date = startLevel(one.read(list, left, 3), other.read(list, right, 3));
      if (date !== ABSENT) dates = dates === ABSENT ? date : Math.min(dates, date);
    }
  }
  levels[AT.employers] = [EMPLOYERS.NONE, EMPLOYERS.ONE, EMPLOYERS.TWO][shared.length] ?? EMPLOYERS.THREE;
  levels[AT.titles] = titles;
  levels[AT.dates] = dates;
}

function titleLevel(one: RecordView, left: number, other: RecordView, right: number): number {
  const [title, otherTitle] = [one.read(LISTS.jobs, left, 1), other.read(LISTS.jobs, right, 1)];
  if (title === 0 || otherTitle === 0) return ABSENT;
  if (title === otherTitle) return 0;
  const [words, otherWords] = [one.read(LISTS.jobs, left, 2), other.read(LISTS.jobs, right, 2)];
  return bitCount(words & otherWords) * 2 >= bitCount(words | otherWords) ? 1 : 2;
}

function bitCount(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Months count where both are known; a start of one year and the next may be a matter of rounding. */
function startLevel(one: number, other: number): number {
  if (one === 0 || other === 0) return ABSENT;
  const years = Math.abs((one >> 4) - (other >> 4));
  if ((one & 15) === 0 || (other & 15) === 0) return years === 0 ? 0 : years === 1 ? 1 : 2;
  const months = Math.abs((one >> 4) * 12 + (one & 15) - (other >> 4) * 12 - (other & 15));
  return months <= 1 ? 0 : months <= 12 ? 1 : 2;
}

function compareStudies(one: RecordView, other: RecordView, into: Comparison): void {
  const { levels, sharedSchools: shared } = into;
  shared.length = 0;
  const list = LISTS.studies;
  const [ones, others] = [one.count(list), other.count(list)];
  if (ones === 0 || others === 0) return;
  let best: number = ABSENT;
  for (let left = 0; left < ones; left += 1) {
    for (let right = 0; right < others; right += 1) {
      const school = one.read(list, left);
      if (school !== other.read(list, right)) continue;
      if (!shared.includes(school)) shared.push(school);
      const level = studyLevel(one, left, other, right);
      if (level !== ABSENT) best = best === ABSENT ? level : Math.min(best, level);
    }
  }
  levels[AT.schools] = [SCHOOLS.NONE, SCHOOLS.ONE][shared.length] ?? SCHOOLS.TWO;
  levels[AT.studies] = best;
}

function studyLevel(one: RecordView, left: number, other: RecordView, right: number): number {
  const list = LISTS.studies;
  const [year, otherYear] = [one.read(list, left, 2) & 0xffff, other.read(list, right, 2) & 0xffff];
  const [level, otherLevel] = [one.read(list, left, 2) >> 16, other.read(list, right, 2) >> 16];
  const [major, otherMajor] = [one.read(list, left, 1), other.read(list, right, 1)];
  const sameMajor = major !== 0 && major === otherMajor;
  if (year > 0 && otherYear > 0) {
    const apart = Math.abs(year - otherYear);
    if (apart <= 1 && (sameMajor || major === 0 || otherMajor === 0)) return 0;
    return apart <= 1 || (apart <= 3 && sameMajor) ? 1 : 2;
  }
  if (major !== 0 && otherMajor !== 0) return sameMajor ? 1 : 2;
  return level === 0 || otherLevel === 0 ? ABSENT : level === otherLevel ? 1 : 2;
}

function careerLevel(one: number, other: number): number {
  if (one === 0 || other === 0) return ABSENT;
  const apart = Math.abs(one - other);
  return apart <= 1 ? 0 : apart <= 4 ? 1 : 2;
}

function placeLevel(one: RecordView, other: RecordView): number {
  const known = (left: number, right: number): boolean => left !== 0 && right !== 0;
  if (known(one.country, other.country) && one.country !== other.country) return index.place.DIFFERENT;
  if (known(one.city, other.city) && one.city === other.city) return index.place.CITY;
  if (known(one.region, other.region) && one.region === other.region) return index.place.REGION;
  if (known(one.country, other.country)) return index.place.COUNTRY;
  return known(one.city, other.city) ? index.place.DIFFERENT : ABSENT;
}
