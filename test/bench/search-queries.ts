import { filterTree } from '../../core/hub/dist/capabilities/rediscovery/search/filters.js';
import { parseQuery } from '../../core/hub/dist/capabilities/rediscovery/search/query/parse-query.js';
import { allOf, type QueryNode } from '../../core/hub/dist/capabilities/rediscovery/search/query/query-tree.js';
import type {
  FacetAnswer,
  SearchOrder,
  SearchRequest,
} from '../../core/hub/dist/capabilities/rediscovery/search/search-engine.js';
import { DIMENSIONS } from '../../core/hub/dist/capabilities/rediscovery/search/fields.js';
import { DICTIONARIES, VOCABULARY } from './search-words.ts';

/** One of the queries that are measured. */
export interface MeasuredQuery {
  readonly text: string;
  readonly query: QueryNode;
  readonly order: SearchOrder;
}

const FACETS = DIMENSIONS.map(({ name: field }) => ({ field, top: 10 }));

/** Hits, exact total and the top 10 of all dimensions: what every search of the product asks for. */
export function requestOf({ query, order }: Pick<MeasuredQuery, 'query' | 'order'>): SearchRequest {
  return { query, order, first: 20, facets: FACETS };
}

/**
 * Thirty queries from selective to broad.
 * @param round Another one: the same thirty with other words and values of nearly the same frequency, so that nothing that was
 *   found before helps.
 */
export function measuredQueries(round: number): readonly MeasuredQuery[] {
  const word = (rank: number): string => nextAfter(rank, round, /^[a-z]{4,}$/);
  const term = (rank: number): string => nextAfter(rank, round, /^[a-z]{4,} [a-z]{4,}$/);
  const value = (field: keyof typeof DICTIONARIES, rank: number): string => DICTIONARIES[field].at(rank + round);
  const companies = Array.from({ length: 10 }, (_, index) => `"${value('company', 50 + index * 40)}"`).join(' OR ');
  const year = 2025 - (round % 3);
  const texts: readonly string[] = [
    word(60_000),
    word(20_000),
    word(5_000),
    word(1_000),
    word(300),
    word(130),
    `${word(300)} ${word(500)}`,
    `${word(130)} ${word(8_000)}`,
    `${word(700)} OR ${word(900)} OR ${word(1_100)}`,
    `${word(200)} ${word(250)} ${word(350)} ${word(450)}`,
    `"${term(4_000)}"`,
    `"${term(300)}"`,
    `"${word(120)} ${word(140)}"`,
    `${word(2_000).slice(0, 5)}*`,
    `${word(600).slice(0, 3)}*`,
    `${word(150)} NOT ${word(220)}`,
    `NOT ${word(400)}`,
    `title:${['manager', 'engineer', 'analyst', 'developer'][round % 4]}`,
    `title:"${value('title', 40)}"`,
    `skill:="${value('skill', 20)}"`,
    `skill:="${value('skill', 2)}" skill:="${value('skill', 6)}"`,
    `company:(${companies})`,
    `location:="${value('location', 3)}" years:${3 + (round % 4)}..8`,
    `updated:>=${year}-0${1 + (round % 9)}`,
    `(${word(800)} OR ${word(400)}) title:${['director', 'specialist', 'assistant'][round % 3]} years:5..${12 + round} -skill:="${value('skill', 1)}"`,
    `school:="${value('school', 10)}" degree:bachelor`,
    `language:="${value('language', 0)}" NOT industry:="${value('industry', 2)}"`,
    `status:${value('status', 0)} source:${value('source', 1)}`,
    `application(status:${value('status', 1)} job:${['manager', 'engineer', 'analyst'][round % 3]}) ${word(350)}`,
    `near:52.5,13.${10 + (round % 80)},80km yearsInRole:>=2`,
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

/** The word of a rank or the next one of this shape, and in the next round one further on. */
function nextAfter(rank: number, round: number, shape: RegExp): string {
  let seen = 0;
  for (const text of VOCABULARY.values.slice(rank, rank + 10_000)) if (shape.test(text) && seen++ === round) return text;
  throw new RangeError('The vocabulary has no such word there.');
}

function meaning(text: string): QueryNode {
  const parsed = parseQuery(text);
  if (!parsed.ok) throw new RangeError(`${text}: ${parsed.problems.map(({ message }) => message).join(' ')}`);
  return parsed.tree;
}
