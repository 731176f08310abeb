import type { ExplainedClause, FieldKind, QueryProblemCode, SearchOrder } from '@talentbridge/hub';
import { Field, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { MirroredCandidate } from '../mirror/mirrored-candidate.type.js';
import { type ConnectionOf, connectionTypes, type EdgeOf } from '../pagination/connection.type.js';
import { Profile } from '../profiles/profile.type.js';
import { Insights } from './insights.type.js';
import { SearchSort } from './search.args.js';

/** What can be wrong with a query. */
const QueryProblemCodeEnum = describedEnum<QueryProblemCode>('QueryProblemCode', 'What is wrong with a query.', {
  TOO_LONG: 'It has too many characters.',
  TOO_MANY_WORDS: 'It has too many words and values, in all or side by side.',
  TOO_DEEP: 'Too many parentheses and negations stand inside each other.',
  UNCLOSED_QUOTE: 'A quotation mark is never closed.',
  UNCLOSED_PARENTHESIS: 'A parenthesis is never closed.',
  UNOPENED_PARENTHESIS: 'A parenthesis closes none.',
  EMPTY_PARENTHESES: 'Nothing stands between parentheses.',
  MISSING_OPERAND: 'Something is missing beside AND, OR or NOT.',
  NO_WORD: 'There is no word in it to search for.',
  UNKNOWN_FIELD: 'There is no such field.',
  MISSING_VALUE: 'A field has no value.',
  NOT_A_NUMBER: 'A field takes a number or a range of numbers.',
  NOT_A_DATE: 'A field takes a date or a range of dates.',
  NOT_A_PLACE: 'It takes a latitude, a longitude and a distance.',
  REVERSED_RANGE: 'The end of a range comes before its beginning.',
  WRONG_KIND: 'A field cannot be asked for in this way.',
  MISPLACED_WILDCARD: 'A * stands elsewhere than at the end of a word.',
  PREFIX_TOO_SHORT: 'Too few characters stand before a *.',
  NOT_OF_APPLICATION: 'A field within application(...) is none of an application.',
  LOWER_CASE_OPERATOR: 'and, or or not in lower case is searched as a word.',
  TOO_SLOW: 'The search was given up because it took too long; most of that took what stands here.',
});

/** What a clause is. */
const ClauseKind = describedEnum<ExplainedClause['kind']>('SearchClauseKind', 'What a clause of a query is.', {
  all: 'Everybody.',
  and: 'All of its parts hold.',
  or: 'One of its parts holds at least.',
  not: 'Its part does not hold.',
  application: 'Its part holds for one and the same application.',
  text: 'Words that stand side by side.',
  value: 'A whole value of a field.',
  numbers: 'A range of numbers.',
  dates: 'A range of days.',
  near: 'A distance from a place.',
  exists: 'A field has a value.',
});

/** What a field holds. */
const SearchFieldKind = describedEnum<FieldKind>(
  'SearchFieldKind',
  'What a field holds, and so how it can be asked for.',
  {
    text: 'Words, found by words, phrases and beginnings; `:=` asks for a whole value.',
    exact: 'Values that are found whole only.',
    number: 'Whole numbers, found by value and range.',
    date: 'Days and times, found by day, month, year and range.',
    place: 'Points on the map, found by their distance.',
  },
);

/** Something about a query, and where. */
@ObjectType({ description: 'Something that is wrong with a query, or is likely not meant so, and where.' })
export class QueryProblem {
  @Field(() => QueryProblemCodeEnum, { description: 'What it is.' })
  code!: QueryProblemCode;

  @Field(() => String, { description: 'For people: what is wrong.' })
  message!: string;

  @Field(() => String, { description: 'For people: what would be right.' })
  remedy!: string;

  @Field(() => Int, { description: 'Where it begins, counted in UTF-16 units, as JavaScript does.' })
  start!: number;

  @Field(() => Int, { description: 'Where it ends: the first unit after it.' })
  end!: number;
}

/** Where a word stands. */
@ObjectType({ description: 'Where a word stands in a text.' })
export class TextSpan {
  @Field(() => Int, { description: 'Where it begins, counted in UTF-16 units, as JavaScript does.' })
  start!: number;

  @Field(() => Int, { description: 'Where it ends: the first unit after it.' })
  end!: number;
}

/** Where a query was found. */
@ObjectType({
  description: 'A text in which words of the query stand. Plain text, never HTML: mark the spans yourself.',
})
export class SearchHighlight {
  @Field(() => String, { description: 'The field.' })
  field!: string;

  @Field(() => String, { description: 'For people.' })
  label!: string;

  @Field(() => String, { description: 'A short value whole; of a long one what stands around the words.' })
  text!: string;

  @Field(() => [TextSpan], { description: 'Where the words stand in it, in order; none touches another.' })
  spans!: readonly TextSpan[];

  @Field(() => Boolean, { description: 'Whether something was left out before it.' })
  cutBefore!: boolean;

  @Field(() => Boolean, { description: 'Whether something was left out after it.' })
  cutAfter!: boolean;
}

/** A clause of a query. */
@ObjectType({ description: 'A clause of a query or a filter, and what it finds.' })
export class SearchClause {
  @Field(() => Int, { description: 'How many clauses it stands in. Its parts follow it, one deeper.' })
  depth!: number;

  @Field(() => ClauseKind, { description: 'What it is.' })
  kind!: ExplainedClause['kind'];

  @Field(() => String, { description: 'The clause as a query of its own.' })
  query!: string;

  @Field(() => TextSpan, { nullable: true, description: 'Where it was typed; null for a filter.' })
  span?: TextSpan | null;

  @Field(() => Boolean, { description: 'Nobody typed it: it means the same as what stands at `span`.' })
  synonym!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'How many people it finds by itself; null where that would tell of a small group.',
  })
  hits?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it finds the person who was named; null: none was.' })
  matched?: boolean | null;
}

