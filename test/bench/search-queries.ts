import { DIMENSIONS } from '../../core/hub/dist/capabilities/rediscovery/search/fields.js';
import { filterTree } from '../../core/hub/dist/capabilities/rediscovery/search/filters.js';
import { parseQuery } from '../../core/hub/dist/capabilities/rediscovery/search/query/parse-query.js';
import { allOf, type QueryNode } from '../../core/hub/dist/capabilities/rediscovery/search/query/query-tree.js';
import type {
  FacetAnswer,
  SearchOrder,
  SearchRequest,
} from '../../core/hub/dist/capabilities/rediscovery/search/search-engine.js';
import { DICTIONARIES, VOCABULARY } from './search-words.ts';

/** One of the queries that are measured. */
export interface MeasuredQuery {
  readonly text: string;
  readonly query: QueryNode;
  readonly order: SearchOrder;
}

/** Neighbours in the vocabulary are forms of one word. */
const WORDS_APART = 4;

/** More rounds would ask for words of one another. */
export const ROUNDS_AT_MOST = 5;

const ROLES = ['manager', 'engineer', 'analyst', 'developer', 'consultant', 'specialist'];

const FACETS = DIMENSIONS.map(({ name: field }) => ({ field, top: 10 }));

/** Hits, exact total and the top 10 of all dimensions: what every search of the product asks for. */
export function requestOf({ query, order }: Pick<MeasuredQuery, 'query' | 'order'>): SearchRequest {
  return { query, order, first: 20, facets: FACETS };
}

/**
 * Thirty queries from selective to broad.
 * @param round 0 up to `ROUNDS_AT_MOST`. Another one: the same thirty with other words and values of nearly the same frequency, so
 *   that little of what was found before helps.
 */
export function measuredQueries(round: number): readonly MeasuredQuery[] {
  const word = (rank: number): string => nextAfter(rank, round, /^[a-z]{4,}$/);
  const term = (rank: number): string => nextAfter(rank, round, /^[a-z]{4,} [a-z]{4,}$/);
  const value = (field: keyof typeof DICTIONARIES, rank: number): string =>
    DICTIONARIES[field].at((rank + round) % DICTIONARIES[field].values.length);
  const companies = Array.from({ length: 10 }, (_, index) => `"${value('company', 50 + index * 40)}"`).join(' OR ');
  const role = ROLES[round % ROLES.length];
  const texts: readonly string[] = [
    word(60_000),
    word(20_000),
    word(5_000),
    word(1_000),
    word(310),
    word(170),
    `${word(360)} ${word(510)}`,
    `${word(210)} ${word(8_000)}`,
    `${word(700)} OR ${word(900)} OR ${word(1_100)}`,
    `${word(250)} ${word(290)} ${word(410)} ${word(460)}`,
    `"${term(4_000)}"`,
    `"${term(300)}"`,
    `"${word(120)} ${word(140)}"`,
    `${word(2_000).slice(0, 5)}*`,
    `${word(600).slice(0, 3)}*`,
    `${word(560)} NOT ${word(640)}`,
    `NOT ${word(760)}`,
    `title:${role}`,
    `title:"${value('title', 40)}"`,
    `skill:="${value('skill', 60)}"`,
    `skill:="${value('skill', 2)}" skill:="${value('skill', 12)}"`,
    `company:(${companies})`,
    `location:="${value('location', 3)}" years:${3 + round}..${8 + round}`,
    `updated:>=2024-0${1 + round}`,
    `(${word(820)} OR ${word(980)}) currentTitle:${role} years:5..${14 + round} -skill:="${value('skill', 24)}"`,
    `school:="${value('school', 10)}" degree:="${value('degree', 5)}"`,
    `language:="${value('language', 0)}" NOT industry:="${value('industry', 2)}"`,
    `status:${value('status', 0)} source:${value('source', 0)}`,
    `application(status:${value('status', 1)} job:${role}) ${word(1_300)}`,
    `near:52.5,13.${10 + round},80km yearsInRole:>=${1 + round}`,
  ];
  return texts.map((text, index) => ({ text, query: meaning(text), order: index % 3 === 2 ? 'updated' : 'relevance' }));
}

/** The query with what a person would choose next: the most frequent value of a dimension among the hits. */
export function refined(query: MeasuredQuery, facets: readonly FacetAnswer[], index: number): MeasuredQuery {
  const dimensions = ['currentTitle', 'skill', 'location', 'companySize', 'language'];
  const field = dimensions[index % dimensions.length] ?? '';
  const top = facets.find((facet) => facet.field === field)?.values[0];
  const filter = top ? { field, anyOf: [top.key] } : { field: 'years', anyOf: ['3..8'] };
  return {
    ...query,
    text: `${query.text} + ${filter.field}`,
    query: allOf([query.query, filterTree([filter])]),
  };
}

/** The word of a rank or the next one of this shape, and in the next round another one that is no form of it. */
function nextAfter(rank: number, round: number, shape: RegExp): string {
  let seen = 0;
  for (const text of VOCABULARY.values.slice(rank, rank + 10_000))
    if (shape.test(text) && seen++ === round * WORDS_APART) return text;
  throw new RangeError('The vocabulary has no such word there.');
}

function meaning(text: string): QueryNode {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new RangeError(`${text}: ${parsed.problems.map(({ message }) => message).join(' ')}`);
  return parsed.tree;
}
