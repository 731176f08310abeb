/** A text that breaks careless software, and what it breaks. */
export interface HostileString {
  readonly name: string;
  readonly text: string;
}

/**
 * Texts that must arrive as they were sent. None begins or ends with a space, because vendors may trim. Lone
 * surrogates survive JSON, and nothing that must become UTF-8: leave them out (`isWellFormed()`) for such a vendor.
 */
export const HOSTILE_STRINGS: readonly HostileString[] = [
  { name: 'quotes', text: `O'Brien "Bo" \`ticks\` “curly” «angles»` },
  { name: 'backslashes', text: 'C:\\temp\\new \\u0041 \\" \\\\' },
  { name: 'emoji and joiners', text: '👩🏽‍🚀 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿' },
  { name: 'right to left', text: 'مها العتيبي‏ (עברית)' },
  { name: 'direction override', text: 'abc\u202Egpj.exe' },
  { name: 'combining marks, not normalised', text: 'Zo\u0065\u0308 A\u030Angstro\u0308m' },
  { name: 'scripts without case', text: '田中さん 김철수 ไทย' },
  { name: 'control characters', text: 'a\u0001b\tc\u0007d\u001Be\u007Ff\u0085g' },
  { name: 'line breaks', text: 'one\ntwo\r\nthree\u2028four\u2029five' },
  { name: 'script tag', text: '</script><script>alert(1)</script><!--' },
  { name: 'markup and entities', text: '<b>&amp; &#x27; ]]> <![CDATA[' },
  { name: 'SQL', text: "Robert'); DROP TABLE candidates;--" },
  { name: 'template placeholders', text: '{{constructor}} ${7*7} <%= x %> #{x} %s %n $& $1 {0}' },
  { name: 'secret placeholder lookalike', text: '[secret apiKey 3f9c2b1e9d00aa11] [secret x]' },
  { name: 'form and header syntax', text: 'a=1&b=2;c=%00%0d%0aSet-Cookie: x=1' },
  { name: 'multipart boundary', text: '------WebKitFormBoundary\r\nContent-Disposition: form-data; name="x"' },
  { name: 'words with a meaning', text: 'null undefined NaN true __proto__ constructor' },
  { name: 'spreadsheet formula', text: '=HYPERLINK("https://evil.example","x")' },
  { name: 'zero width', text: 'a\u200Bb\u200Cc\uFEFFd' },
  { name: 'very long', text: 'Wolfeschlegelsteinhausenbergerdorff-'.repeat(280) },
  { name: 'lone surrogate', text: 'a\uD83Db' },
];
