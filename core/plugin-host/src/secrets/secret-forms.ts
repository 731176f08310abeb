/** Shorter ones would match by chance, and hide half of the text around them. */
const MIN_BASE64_LENGTH = 6;

/**
 * How a value can show up in a text: as it is, and in the encodings that a vendor's error page or a log line puts
 * around it. Longest first, so that a whole encoded value is recognised before a part of it.
 */
export function secretForms(value: string): readonly string[] {
  const percent = encodeURIComponent(value);
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  const json = JSON.stringify(value).slice(1, -1);
  const forms = new Set([
    value,
    percent,
    lowerCaseEscapes(percent),
    form,
    lowerCaseEscapes(form),
    json,
    json.replaceAll('/', '\\/'),
    ...htmlForms(value),
    ...base64Forms(value),
  ]);
  return [...forms].sort((a, b) => b.length - a.length);
}

/**
 * The value in base64, also where it stands in the middle of a longer text, as in `user:password`. Three bytes make
 * four characters, so there are three ways it can be aligned; characters that depend on its neighbours are cut off.
 */
function base64Forms(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const whole = [bytes.toString('base64'), bytes.toString('base64url')];
  const parts = [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor((padded.length * 8) / 6);
    return [padded.toString('base64').slice(from, to), padded.toString('base64url').slice(from, to)];
  });
  return [...whole, ...parts].filter((form) => form.length >= MIN_BASE64_LENGTH);
}

function lowerCaseEscapes(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

const HTML_NAMES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };

/** The value inside of HTML: by names or numbers, with or without the quotes. A plugin that makes text of a page turns it back. */
function htmlForms(value: string): readonly string[] {
  const spellings = [
    (character: string) => HTML_NAMES[character] ?? character,
    (character: string) => `#${character.charCodeAt(0)}`,
    (character: string) => `#x${character.charCodeAt(0).toString(16)}`,
  ];
  return [/[&<>]/g, /[&<>"']/g].flatMap((unsafe) =>
    spellings.map((spell) => value.replace(unsafe, (character) => `&${spell(character)};`)),
  );
}
