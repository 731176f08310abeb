/** Languages whose names of countries are understood. */
const languages = 'en de fr es it pt nl pl sv da nb fi cs tr el ru uk ar he hi th zh ja ko'.split(' ');

/** Names in daily use that no list has. */
const dailyNames: Readonly<Record<string, string>> = {
  usa: 'US',
  'u.s.': 'US',
  'u.s.a.': 'US',
  'united states of america': 'US',
  uk: 'GB',
  'u.k.': 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'the netherlands': 'NL',
  holland: 'NL',
  'czech republic': 'CZ',
  korea: 'KR',
  uae: 'AE',
  brasil: 'BR',
};

/** Codes that name no country: unions, the unknown, private use. */
const noCountries = new Set(['EU', 'EZ', 'UN', 'QO', 'ZZ', 'XA', 'XB']);

/** Whether two capitals are the code of a country of today: a withdrawn one ("DD") is canonicalised to its successor. */
function isCountryCode(code: string): boolean {
  return (
    !noCountries.has(code) &&
    new Intl.Locale(`und-${code}`).region === code &&
    new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined
  );
}

let codes: ReadonlyMap<string, string> | undefined;

// Some 6,000 look-ups, so only when a country is first written as a name.
function codesByName(): ReadonlyMap<string, string> {
  if (codes) return codes;
  const found = new Map<string, string>(Object.entries(dailyNames));
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const all = letters.flatMap((first) => letters.map((second) => first + second)).filter(isCountryCode);
  for (const language of languages) {
    const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    for (const code of all) {
      const name = names.of(code)?.toLowerCase();
      if (name && !found.has(name)) found.set(name, code);
    }
  }
  codes = found;
  return found;
}

/** The ISO 3166-1 alpha-2 code of a country, from the code or its name in many languages; `undefined` when it is not known. */
export function readCountryCode(text: string): string | undefined {
  const upper = text.trim().toUpperCase();
  if (upper === 'UK') return 'GB';
  if (/^[A-Z]{2}$/.test(upper)) return isCountryCode(upper) ? upper : undefined;
  return codesByName().get(text.trim().toLowerCase());
}
