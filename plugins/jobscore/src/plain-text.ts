/** What ends a line, also in the middle of a sentence. */
const ENDS_LINE = /<(?:br|\/p|\/div|\/li|\/ul|\/ol|\/tr|\/h[1-6])\b[^<>]*>/gi;
/** Where something begins that nobody sees on a page, and where it ends. */
const UNSEEN = /<(?:(script|style)\b|!--)/gi;
const UNSEEN_END = /<\/(?:script|style)\b/gi;
const COMMENT_END = /-->/g;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi;
const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['ndash', '–'],
  ['mdash', '—'],
  ['hellip', '…'],
  ['bull', '•'],
  ['lsquo', '‘'],
  ['rsquo', '’'],
  ['ldquo', '“'],
  ['rdquo', '”'],
]);

/**
 * What HTML says, as text: an item of a list begins with a dash. For reading, and not a defence against HTML: `&lt;b&gt;` is
 * a text that reads `<b>`.
 */
export function plainText(html: string): string {
  const text = seenOf(html)
    .replace(/\s+/g, ' ')
    .replace(/<li\b[^<>]*>/gi, '- ')
    .replace(ENDS_LINE, '\n')
    .replace(/<[/!?a-z][^<>]*>/gi, '')
    .replace(ENTITY, character);
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Each step goes on behind the one before, so that no page takes longer than its length. */
function seenOf(html: string): string {
  let seen = '';
  for (let from = 0; ; ) {
    const opening = matchFrom(UNSEEN, html, from);
    if (!opening) return seen + html.slice(from);
    seen += html.slice(from, opening.index);
    const isComment = opening[1] === undefined;
    const closing = matchFrom(isComment ? COMMENT_END : UNSEEN_END, html, opening.index);
    if (!closing) return seen;
    // The closing tag is a tag like others.
    from = closing.index + (isComment ? closing[0].length : 0);
  }
}

function matchFrom(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

function character(whole: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return NAMED.get(name.toLowerCase()) ?? whole;
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
