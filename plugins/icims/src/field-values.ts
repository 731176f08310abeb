import type { PartialDate } from '@talentbridge/contracts';
import type { VendorProfile } from './vendor-records.js';

// Values of fields as iCIMS serves them (iCIMS sheet §5, CONFIRMED). What reads otherwise is nothing: a profile is never refused
// for one field.

/** A person, job or company that a field points to. */
export interface ProfileLink {
  readonly id: number;
  readonly name?: string;
}

/** A text, as it is; blanks alone are none. */
export function textIn(record: VendorProfile, id: string | undefined): string | undefined {
  return textOf(valueIn(record, id));
}

/** The word of a list field, or a plain text. */
export function wordIn(record: VendorProfile, id: string | undefined): string | undefined {
  const value = valueIn(record, id);
  if (!isRecord(value)) return textOf(value);
  return textOf(value['value']) ?? textOf(value['formattedvalue']);
}

/** The short form of a state or country (`MA`, `US`), else its name. */
export function placeIn(record: VendorProfile, id: string | undefined): string | undefined {
  const value = valueIn(record, id);
  return (isRecord(value) ? textOf(value['abbrev']) : undefined) ?? wordIn(record, id);
}

/** What a field points to. */
export function linkIn(record: VendorProfile, id: string): ProfileLink | undefined {
  const value = valueIn(record, id);
  if (!isRecord(value)) return undefined;
  const target = idOf(value['id']);
  const name = textOf(value['value']);
  return target === undefined ? undefined : { id: target, ...(name === undefined ? {} : { name }) };
}

/** The entries of a collection. */
export function entriesIn(record: VendorProfile, id: string | undefined): readonly VendorProfile[] {
  const value = valueIn(record, id);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A time, as ISO 8601. iCIMS writes `yyyy-MM-dd hh:mm a` in UTC (iCIMS sheet §1, CONFIRMED). */
export function timeIn(record: VendorProfile, id: string): string | undefined {
  const at = readDateTime(textIn(record, id) ?? '');
  return at === undefined ? undefined : new Date(at).toISOString();
}

/** A date of a life: `yyyy-MM-dd`, or the beginning of one. */
export function partialDateIn(record: VendorProfile, id: string | undefined): PartialDate | undefined {
  return /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d{2})?)?(?=$|\s)/.exec(textIn(record, id) ?? '')?.[0];
}

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})(?:\s+(\d{1,2}):(\d{2})\s*([AP]M))?$/i;

/** Milliseconds since the epoch; `undefined` when the text is no time of iCIMS. A day alone is its first moment. */
export function readDateTime(text: string): number | undefined {
  const [, year = '', month = '', day = '', hour = '12', minute = '00', half = 'AM'] =
    DATE_TIME.exec(text.trim()) ?? [];
  const hours = Number(hour);
  if (year === '' || hours < 1 || hours > 12 || Number(minute) > 59) return undefined;
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // The 31st of February is no day, and would be read as one in March.
  if (midnight.toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return undefined;
  const after = (hours % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  return midnight.getTime() + (after * 60 + Number(minute)) * 60_000;
}

/** A system id, which is a number or a text of digits (iCIMS sheet §1, CONFIRMED). */
export function idOf(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^[1-9]\d{0,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** Whether a value has members. */
export function isRecord(value: unknown): value is VendorProfile {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueIn(record: VendorProfile, id: string | undefined): unknown {
  return id !== undefined && Object.hasOwn(record, id) ? record[id] : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
