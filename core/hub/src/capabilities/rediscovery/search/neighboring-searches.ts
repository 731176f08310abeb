import { SEARCH_FIELDS } from './fields.js';
import { allOf, noneOf, oneApplication, type QueryNode } from './query/query-tree.js';
import type { SearchEngine } from './search-engine.js';

/** Longer queries are not looked at: each of their clauses would have to be left out once, and counts are hidden instead. */
const MOST_CLAUSES = 30;

/** Somebody declared something. */
const declared = SEARCH_FIELDS.filter(({ sensitive }) => sensitive).map(
  ({ name }): QueryNode => ({ kind: 'exists', field: name }),
);

/** What `NeighboringSearches` looks at. */
export interface NeighboringSearchesParts {
  readonly engine: Pick<SearchEngine, 'countEach'>;
  /** Whom the caller may find at all. */
  readonly among: QueryNode;
  /** The fewest people by whom two searches may differ. */
  readonly limit: number;
}

/**
 * Compares a search with those that say one clause less, as a caller could who takes one count from another: of a search for nurses
 * and one for nurses who are not called Ada, the counts differ by what Ada declared.
 */
export class NeighboringSearches {
  private readonly known = new Map<QueryNode, Promise<boolean>>();
  private declares: Promise<boolean> | undefined;

  constructor(private readonly parts: NeighboringSearchesParts) {}

  /**
   * Whether so few people were found, or so few more or fewer without one of the clauses, that counts of what people declared would
   * tell of them. It looks at numbers of people alone and at nothing that those few declared: else it would tell of that itself.
   * @param total How many were found.
   */
  differByFew(asked: QueryNode, total: number): Promise<boolean> {
    const answer = this.known.get(asked) ?? this.look(asked, total);
    this.known.set(asked, answer);
    return answer;
  }

  private async look(asked: QueryNode, total: number): Promise<boolean> {
    const { engine, among, limit } = this.parts;
    this.declares ??= this.somebodyDeclares();
    if (!(await this.declares)) return false;
    const few = (count: number): boolean => count > 0 && count < limit;
    if (few(total)) return true;
    const neighbors = this.neighborsOf(asked)
      .take(MOST_CLAUSES + 1)
      .toArray();
    if (neighbors.length > MOST_CLAUSES) return true;
    // Counted anew: people are written meanwhile, who would look like a difference.
    const [own = total, ...others] = await engine.countEach([allOf([asked, among]), ...neighbors]);
    return others.some((count) => few(Math.abs(count - own)));
  }

  /** Most organizations have nothing to hide here, and need not wait for counts of their clauses. */
  private async somebodyDeclares(): Promise<boolean> {
    const { engine, among } = this.parts;
    const counts = await engine.countEach(declared.map((each) => allOf([each, among])));
    return counts.some((count) => count > 0);
  }

  private *neighborsOf(asked: QueryNode): Generator<QueryNode, void> {
    const { among } = this.parts;
    yield* withoutOneClause(asked).map((each) => allOf([each, among]));
    // One connection less: a caller may name the other one.
    yield* withoutClauseWithin(among).map((each) => allOf([asked, each]));
  }
}

/**
 * A query as it would be without one of its clauses, for each of them. It finds all whom the query finds and perhaps more, or some of
 * them and nobody else: so their numbers tell how many people they differ by.
 */
function* withoutOneClause(node: QueryNode): Generator<QueryNode, void> {
  if (node.kind !== 'all') yield { kind: 'all' };
  yield* withoutClauseWithin(node);
}

/** As `withoutOneClause`, and the node itself stays. */
function* withoutClauseWithin(node: QueryNode): Generator<QueryNode, void> {
  if (node.kind === 'not') yield* withoutClauseWithin(node.child).map((child) => noneOf(child));
  if (node.kind === 'application') yield* withoutClauseWithin(node.child).map((child) => oneApplication(child));
  if (node.kind !== 'and' && node.kind !== 'or') return;
  const joined = node.kind === 'and' ? allOf : oneOf;
  for (const [index, child] of node.children.entries()) {
    const [first, ...others] = node.children.toSpliced(index, 1);
    if (!first) continue;
    yield joined([first, ...others]);
    yield* withoutClauseWithin(child).map((changed) => joined([changed, first, ...others]));
  }
}

/**
 * One of these holds. An engine looks for alternatives together, and would look anew for each choice of them; so it is asked for each
 * by itself, which it has to look for once.
 */
function oneOf(nodes: readonly QueryNode[]): QueryNode {
  return noneOf(allOf(nodes.map((node) => noneOf(node))));
}
