import type { DocumentMatcher } from './match-document.js';
import { printQuery } from './query/print-query.js';
import { childrenOf, oneApplication, type QueryNode, type Span } from './query/query-tree.js';
import type { SearchDocument } from './search-document.js';
import type { SearchEngine } from './search-engine.js';

/** A clause of a query, and what became of it. */
export interface ExplainedClause {
  readonly kind: QueryNode['kind'];
  /** The clause as a query. */
  readonly query: string;
  /** Where it was typed. `null`: it was not (a filter). */
  readonly span: Span | null;
  /** Nobody typed it: it means the same as what stands at `span`. */
  readonly synonym: boolean;
  /** How many documents it finds by itself. `null`: nobody counted. */
  readonly hits: number | null;
  /** Whether it finds the document that was named. `null`: none was. */
  readonly matched: boolean | null;
  readonly children: readonly ExplainedClause[];
}

/** What of an explanation is known. */
interface Knowledge {
  hits(node: QueryNode): number | null;
  matched(node: QueryNode): boolean | null;
}

function explained(node: QueryNode, asked: QueryNode, knowledge: Knowledge): ExplainedClause {
  // A clause inside of application(...) is asked of one application, also where it stands by itself.
  const inApplication = node.kind === 'application' || asked !== node;
  return {
    kind: node.kind,
    query: printQuery(node),
    span: node.span ?? null,
    synonym: node.kind === 'text' && node.synonym === true,
    hits: knowledge.hits(asked),
    matched: knowledge.matched(asked),
    children: childrenOf(node).map((child) =>
      explained(child, inApplication ? oneApplication(child) : child, knowledge),
    ),
  };
}

/** The parsed tree, clause by clause, with the number of documents that each finds: shows which clause empties a result. */
export async function explainHits(engine: Pick<SearchEngine, 'countEach'>, query: QueryNode): Promise<ExplainedClause> {
  const asked: QueryNode[] = [];
  explained(query, query, { hits: (node) => asked.push(node), matched: () => null });
  const counts = await engine.countEach(asked);
  let next = 0;
  // The same walk once more, so that counts come in the order in which they were asked for.
  return explained(query, query, { hits: () => counts[next++] ?? null, matched: () => null });
}

/** The parsed tree, clause by clause, with whether each finds this document: shows why somebody is not in a result. */
export function explainDocument(matcher: DocumentMatcher, query: QueryNode, document: SearchDocument): ExplainedClause {
  return explained(query, query, { hits: () => null, matched: (node) => matcher.matches(node, document) });
}
