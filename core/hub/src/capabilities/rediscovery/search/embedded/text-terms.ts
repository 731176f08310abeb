import { hash } from 'node:crypto';
import { fieldNamed, holdersOf, keyOf } from '../fields.js';
import { soughtTerms, type TextNode } from '../query/query-tree.js';
import { tokenize } from '../text/tokens.js';
import { formsOf } from '../text/word-forms.js';
import { OWN_FIELDS, STEMMED_COLUMNS, TEXT_COLUMNS } from './indexed-fields.js';

/** How FTS5 is to split what `indexedText` makes: at spaces alone. Every byte of a character past ASCII belongs to a word. */
export const TOKENIZER = `ascii tokenchars '+#.&_'`;

/** No term of `tokenize` has this sign. Between two values it keeps phrases from crossing. */
const BETWEEN_VALUES = ' _ ';

/** FTS5 cuts longer terms. A term comes so long only where marks are heaped on a letter. In UTF-16 units. */
const MOST_OF_A_TERM = 2_000;

function stored(term: string): string {
  return term.length > MOST_OF_A_TERM ? `${term.slice(0, MOST_OF_A_TERM)}${hash('sha1', term)}`.toWellFormed() : term;
}

/** The terms of values, for a column of the index. */
export function indexedText(values: readonly string[]): string {
  return values
    .map((value) =>
      tokenize(value)
        .map(({ term }) => stored(term))
        .join(' '),
    )
    .join(BETWEEN_VALUES);
}

/** The term that stands for a whole value of an own field. `undefined`: the value is empty. */
export function wholeTerm(field: string, value: string): string | undefined {
  const key = keyOf(fieldNamed(field), value);
  return key === '' ? undefined : wholeTermOf(field, key);
}

function wholeTermOf(field: string, key: string): string {
  return `_${OWN_FIELDS.findIndex(({ name }) => name === field)}_${hash('sha1', key).slice(0, 24)}`;
}

/** The expression for a whole value of an own field. */
export function wholeValueExpression(field: string, key: string): PeopleExpression {
  return { words: `${TEXT_COLUMNS.whole} : "${wholeTermOf(field, key)}"` };
}

/** What finds a clause in the words of people. */
export interface PeopleExpression {
  /** In their words. */
  readonly words: string;
  /** In the beginnings of their words, where that finds the same: all words that begin so would have to be looked at otherwise. */
  readonly beginnings?: string;
}

/** How long beginnings are, in UTF-16 units. */
const BEGINNING = 3;

/** The beginnings of all terms of `indexedText`, each once; shorter terms as they are. */
export function beginningsOf(texts: readonly string[]): string {
  const beginnings = new Set<string>();
  for (const text of texts) {
    for (let start = 0; start < text.length; ) {
      const space = text.indexOf(' ', start);
      const end = space === -1 ? text.length : space;
      beginnings.add(text.slice(start, Math.min(end, start + BEGINNING)));
      start = end + 1;
    }
  }
  return [...beginnings].join(' ').toWellFormed();
}

/** The expression that finds a clause in values of one listed field. */
export function valueExpression(node: TextNode, stemmed: boolean): string {
  return anyOf(phrasesOf(node, stemmed));
}

/** What finds a clause in the words of people: in its own field, or wherever words without a field are looked for. */
export function peopleExpression(node: TextNode): PeopleExpression {
  const [sought, ...others] = soughtTerms(node);
  const isBeginning = node.field === undefined && sought?.match === 'prefix' && others.length === 0;
  const words = wordsExpression(node);
  if (!isBeginning || sought.term.length > BEGINNING) return { words };
  return { words, beginnings: `"${sought.term}"${sought.term.length < BEGINNING ? ' *' : ''}` };
}

function wordsExpression(node: TextNode): string {
  const plain = anyOf(phrasesOf(node, false));
  const forms = phrasesOf(node, true);
  if (node.field === undefined) {
    // To look at columns takes several times as long as not to: the word as it stands needs it not.
    const others = forms.filter((form) => form !== plain);
    return others.length === 0 ? plain : `(${inColumns(STEMMED_COLUMNS, anyOf(others))}) OR ${plain}`;
  }
  const columns = holdersOf(fieldNamed(node.field)).filter(({ name }) => TEXT_COLUMNS.own.includes(name));
  const each = columns.map(({ name, stemmed }) => inColumns([name], stemmed ? anyOf(forms) : plain));
  return anyOf(each);
}

function inColumns(columns: readonly string[], expression: string): string {
  return `{${columns.join(' ')}} : (${expression})`;
}

function anyOf(expressions: readonly string[]): string {
  return expressions.length === 1 ? (expressions[0] ?? '') : `(${expressions.join(' OR ')})`;
}

/** A phrase for each form of the last word. Terms have no quotation marks. */
function phrasesOf(node: TextNode, stemmed: boolean): readonly string[] {
  const terms = soughtTerms(node);
  const before = terms.slice(0, -1).map(({ term }) => stored(term));
  const last = terms.at(-1);
  if (!last) return [];
  const forms = stemmed && last.match === 'forms' ? formsOf(last.term) : [last.term];
  const suffix = last.match === 'prefix' ? ' *' : '';
  return forms.map((form) => `"${[...before, stored(form)].join(' ')}"${suffix}`);
}
