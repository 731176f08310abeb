import type { ContactKind as HubContactKind } from '@talentbridge/hub';
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';
import { ContactKind } from './contact-reveal.type.js';

const revealContacts = z.object({
  profileIds: z.array(idSchema).max(100_000, 'At most 100000 profiles in one order.').nullish(),
  projectId: idSchema.nullish(),
});

/** Whose contact data is revealed. */
@InputType({ description: 'Whose contact data is revealed: those named, and all of a project.' })
@parsedBy(revealContacts)
export class RevealContactsInput {
  @Field(() => [ID], { nullable: true, description: 'Profiles by id, at most 100000.' })
  profileIds?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Everybody in this project.' })
  projectId?: string | null;

  @Field(() => [ContactKind], { description: 'What is revealed.' })
  kinds!: HubContactKind[];

  @Field(() => String, {
    description:
      'Chosen by the client for this very order, such as a UUID; 8 to 200 characters. The same order with the same key asks once and answers the same order.',
  })
  idempotencyKey!: string;
}
