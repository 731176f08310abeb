/** What an answer is sent as. */
export type ResponseMediaType = 'application/graphql-response+json' | 'application/json' | 'text/event-stream';

const OFFERED: readonly ResponseMediaType[] = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
];

interface MediaRange {
  readonly type: string;
  readonly quality: number;
}

/**
 * Chooses how to answer from the `Accept` header, as GraphQL over HTTP asks: JSON when the client does not care.
 * Answers `undefined` when the client accepts nothing of what there is.
 */
export function negotiate(accept: string | undefined): ResponseMediaType | undefined {
  if (accept === undefined || accept.trim() === '') return 'application/json';
  const ranges = accept.split(',').map(readRange);
  let best: { readonly type: ResponseMediaType; readonly quality: number; readonly precision: number } | undefined;
  for (const type of OFFERED) {
    const matches = ranges.filter((range) => covers(range.type, type));
    // The most precise range decides about a type: `*/*, application/json;q=0` refuses JSON.
    const range = matches.sort((a, b) => precisionOf(b.type) - precisionOf(a.type))[0];
    if (!range || range.quality === 0) continue;
    const precision = precisionOf(range.type);
    // An event stream only when it is named: `*/*` means "any document".
    if (type === 'text/event-stream' && precision < 2) continue;
    if (!best || range.quality > best.quality || (range.quality === best.quality && precision > best.precision)) {
      best = { type, quality: range.quality, precision };
    }
  }
  return best?.type;
}

function readRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = given === undefined ? 1 : Number(given.slice(2));
  return { type, quality: Number.isFinite(quality) ? Math.min(Math.max(quality, 0), 1) : 0 };
}

function covers(range: string, type: string): boolean {
  return range === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}

function precisionOf(range: string): number {
  if (range === '*/*') return 0;
  return range.endsWith('/*') ? 1 : 2;
}
