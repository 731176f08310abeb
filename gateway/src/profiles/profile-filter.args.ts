import { ArgsType, Field, ID } from 'type-graphql';
import { z } from 'zod';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';

const profileFilter = z.object({ projectId: idSchema.nullish() });

/** Which profiles. */
@ArgsType()
@parsedBy(profileFilter)
export class ProfileFilter {
  @Field(() => ID, { nullable: true, description: 'Only the people of this project. Absent: everybody.' })
  projectId?: string | null;
}
