import { ArgsType, Field } from 'type-graphql';
import { z } from 'zod';
import { parsedBy } from '../validation/parsed-by.js';

const mirroredJobFilter = z.object({ search: z.string().max(200, 'Search with at most 200 characters.').nullish() });

/** Which jobs of a mirror. */
@ArgsType()
@parsedBy(mirroredJobFilter)
export class MirroredJobFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Words that must all occur in title or code; case does not matter. Absent: all jobs.',
  })
  search?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only those that take candidates now. Absent: all, open or not.',
  })
  openOnly?: boolean | null;
}