/** How far an index is. */
@ObjectType({ description: 'The index is being written; until then not everybody is found.' })
class IndexingProgress {
  @Field(() => Int, { description: 'People who can be found already.' })
  done!: number;

  @Field(() => Int, { description: 'People in all.' })
  total!: number;
}

/** A value that can be chosen. */
@ObjectType({ description: 'A value that can be chosen.' })
export class SearchFieldValue {
  @Field(() => String, { description: 'For `anyOf` and `noneOf` of a filter.' })
  value!: string;

  @Field(() => String, { description: 'For people.' })
  label!: string;

  @Field(() => Int, { description: 'People who have it.' })
  count!: number;
}

/** A field that can be searched. */
@ObjectType({ description: 'A field that can be searched and filtered by.' })
export class SearchField {
  @Field(() => String, { description: 'Its name in queries and filters. Case, - and _ make no difference.' })
  field!: string;

  @Field(() => String, { description: 'For people.' })
  label!: string;

  @Field(() => [String], { description: 'Other names of it in queries.' })
  aliases!: readonly string[];

  @Field(() => SearchFieldKind, { description: 'What it holds.' })
  kind!: FieldKind;

  @Field(() => String, { description: 'How it is used in a query.' })
  example!: string;

  @Field(() => Boolean, { description: 'Whether Insights count it.' })
  dimension!: boolean;

  @Field(() => Boolean, {
    description: 'It belongs to each application: of several such filters one and the same application has all.',
  })
  ofApplication!: boolean;

  @Field(() => [SearchFieldValue], {
    nullable: true,
    description: 'Its values where they are few, those of most people first; null where they are many.',
  })
  values?: readonly SearchFieldValue[] | null;
}

/** A hit on its way to the schema: the texts in which the query stands are looked up when somebody asks for them. */
export interface HitEdge<Node> extends EdgeOf<Node> {
  readonly highlights: () => Promise<readonly SearchHighlight[]>;
}

const candidateHits = connectionTypes('CandidateHit', () => MirroredCandidate, 'candidates who were found');
const profileHits = connectionTypes('ProfileHit', () => Profile, 'profiles that were found');

/** Candidates who were found, with their places. */
export const CandidateHitEdge = candidateHits.Edge;

/** Profiles that were found, with their places. */
export const ProfileHitEdge = profileHits.Edge;

/** What searches of candidates and of profiles have in common. */
@ObjectType()
abstract class SearchFound {
  @Field(() => Int, { description: 'How many were found. Exact.' })
  total!: number;

  @Field(() => SearchSort, { description: 'What the hits are ordered by.' })
  rankedBy!: SearchOrder;

  @Field(() => Insights, {
    nullable: true,
    description:
      'Counts per value over everybody who was found, whichever page was asked for; as of the same moment as the hits.',
  })
  insights?: Insights | null;

  @Field(() => String, { description: 'The query as it was read, with all that it leaves unsaid.' })
  readAs!: string;

  @Field(() => [QueryProblem], { description: 'What is searched as it stands and was perhaps meant otherwise.' })
  hints!: readonly QueryProblem[];

  @Field(() => IndexingProgress, {
    nullable: true,
    description:
      'Set while the index is being written for the first time or anew: who is not written yet is not found.',
  })
  indexing?: IndexingProgress | null;

  /** For `explanation`, which is resolved apart. */
  explain!: (id?: string) => Promise<readonly SearchClause[]>;
}

/** Candidates who were found. */
@ObjectType({ description: 'The candidates who were found.' })
export class CandidatesFound extends SearchFound {
  @Field(() => candidateHits.Connection, { description: 'The page that was asked for.' })
  candidates!: ConnectionOf<MirroredCandidate>;
}

/** Profiles that were found. */
@ObjectType({ description: 'The profiles that were found.' })
export class ProfilesFound extends SearchFound {
  @Field(() => profileHits.Connection, { description: 'The page that was asked for.' })
  profiles!: ConnectionOf<Profile>;
}
