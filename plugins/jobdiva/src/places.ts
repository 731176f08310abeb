// JobDiva takes the two letters of a country and, for the United States and Canada, of a state (JobDiva sheet §6: that the
// state must fit the country is unverified, the spelling INFERRED from the states that it answers).

const STATE_NAMES: Readonly<Record<string, string>> = {
  US: 'AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,PR Puerto Rico,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming',
  CA: 'AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,NS Nova Scotia,NT Northwest Territories,NU Nunavut,ON Ontario,PE Prince Edward Island,QC Quebec,SK Saskatchewan,YT Yukon',
};

/** Names that people use and the list of countries does not. */
const OTHER_COUNTRY_NAMES: readonly (readonly [string, string])[] = [
  ['usa', 'US'],
  ['united states of america', 'US'],
  ['uk', 'GB'],
  ['great britain', 'GB'],
  ['england', 'GB'],
  ['scotland', 'GB'],
  ['wales', 'GB'],
];

let countries: ReadonlyMap<string, string> | undefined;

/** The two letters of a country that is given by code or by English name; `undefined` when it is not known. */
export function countryCode(country: string): string | undefined {
  countries ??= countryCodes();
  return countries.get(plain(country));
}

/** A state as JobDiva writes it: two letters in the United States and Canada, otherwise as it is. */
export function stateOf(region: string, country: string | undefined): string {
  for (const entry of STATE_NAMES[country ?? 'US']?.split(',') ?? []) {
    const [code, name] = [entry.slice(0, 2), entry.slice(3)];
    if (plain(region) === plain(code) || plain(region) === plain(name)) return code;
  }
  return region;
}

function countryCodes(): ReadonlyMap<string, string> {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const codes = new Map<string, string>(OTHER_COUNTRY_NAMES);
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  // Beyond those of ISO 3166 there are groups of countries ("EU") and reserved codes, which are no one's address.
  const noCountry = new Set(['EU', 'EZ', 'UN', 'UK', 'XA', 'XB', 'QO', 'ZZ']);
  for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
    const name = noCountry.has(code) ? undefined : names.of(code);
    if (name === undefined) continue;
    codes.set(plain(code), code);
    codes.set(plain(name), code);
  }
  return codes;
}

/** Without capitals, accents, points and needless spacing: `Québec` is `quebec`, `U.S.A.` is `usa`. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\p{M}.]/gu, '')
    .replace(/’/g, "'")
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
