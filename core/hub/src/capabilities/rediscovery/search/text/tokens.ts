import { foldWithOffsets } from './fold.js';

/**
 * A word as it is searched.
 *
 * A run of a script that parts no words (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) is one word here, and
 * several terms: see `termsOf`.
 */
export interface Word {
  /** Folded. */
  readonly text: string;
  /** Where it stands in the text, in UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** What an index holds: one term at each position, counted from 0. Terms of a run overlap. */
export interface Token extends Pick<Word, 'start' | 'end'> {
  readonly term: string;
  readonly position: number;
}

/** Longer words are nothing that anybody types (keys, encoded pictures) and are cut, in texts as in queries. In UTF-16 units. */
export const LONGEST_TERM = 64;

const spaceless =
  '[[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]&&[\\p{L}\\p{N}\\p{M}]]';
const first = `[[\\p{L}\\p{N}]--${spaceless}]`;
const letter = `[[\\p{L}\\p{N}\\p{M}]--${spaceless}]`;
const notAfterWord = '(?<![\\p{L}\\p{N}])';
const notBeforeWord = '(?![\\p{L}\\p{N}])';

/**
 * What counts as a word. Signs belong to one where they tell it from another: C, C++ and C#; .NET and net; AT&T and "at T".
 * Everywhere else they part words, so that "node.js", "full-stack" and an email address are found by their parts, and
 * as a whole by their parts in this order.
 */
const words = new RegExp(
  [
    `(?<run>[${spaceless}--\\p{M}]${spaceless}*)`,
    // C++, C#, F#, A+
    `${notAfterWord}(?<sign>[a-z](?:\\+\\+|#|\\+(?![\\p{L}\\p{N}+])))`,
    `(?<![\\p{L}\\p{N}.])\\.net${notBeforeWord}|(?<=${notAfterWord}(?:asp|vb|ado|ml))\\.net${notBeforeWord}`,
    // AT&T, R&D. With spaces only the usual ones, because "C & R" are two skills.
    `${notAfterWord}(?<and>[a-z]&[a-z]{1,3}|[a-z]{2,3}&[a-z]|(?:r & d|m & a|q & a|p & l|at & t))(?![\\p{L}\\p{N}+#])`,
    `(?<![\\p{L}\\p{N}.,])(?<thousands>[0-9]{1,3}(?:,[0-9]{3})+)${notBeforeWord}`,
    `(?<word>${first}${letter}*(?:'${first}${letter}*)*)`,
  ].join('|'),
  'gv',
);

/** French and Italian articles and pronouns before a vowel, which are words of their own. */
const elision = /^(?:[cdjlmnst]|qu|dell|nell|sull|all|dall|un)'(?=[aeiouyh])/;

/** The words of a text, in their order. */
export function wordsOf(text: string): Word[] {
  const folded = foldWithOffsets(text);
  return foldedWords(folded.text).map(({ word, from, to }) => ({
    text: word,
    start: folded.startOf(from),
    end: folded.endOf(to - 1),
  }));
}

/** The words of a folded text, and where they stand in it. */
function foldedWords(text: string): { readonly word: string; readonly from: number; readonly to: number }[] {
  const found: { word: string; from: number; to: number }[] = [];
  const add = (word: string, from: number, to: number): void => {
    found.push({ word: word.length > LONGEST_TERM ? cutTo(word, LONGEST_TERM) : word, from, to });
  };
  for (const { 0: match, index, groups } of text.matchAll(words)) {
    const end = index + match.length;
    if (groups?.run !== undefined) found.push({ word: match, from: index, to: end });
    else if (groups?.and !== undefined) add(match.replaceAll(' ', ''), index, end);
    else if (groups?.thousands !== undefined) add(match.replaceAll(',', ''), index, end);
    else if (groups?.word !== undefined && match.includes("'")) {
      const article = elision.exec(match)?.[0].length ?? 0;
      if (article > 0) add(match.slice(0, article - 1), index, index + article - 1);
      // "Bachelor's" is a bachelor's; O'Brien is also written OBrien.
      add(match.slice(article).replace(/'s$/, '').replaceAll("'", ''), index + article, end);
    } else add(match, index, end);
  }
  return found;
}

function cutTo(word: string, length: number): string {
  const cut = word.slice(0, length);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

const runs = new RegExp(`^[${spaceless}--\\p{M}]`, 'v');
const signs = /\P{M}\p{M}*/gu;

/** Whether a word is a run of a script that parts no words. */
export function isRun(word: string): boolean {
  return runs.test(word);
}

/**
 * The terms of one word, each with its place in it.
 *
 * A run has as many terms as it has characters: each with the one that follows, the last alone. So two characters or
 * more are found wherever they stand, without asking a dictionary, whose splits depend on what stands beside and on its
 * version; and a single character is found as the beginning of a term.
 */
export function termsOf(word: string): { readonly term: string; readonly start: number; readonly end: number }[] {
  if (!isRun(word)) return [{ term: word, start: 0, end: word.length }];
  const all = [...word.matchAll(signs)].map(({ 0: sign, index }) => ({ sign, index }));
  return all.map(({ sign, index }, place) => {
    const next = all[place + 1]?.sign ?? '';
    return { term: sign + next, start: index, end: index + sign.length + next.length };
  });
}

/**
 * Splits a text into the terms that every engine indexes. One definition for all of them: engines that split texts
 * themselves would count differently.
 */
export function tokenize(text: string): Token[] {
  const folded = foldWithOffsets(text);
  const tokens: Token[] = [];
  const add = (term: string, from: number, to: number): void => {
    tokens.push({ term, position: tokens.length, start: folded.startOf(from), end: folded.endOf(to - 1) });
  };
  for (const { word, from, to } of foldedWords(folded.text)) {
    if (!isRun(word)) add(word, from, to);
    else for (const { term, start, end } of termsOf(word)) add(term, from + start, from + end);
  }
  return tokens;
}
