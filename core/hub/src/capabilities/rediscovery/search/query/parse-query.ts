import { findField, holdersOf, keyOf, QUOTES, type SearchField, similarField } from '../fields.js';
import { isRun, termsOf, wordsOf } from '../text/tokens.js';
import type { QueryProblem, QueryProblemCode } from './query-problem.js';
import {
  allOf,
  anyOf,
  childrenOf,
  noneOf,
  oneApplication,
  type QueryNode,
  type Span,
  type TextNode,
} from './query-tree.js';
import { type RangeReading, readDates, readNumbers } from './read-range.js';

/** The most that a query may hold. Recruiters paste lists of hundreds of companies; nobody nests fifty parentheses. */
export const QUERY_LIMITS = {
  /** In UTF-16 units. */
  length: 10_000,
  /** Words and values. */
  words: 1_000,
  /** Words that stand side by side in one clause. In scripts that part no words each character counts. */
  phrase: 40,
  /** Parentheses and negations inside each other. */
  depth: 50,
  /** The fewest characters of a word before a `*`, in a script of letters. */
  prefix: 2,
} as const;

/** So many problems are named at once; nobody reads more. */
const MOST_PROBLEMS = 50;

/** What a text means as a query. */
export type ParsedQuery =
  | {
      readonly ok: true;
      readonly tree: QueryNode;
      /** What is searched as it stands and was perhaps meant otherwise. */
      readonly hints: readonly QueryProblem[];
    }
  | {
      readonly ok: false;
      /** In the order of the text. */
      readonly problems: readonly QueryProblem[];
      /** What was most likely meant, to be offered and never to be searched unasked. Absent: nothing is clear. */
      readonly bestReading?: QueryNode;
    };

/**
 * Reads a query: words, "phrases", AND, OR, NOT, `-`, parentheses, `field:value`, `field:(a OR b)`, prefixes, ranges and
 * `application(...)`. Words side by side are all wanted. AND binds stronger than OR. Operators are upper case, so that the
 * words "and" and "or" can be searched. Never throws.
 */
export function parseQuery(text: string): ParsedQuery {
  if (text.length > QUERY_LIMITS.length) {
    return {
      ok: false,
      problems: [
        {
          code: 'TOO_LONG',
          start: QUERY_LIMITS.length,
          end: text.length,
          message: `The query is longer than ${QUERY_LIMITS.length.toLocaleString('en-US')} characters.`,
          remedy: 'Search for less at once, or use filters for long lists.',
        },
      ],
    };
  }
  return new QueryParser(text).parse();
}

/** Where the parser is: what words belong to, and how deep. */
interface Place {
  readonly field?: SearchField;
  readonly inApplication?: true;
  readonly depth: number;
}

/** Ends the reading of a query at one of its limits. */
class LimitReached extends Error {
  constructor(readonly problem: QueryProblem) {
    super(problem.message);
  }
}

