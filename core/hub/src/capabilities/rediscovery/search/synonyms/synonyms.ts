import { fieldNamed, holdersOf } from '../fields.js';
import { allOf, anyOf, noneOf, oneApplication, type QueryNode, type TextNode } from '../query/query-tree.js';
import { stemEnglish } from '../text/stem.js';
import { wordsOf } from '../text/tokens.js';
import bundled from './synonyms.json' with { type: 'json' };

/** Words and phrases that mean the same: each stands for all others. What is merely related, or narrower, does not belong here. */
export interface SynonymGroup {
  readonly kind: 'title' | 'skill';
  readonly phrases: readonly string[];
}

/** Where synonyms come from. A deployment can hand in more than the bundled list. */
export interface SynonymSource {
  groups(): readonly SynonymGroup[];
}

/** The list that comes with the product: usual abbreviations and spellings of titles and skills, in English. */
export const bundledSynonyms: SynonymSource = {
  groups: () => bundled.map(({ kind, phrases }) => ({ kind: kind === 'title' ? 'title' : 'skill', phrases })),
};

/** What a phrase is looked up by: its words without their forms. */
function phraseKey(words: readonly string[]): string {
  return words.map(stemEnglish).join(' ');
}

/** Adds to a query what means the same. Only where the user switched it on: it finds more, and some of it not meant. */
export class Synonyms {
  /** Groups, as words, by each of their phrases. */
  private readonly byPhrase = new Map<string, (readonly string[])[]>();
  private readonly longest: number;

  constructor(sources: readonly SynonymSource[]) {
    let longest = 1;
    for (const { phrases } of sources.flatMap((source) => source.groups())) {
      const split = phrases
        .map((phrase) => wordsOf(phrase).map(({ text }) => text))
        .filter((words) => words.length > 0);
      for (const words of split) {
        longest = Math.max(longest, words.length);
        const known = this.byPhrase.get(phraseKey(words)) ?? [];
        this.byPhrase.set(phraseKey(words), [...known, ...split]);
      }
    }
    this.longest = longest;
  }

  /**
   * The query with every word and phrase that has synonyms turned into "one of these". Words side by side (`machine
   * learning`) count as a phrase here. Fields of names (a person's, a company's) keep their words. What was added is marked.
   */
  expand(node: QueryNode): QueryNode {
    switch (node.kind) {
      case 'text':
        return this.expanded([node]) ?? node;
      case 'and':
        return allOf(this.expandRow(node.children));
      case 'or': {
        const [first, ...others] = node.children.map((child) => this.expand(child));
        return first ? anyOf([first, ...others]) : node;
      }
      case 'not':
        return noneOf(this.expand(node.child), node.span);
      case 'application':
        return oneApplication(this.expand(node.child), node.span);
      default:
        return node;
    }
  }

  /** Clauses that are all wanted: the longest phrase from each place on is taken first. */
  private expandRow(clauses: readonly QueryNode[]): QueryNode[] {
    const row: QueryNode[] = [];
    for (let at = 0; at < clauses.length; ) {
      const phrase = this.phraseFrom(clauses, at);
      const [first] = clauses.slice(at, at + 1);
      if (phrase) row.push(phrase.node);
      else if (first) row.push(this.expand(first));
      at += phrase?.length ?? 1;
    }
    return row;
  }

  private phraseFrom(clauses: readonly QueryNode[], at: number): { node: QueryNode; length: number } | undefined {
    for (let length = Math.min(this.longest, clauses.length - at); length > 1; length--) {
      const slice = clauses.slice(at, at + length);
      const texts = slice.filter((node) => node.kind === 'text').filter(({ quoted }) => !quoted);
      if (texts.length < length || texts.some(({ field }) => field !== texts[0]?.field)) continue;
      const node = this.expanded(texts);
      if (node) return { node, length };
    }
    return undefined;
  }

  /** What was typed, or what means the same. `undefined`: nothing does. */
  private expanded(typed: readonly TextNode[]): QueryNode | undefined {
    const [first] = typed;
    if (!first || typed.some(({ prefix }) => prefix) || !takesSynonyms(first.field)) return undefined;
    const own = phraseKey(typed.flatMap(({ words }) => words));
    const written = allOf(typed);
    const seen = new Set([own]);
    const added = (this.byPhrase.get(own) ?? []).flatMap((words): TextNode[] => {
      const key = phraseKey(words);
      if (seen.has(key)) return [];
      seen.add(key);
      return [
        {
          kind: 'text',
          ...(first.field === undefined ? {} : { field: first.field }),
          words,
          quoted: false,
          prefix: false,
          synonym: true,
          ...(written.span ? { span: written.span } : {}),
        },
      ];
    });
    return added.length > 0 ? anyOf([written, ...added]) : undefined;
  }
}

/** Synonyms are of prose: everywhere, and in the fields whose words have forms, and skills and certificates. */
function takesSynonyms(name: string | undefined): boolean {
  return name === undefined || holdersOf(fieldNamed(name)).some(({ stemmed }) => stemmed === true);
}
