/** Longest id that is taken; longer ones do not fit into an index. */
const LONGEST_ID = 500;
/** Names, titles and labels are cut to this. */
const LONGEST_LINE = 500;
/** Texts of several lines are cut to this. */
const LONGEST_TEXT = 20_000;
/** Links are left out beyond this: cut, they lead nowhere. */
const LONGEST_URL = 2_000;

const FIRST_TIME = Date.UTC(1900, 0);
const LAST_TIME = Date.UTC(2200, 0);

/** Whether something can be the id of a record. */
export function isIdentifier(given: unknown): given is string {
  return typeof given === 'string' && given !== '' && given.length <= LONGEST_ID && isStorable(given);
}

/** A line of text, trimmed and cut; what is none is `undefined`. */
export function line(given: unknown): string | undefined {
  return written(given, LONGEST_LINE);
}

/** A text of several lines, trimmed and cut; what is none is `undefined`. */
export function text(given: unknown): string | undefined {
  return written(given, LONGEST_TEXT);
}

/** A link; what is none, or too long for one, is `undefined`. */
export function url(given: unknown): string | undefined {
  return typeof given === 'string' && given.length <= LONGEST_URL ? storable(given).trim() || undefined : undefined;
}

/** A link to a page of the web; what is none is `undefined`. */
export function webLink(given: unknown): string | undefined {
  const link = url(given);
  const protocol = link === undefined ? undefined : URL.parse(link)?.protocol;
  return protocol === 'https:' || protocol === 'http:' ? link : undefined;
}

/** A time in ISO 8601, in a year that everything here can hold. */
export function time(given: unknown): string | undefined {
  if (typeof given !== 'string' || given.length > 60) return undefined;
  const at = Date.parse(given);
  if (!(at >= FIRST_TIME && at < LAST_TIME)) return undefined;
  // Most stand as they will be stored; writing them anew would cost more than reading them. A 30th of February would be stored as
  // such, and nobody but this language takes it for a day.
  return given.length === 24 && given.endsWith('Z') && given.slice(8, 10) <= '28' && given.slice(11, 13) < '24'
    ? given
    : new Date(at).toISOString();
}

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
export function partialDate(given: unknown): string | undefined {
  return typeof given === 'string' && /^\d{4}(-\d{2}(-\d{2})?)?$/.test(given) ? given : undefined;
}

/** A whole number that is not negative. */
export function count(given: unknown): number | undefined {
  return Number.isSafeInteger(given) && (given as number) >= 0 ? (given as number) : undefined;
}

/** One of some words; anything else is `otherwise`. */
export function choice<Word extends string>(given: unknown, words: readonly Word[], otherwise: Word): Word {
  return words.find((word) => word === given) ?? otherwise;
}

/** Entries of a list, those left out that are of no use and those beyond `most`; what is no list has none. */
export function list<Entry>(
  given: unknown,
  most: number,
  read: (entry: unknown) => Entry | undefined,
): readonly Entry[] {
  if (!Array.isArray(given)) return [];
  const entries: Entry[] = [];
  for (const one of given) {
    if (entries.length === most) break;
    const entry = read(one);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** NUL and half surrogate pairs do not fit into the database. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

function storable(text: string): string {
  return isStorable(text) ? text : text.toWellFormed().replaceAll('\u0000', '');
}

function written(given: unknown, longest: number): string | undefined {
  if (typeof given !== 'string') return undefined;
  return storable(given.length > longest ? cut(given, longest) : given).trim() || undefined;
}

function cut(text: string, longest: number): string {
  // Of a pair that the cut goes through, half would be left.
  const kept = text.slice(0, longest);
  return /[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept;
}
