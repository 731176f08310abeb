import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';

/** A data copy to be imported. */
@InputType({ description: "A copy of an ATS's data that is to be imported." })
@parsedBy(z.object({ connectionId: idSchema }))
export class ImportDataCopyInput {
  @Field(() => ID, { description: 'The connection whose ATS made the copy.' })
  connectionId!: string;
}