const space = /\s/u;
const orOperator = /OR(?![\p{L}\p{N}_:*-])|\|\|?|∨/uy;
const andOperator = /AND(?![\p{L}\p{N}_:*-])|&&|∧/uy;
const notOperator = /NOT(?![\p{L}\p{N}_:*-])|¬/uy;
const dashes = /[-\u2010-\u2015\u2212\ufe58\ufe63]/u;
/** What parts clauses, and what is not seen and stands between them after pasting. */
const betweenClauses = /[\s,;、；،\u200b-\u200f\u202a-\u202e\u2060-\u2069]/u;
const separators = /[,;|、；،]/u;
const nameBeforeColon = /(\p{L}[\p{L}\p{N}_-]*):(?!\/\/)/uy;
const applicationGroup = /application\(/iy;

class QueryParser {
  /** As long as what was typed, so that places agree. */
  private readonly text: string;
  private readonly problems: QueryProblem[] = [];
  private readonly hints: QueryProblem[] = [];
  private at = 0;
  private words = 0;

  constructor(typed: string) {
    this.text = typed
      .toWellFormed()
      .replace(QUOTES, '"')
      // Full-width forms of ASCII, as East Asian keyboards make them.
      .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  }

  parse(): ParsedQuery {
    try {
      const parts: QueryNode[] = [];
      while (true) {
        const part = this.alternatives({ depth: 0 });
        if (part) parts.push(part);
        if (this.at >= this.text.length) break;
        this.problem('UNOPENED_PARENTHESIS', { start: this.at, end: this.at + 1 }, [
          'This parenthesis closes none.',
          'Remove it, or open one before.',
        ]);
        this.at++;
      }
      const tree = allOf(parts);
      if (this.problems.length === 0) return { ok: true, tree, hints: this.hints };
      const problems = this.problems.toSorted((one, other) => one.start - other.start);
      return parts.length > 0 ? { ok: false, problems, bestReading: tree } : { ok: false, problems };
    } catch (error) {
      if (error instanceof LimitReached) return { ok: false, problems: [error.problem] };
      throw error;
    }
  }

  /** `a OR b`. Ends before a closing parenthesis. */
  private alternatives(place: Place): QueryNode | undefined {
    const parts: QueryNode[] = [];
    let operator: Span | undefined;
    while (true) {
      const part = this.conjunction(place);
      if (part) parts.push(part);
      const next = this.takeOr();
      const alone = next ?? operator;
      if (!part && alone) this.missingOperand(alone);
      if (!next) break;
      operator = next;
    }
    const [first, ...others] = parts;
    return first && anyOf([first, ...others]);
  }

  /** `a AND b`, `a b`. Ends before OR and a closing parenthesis. */
  private conjunction(place: Place): QueryNode | undefined {
    const parts: QueryNode[] = [];
    let operator: Span | undefined;
    while (true) {
      this.skipSeparators();
      if (this.at >= this.text.length || this.text[this.at] === ')' || this.isHere(orOperator)) break;
      const and = this.take(andOperator);
      if (and) {
        if (parts.length === 0 || operator) this.missingOperand(and);
        operator = and;
        continue;
      }
      const part = this.negation(place);
      // What has no word ("&", "...") is read over, and leaves an operator waiting for its operand.
      if (!part) continue;
      parts.push(part);
      operator = undefined;
    }
    if (operator && parts.length > 0) this.missingOperand(operator);
    return parts.length > 0 ? allOf(parts) : undefined;
  }

  private negation(place: Place): QueryNode | undefined {
    const start = this.at;
    const operator = this.take(notOperator) ?? this.takeMinus();
    if (!operator) return this.clause(place);
    this.skipSeparators();
    const ended =
      this.at >= this.text.length || this.text[this.at] === ')' || this.isHere(orOperator) || this.isHere(andOperator);
    const negated = ended ? undefined : this.negation(this.deeper(place));
    if (negated) return noneOf(negated, { start, end: this.at });
    this.missingOperand(operator);
    return undefined;
  }

  private clause(place: Place): QueryNode | undefined {
    const start = this.at;
    if (this.text[start] === '(') return this.parenthesis(place, start);
    if (this.text[start] === '"') return this.phrase(place, start);
    if (!place.field && this.take(applicationGroup)) return this.application(place, start);
    nameBeforeColon.lastIndex = start;
    const name = nameBeforeColon.exec(this.text)?.[1];
    const field = name === undefined ? undefined : findField(name);
    if (name !== undefined && !field) return this.unknownField(name, place);
    if (name !== undefined && field) {
      this.at = start + name.length + 1;
      return this.valueOf(field, place, { start, end: this.at });
    }
    return place.field ? this.bareValue(place.field, start) : this.bareText(start);
  }

  /** After `field:`. */
  private valueOf(field: SearchField, place: Place, name: Span): QueryNode | undefined {
    if (place.inApplication && !field.ofApplication) {
      this.problem('NOT_OF_APPLICATION', name, [
        `\`${field.name}\` is no field of an application.`,
        'Move it out of application(...).',
      ]);
    }
    this.skipSpace();
    const start = this.at;
    const sign = this.text[start];
    if (sign === '(') return this.parenthesis({ ...place, field }, name.start);
    if (sign === '=') {
      this.at++;
      return this.wholeValue(field, name);
    }
    if (sign === '"') return this.phrase({ ...place, field }, name.start);
    if (sign === undefined || sign === ')') {
      this.problem('MISSING_VALUE', name, [`\`${field.name}:\` has no value.`, `Write it like this: ${field.example}`]);
      return undefined;
    }
    return this.bareValue(field, name.start);
  }

  private bareValue(field: SearchField, start: number): QueryNode | undefined {
    const from = this.at;
    const written = this.takeBare(field.kind === 'place');
    const span = { start, end: this.at };
    if (written === '') {
      // A sign that begins nothing, such as a second colon: read over it, or nothing would ever end.
      this.at = Math.max(this.at, from + 1);
      return this.noWord({ start, end: this.at });
    }
    if (written === '*' && field.kind !== 'place') return { kind: 'exists', field: field.name, span };
    if (field.kind === 'text') return this.wordsClause(written, from, { span, quoted: false, field });
    return this.value(field, written, span);
  }

  private bareText(start: number): QueryNode | undefined {
    const written = this.takeBare(false);
    const span = { start, end: this.at };
    if (written === '') {
      this.at++;
      return undefined;
    }
    if (written === '*') return { kind: 'all', span };
    if (/^(?:and|or|not)$/.test(written)) {
      this.hints.push({
        code: 'LOWER_CASE_OPERATOR',
        ...span,
        message: `"${written}" is searched as a word.`,
        remedy: `Write ${written.toUpperCase()} to combine what stands beside it.`,
      });
    }
    return this.wordsClause(written, start, { span, quoted: false });
  }

  /** `field:=value` and `field:="the whole value"`. */
  private wholeValue(field: SearchField, name: Span): QueryNode | undefined {
    const quoted = this.text[this.at] === '"';
    const written = quoted ? this.takeQuoted() : this.takeBare(false);
    const span = { start: name.start, end: this.at };
    if (field.kind !== 'text' && field.kind !== 'exact') return this.value(field, written, span);
    const value = keyOf(field, written);
    if (value === '') return this.noWord(span);
    this.count(span);
    return this.valueNode(field, value, span);
  }

  private phrase(place: Place, start: number): QueryNode | undefined {
    const from = this.at + 1;
    let written = this.takeQuoted();
    if (this.text[this.at] === '*') {
      this.at++;
      written += '*';
    }
    const span = { start, end: this.at };
    const { field } = place;
    if (field && field.kind !== 'text') return this.value(field, written.trim(), span);
    return this.wordsClause(written, from, { span, quoted: true, ...(field ? { field } : {}) }) ?? this.noWord(span);
  }

  private parenthesis(place: Place, start: number): QueryNode | undefined {
    const open = this.at++;
    const node = this.alternatives(this.deeper(place));
    if (this.text[this.at] === ')') this.at++;
    else {
      this.problem('UNCLOSED_PARENTHESIS', { start: open, end: open + 1 }, [
        'This parenthesis is never closed.',
        'Add a closing one where the group ends.',
      ]);
    }
    if (!node && !this.problems.some((problem) => problem.start >= open && problem.end <= this.at)) {
      this.problem('EMPTY_PARENTHESES', { start, end: this.at }, [
        'There is nothing between these parentheses.',
        'Put words between them, or remove them.',
      ]);
    }
    return node;
  }

  /** After `application`, before its parenthesis. */
  private application(place: Place, start: number): QueryNode | undefined {
    this.at--;
    if (place.inApplication) {
      this.problem('NOT_OF_APPLICATION', { start, end: this.at }, [
        'An application holds no other application.',
        'Write what is wanted of it beside the rest, between the same parentheses.',
      ]);
      return this.parenthesis(place, start);
    }
    const before = this.problems.length;
    const node = this.parenthesis({ ...place, inApplication: true }, start);
    const span = { start, end: this.at };
    if (!node) return undefined;
    if (asksOfApplicationsAlone(node)) return oneApplication(node, span);
    if (this.problems.length === before) {
      this.problem('NOT_OF_APPLICATION', span, [
        'Only fields of an application can stand in application(...).',
        'Write which field is meant: application(job:welder status:rejected)',
      ]);
    }
    return node;
  }

  private unknownField(name: string, place: Place): QueryNode | undefined {
    const start = this.at;
    const similar = similarField(name);
    this.problem('UNKNOWN_FIELD', { start, end: start + name.length }, [
      `There is no field \`${name}\`.${similar ? ` Did you mean \`${similar.name}\`?` : ''}`,
      similar
        ? `Write ${similar.name}: instead, or put it in quotes to search for the words.`
        : 'Put it in quotes to search for the words.',
    ]);
    if (similar) {
      this.at = start + name.length + 1;
      return this.valueOf(similar, place, { start, end: this.at });
    }
    const written = this.takeBare(false);
    return this.wordsClause(written, start, { span: { start, end: this.at }, quoted: false });
  }

  /** A clause of words. `undefined`: there is no word in it. */
  private wordsClause(
    written: string,
    from: number,
    { span, quoted, field }: { readonly span: Span; readonly quoted: boolean; readonly field?: SearchField },
  ): QueryNode | undefined {
    const body = written.replace(/\*+$/, '');
    const found = wordsOf(body.replaceAll('*', ' '));
    if (found.length === 0) return field && !quoted ? this.noWord(span) : undefined;
    const words = found.map(({ text }) => text);
    this.count(span, words.length);
    if (words.flatMap(termsOf).length > QUERY_LIMITS.phrase) {
      this.problem('TOO_MANY_WORDS', span, [
        `More than ${QUERY_LIMITS.phrase} words stand side by side.`,
        'Search for a part of them; a few words in a row are rare enough.',
      ]);
    }
    const last = found.at(-1);
    const prefix = body.length < written.length && last?.end === body.length;
    const inside = body.indexOf('*');
    const misplaced = inside === -1 && body.length < written.length && !prefix ? body.length : inside;
    if (misplaced !== -1) {
      this.problem('MISPLACED_WILDCARD', { start: from + misplaced, end: from + misplaced + 1 }, [
        'A * can stand right at the end of a word only.',
        'Write the beginning of the word, then *: develop*',
      ]);
    }
    // The words before it narrow nothing: all words that begin so are read.
    if (prefix && last && [...last.text].length < QUERY_LIMITS.prefix && !isRun(last.text)) {
      this.problem('PREFIX_TOO_SHORT', { start: from + last.start, end: from + body.length + 1 }, [
        'One letter is the beginning of too many words.',
        `Write at least ${QUERY_LIMITS.prefix} characters before the *.`,
      ]);
    }
    const node: TextNode = {
      kind: 'text',
      ...(field ? { field: field.name } : {}),
      words,
      quoted,
      prefix: prefix && !isRun(last?.text ?? ''),
      span,
    };
    return node;
  }

  /** A value of a field that is not made of words. */
  private value(field: SearchField, typed: string, span: Span): QueryNode | undefined {
    this.count(span);
    const written = typed.replace(/\p{DI}/gu, '');
    switch (field.kind) {
      case 'number': {
        const range = this.range(readNumbers(written), span);
        return range && { kind: 'numbers', field: field.name, ...range, span };
      }
      case 'date': {
        const range = this.range(readDates(written), span);
        return range && { kind: 'dates', field: field.name, ...range, span };
      }
      case 'place':
        return this.near(field, written, span);
      default: {
        if (written.includes('*')) {
          this.problem('WRONG_KIND', span, [
            `Values of \`${field.name}\` are found whole only.`,
            `Write one without *: ${field.example}`,
          ]);
        }
        const value = keyOf(field, written.replaceAll('*', ' '));
        return value === '' ? this.noWord(span) : this.valueNode(field, value, span);
      }
    }
  }

  /** A value of a field that stands for others is a value of one of them. */
  private valueNode(field: SearchField, value: string, span: Span): QueryNode {
    const [first, ...others] = holdersOf(field).map(
      ({ name }): QueryNode => ({ kind: 'value', field: name, value, span }),
    );
    return first ? anyOf([first, ...others]) : { kind: 'value', field: field.name, value, span };
  }

  private range<Value>(reading: RangeReading<Value>, span: Span): { from?: Value; to?: Value } | undefined {
    if ('range' in reading) return reading.range;
    this.problem(reading.code, span, [reading.message, reading.remedy]);
    return reading.reading;
  }

  private near(field: SearchField, written: string, span: Span): QueryNode | undefined {
    const [, north, east, distance, unit] =
      /^(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(\d{1,5}(?:\.\d+)?)\s*(km|mi)?$/i.exec(written) ?? [];
    const rounded = (value: number): number => Number(value.toFixed(6)) + 0;
    const latitude = rounded(Number(north));
    const longitude = rounded(Number(east));
    const kilometers = rounded(Number(distance) * (unit?.toLowerCase() === 'mi' ? 1.609344 : 1));
    if (north === undefined || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) {
      this.problem('NOT_A_PLACE', span, [
        'This is no place with a distance.',
        `Write latitude, longitude and distance without spaces: ${field.example}`,
      ]);
      return undefined;
    }
    return { kind: 'near', field: field.name, latitude, longitude, kilometers, span };
  }

  /** What stands up to a space, a quotation mark, a parenthesis or a comma, which stays within numbers. */
  private takeBare(commas: boolean): string {
    const start = this.at;
    for (; this.at < this.text.length; this.at++) {
      const sign = this.text[this.at] ?? '';
      if (space.test(sign) || sign === '"' || sign === '(' || sign === ')') break;
      const inNumber =
        sign === ',' &&
        /\d/.test(this.text[this.at - 1] ?? '') &&
        (commas ? /[-\d]/ : /\d/).test(this.text[this.at + 1] ?? '');
      if (separators.test(sign) && !inNumber) break;
    }
    return this.text.slice(start, this.at);
  }

  /** What stands between this quotation mark and the next. */
  private takeQuoted(): string {
    const start = this.at;
    const close = this.text.indexOf('"', start + 1);
    this.at = close === -1 ? this.text.length : close + 1;
    if (close !== -1) return this.text.slice(start + 1, close);
    this.problem('UNCLOSED_QUOTE', { start, end: start + 1 }, [
      'This quotation mark is never closed.',
      'Add a closing one where the phrase ends.',
    ]);
    return this.text.slice(start + 1);
  }

  private take(pattern: RegExp): Span | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match === undefined) return undefined;
    const start = this.at;
    this.at += match.length;
    return { start, end: this.at };
  }

  /** A minus right before what it excludes. One that stands alone, within a word or beside another is none. */
  private takeMinus(): Span | undefined {
    const next = this.text[this.at + 1] ?? ' ';
    if (!dashes.test(this.text[this.at] ?? '') || /[\s),;]/u.test(next) || dashes.test(next)) return undefined;
    this.at++;
    return { start: this.at - 1, end: this.at };
  }

  private isHere(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  private takeOr(): Span | undefined {
    this.skipSeparators();
    return this.take(orOperator);
  }

  private skipSpace(): void {
    while (this.at < this.text.length && space.test(this.text[this.at] ?? '')) this.at++;
  }

  private skipSeparators(): void {
    while (this.at < this.text.length && betweenClauses.test(this.text[this.at] ?? '')) this.at++;
  }

  private deeper(place: Place): Place {
    const depth = place.depth + 1;
    if (depth > QUERY_LIMITS.depth) {
      throw new LimitReached({
        code: 'TOO_DEEP',
        start: this.at,
        end: Math.min(this.at + 1, this.text.length),
        message: `More than ${QUERY_LIMITS.depth} parentheses and negations stand inside each other.`,
        remedy: 'Remove parentheses that change nothing.',
      });
    }
    return { ...place, depth };
  }

  private count(span: Span, words = 1): void {
    this.words += words;
    if (this.words > QUERY_LIMITS.words) {
      throw new LimitReached({
        code: 'TOO_MANY_WORDS',
        ...span,
        message: `The query has more than ${QUERY_LIMITS.words.toLocaleString('en-US')} words.`,
        remedy: 'Search for less at once, or use filters for long lists.',
      });
    }
  }

  private noWord(span: Span): undefined {
    this.problem('NO_WORD', span, [
      'There is no word in it to search for.',
      'Put letters or digits in it, or remove it.',
    ]);
    return undefined;
  }

  private missingOperand(operator: Span): void {
    const word = this.text.slice(operator.start, operator.end);
    this.problem('MISSING_OPERAND', operator, [
      `Something is missing beside ${word}.`,
      `Add what it applies to, or remove it; put it in quotes to search for the word.`,
    ]);
  }

  private problem(code: QueryProblemCode, span: Span, [message, remedy]: readonly [string, string]): void {
    if (this.problems.length < MOST_PROBLEMS) {
      this.problems.push({ code, start: span.start, end: span.end, message, remedy });
    }
  }
}

function asksOfApplicationsAlone(node: QueryNode): boolean {
  if (node.kind === 'all' || node.kind === 'application') return false;
  if (childrenOf(node).length > 0) return childrenOf(node).every(asksOfApplicationsAlone);
  const field = 'field' in node && node.field !== undefined ? findField(node.field) : undefined;
  return field?.ofApplication === true;
}
