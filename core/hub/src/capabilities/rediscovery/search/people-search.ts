import { InvalidInputError, NotFoundError } from '../../../kernel/errors.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import { asksSensitive, InsightsCount, type InsightsRequest } from './count-insights.js';
import { type ExplainedClause, explainDocument, explainHits } from './explain-query.js';
import { filterTree, type SearchFilter } from './filters.js';
import { highlightsOf, marksSomething } from './highlights.js';
import { type IndexedPeople, mappedInTurns } from './index/indexed-people.js';
import type { IndexingProgress } from './index/live-index.js';
import type { LiveIndexes } from './index/live-indexes.js';
import type { Insights } from './insights.js';
import { DocumentMatcher } from './match-document.js';
import { parseQuery, QUERY_LIMITS } from './query/parse-query.js';
import { printQuery } from './query/print-query.js';
import type { QueryProblem } from './query/query-problem.js';
import { allOf, type QueryNode } from './query/query-tree.js';
import {
  givenUpAfter,
  type SearchEngine,
  type SearchHit,
  type SearchOrder,
  SearchTooLongError,
} from './search-engine.js';
import { type Snippet, snippetsOf } from './snippets.js';
import type { Synonyms } from './synonyms/synonyms.js';

/** What somebody searches for. */
export interface PeopleQuery {
  /** In the language of `parseQuery`. Empty: everybody. */
  readonly query: string;
  /** All of them hold too. */
  readonly filters: readonly SearchFilter[];
  /** Words that mean the same as a title or a skill are found too. */
  readonly synonyms: boolean;
}

/** Which part of the hits is wanted, and what is to be counted. */
export interface SearchWish {
  /** What hits are ordered by. */
  readonly order: SearchOrder;
  /** 0 to 200. */
  readonly first: number;
  /** A cursor that an earlier answer to the same search gave. */
  readonly after?: string;
  /** Absent: nothing is counted. */
  readonly insights?: InsightsRequest;
}

/** A query that cannot be searched. */
export interface QueryRefused {
  readonly ok: false;
  /** In the order of the query. */
  readonly problems: readonly QueryProblem[];
  /** What was most likely meant, as a query, to be offered. `null`: nothing is clear. */
  readonly suggestion: string | null;
}

/** A search that was understood. */
export interface PreparedSearch {
  /** What was typed and what filters say. */
  readonly asked: QueryNode;
  /** Whom this caller may find at all. */
  readonly among: QueryNode;
}

/** A search that was done. */
export interface PeopleFound {
  readonly ok: true;
  readonly search: PreparedSearch;
  readonly hits: readonly SearchHit[];
  readonly hasNextPage: boolean;
  /** Exact. */
  readonly total: number;
  /** What the hits are ordered by: too many are not ranked. */
  readonly rankedBy: SearchOrder;
  /** `null`: nothing was to be counted. */
  readonly insights: Insights | null;
  /** The query as it was read. */
  readonly readAs: string;
  /** What is searched as it stands and was perhaps meant otherwise. */
  readonly hints: readonly QueryProblem[];
  /** The index does not hold everybody yet. `null`: it does. */
  readonly indexing: IndexingProgress | null;
}

/** What became of a search. */
export type PeopleSearched = PeopleFound | QueryRefused;

/** What `PeopleSearch` works with. */
export interface PeopleSearchParts {
  readonly indexes: LiveIndexes;
  readonly people: IndexedPeople;
  readonly synonyms: Synonyms;
  /** The fewest people whom a count of a self-declared attribute may tell of. */
  readonly smallGroup: number;
}

/** Values of all filters of a search. */
const MOST_VALUES = 1_000;

/** Searches one index of an organization: what searches of candidates and of profiles have in common. */
export class PeopleSearch {
  private readonly matcher = new DocumentMatcher();
  /** What the clauses of a search find: one operation may ask about several people. */
  private readonly counted = new WeakMap<PreparedSearch, Promise<ExplainedClause>>();

  constructor(private readonly parts: PeopleSearchParts) {}

  /**
   * Finds, counts and orders.
   * @param among Whom the caller may find.
   * @param within A narrower choice of theirs that is no filter of the list, such as one connection.
   * @throws InvalidInputError when a filter, a dimension or the cursor cannot be used.
   */
  async search(
    scope: OrganizationScope,
    { query, filters, synonyms }: PeopleQuery,
    wish: SearchWish,
    among: QueryNode = { kind: 'all' },
    within: QueryNode = { kind: 'all' },
  ): Promise<PeopleSearched> {
    requireFewValues(filters);
    const filtered = filterTree(filters);
    const parsed = parseQuery(query);
    if (!parsed.ok) {
      const suggestion = parsed.bestReading ? printQuery(parsed.bestReading) : null;
      return { ok: false, problems: parsed.problems, suggestion };
    }
    const typed = synonyms ? this.parts.synonyms.expand(parsed.tree) : parsed.tree;
    const asked = allOf([typed, filtered, within]);
    const whole = allOf([asked, among]);
    const insights =
      wish.insights &&
      new InsightsCount({ typed: allOf([typed, within]), filters, among }, wish.insights, this.parts.smallGroup);
    const found = this.onIndex(scope, async (engine, indexing): Promise<PeopleFound> => {
      const answer = await engine.search({
        query: whole,
        order: wish.order,
        first: wish.first,
        ...(wish.after === undefined ? {} : { after: wish.after }),
        ...(insights ? { facets: insights.facets } : {}),
      });
      const { hits, hasNextPage, total, rankedBy } = answer;
      return {
        ok: true,
        search: { asked, among },
        hits,
        hasNextPage,
        total,
        rankedBy,
        insights: insights ? await insights.read(answer, engine) : null,
        readAs: printQuery(parsed.tree),
        hints: parsed.hints,
        indexing,
      };
    });
    return await found.catch((error: unknown) => {
      if (error instanceof SearchTooLongError) return tooSlow(query, error);
      throw error;
    });
  }

