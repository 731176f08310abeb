import { ArgsType, Field, Int } from 'type-graphql';
import { z } from 'zod';
import { parsedBy } from '../validation/parsed-by.js';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './page-size.js';

const MAX_CURSOR_LENGTH = 1_000;

const pageArguments = z.object({
  first: z
    .int()
    .min(1, `Ask for 1 to ${MAX_PAGE_SIZE} items.`)
    .max(MAX_PAGE_SIZE, `Ask for 1 to ${MAX_PAGE_SIZE} items, and for the rest with \`after\`.`),
  after: z
    .string()
    .regex(/^[\w-]+=*$/, 'This is no cursor. Take `endCursor` from an earlier page.')
    .max(MAX_CURSOR_LENGTH, 'This is no cursor. Take `endCursor` from an earlier page.')
    .nullish(),
});

/** Which part of a list: `@Args(() => PageArguments) page: PageArguments`. Checked before the resolver runs. */
@ArgsType()
@parsedBy(pageArguments)
export class PageArguments {
  @Field(() => Int, {
    defaultValue: DEFAULT_PAGE_SIZE,
    description: `How many items at most, 1 to ${MAX_PAGE_SIZE}.`,
  })
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Only what comes after this cursor, which an earlier page gave. Absent: from the start.',
  })
  after?: string | null;
}
