import type { Span } from './query-tree.js';

/** What can be wrong with a query. */
export const QUERY_PROBLEMS = [
  'TOO_LONG',
  'TOO_MANY_WORDS',
  'TOO_DEEP',
  'UNCLOSED_QUOTE',
  'UNCLOSED_PARENTHESIS',
  'UNOPENED_PARENTHESIS',
  'EMPTY_PARENTHESES',
  'MISSING_OPERAND',
  'NO_WORD',
  'UNKNOWN_FIELD',
  'MISSING_VALUE',
  'NOT_A_NUMBER',
  'NOT_A_DATE',
  'NOT_A_PLACE',
  'REVERSED_RANGE',
  'WRONG_KIND',
  'MISPLACED_WILDCARD',
  'PREFIX_TOO_SHORT',
  'NOT_OF_APPLICATION',
  'LOWER_CASE_OPERATOR',
  'TOO_SLOW',
] as const;

/** What can be wrong with a query. */
export type QueryProblemCode = (typeof QUERY_PROBLEMS)[number];

/** One thing that is wrong with a query, or is likely not meant so, and where. */
export interface QueryProblem extends Span {
  readonly code: QueryProblemCode;
  /** For people: what is wrong. */
  readonly message: string;
  /** For people: what would be right. */
  readonly remedy: string;
}
