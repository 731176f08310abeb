/** Longest id that is taken; longer ones do not fit into an index. */
const LONGEST_ID = 500;
/** Names, titles, labels and reasons are cut to this. */
const LONGEST_LINE = 500;
/** A message or a note is cut to this. */
const LONGEST_TEXT = 100_000;

const FIRST_TIME = Date.UTC(1990, 0);
const LAST_TIME = Date.UTC(2200, 0);

/** What an object holds; nothing of it is believed. */
export type Members = Readonly<Record<string, unknown>>;

/** The members of an object; of anything else none. */
export function membersOf(given: unknown): Members {
  // Every object may be read by names; what it holds is not believed.
  return typeof given === 'object' && given !== null ? (given as Members) : {};
}

/** The entries of a list that can be read; of anything else none. */
export function listOf<Entry>(given: unknown, read: (entry: Members) => Entry | undefined): readonly Entry[] {
  if (!Array.isArray(given)) return [];
  return given.flatMap((entry: unknown) => read(membersOf(entry)) ?? []);
}

/** An id that can be stored, or nothing. */
export function idOf(given: unknown): string | undefined {
  const isId = typeof given === 'string' && given !== '' && given.length <= LONGEST_ID && isStorable(given);
  return isId ? given : undefined;
}

/** A text of one line, cut, or nothing where it is empty. */
export function line(given: unknown): string | undefined {
  return typeof given === 'string' ? cut(given, LONGEST_LINE).trim() || undefined : undefined;
}

/** A text, cut; empty where it is none. */
export function text(given: unknown): string {
  return typeof given === 'string' ? cut(given, LONGEST_TEXT) : '';
}

/** A time in ISO 8601, or nothing. */
export function time(given: unknown): string | undefined {
  const at = typeof given === 'string' && given.length <= 60 ? Date.parse(given) : Number.NaN;
  return at >= FIRST_TIME && at < LAST_TIME ? new Date(at).toISOString() : undefined;
}

/** The beginning of a text, without what does not fit into the database: NUL and half surrogate pairs. */
export function cut(given: string, longest: number): string {
  return given.slice(0, longest).toWellFormed().replaceAll('\u0000', '');
}

function isStorable(given: string): boolean {
  return given.isWellFormed() && !given.includes('\u0000');
}
