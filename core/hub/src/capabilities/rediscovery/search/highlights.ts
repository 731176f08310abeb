import { type DocumentMatcher, fieldsOf } from './match-document.js';
import { printQuery } from './query/print-query.js';
import { childrenOf, type QueryNode, type Span, type TextNode } from './query/query-tree.js';
import type { SearchDocument } from './search-document.js';

/** The words of a value that were looked for. */
export interface Highlight {
  readonly field: string;
  readonly value: string;
  /** In the order of the text; none touches another. */
  readonly spans: readonly Span[];
}

/**
 * Marks in a document what a query found: every occurrence of its words and of its phrases as a whole, except those that it excludes. In
 * the order of the document's fields.
 */
export function highlightsOf(matcher: DocumentMatcher, query: QueryNode, document: SearchDocument): Highlight[] {
  const clauses = [...new Map(wantedTexts(query).map((clause) => [printQuery(clause), clause])).values()];
  return [document, ...document.applications].flatMap(({ texts }) =>
    Object.entries(texts).flatMap(([name, values]) => {
      const spans: Span[][] = values.map(() => []);
      for (const clause of clauses) {
        const field = fieldsOf(clause.field).find((one) => one.name === name);
        if (!field) continue;
        for (const [index, found] of matcher.occurrences(clause, field, values).entries()) spans[index]?.push(...found);
      }
      return values.flatMap((value, index) => {
        const merged = mergedSpans(spans[index] ?? []);
        return merged.length > 0 ? [{ field: name, value, spans: merged }] : [];
      });
    }),
  );
}

/** Whether there is anything that `highlightsOf` can mark, in whatever document. */
export function marksSomething(query: QueryNode): boolean {
  return wantedTexts(query).length > 0;
}

function wantedTexts(node: QueryNode): readonly TextNode[] {
  if (node.kind === 'not') return [];
  return node.kind === 'text' ? [node] : childrenOf(node).flatMap(wantedTexts);
}

function mergedSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const { start, end } of spans.toSorted((one, other) => one.start - other.start || one.end - other.end)) {
    const last = merged.at(-1);
    if (last && start <= last.end) merged.splice(-1, 1, { start: last.start, end: Math.max(last.end, end) });
    else merged.push({ start, end });
  }
  return merged;
}