  /**
   * The query clause by clause, each clause before its parts: how many people each finds by itself, and whether it finds the one who
   * is named.
   * @throws NotFoundError when nobody whom the caller may find has this id.
   * @throws SearchTooLongError when counting takes longer than a search may.
   */
  async explain(scope: OrganizationScope, search: PreparedSearch, id?: string): Promise<ExplainedClause> {
    const { asked, among } = search;
    const counted = this.counted.get(search) ?? this.countClauses(scope, search);
    this.counted.set(search, counted);
    const shown = await counted;
    if (id === undefined) return shown;
    const [document] = await scope.read((tx) => this.parts.people.documents(tx, [id]));
    if (!document || !this.matcher.matches(among, document)) throw new NotFoundError('person', id);
    return withMatches(shown, explainDocument(this.matcher, asked, document));
  }

  private async countClauses(scope: OrganizationScope, { asked, among }: PreparedSearch): Promise<ExplainedClause> {
    const counted = await this.onIndex(scope, (engine) =>
      explainHits({ countEach: (queries) => engine.countEach(queries.map((each) => allOf([each, among]))) }, asked),
    );
    return this.withoutSmallGroups(counted, asked);
  }

  /** Where the words of a search stand in the records of hits, by id. Who is gone by now is left out. */
  async snippets(
    scope: OrganizationScope,
    { asked }: PreparedSearch,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Snippet[]>> {
    if (!marksSomething(asked)) return new Map();
    const documents = await scope.read((tx) => this.parts.people.documents(tx, ids));
    const found = await mappedInTurns(documents, (document): [string, readonly Snippet[]] => [
      document.id,
      snippetsOf(highlightsOf(this.matcher, asked, document)),
    ]);
    return new Map(found);
  }

  /** Does something with the index of the organization. The database is let go of meanwhile. */
  onIndex<Result>(
    scope: OrganizationScope,
    work: (engine: SearchEngine, indexing: IndexingProgress | null) => Promise<Result>,
  ): Promise<Result> {
    return this.parts.indexes.use(scope.organizationId, this.parts.people, ({ engine, indexing }) =>
      work(engine, indexing ?? null),
    );
  }

  private withoutSmallGroups(clause: ExplainedClause, node: QueryNode): ExplainedClause {
    const few = clause.hits !== null && clause.hits > 0 && clause.hits < this.parts.smallGroup;
    const children = 'children' in node ? node.children : 'child' in node ? [node.child] : [];
    return {
      ...clause,
      hits: few && asksSensitive(node) ? null : clause.hits,
      children: clause.children.map((child, index) => {
        const below = children[index];
        return below ? this.withoutSmallGroups(child, below) : child;
      }),
    };
  }
}

/** Two explanations of one query in one. */
function withMatches(counted: ExplainedClause, matched: ExplainedClause): ExplainedClause {
  return {
    ...counted,
    matched: matched.matched,
    children: counted.children.map((child, index) => {
      const same = matched.children[index];
      return same ? withMatches(child, same) : child;
    }),
  };
}

/** A query that took too long, with the place of what took longest; of what nobody typed, all of it. */
function tooSlow(query: string, { limitMs, span }: SearchTooLongError): QueryRefused {
  const { start, end } = span ?? { start: 0, end: query.length };
  const longest = span ? 'This part of it took longest.' : 'Its filters and counts took longest.';
  const remedy = query.slice(start, end).includes('*')
    ? 'Write more letters before the *, or leave this part out.'
    : 'Search for fewer words and values at once.';
  return {
    ok: false,
    problems: [{ code: 'TOO_SLOW', start, end, message: `${givenUpAfter(limitMs)} ${longest}`, remedy }],
    suggestion: null,
  };
}

function requireFewValues(filters: readonly SearchFilter[]): void {
  const values = filters.flatMap(({ anyOf = [], noneOf = [] }) => [...anyOf, ...noneOf]);
  if (filters.length + values.length <= MOST_VALUES && values.every(({ length }) => length <= QUERY_LIMITS.length))
    return;
  throw new InvalidInputError([
    { field: 'filters', message: `Use at most ${MOST_VALUES} filters and values in all, none of them a whole page.` },
  ]);
}
