import type { PartialDate } from '@talentbridge/contracts';
import { readPartialDate } from '../../../../directory/partial-date.js';
import type { QueryProblemCode } from './query-problem.js';

/** Both ends belong to a range; an absent one is open. */
export interface Range<Value> {
  readonly from?: Value;
  readonly to?: Value;
}

/** A range, or why a text is none. `reading` is what was meant, where that is clear. */
export type RangeReading<Value> =
  | { readonly range: Range<Value> }
  | {
      readonly code: QueryProblemCode;
      readonly message: string;
      readonly remedy: string;
      readonly reading?: Range<Value>;
    };

interface ValueKind<Value> {
  readonly code: QueryProblemCode;
  readonly noun: string;
  readonly examples: string;
  read(text: string): Value | undefined;
  next(value: Value): Value;
  previous(value: Value): Value;
  isAfter(from: Value, to: Value): boolean;
}

const numbers: ValueKind<number> = {
  code: 'NOT_A_NUMBER',
  noun: 'whole number',
  examples: '5, 3..8, >=3, 5+',
  read: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  next: (value) => value + 1,
  previous: (value) => value - 1,
  isAfter: (from, to) => from > to,
};

const dates: ValueKind<PartialDate> = {
  code: 'NOT_A_DATE',
  noun: 'date',
  examples: '2026, 2026-03, 2026-03-01, >=2026-01-01, 2025..2026',
  read: (text) => readPartialDate(text),
  next: (value) => shifted(value, 1),
  previous: (value) => shifted(value, -1),
  isAfter: (from, to) => startOf(from) > endOf(to),
};

/** Reads a range of whole numbers: `5`, `3..8`, `3-8`, `..8`, `>=3`, `<8`, `5+`. */
export function readNumbers(text: string): RangeReading<number> {
  return read(text.replace(/^(\d+)-(\d+)$/, '$1..$2'), numbers);
}

/** Reads a range of dates, each as exact as it is written: `2026`, `2026-03..2026-05`, `>=2026-01-01`. */
export function readDates(text: string): RangeReading<PartialDate> {
  return read(text, dates);
}

function read<Value>(text: string, kind: ValueKind<Value>): RangeReading<Value> {
  const refusal = {
    code: kind.code,
    message: `This is no ${kind.noun} and no range of such.`,
    remedy: `Write it like one of these: ${kind.examples}.`,
  };
  const compared = /^(>=|<=|=>|=<|≥|≤|>|<)\s*(.+)$/u.exec(text);
  if (compared) {
    const value = kind.read(compared[2] ?? '');
    if (value === undefined) return refusal;
    switch (compared[1]) {
      case '>':
        return { range: { from: kind.next(value) } };
      case '<':
        return { range: { to: kind.previous(value) } };
      case '>=':
      case '=>':
      case '≥':
        return { range: { from: value } };
      default:
        return { range: { to: value } };
    }
  }
  const open = /^(.+)\+$/.exec(text)?.[1];
  const [first, last, more] = open === undefined ? text.split(/\s*(?:\.\.+|…)\s*/u) : [open, ''];
  if (more !== undefined || (!first && !last)) return refusal;
  const from = first ? kind.read(first) : undefined;
  const to = last ? kind.read(last) : last === undefined ? from : undefined;
  if ((first && from === undefined) || (last && to === undefined)) return refusal;
  if (from !== undefined && to !== undefined && kind.isAfter(from, to)) {
    return {
      code: 'REVERSED_RANGE',
      message: 'The range ends before it begins.',
      remedy: 'Write the smaller value first.',
      reading: { from: to, to: from },
    };
  }
  return { range: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } };
}

function partsOf(date: PartialDate): { readonly year: number; readonly month?: number; readonly day?: number } {
  const [year = 0, month, day] = date.split('-').map(Number);
  return { year, ...(month === undefined ? {} : { month }), ...(day === undefined ? {} : { day }) };
}

/** When a date begins, in milliseconds since 1970, UTC. */
export function startOf(date: PartialDate): number {
  const { year, month = 1, day = 1 } = partsOf(date);
  return Date.UTC(year, month - 1, day);
}

/** The last millisecond of a date, since 1970, UTC: of the year, the month or the day, as exact as it is. */
export function endOf(date: PartialDate): number {
  return startOf(shifted(date, 1)) - 1;
}

/** The year, month or day after (1) or before (-1) this one. */
function shifted(date: PartialDate, by: 1 | -1): PartialDate {
  const { year, month, day } = partsOf(date);
  if (month === undefined) return String(year + by);
  const moment = new Date(day === undefined ? Date.UTC(year, month - 1 + by) : Date.UTC(year, month - 1, day + by));
  return moment.toISOString().slice(0, day === undefined ? 7 : 10);
}
