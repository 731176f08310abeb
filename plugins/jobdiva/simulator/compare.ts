// How JobDiva compares what it holds with what it is asked for (INFERRED).

/** Whether a text is the wanted one, whatever its case; no wish is fitted by all. */
export function fits(value: string, wanted: string | undefined): boolean {
  return wanted === undefined || value.toLowerCase() === wanted.trim().toLowerCase();
}

/** A profile URL without what varies: scheme, `www`, capitals, a slash at the end. */
export function linkKey(url: string): string {
  return url
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/[/?#]+$/, '');
}

/** A phone number without what people put between its digits. */
export function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '');
}
