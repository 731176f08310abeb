import { plainLetters } from '../../../../kernel/folded.js';

/** The zeros of scripts with digits of their own. The other nine follow each. */
const ZEROS = '٠۰०০੦૦୦௦౦೦൦๐໐၀០';

/** The digits of all scripts, by those that are written with Latin letters. */
const digits = Object.fromEntries(
  [...ZEROS].flatMap((zero) =>
    Array.from({ length: 10 }, (_, digit) => [String.fromCharCode(zero.charCodeAt(0) + digit), String(digit)]),
  ),
);

/**
 * Letters that Unicode does not take apart and that people write without their stroke, as two letters, or, in Arabic, Persian and
 * Urdu, as their keyboard has them.
 */
const letters: Readonly<Record<string, string>> = {
  ...digits,
  ...plainLetters,
  ς: 'σ',
  '♯': '#',
  ى: 'ي',
  ی: 'ي',
  ے: 'ي',
  ة: 'ه',
  ہ: 'ه',
  ک: 'ك',
};

/** What is written for an apostrophe, by keyboards and by word processors. */
const apostrophes = /[‘’‛′ʼʹ´`]/gu;

/** Accents of Latin, Greek and Cyrillic, vowel points of Arabic and Hebrew, the Arabic stretching line. Other scripts spell with their marks. */
const accents = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]/gu;

/** What draws nothing and parts nothing: soft hyphens, joiners, marks of direction, variation selectors. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** A character with its marks (those of half-width Katakana are letters to Unicode), or a Korean syllable that is written as its letters. */
const clusters =
  /[\u1100-\u115f]\p{DI}*[\u1160-\u11a7]\p{DI}*[\u11a8-\u11ff]?|\P{M}[\p{M}\p{DI}\uff9e\uff9f]*|\p{M}+/gu;

/** Korean letters that stand alone, by the form that joins with its neighbors: they must not become a syllable with them. */
const standAloneLetters = new Map(
  Array.from({ length: 0x318f - 0x3131 }, (_, index) => String.fromCharCode(0x3131 + index)).map((letter) => [
    letter.normalize('NFKD'),
    letter,
  ]),
);

const foldedClusters = new Map<string, string>();

function foldOnce(cluster: string): string {
  const plain = cluster
    .replace(/[\u200b\u2028\u2029]/gu, ' ')
    .replace(apostrophes, "'")
    .normalize('NFKD')
    .replace(accents, '')
    .replace(invisible, '')
    .toLowerCase();
  return [...plain]
    .map((letter) => (Object.hasOwn(letters, letter) ? letters[letter] : letter))
    .join('')
    .normalize('NFC')
    .replace(/[\u1100-\u11ff]/g, (letter) => standAloneLetters.get(letter) ?? letter);
}

function foldCluster(cluster: string): string {
  const known = foldedClusters.get(cluster);
  if (known !== undefined) return known;
  let folded = foldOnce(cluster);
  // A few signs stand for others that fold again, such as a Greek symbol for a capital letter.
  for (let again = foldOnce(folded); again !== folded; again = foldOnce(folded)) folded = again;
  // Texts come from outside: they must not fill the memory with clusters.
  if (foldedClusters.size < 20_000) foldedClusters.set(cluster, folded);
  return folded;
}

/** A text without differences of case, accents, width and way of writing, and where each of its parts came from. */
export interface FoldedText {
  readonly text: string;
  /** Where in the original the part begins that the folded character at `index` came from, in UTF-16 units. */
  startOf(index: number): number;
  /** Where that part ends, exclusive. */
  endOf(index: number): number;
}

/** Stretches of ASCII, which fold in one go, and the clusters between them. Grave accents are apostrophes. */
const stretches = new RegExp(`[\\x00-\\x5f\\x61-\\x7f]+(?![\\p{M}\\p{DI}\\uff9e\\uff9f])|${clusters.source}`, 'gu');

/** A part of a folded text, and what it came from. Of a stretch of ASCII each character came from its own. */
interface Part {
  readonly foldedStart: number;
  readonly start: number;
  readonly end: number;
  readonly ascii: boolean;
}

const ascii = /^[\p{ASCII}--`]+$/v;

/** Folds a text and keeps where everything stood. Folding what is folded changes nothing. */
export function foldWithOffsets(original: string): FoldedText {
  if (ascii.test(original)) {
    return { text: original.toLowerCase(), startOf: (index) => index, endOf: (index) => index + 1 };
  }
  let text = '';
  const parts: Part[] = [];
  for (const { 0: piece, index } of original.matchAll(stretches)) {
    const isAscii = ascii.test(piece);
    parts.push({ foldedStart: text.length, start: index, end: index + piece.length, ascii: isAscii });
    text += isAscii ? piece.toLowerCase() : foldCluster(piece);
  }
  const partAt = (index: number): Part | undefined => {
    let [low, high] = [0, parts.length - 1];
    while (low < high) {
      // Of parts that begin together all but the last are empty.
      const middle = Math.ceil((low + high) / 2);
      if ((parts[middle]?.foldedStart ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return parts[low];
  };
  const placeOf = (index: number, end: boolean): number => {
    const part = partAt(index);
    if (!part) return 0;
    if (part.ascii) return part.start + index - part.foldedStart + (end ? 1 : 0);
    return end ? part.end : part.start;
  };
  return { text, startOf: (index) => placeOf(index, false), endOf: (index) => placeOf(index, true) };
}

/** A text without differences of case, accents, width and way of writing. */
export function fold(text: string): string {
  return foldWithOffsets(text).text;
}
