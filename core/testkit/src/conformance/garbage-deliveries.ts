import type { Delivery } from '@talentbridge/contracts';
import fc from 'fast-check';
import { HOSTILE_STRINGS } from '../builders/hostile-strings.js';

/** Deliveries that look like a real one, and have something wrong somewhere. */
export function deliveryLike(real: Delivery): fc.Arbitrary<Delivery> {
  return fc.record({
    method: fc.constantFrom('POST', 'GET'),
    query: valuesLike(real.query),
    headers: valuesLike(real.headers),
    body: bodyLike(real),
  });
}

/** What careless code fails over, and the largest that reaches a plugin. */
export function awkwardDeliveries(real: Delivery): readonly Delivery[] {
  const { query, headers, body } = real;
  const long = 'v1=0,;=" '.repeat(MEBIBYTE / 9);
  const values = [long.slice(0, 16_384), ...AWKWARD_VALUES];
  return [
    { ...real, body: '['.repeat(MEBIBYTE) },
    { ...real, body: `${'{"data":'.repeat(MEBIBYTE / 9)}1${'}'.repeat(MEBIBYTE / 9)}` },
    { ...real, body: body.replace('{', '{"__proto__":{"id":"x"},"constructor":{"prototype":1},') },
    { ...real, body: JSON.stringify(long) },
    // All headers together may be 16 KiB, and so may the address: Node.js accepts no more.
    ...Object.keys(headers).flatMap((name) =>
      values.map((value) => ({ ...real, headers: { ...headers, [name]: value } })),
    ),
    ...Object.keys(query).flatMap((name) => values.map((value) => ({ ...real, query: { ...query, [name]: value } }))),
  ];
}

const MEBIBYTE = 2 ** 20;
const AWKWARD_VALUES = ['', ' ', '%', '%zz', ';', ',', 'v1=', '=', '{', '-1', 'NaN', '1e999', '__proto__', '\u0000'];

/** Headers or parameters that look like the vendor's, and say anything or are missing. */
function valuesLike(real: Readonly<Record<string, string>>): fc.Arbitrary<Record<string, string>> {
  const hostile = fc.constantFrom(...HOSTILE_STRINGS.map(({ text }) => text));
  const anything = [fc.constant(undefined), fc.string({ unit: 'binary-ascii' }), hostile];
  const known = Object.entries(real).map(([name, value]) =>
    fc
      .oneof(
        // Mostly right: what is wrong everywhere is turned away by the first look.
        { arbitrary: fc.constant<string | undefined>(value), weight: 12 },
        ...anything,
      )
      .map((sent) => (sent === undefined ? {} : { [name]: sent })),
  );
  return fc
    .tuple(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), ...known)
    .map((parts) => Object.assign({}, ...parts));
}

/** Bodies that look like the vendor's, with anything in any place; and anything at all. */
function bodyLike({ body }: Delivery): fc.Arbitrary<string> {
  const text = fc.string({ unit: 'grapheme' });
  return fc.oneof(
    text,
    fc.json(),
    fc.nat(body.length).map((end) => body.slice(0, end)),
    fc.tuple(fc.nat(body.length), text).map(([at, added]) => `${body.slice(0, at)}${added}${body.slice(at)}`),
    fc.constant(body),
    {
      arbitrary: fc
        .infiniteStream(fc.tuple(fc.nat(5), fc.jsonValue({ maxDepth: 2 })))
        .map((spoilt) => spoiltJson(body, spoilt)),
      weight: 4,
    },
  );
}

/** The same JSON, with some of its values replaced. */
function spoiltJson(body: string, spoilt: Iterator<[number, unknown]>): string {
  try {
    const value: unknown = JSON.parse(body, (_key, kept: unknown) => {
      const [keep, other] = spoilt.next().value;
      return keep > 0 ? kept : other;
    });
    return JSON.stringify(value) ?? '';
  } catch {
    // The vendor speaks no JSON: its bodies are spoilt as text above.
    return body;
  }
}
