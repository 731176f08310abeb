/** `yyyy-MM-dd hh:mm a` in UTC (iCIMS sheet §1, CONFIRMED). */
export function dateTimeOf(at: number): string {
  const date = new Date(at);
  const hours = date.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = date.toISOString().slice(0, 10);
  return `${day} ${two(((hours + 11) % 12) + 1)}:${two(date.getUTCMinutes())} ${hours < 12 ? 'AM' : 'PM'}`;
}

const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?: (0\d|1[0-2]):([0-5]\d) (AM|PM))?$/;

/** The moment that is written so, in milliseconds since the epoch; `undefined` when it is not. */
export function readDateTime(text: string): number | undefined {
  const [, day, hour = '12', minute = '00', half = 'AM'] = WRITTEN.exec(text) ?? [];
  if (day === undefined || hour === '00') return undefined;
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) return undefined;
  const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return at + (hours * 60 + Number(minute)) * 60_000;
}
