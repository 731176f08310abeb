import type { ItemOutcome } from '@talentbridge/hub';
import { ArgsType, Field, ID } from 'type-graphql';
import { z } from 'zod';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';
import { ExportOutcome } from './export-item.type.js';

/** Which exports. */
@ArgsType()
@parsedBy(z.object({ connectionId: idSchema.nullish() }))
export class ExportFilter {
  @Field(() => ID, {
    nullable: true,
    description: 'Only those through this connection, also when it was removed since. Absent: all.',
  })
  connectionId?: string | null;
}

/** Which candidates of an export. */
@ArgsType()
export class ExportItemFilter {
  @Field(() => [ExportOutcome], {
    nullable: true,
    description: 'Only those with one of these outcomes. Absent: all, those without an outcome included.',
  })
  outcomes?: ItemOutcome[] | null;
}

/** Which candidates are sent again. */
@ArgsType()
@parsedBy(z.object({ itemIds: z.array(idSchema).max(10_000).nullish() }))
export class RetrySelection {
  @Field(() => [ID], { nullable: true, description: 'Only these of the failed items. Absent: all of them.' })
  itemIds?: string[] | null;
}
