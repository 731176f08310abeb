/**
 * Characters that draw nothing and do harm: controls other than line breaks, marks that switch the direction of what
 * follows (they can make one name look like another), byte order marks and noncharacters. Joiners stay: Persian, Indic
 * scripts and emoji are written with them.
 */
const harmful =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/gu;

function withoutHarmful(text: string): string {
  // A next-line (U+0085) is a line break to those who write it, so it is turned before controls go.
  return text
    .toWellFormed()
    .replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(harmful, '')
    .normalize('NFC');
}

/** One line of text as a person would see it: composed (NFC), no control characters, single spaces, trimmed. */
export function cleanLine(text: string): string {
  return withoutHarmful(text).replace(/\s+/gu, ' ').trim();
}

/** Text of several lines, cleaned likewise; at most one blank line between paragraphs. */
export function cleanParagraphs(text: string): string {
  return withoutHarmful(text)
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Whether a text has more than `limit` characters (code points), without counting a huge one to its end. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  if (text.length > limit * 2) return true;
  let count = 0;
  for (const _ of text) if (++count > limit) return true;
  return false;
}
