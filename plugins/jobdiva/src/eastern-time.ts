/**
 * JobDiva's dates are US Eastern wall clock without a zone, in answers and in filters alike (JobDiva sheet §3,
 * CONFIRMED by a probe). This is the only file that knows it.
 */
const EASTERN = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

const DAY_MS = 86_400_000;

/** The Eastern wall clock at an instant, as bodies carry it: `2026-09-17T19:30:48`. Parts of a second are cut off. */
export function toEastern(epochMs: number): string {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of EASTERN.formatToParts(epochMs)) part[type] = value;
  return `${part.year?.padStart(4, '0')}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

/**
 * The instant of an Eastern wall clock, in milliseconds since the epoch; `undefined` when the text is none.
 *
 * @param reading Which instant is meant when the clock is set back and shows an hour twice. An hour that is left out in
 * spring is read as if the clock had not been moved: 02:30 is 03:30 of summer time.
 */
export function fromEastern(text: string, reading: 'earlier' | 'later'): number | undefined {
  const [, date, time = '00:00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.\d+)?)?$/.exec(text.trim()) ?? [];
  if (date === undefined) return undefined;
  const wall = Date.parse(`${date}T${time}Z`);
  // A day that does not exist, such as 31 February, is read as another one by some engines.
  if (Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 19) !== `${date}T${time}`) return undefined;
  const before = wall - offsetAt(wall - DAY_MS);
  const after = wall - offsetAt(wall + DAY_MS);
  const instants = [Math.min(before, after), Math.max(before, after)].filter((one) => one + offsetAt(one) === wall);
  return (reading === 'earlier' ? instants[0] : instants.at(-1)) ?? before;
}

/**
 * A bound of a window as filters of BI reads take it: `11/22/2026 18:30:00` (JobDiva sheet §3, CONFIRMED). JobDiva compares
 * wall clocks, of which one hour a year stands for two: a bound within that hour moves out of it, so that the window never
 * misses a record and at most reads an hour twice. An end at midnight becomes a second later, since JobDiva may read midnight
 * as the end of that day (unverified).
 *
 * @param epochMs Parts of a second are rounded outwards.
 */
export function easternBound(epochMs: number, side: 'from' | 'to'): string {
  const whole = (side === 'from' ? Math.floor(epochMs / 1000) : Math.ceil(epochMs / 1000)) * 1000;
  const other = fromEastern(toEastern(whole), side === 'from' ? 'later' : 'earlier') ?? whole;
  const clear = side === 'from' ? Math.min(whole, whole - (other - whole)) : Math.max(whole, whole + (whole - other));
  const wall = toEastern(clear);
  const [, year, month, day, time] =
    /^(\d+)-(\d\d)-(\d\d)T(.+)$/.exec(side === 'to' && wall.endsWith('T00:00:00') ? toEastern(clear + 1000) : wall) ??
    [];
  return `${month}/${day}/${year} ${time}`;
}

/** How far the wall clock is ahead of UTC at an instant, in milliseconds: negative in America. */
function offsetAt(epochMs: number): number {
  const whole = Math.floor(epochMs / 1000) * 1000;
  return Date.parse(`${toEastern(whole)}Z`) - whole;
}
