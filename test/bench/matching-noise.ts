/**
 * How often people and systems write one person two ways. Each side is written on its own, so that what happens to both happens
 * more often than the rate says. Rates are of all who can be concerned.
 */
export const NOISE = {
  'people of the ATS who have a profile': 0.7,
  'profiles of people whom the ATS does not have': 0.3,
  'candidates that the ATS holds a second time': 0.01,
  'namesakes in the same city and profession, beside those that frequent names bring': 0.02,
  'candidate records without jobs and schools': 0.1,
  'typing error in the first name': 0.012,
  'typing error in the last name': 0.018,
  'nickname in place of a first name that has one': 0.15,
  'another spelling or script of a name that has some': 0.1,
  'women whose last name changed since they applied': 0.06,
  'of these, both last names now': 0.35,
  'first and last name swapped': 0.008,
  'initial in place of the first name': 0.01,
  'middle name or initial shown': 0.12,
  'no start date of a job': 0.2,
  'year alone of a date': 0.25,
  'date off by months': 0.08,
  'job left out': 0.08,
  'employer written another way': 0.12,
  'title written another way': 0.3,
  'school left out': 0.12,
  'no graduation date': 0.4,
  'graduation date off by years, or of another degree': 0.04,
  'another major': 0.04,
  'candidate with LinkedIn URL': 0.45,
  'candidate with email': 0.93,
  'of these, another mailbox than the profile knows': 0.13,
  'of these, a placeholder of the hub': 0.03,
  'mailbox of the family': 0.004,
  'candidate with phone': 0.6,
  'phone changed since': 0.2,
  'candidate with GitHub URL': 0.08,
  'LinkedIn name changed since': 0.015,
  "somebody else's LinkedIn URL": 0.001,
  'profile with LinkedIn URL': 0.92,
  'profile with email': 0.6,
  'profile with GitHub URL': 0.15,
  'profile with phone': 0.25,
  'moved to another city since': 0.18,
} as const;

type Noise = keyof typeof NOISE;

/** Numbers that follow from a seed. */
export class Dice {
  #state: number;
  constructor(seed: number, person: number, purpose: number) {
    this.#state =
      (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(person + 1, 0x85ebca6b) ^ Math.imul(purpose, 0xc2b2ae35)) | 0;
    this.next();
    this.next();
  }
  /** From 0 up to, and without, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  }
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('Nothing to pick from.');
    return item;
  }
  /** The first ones more often than the last; the larger the bend, the more so. */
  often<Item>(items: readonly Item[], bend: number): Item {
    const item = items[Math.floor(items.length * this.next() ** bend)];
    if (item === undefined) throw new RangeError('Nothing to pick from.');
    return item;
  }
  happens(what: Noise): boolean {
    return this.next() < NOISE[what];
  }
}
