import type {
  ExplainedClause,
  Insights as HubInsights,
  OfferedFilter,
  PeopleFound,
  QueryRefused,
  Snippet,
} from '@talentbridge/hub';
import type { ConnectionOf } from '../pagination/connection.type.js';
import type { PageArguments } from '../pagination/page-arguments.js';
import type { Insights } from './insights.type.js';
import type { SaveInsights } from './save-insights.js';
import { InvalidQuery } from './search.result.js';
import type { HitEdge, SearchClause, SearchField } from './search-found.type.js';

/** What both kinds of searches show alike. */
export function showFound({ total, rankedBy, insights, readAs, hints, indexing }: PeopleFound, save: SaveInsights) {
  return { total, rankedBy, insights: insights && { ...showInsights(insights), save }, readAs, hints, indexing };
}

/** A query that cannot be searched, as the schema shows it. */
export function showRefused({ problems, suggestion }: QueryRefused): InvalidQuery {
  const [first] = problems;
  const others = problems.length > 1 ? ` ${problems.length - 1} more follow.` : '';
  const message = `The query cannot be searched. ${first?.message ?? ''} ${first?.remedy ?? ''}${others}`;
  return Object.assign(new InvalidQuery(), { message, problems, suggestion });
}

/** A clause before its parts, as a list. */
export function showClauses(clause: ExplainedClause, depth = 0): readonly SearchClause[] {
  const { children, ...own } = clause;
  return [{ ...own, depth }, ...children.flatMap((child) => showClauses(child, depth + 1))];
}

/** A field as the schema shows it. */
export function showOffered(filter: OfferedFilter): SearchField {
  return filter;
}

/** What a page of hits is made of. */
export interface HitPage<Record, Node> {
  readonly found: PeopleFound;
  readonly asked: PageArguments;
  /** The records of the hits, by id. */
  readonly records: ReadonlyMap<string, Record>;
  readonly show: (record: Record) => Node;
  /** Where the words of the search stand in the records, by id: for all of the page at once, when somebody asks. */
  readonly snippets: (ids: readonly string[]) => Promise<ReadonlyMap<string, readonly Snippet[]>>;
}

/** A page of hits in the shape that Relay describes. Who has gone since is left out, and the next page follows all the same. */
export function toHitConnection<Record, Node>(page: HitPage<Record, Node>): ConnectionOf<Node> {
  const { hits, hasNextPage, total } = page.found;
  let marked: ReturnType<typeof page.snippets> | undefined;
  const edges = hits.flatMap(({ id, cursor }): HitEdge<Node>[] => {
    const record = page.records.get(id);
    if (record === undefined) return [];
    const highlights = async () => {
      marked ??= page.snippets([...page.records.keys()]);
      return (await marked).get(id) ?? [];
    };
    return [{ node: page.show(record), cursor, highlights }];
  });
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: page.asked.after != null,
      startCursor: hits[0]?.cursor,
      endCursor: hits.at(-1)?.cursor,
    },
    countAll: async () => total,
  };
}

function showInsights({ total, dimensions }: HubInsights): Omit<Insights, 'save'> {
  return {
    total,
    dimensions: dimensions.map(({ values, ...dimension }) => ({
      ...dimension,
      values: values.map(({ key, label, count }) => ({ value: key, label, count })),
    })),
  };
}
