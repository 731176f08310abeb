import { fieldNamed } from './fields.js';
import type { Highlight } from './highlights.js';
import type { Span } from './query/query-tree.js';

/** A part of a value with the words that were looked for. */
export interface Snippet {
  readonly field: string;
  /** For people. */
  readonly label: string;
  /** The whole value, or what stands around the words; then it does not begin or end with the value. */
  readonly text: string;
  /** Where the words stand in `text`, in UTF-16 units; `end` is exclusive. */
  readonly spans: readonly Span[];
  /** Something of the value stands before it. */
  readonly cutBefore: boolean;
  /** Something of the value stands after it. */
  readonly cutAfter: boolean;
}

/** As much as people read of one place, in UTF-16 units. */
const LENGTH = 200;

/** Places of one value: more of the same says little. */
const MOST_OF_A_VALUE = 3;

/** Snippets of one person. */
const MOST = 12;

/** What is shown of the places where a query was found: short values whole, of long ones what stands around the words. */
export function snippetsOf(highlights: readonly Highlight[]): readonly Snippet[] {
  return highlights.flatMap(snippetsOfValue).slice(0, MOST);
}

function snippetsOfValue({ field, value, spans }: Highlight): readonly Snippet[] {
  const { label } = fieldNamed(field);
  if (value.length <= LENGTH) return [{ field, label, text: value, spans, cutBefore: false, cutAfter: false }];
  const snippets: Snippet[] = [];
  for (let at = 0; at < spans.length && snippets.length < MOST_OF_A_VALUE; ) {
    const first = spans[at];
    if (!first) break;
    const [start, end] = windowAround(value, first);
    const inside: Span[] = [];
    for (let next = first; next.end <= end || next === first; ) {
      inside.push({ start: next.start - start, end: Math.min(next.end, end) - start });
      at++;
      const following = spans[at];
      if (!following) break;
      next = following;
    }
    snippets.push({
      field,
      label,
      text: value.slice(start, end),
      spans: inside,
      cutBefore: start > 0,
      cutAfter: end < value.length,
    });
  }
  return snippets;
}

/** Where to cut around a span: between words where there are some, and never within a character. */
function windowAround(value: string, span: Span): readonly [number, number] {
  const room = Math.max(0, LENGTH - (span.end - span.start));
  const before = Math.floor(room / 3);
  const start = span.start <= before ? 0 : betweenWords(value, span.start - before, span.start);
  const latest = Math.min(value.length, Math.max(start + LENGTH, Math.min(span.end, start + 2 * LENGTH)));
  const end = latest === value.length ? latest : lastBetweenWords(value, latest, span.end);
  return [start, end];
}

/** The first place between words from `from` on, at most `to`. */
function betweenWords(value: string, from: number, to: number): number {
  for (let at = from; at < to; at++) if (/\s/.test(value[at - 1] ?? '') && !/\s/.test(value[at] ?? '')) return at;
  return withinCharacter(value, from) ? from + 1 : from;
}

/** The last place between words up to `from`, at least `to`. */
function lastBetweenWords(value: string, from: number, to: number): number {
  for (let at = from; at > to; at--) if (/\s/.test(value[at] ?? '') && !/\s/.test(value[at - 1] ?? '')) return at;
  return withinCharacter(value, from) ? from - 1 : from;
}

function withinCharacter(value: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(value[at - 1] ?? '') && /[\udc00-\udfff]/.test(value[at] ?? '');
}
