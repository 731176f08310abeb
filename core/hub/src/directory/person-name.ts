/** The parts of a name. */
export interface NameParts {
  readonly firstName: string;
  /** Absent for a person known by one name. */
  readonly lastName?: string;
}

/** Forms of address, which are no part of a name. */
const titles = new Set('mr mrs ms miss mx dr prof professor sir dame rev herr frau mme m dipl.-ing'.split(' '));

/** What tells generations apart: it stays with the last name. */
const generations = /^(?:jr|sr|ii|iii|iv|v|2nd|3rd)\.?$/i;

/** Degrees and certificates that people put after their names. They stay in the full name alone. */
const degrees =
  /^(?:ph\.?\s?d|d\.?phil|m\.?d|mba|emba|m\.?sc?|b\.?sc?|m\.?a|b\.?a|j\.?d|ll\.?[bm]|ed\.?d|dds|dvm|rn|np|pa-c|cpa|cfa|pmp|p\.?eng|p\.?e|esq|cissp|csm|phr|sphr|shrm-s?cp|rph|pharm\.?d|fcca|aca|acca|prince2|itil)\.?$/i;

/** Words that open a last name of several: the name begins at the first of them. */
const particles = new Set(
  "van von der den ter ten te de da di do dos das del della dello della's la le du des bin ibn bint al el ben zu zum zur af av y mac ó ní san santa st st. 't".split(
    ' ',
  ),
);

/** Chinese family names of two characters; all others have one. */
const compoundChinese = new Set(
  '欧阳 歐陽 司马 司馬 上官 诸葛 諸葛 司徒 夏侯 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫 东方 東方 西门 西門 南宫 南宮 独孤 獨孤 端木 轩辕 軒轅'.split(
    ' ',
  ),
);

/** Korean family names of two syllables; all others have one. */
const compoundKorean = new Set('남궁 황보 제갈 선우 독고 사공 서문'.split(' '));

const han = /^\p{Script=Han}+$/u;
const hangul = /^\p{Script=Hangul}+$/u;
const eastAsian = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー々〆]+$/u;
const hanThenKana = /^(\p{Script=Han}[\p{Script=Han}々]*)([\p{Script=Hiragana}\p{Script=Katakana}ー]+)$/u;

function parts(firstName: string, lastName: string): NameParts {
  return lastName === '' ? { firstName } : { firstName, lastName };
}

/** Family name first, no space: how many characters are the family name. */
function familyLength(name: string): number {
  const characters = [...name];
  const two = characters.slice(0, 2).join('');
  if (characters.length < 2) return 0;
  if (hangul.test(name)) return compoundKorean.has(two) && characters.length > 2 ? 2 : 1;
  if (compoundChinese.has(two) && characters.length > 2) return 2;
  // Four Chinese characters without a known family name of two are nearly always a Japanese name, halved.
  return characters.length >= 4 ? 2 : 1;
}

function splitEastAsian(name: string): NameParts | undefined {
  const words = name.split(/[ \u3000]/u).filter((word) => word !== '');
  if (!words.every((word) => eastAsian.test(word))) return undefined;
  const [first, ...rest] = words;
  if (first === undefined) return undefined;
  if (rest.length > 0) return parts(rest.join(' '), first);
  const kana = hanThenKana.exec(first);
  if (kana?.[1] && kana[2]) return parts(kana[2], kana[1]);
  if (!han.test(first) && !hangul.test(first)) return parts(first, '');
  const length = familyLength(first);
  const characters = [...first];
  return parts(characters.slice(length).join(''), characters.slice(0, length).join(''));
}

/**
 * Splits a name as the person writes it.
 *
 * "Ada King Lovelace" gives the last word as last name; "Ludwig van Beethoven" from the particle on; "Lovelace, Ada" is
 * turned; "Dr.", "PhD" and "(nickname)" are left to the full name; "Jr." stays with the last name; East Asian names without
 * a space are split after the family name, with one ("山田 太郎") the family name comes first. One word is a first name
 * alone. What cannot be known (which of two Spanish last names begins where) is guessed as above: give the parts where
 * they are known.
 */
export function splitFullName(fullName: string): NameParts {
  const name = fullName
    .replace(/\s*[([{（"“][^)\]}）"”]*[)\]}）"”]\s*/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  // A transcribed foreign name in katakana keeps its own order: マイケル・スミス.
  const dotted = name.split(/[・·]/u);
  if (dotted.length > 1 && dotted.every((word) => eastAsian.test(word))) {
    return parts(dotted.slice(0, -1).join('・'), dotted.at(-1) ?? '');
  }
  const asian = splitEastAsian(name);
  if (asian) return asian;

  const [beforeComma = '', ...afterCommas] = name.split(/\s*,\s*/u).filter((part) => part !== '');
  const kept: string[] = [];
  let generation = '';
  for (const part of afterCommas) {
    if (generations.test(part)) generation = ` ${part}`;
    else if (!part.split(' ').every((word) => degrees.test(word))) kept.push(part);
  }
  let words = beforeComma.split(' ').filter((word) => word !== '');
  while (words.length > 1 && titles.has((words[0] ?? '').toLowerCase().replace(/\.$/, ''))) words = words.slice(1);
  // "MA" is a degree after a name and a last name of many: it is dropped only where two words remain.
  while (words.length > 2 && degrees.test(words.at(-1) ?? '')) words = words.slice(0, -1);
  if (words.length > 2 && generations.test(words.at(-1) ?? '')) {
    generation = ` ${words.at(-1)}`;
    words = words.slice(0, -1);
  }
  if (kept.length > 0 && words.length > 0) return parts(kept.join(' '), `${words.join(' ')}${generation}`);

  const particle = words.findIndex(
    (word, index) => index > 0 && index < words.length - 1 && particles.has(word.toLowerCase()),
  );
  const from = particle === -1 ? words.length - 1 : particle;
  if (words.length < 2) return parts(words[0] ?? fullName.trim(), '');
  return parts(words.slice(0, from).join(' '), `${words.slice(from).join(' ')}${generation}`);
}

/** A profile's name as it is shown: as the person writes it, else joined in the order of its script. */
export function displayName(name: {
  readonly firstName: string;
  readonly lastName?: string;
  readonly fullName?: string;
}): string {
  if (name.fullName) return name.fullName;
  if (!name.lastName) return name.firstName;
  if (eastAsian.test(name.firstName) && eastAsian.test(name.lastName)) return `${name.lastName}${name.firstName}`;
  return `${name.firstName} ${name.lastName}`;
}
