import { Field, Int, ObjectType } from 'type-graphql';
import type { SaveInsights } from './save-insights.js';

/** A value of a dimension. */
@ObjectType({ description: 'A value, and how many of the people found have it.' })
export class InsightValue {
  @Field(() => String, {
    description: 'What a filter on the dimension takes: `{ field: "skill", anyOf: ["welding"] }` finds who has it.',
  })
  value!: string;

  @Field(() => String, { description: 'One of the ways in which it is written.' })
  label!: string;

  @Field(() => Int, { description: 'People who have it. Somebody with several values counts for each.' })
  count!: number;
}

/** A dimension, counted. */
@ObjectType({
  description:
    'Counts per value over everybody who was found. A dimension that is filtered by is counted without its filter, so that its other values keep their counts and can be chosen besides. A filter on a field that stands for several, such as `title`, is no filter of any one of them: the counts of `currentTitle` and `pastTitle` keep to it.',
})
export class InsightDimension {
  @Field(() => String, { description: 'The field.' })
  field!: string;

  @Field(() => String, { description: 'For people.' })
  label!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Among how many people it was counted, to make shares of: those who were found, or, where it is filtered by, those of the same search without its filter. Null where that would tell of a small group.',
  })
  of?: number | null;

  @Field(() => [InsightValue], { description: 'Those of most people first.' })
  values!: readonly InsightValue[];

  @Field(() => Int, {
    description:
      'How many different values there are, shown or not. Where small groups are hidden: how many can be shown.',
  })
  distinct!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'People without a value; null where that would tell of a small group.',
  })
  missing?: number | null;

  @Field(() => Boolean, {
    description:
      'Values that fewer people declared of themselves than may be shown as a group are left out, and what they could be computed from.',
  })
  hidesSmallGroups!: boolean;
}

/** What a result set consists of. */
@ObjectType({ description: 'What those who were found consist of.' })
export class Insights {
  @Field(() => Int, { description: 'People who were found.' })
  total!: number;

  @Field(() => [InsightDimension], { description: 'The dimensions that were asked for, in that order.' })
  dimensions!: readonly InsightDimension[];

  /** None of the schema: `file` is made with it. */
  save!: SaveInsights;
}
