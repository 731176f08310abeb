import type { Stemmer } from './stem.js';
import { type Token, tokenize } from './tokens.js';

/** A text as the terms that it is searched by, with where each of them stands: a long query asks a long text for many. */
export class SplitText {
  readonly tokens: readonly Token[];
  private readonly places: ReadonlyMap<string, readonly number[]>;
  private termsByStem: ReadonlyMap<string, readonly string[]> | undefined;
  private inOrder: readonly string[] | undefined;

  constructor(text: string) {
    this.tokens = tokenize(text);
    const places = new Map<string, number[]>();
    for (const [place, { term }] of this.tokens.entries()) {
      const known = places.get(term);
      if (known) known.push(place);
      else places.set(term, [place]);
    }
    this.places = places;
  }

  /** Where a term stands, as positions in `tokens`. */
  placesOf(term: string): readonly number[] {
    return this.places.get(term) ?? [];
  }

  /** The terms with the same stem. @param stem The same one at each call. */
  formsOf(term: string, stem: Stemmer): readonly string[] {
    this.termsByStem ??= Map.groupBy(this.places.keys(), stem);
    return this.termsByStem.get(stem(term)) ?? [];
  }

  /** The terms that begin with this one. */
  beginningWith(start: string): readonly string[] {
    this.inOrder ??= [...this.places.keys()].sort();
    const all = this.inOrder;
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((all[middle] ?? '') < start) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (all[end]?.startsWith(start)) end++;
    return all.slice(low, end);
  }
}
