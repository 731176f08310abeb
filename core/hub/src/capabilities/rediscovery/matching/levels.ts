/**
 * What is compared of two people, and how alike each can be, most alike first. A field of which one side knows nothing is no
 * evidence and has no level.
 *
 * - pages, mailboxes and numbers: `SHARED` is the same one, of so many profiles that it says nothing
 * - `firstName`: `NICKNAME` also stands for forms in other languages, `PART` for one of several given names, `SOUND` for
 *   spellings and transliterations
 * - `lastName`: `PART` is one of several last names, as after a marriage; `SWAPPED` says of both names that they agree in the
 *   places of each other
 * - `employers`, `schools`: how many are shared
 * - `dates`: whether what is shared began at the same time
 * - `career`: how far apart the first known years are
 */
export const LEVELS = {
  linkedIn: ['SAME', 'DIFFERENT', 'SHARED'],
  gitHub: ['SAME', 'DIFFERENT', 'SHARED'],
  email: ['SAME', 'DIFFERENT', 'SHARED'],
  phone: ['SAME', 'DIFFERENT', 'SHARED'],
  firstName: ['EXACT', 'NICKNAME', 'SOUND', 'SIMILAR', 'PART', 'INITIAL', 'SWAPPED', 'DIFFERENT'],
  lastName: ['EXACT', 'PART', 'SOUND', 'SIMILAR', 'INITIAL', 'SWAPPED', 'DIFFERENT'],
  employers: ['THREE', 'TWO', 'ONE', 'NONE'],
  titles: ['SAME', 'SIMILAR', 'DIFFERENT'],
  dates: ['SAME', 'CLOSE', 'DIFFERENT'],
  schools: ['TWO', 'ONE', 'NONE'],
  studies: ['SAME', 'CLOSE', 'DIFFERENT'],
  career: ['SAME', 'CLOSE', 'DIFFERENT'],
  place: ['CITY', 'REGION', 'COUNTRY', 'DIFFERENT'],
} as const;

/** A field that is compared. */
export type Field = keyof typeof LEVELS;

/** How alike two people are in a field. */
export type Level<Of extends Field = Field> = (typeof LEVELS)[Of][number];

/** Every field, in the order in which evidence is shown. */
export const FIELDS = Object.keys(LEVELS) as readonly Field[];

/** No evidence, in place of a level's index. */
export const ABSENT = -1;

/** The place of each field in what a comparison leaves. */
export const AT = Object.fromEntries(FIELDS.map((field, index) => [field, index])) as Readonly<Record<Field, number>>;
