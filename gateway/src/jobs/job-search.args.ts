import { ArgsType, Field } from 'type-graphql';
import { z } from 'zod';
import { parsedBy } from '../validation/parsed-by.js';

const jobSearch = z.object({ search: z.string().max(200, 'Search with at most 200 characters.').nullish() });

/** Which jobs. */
@ArgsType()
@parsedBy(jobSearch)
export class JobSearch {
  @Field(() => String, {
    nullable: true,
    description:
      'Words that must all occur in title, code, department or location; case and accents do not matter. Absent: all open jobs.',
  })
  search?: string | null;
}
