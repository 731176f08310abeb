/** Something that can be found by its texts. */
interface Searched {
  readonly id: string;
}

/**
 * The full-text search behind `q` (SmartRecruiters sheet §5, CONFIRMED): text falls into words at everything that is no
 * letter or digit, `@` included; words are stemmed; the words of a query are alternatives; double quotes make a phrase.
 * Which fields are searched is INFERRED.
 */
export class TextSearch<Item extends Searched> {
  readonly #holders = new Map<string, Set<string>>();
  readonly #words = new Map<string, readonly (readonly string[])[]>();

  constructor(private readonly textsOf: (item: Item) => readonly (string | undefined)[]) {}

  /** Makes an item findable as it is now. */
  put(item: Item): void {
    this.remove(item.id);
    const texts = this.textsOf(item).map((text) => wordsOf(text ?? ''));
    this.#words.set(item.id, texts);
    for (const word of new Set(texts.flat())) {
      const holders = this.#holders.get(word) ?? new Set();
      this.#holders.set(word, holders.add(item.id));
    }
  }

  /** Makes an item unfindable. */
  remove(id: string): void {
    for (const word of new Set(this.#words.get(id)?.flat())) this.#holders.get(word)?.delete(id);
    this.#words.delete(id);
  }

  /** The ids of everything that a query finds. */
  find(query: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (const [, phrase, plain] of query.matchAll(/"([^"]*)"|([^\s"]+)/g)) {
      const alternatives = phrase === undefined ? wordsOf(plain ?? '').map((word) => [word]) : [wordsOf(phrase)];
      for (const words of alternatives) for (const id of this.#holdersOf(words)) found.add(id);
    }
    return found;
  }

  *#holdersOf(words: readonly string[]): Generator<string> {
    const [rarest] = words
      .map((word) => this.#holders.get(word) ?? new Set<string>())
      .sort((one, other) => one.size - other.size);
    for (const id of rarest ?? []) {
      if (this.#words.get(id)?.some((text) => holdsPhrase(text, words))) yield id;
    }
  }
}

function holdsPhrase(text: readonly string[], phrase: readonly string[]): boolean {
  return text.some((_, start) => phrase.every((word, index) => text[start + index] === word));
}

function wordsOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map(stem);
}

/** Crude, and enough to show that a found text need not be the one that was asked for. */
function stem(word: string): string {
  return word.length > 4 ? word.replace(/(?:ing|s)$/, '') : word;
}
