import type { PartialDate } from '@talentbridge/contracts';

const earliestYear = 1900;
const latestYear = 2100;

function assemble(year: number, month?: number, day?: number): PartialDate | undefined {
  if (year < earliestYear || year > latestYear) return undefined;
  const yyyy = String(year);
  // "2019-00-00" is how some databases say that only the year is known.
  if (!month) return day ? undefined : yyyy;
  if (month > 12) return undefined;
  const mm = String(month).padStart(2, '0');
  if (!day) return `${yyyy}-${mm}`;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  return `${yyyy}-${mm}-${String(day).padStart(2, '0')}`;
}

/**
 * Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` and ISO 8601 timestamps, of which the date stays as it was written: shifting a
 * birthday-like date by a time zone would make it wrong.
 * @returns `undefined` when it is none of these or no day of the calendar between 1900 and 2100.
 */
export function readPartialDate(value: string | number): PartialDate | undefined {
  const match =
    /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ]\d{1,2}(?::?\d{2}){0,2}(?:[.,]\d+)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/i.exec(
      String(value).trim(),
    );
  if (!match) return undefined;
  return assemble(Number(match[1]), match[2] ? Number(match[2]) : undefined, match[3] ? Number(match[3]) : undefined);
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

function monthNumber(word: string): number | undefined {
  const lower = word.toLowerCase();
  if (lower === 'sept') return 9;
  const index = lower.length === 3 ? months.indexOf(lower) : monthNames.indexOf(lower);
  return index === -1 ? undefined : index + 1;
}

const present =
  /^(?:present|current|currently|now|today|ongoing|on-going|to date|till date|till now|until now|to present|heute|aktuell|aujourd['’]hui|actuel|actualidad|actualmente|presente|oggi|atual|heden|nu|至今|現在|现在|현재)\.?$/iu;

/** Whether the text that stands for an end says that there is none yet: "Present", "now", "heute". */
export function meansPresent(text: string): boolean {
  return present.test(text.trim());
}

/**
 * Reads dates as people write them into files meant for people: everything that `readPartialDate` takes, and "Jan 2019",
 * "March 3, 2019", "3 March 2019", "03/2019", "2019/03/01", "Summer 2017", "Q3 2019", "c. 2015".
 *
 * "03/04/2019" is 3 April to some and March 4 to others, so only its year is taken; a season or a quarter gives the year.
 * @returns `undefined` when it cannot be read.
 */
export function readLooseDate(value: string | number): PartialDate | undefined {
  const exact = readPartialDate(value);
  if (exact !== undefined) return exact;
  const text = String(value)
    .trim()
    .replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1');

  const yearFirst = /^(\d{4})\s*[/.年-]\s*(\d{1,2})(?:\s*[/.月-]\s*(\d{1,2})?日?)?$/u.exec(text);
  if (yearFirst) {
    return assemble(Number(yearFirst[1]), Number(yearFirst[2]), yearFirst[3] ? Number(yearFirst[3]) : undefined);
  }
  const monthYear = /^(\d{1,2})\s*[/.-]\s*(\d{4})$/.exec(text);
  if (monthYear) return assemble(Number(monthYear[2]), Number(monthYear[1]));

  const threeNumbers = /^(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*[/.-]\s*(\d{4})$/.exec(text);
  if (threeNumbers) {
    const [first, second, year] = [Number(threeNumbers[1]), Number(threeNumbers[3]), Number(threeNumbers[4])];
    // Dots are written day first everywhere.
    if (threeNumbers[2] === '.' || first > 12) return assemble(year, second, first);
    if (second > 12) return assemble(year, first, second);
    return first === second ? assemble(year, first, first) : assemble(year);
  }
  const monthWordFirst = /^(\p{L}{3,9})\.?,?\s*(?:(\d{1,2}),?\s+)?(?:of\s+)?(\d{4})$/u.exec(text);
  if (monthWordFirst?.[1]) {
    const month = monthNumber(monthWordFirst[1]);
    if (month) {
      return assemble(Number(monthWordFirst[3]), month, monthWordFirst[2] ? Number(monthWordFirst[2]) : undefined);
    }
  }
  const dayFirst = /^(?:(\d{1,2})\.?[\s-]+)(\p{L}{3,9})\.?,?[\s-]*(\d{4})$/u.exec(text);
  if (dayFirst?.[2]) {
    const month = monthNumber(dayFirst[2]);
    if (month) return assemble(Number(dayFirst[3]), month, Number(dayFirst[1]));
  }
  const yearThenMonth = /^(\d{4})[\s,-]+(\p{L}{3,9})\.?$/u.exec(text);
  if (yearThenMonth?.[2]) {
    const month = monthNumber(yearThenMonth[2]);
    if (month) return assemble(Number(yearThenMonth[1]), month);
  }
  const roughly =
    /^(?:(?:spring|summer|autumn|fall|winter|q[1-4]|early|mid|late|about|around|approx\.?|circa|ca?\.?|~)[\s-]*)(\d{4})$|^(\d{4})\s*\??年?$/iu.exec(
      text,
    );
  if (roughly) return assemble(Number(roughly[1] ?? roughly[2]));
  return undefined;
}

/** Whether one date is certainly before another: compared only as exactly as both are known. */
export function isBefore(one: PartialDate, other: PartialDate): boolean {
  const exactness = Math.min(one.length, other.length);
  return one.slice(0, exactness) < other.slice(0, exactness);
}
