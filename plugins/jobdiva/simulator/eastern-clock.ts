// JobDiva's dates are US Eastern wall clock without a zone (JobDiva sheet §3). Computed from the rule of the law (second
// Sunday of March to first Sunday of November, at 2 in the morning) rather than from a table of zones, so that the
// simulator and whoever asks it cannot share a mistake. Right from 2007 on.

const HOUR_MS = 3_600_000;

/** The wall clock at an instant, as JobDiva answers it: `2026-09-17T19:30:48`. */
export function toEastern(epochMs: number): string {
  return new Date(epochMs - offsetMs(epochMs)).toISOString().slice(0, 19);
}

/** The instant of a wall clock, as JobDiva takes it; `undefined` when it is none. An ambiguous hour is the earlier one. */
export function fromEastern(text: string): number | undefined {
  const iso = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d))?$/.exec(text);
  const us = /^(\d\d)\/(\d\d)\/(\d{4})(?: (\d\d):(\d\d):(\d\d))?$/.exec(text);
  const [year, month, day, ...time] = iso
    ? [iso[1], iso[2], iso[3], iso[4], iso[5], iso[6]]
    : us
      ? [us[3], us[1], us[2], us[4], us[5], us[6]]
      : [];
  if (year === undefined) return undefined;
  const [hour = 0, minute = 0, second = 0] = time.map((part) => Number(part ?? 0));
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), hour, minute, second);
  const summer = wall + 4 * HOUR_MS;
  return offsetMs(summer) === 4 * HOUR_MS ? summer : wall + 5 * HOUR_MS;
}

function offsetMs(epochMs: number): number {
  const year = new Date(epochMs).getUTCFullYear();
  const begins = Date.UTC(year, 2, sundayOf(year, 2, 2), 7);
  const ends = Date.UTC(year, 10, sundayOf(year, 10, 1), 6);
  return (epochMs >= begins && epochMs < ends ? 4 : 5) * HOUR_MS;
}

/** The day of the month of its nth Sunday. */
function sundayOf(year: number, month: number, nth: number): number {
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return 1 + ((7 - first) % 7) + (nth - 1) * 7;
}
