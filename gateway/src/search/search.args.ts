import type { PeopleQuery, SearchFilter, SearchOrder, SearchWish } from '@talentbridge/hub';
import { ArgsType, Field, Float, ID, InputType, Int } from 'type-graphql';
import { z } from 'zod';
import { describedEnum } from '../graphql/described-enum.js';
import type { PageArguments } from '../pagination/page-arguments.js';
import { toPageRequest } from '../pagination/to-connection.js';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';

/** What hits are ordered by. */
export const SearchSort = describedEnum<SearchOrder>('SearchSort', 'What hits are ordered by.', {
  relevance:
    'By how well the words of the query fit. A very large result is ordered by time instead, and says so in `rankedBy`.',
  updated: 'Last updated first; who has no such time comes last.',
});

/** A circle on the map. */
@InputType({ description: 'A circle on the map.' })
export class WithinInput {
  @Field(() => Float, { description: 'Degrees, -90 to 90.' })
  latitude!: number;

  @Field(() => Float, { description: 'Degrees, -180 to 180.' })
  longitude!: number;

  @Field(() => Float, { description: 'The radius in kilometers.' })
  kilometers!: number;
}

/** One filter. */
@InputType({ description: 'One filter. All that it says holds; of several filters all hold.' })
export class SearchFilterInput {
  @Field(() => String, { description: 'The field, as the list of filters names it.' })
  field!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'Has one of these values, each as a whole; a `value` of Insights is one. For numbers and dates: values and ranges, as `3..8` or `>=2026-01-01`.',
  })
  anyOf?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Has none of these values.' })
  noneOf?: string[] | null;

  @Field(() => WithinInput, { nullable: true, description: 'Lives within this circle. For the field `near` alone.' })
  within?: WithinInput | null;
}

/** Who is looked for. */
@ArgsType()
export class PeopleSearchArguments {
  @Field(() => String, {
    defaultValue: '',
    description:
      'What is looked for: words, "phrases", AND, OR, NOT, -word, parentheses, field:value, field:"a phrase", field:=whole, develop*, years:3..8, updated:>=2026-01-01, application(status:rejected job:welder). Empty: everybody.',
  })
  query!: string;

  @Field(() => [SearchFilterInput], { nullable: true, description: 'Conditions that hold too.' })
  filters?: SearchFilterInput[] | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether words that mean the same as a title or a skill are found too: "software engineer" with "developer".',
  })
  synonyms!: boolean;

  @Field(() => SearchSort, { defaultValue: 'relevance', description: 'What hits are ordered by.' })
  sort!: SearchOrder;

  @Field(() => [String], {
    nullable: true,
    description: 'The fields that Insights count. Absent: all that the list of filters calls dimensions.',
  })
  dimensions?: string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many values Insights show of each dimension, 1 to 100. Absent: 10.',
  })
  top?: number | null;
}

/** Which candidates are looked for. */
@ArgsType()
@parsedBy(z.object({ connectionId: idSchema.nullish() }))
export class CandidateSearchArguments extends PeopleSearchArguments {
  @Field(() => ID, {
    nullable: true,
    description: 'Only the candidates of this connection. Absent: those of all connections with Rediscovery.',
  })
  connectionId?: string | null;
}

/** What the hub is to look for. */
export function toPeopleQuery({ query, filters, synonyms }: PeopleSearchArguments): PeopleQuery {
  return { query, filters: (filters ?? []).map(toFilter), synonyms };
}

/** What of a search a client asks for: what nobody wants to see is neither looked up nor counted. */
export interface WantedParts {
  readonly hits: boolean;
  readonly insights: boolean;
}

/** Which hits are wanted, and what is to be counted. */
export function toSearchWish(
  { sort, dimensions, top }: PeopleSearchArguments,
  page: PageArguments,
  wanted: WantedParts,
): SearchWish {
  const insights = {
    ...(dimensions == null ? {} : { dimensions }),
    ...(top == null ? {} : { top }),
  };
  return {
    order: sort,
    ...toPageRequest(page),
    ...(wanted.hits ? {} : { first: 0 }),
    ...(wanted.insights ? { insights } : {}),
  };
}

function toFilter({ field, anyOf, noneOf, within }: SearchFilterInput): SearchFilter {
  return {
    field,
    ...(anyOf == null ? {} : { anyOf }),
    ...(noneOf == null ? {} : { noneOf }),
    ...(within == null ? {} : { within }),
  };
}
