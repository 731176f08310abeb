/**
 * A link of an ATS as front ends may show it: one that would run something when it is followed (`javascript:`, `data:`) is
 * left out. What names no scheme, such as `linkedin.com/in/somebody`, leads nowhere bad and stays.
 */
export function webUrl(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return text;
  return ['http:', 'https:'].includes(new URL(text).protocol) ? text : undefined;
}
