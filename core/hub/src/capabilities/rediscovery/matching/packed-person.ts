import type { CompiledPerson, Identity } from './compiled-person.js';
import type { GrowingInts } from './growing-ints.js';
import type { NameBook } from './name-book.js';

/*
 * A person as a run of integers: a header of five, then the lists one behind the other.
 *
 *   0  how many of each list, four bits each, in the order of `LISTS`
 *   1  first year of the career    2  city    3  region    4  country
 */

/** The lists of a record, and how many integers an entry of each takes. */
const WIDTHS = [1, 1, 2, 2, 2, 2, 4, 3] as const;

/** Which list is which. */
export const LISTS = {
  firstNames: 0,
  lastNames: 1,
  linkedIn: 2,
  gitHub: 3,
  emails: 4,
  phones: 5,
  /** Employer, title, words of the title, start. */
  jobs: 6,
  /** School, major, level times 65,536 plus year. */
  studies: 7,
} as const;

const HEADER = 5;

/** Writes a person behind what is there. */
export function packPerson(person: CompiledPerson, names: NameBook, into: GrowingInts): void {
  const { firstNames, lastNames, linkedIn, gitHub, emails, phones, jobs, studies } = person;
  const lists = [firstNames, lastNames, linkedIn, gitHub, emails, phones, jobs, studies];
  into.push(lists.reduce((packed, { length }, index) => packed | (Math.min(15, length) << (index * 4)), 0));
  into.push(person.careerStart);
  into.push(person.city);
  into.push(person.region);
  into.push(person.country);
  for (const name of firstNames) into.push(names.idOf(name));
  for (const name of lastNames) into.push(names.idOf(name));
  for (const identities of [linkedIn, gitHub, emails, phones]) pushIdentities(identities, into);
  for (const { employer, title, titleWords, start } of jobs) {
    into.push(employer);
    into.push(title);
    into.push(titleWords);
    into.push(start);
  }
  for (const { school, major, level, year } of studies) {
    into.push(school);
    into.push(major);
    into.push((level << 16) | year);
  }
}

function pushIdentities(identities: readonly Identity[], into: GrowingInts): void {
  for (const [one, other] of identities) {
    into.push(one);
    into.push(other);
  }
}

/** Where the lists of a record begin, and how many entries each has; filled anew for every record, so that reading makes no object. */
export class RecordView {
  values: Int32Array = new Int32Array(0);
  at = 0;
  readonly starts = new Int32Array(WIDTHS.length);
  readonly counts = new Int32Array(WIDTHS.length);

  /** Looks at the record that begins at `at`. */
  look(values: Int32Array, at: number): this {
    this.values = values;
    this.at = at;
    const packed = values[at] ?? 0;
    let start = at + HEADER;
    for (let list = 0; list < WIDTHS.length; list += 1) {
      const count = (packed >>> (list * 4)) & 15;
      this.starts[list] = start;
      this.counts[list] = count;
      start += count * (WIDTHS[list] ?? 0);
    }
    return this;
  }

  /** How many integers the record takes. */
  get length(): number {
    const last = WIDTHS.length - 1;
    return (this.starts[last] ?? 0) + this.count(last) * (WIDTHS[last] ?? 0) - this.at;
  }

  count(list: number): number {
    return this.counts[list] ?? 0;
  }

  /** One of the integers of an entry. */
  read(list: number, entry: number, part = 0): number {
    return this.values[(this.starts[list] ?? 0) + entry * (WIDTHS[list] ?? 0) + part] ?? 0;
  }

  get careerStart(): number {
    return this.values[this.at + 1] ?? 0;
  }
  get city(): number {
    return this.values[this.at + 2] ?? 0;
  }
  get region(): number {
    return this.values[this.at + 3] ?? 0;
  }
  get country(): number {
    return this.values[this.at + 4] ?? 0;
  }

  /** The first given name, or the only one: what people are called by. */
  get calledBy(): number {
    const count = this.count(LISTS.firstNames);
    return count === 0 ? -1 : this.read(LISTS.firstNames, count > 1 ? 1 : 0);
  }
}
