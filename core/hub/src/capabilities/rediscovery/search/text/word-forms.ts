import { irregular, stemEnglish } from './stem.js';

const irregularForms = new Map<string, readonly string[]>();
for (const [form, word] of Object.entries(irregular)) {
  irregularForms.set(word, [...(irregularForms.get(word) ?? []), form]);
}

/**
 * All terms that `stemEnglish` brings to the same stem as this one, itself among them: what an index looks up that holds terms
 * as they stand. Most of them are no words; looking those up costs next to nothing.
 */
export function formsOf(term: string): readonly string[] {
  const stem = stemEnglish(term);
  // The steps of the stemmer backwards, each with everything that it may have taken away; the stemmer itself has the last word.
  let forms = [stem];
  for (const step of [withLastLetter, withEnding, withIrregular, withPlural, withIrregular])
    forms = forms.flatMap(step);
  return [...new Set([term, ...forms.filter((form) => stemEnglish(form) === stem)])];
}

function withLastLetter(stem: string): string[] {
  const words = stem.endsWith('i') ? [stem, `${stem.slice(0, -1)}y`] : [stem];
  return words.flatMap((word) => [word, `${word}e`]);
}

function withEnding(word: string): string[] {
  const doubled = /[bdgmnprt]$/.test(word) ? [`${word}${word.at(-1)}ing`, `${word}${word.at(-1)}ed`] : [];
  return [word, `${word}ing`, `${word}ed`, `${word}d`, ...doubled];
}

function withIrregular(word: string): string[] {
  return [word, ...(irregularForms.get(word) ?? [])];
}

function withPlural(word: string): string[] {
  return [word, `${word}s`, `${word}es`, ...(word.endsWith('y') ? [`${word.slice(0, -1)}ies`] : [])];
}
