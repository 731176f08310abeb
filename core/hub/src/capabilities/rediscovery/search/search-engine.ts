import { HubError } from '@talentbridge/contracts';
import type { QueryNode, Span } from './query/query-tree.js';
import type { SearchDocument } from './search-document.js';

/** What hits are ordered by. */
export type SearchOrder = 'relevance' | 'updated';

/** One dimension to count. */
export interface FacetRequest {
  /** The name of a field with `dimension`, or of another of the kind `text` or `exact` that has neither `of` nor `ownValues`. */
  readonly field: string;
  /** How many values to answer: those of most hits. */
  readonly top: number;
  /**
   * Counts among what this finds instead of the request's query: for a dimension that is filtered by, the query without that
   * filter, so that its other values keep their counts and can be chosen besides. Absent: the request's query.
   */
  readonly over?: QueryNode;
}

/** What is wanted. */
export interface SearchRequest {
  /** Query and filters in one: `allOf([parsed.tree, filterTree(filters)])`. */
  readonly query: QueryNode;
  readonly order: SearchOrder;
  /** How many hits, 0 to 200. */
  readonly first: number;
  /** A cursor that an earlier answer to the same query and order gave. Absent: from the start. */
  readonly after?: string;
  /** Default: none. */
  readonly facets?: readonly FacetRequest[];
  /** Of whoever keeps the index: does not wait for a crowd of searches that came before, and takes as long as it needs. */
  readonly urgent?: boolean;
}

/** One document that was found. */
export interface SearchHit {
  readonly id: string;
  /** Opaque: what comes after this hit is asked for by it. */
  readonly cursor: string;
}

/** How many of the hits have a value. */
export interface FacetValue {
  /** As `keyOf` makes it of a value; of a number, the label of its band. `{ kind: 'value', field, value: key }` finds the hits. */
  readonly key: string;
  /** One of the ways in which documents of the index write it. */
  readonly label: string;
  /** Documents, never values: who has it twice counts once. */
  readonly count: number;
}

/** The counts of a dimension over all hits (of `over`, where the request has it), whichever page was asked for. */
export interface FacetAnswer {
  readonly field: string;
  /** By count, the highest first, then by key in the order of UTF-16 units. */
  readonly values: readonly FacetValue[];
  /** How many different values the hits have. Bands without a hit are none. */
  readonly distinct: number;
  /** How many hits have no value. */
  readonly missing: number;
}

/** A search took longer than one may. What was found of single clauses may still be known, so that a narrower search is quick. */
export class SearchTooLongError extends HubError {
  readonly code = 'SEARCH_TOO_LONG';
  readonly recovery = 'skip';

  constructor(
    /** How long a search may take, in milliseconds. */
    readonly limitMs: number,
    /** Where the clause was typed that took longest. Absent: nobody typed it, as that of a filter. */
    readonly span?: Span,
  ) {
    super(`${givenUpAfter(limitMs)} Search for less at once: fewer words, longer beginnings, shorter lists.`);
  }
}

/** What happened to a search that took longer than this, as a sentence. */
export function givenUpAfter(limitMs: number): string {
  return `The search took longer than ${(limitMs / 1_000).toLocaleString('en-US')} seconds and was given up.`;
}

/** What changes in an index. */
export interface SearchChanges {
  /** Each replaces the one of the same id. Of two with one id the last one counts. */
  readonly upserts?: readonly SearchDocument[];
  /** Ids that are not there are no mistake; one that is also among `upserts` stays. */
  readonly removals?: readonly string[];
  /** Up to where the writer has come, in its own words. Absent: as before. */
  readonly mark?: string;
}

/** What was found. */
export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  readonly hasNextPage: boolean;
  /** Exact. */
  readonly total: number;
  /** In the order of the request. */
  readonly facets: readonly FacetAnswer[];
  /** What the hits are ordered by: an engine ranks no result set that is too large, and says so. */
  readonly rankedBy: SearchOrder;
}

/**
 * One index: the candidates of an organization, or its profiles. It holds what is searched and nothing to show: hits are ids,
 * and `highlightsOf` marks words in the document that the record makes.
 *
 * What is found is what `DocumentMatcher` finds, exactly, in every engine; `describeSearchEngine` proves it. In short:
 *
 * - Terms are those of `tokenize`. Documents and queries are split by it and by nothing else.
 * - Terms of a text clause stand side by side in one value of one field. `forms` compares by `stemEnglish` in stemmed
 *   fields; `prefix` compares beginnings of terms as they stand, never of stems.
 * - Clauses on fields of applications hold where the candidate or any application has such a value, two of them perhaps by
 *   two applications. Inside of an `application` node all hold for one and the same application.
 * - `not` is everybody else in the index, with or without a value.
 * - Order `updated`: by the field `updated`, the latest of several, newest first; who has none comes last; equal ones by id in
 *   the order of UTF-16 units. Order `relevance` is the engine's own, and whole: no hit is missing or repeated across pages.
 *
 * Writes are seen by every search that begins after their promise is fulfilled. Searches see a write as a whole or not at all.
 */
export interface SearchEngine {
  /** Writes, as one: after a crash all of it is there, or none. */
  write(changes: SearchChanges): Promise<void>;

  /** The mark that was written last, also by an earlier process. `undefined`: none, so that everything is to be written. */
  mark(): Promise<string | undefined>;

  /**
   * Finds, counts and orders.
   * @throws InvalidInputError when the cursor is none of this query's order.
   * @throws SearchTooLongError when it takes longer than the engine lets a search take. The index is as it was.
   */
  search(request: SearchRequest): Promise<SearchAnswer>;

  /** How many documents each of the queries finds, in their order, at one moment. @throws SearchTooLongError as `search` does. */
  countEach(queries: readonly QueryNode[]): Promise<readonly number[]>;

  /** Whether nothing is left, in memory or on disk, of what was removed. It may take a while after the write. */
  isTidy(): Promise<boolean>;

  /** Ends the work with the index in this process. What was written stays. */
  close(): Promise<void>;
}

/** Where the indexes of a process are kept. */
export interface SearchIndexes {
  /** Opens an index that is not open; a new one is empty. @param name Letters, digits, `-` and `_`. */
  open(name: string): Promise<SearchEngine>;

  /** Deletes an index that is not open, and everything of it. None of this name is no mistake. */
  remove(name: string): Promise<void>;

  /** The names of all indexes, open or not. */
  names(): Promise<readonly string[]>;

  /** Ends what all of them share in this process, after each was closed. Absent: there is nothing. */
  close?(): Promise<void>;
}

/** Of a process that serves no searches. */
export const noSearchIndexes: SearchIndexes = {
  open: () => Promise.reject(new Error('This process keeps no search indexes. Hand some in as `searchIndexes`.')),
  remove: async () => undefined,
  names: async () => [],
};
