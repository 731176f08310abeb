import type { ContactKind as HubContactKind, ContactRevealStatus as HubContactRevealStatus } from '@talentbridge/hub';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { connectionTypes } from '../pagination/connection.type.js';

/** Which contact data. */
export const ContactKind = describedEnum<HubContactKind>('ContactKind', 'Which contact data.', {
  EMAIL: 'Email addresses: "get email for all".',
  PHONE: 'Phone numbers: "get phone for all".',
});

/** Where an order to reveal contact data stands. */
const ContactRevealStatus = describedEnum<HubContactRevealStatus>(
  'ContactRevealStatus',
  'Where an order to reveal contact data stands.',
  {
    QUEUED: 'It waits for a worker.',
    RUNNING: 'People are asked about.',
    COMPLETE: 'Everybody has a result.',
    STOPPED:
      'It was cancelled, or the contact service answers nobody any more: `statusReason` says which. What was revealed stays.',
  },
);

/** Why some people have no answer. */
@ObjectType({ description: 'Why the contact service gave no answer about some people.' })
export class ContactRevealFailure {
  @Field(() => String, { description: 'Stable and in upper case.' })
  code!: string;

  @Field(() => String, { description: 'For people: what happened, and what to do next.' })
  reason!: string;

  @Field(() => Int, { description: 'How many people it is about.' })
  count!: number;
}

/** An order to reveal contact data. */
@ObjectType({
  description: 'An order to reveal contact data, "get email for all" or "get phone for all", and how far it is.',
})
export class ContactReveal {
  @Field(() => ID, { description: 'The id of the order.' })
  id!: string;

  @Field(() => ContactRevealStatus, { description: 'Where it stands.' })
  status!: HubContactRevealStatus;

  @Field(() => String, { nullable: true, description: 'Why it stopped, or what it waits for.' })
  statusReason?: string | null;

  @Field(() => [ContactKind], { description: 'What is revealed.' })
  kinds!: readonly HubContactKind[];

  @Field(() => ID, { nullable: true, description: 'The project whose people it is about; absent when none was named.' })
  projectId?: string | null;

  @Field(() => Int, { description: 'How many people it is about.' })
  total!: number;

  @Field(() => Int, { description: 'How many of them have a result, whatever it is.' })
  done!: number;

  @Field(() => Int, { description: 'How many of them have such contact data, revealed.' })
  withContact!: number;

  @Field(() => Int, { description: 'How many addresses and numbers were not revealed before.' })
  revealed!: number;

  @Field(() => Int, { description: 'About how many of them the contact service did not answer.' })
  failed!: number;

  @Field(() => Int, { description: 'How many of them were deleted after the order.' })
  deleted!: number;

  @Field(() => ID, { description: 'Who asked for it: the subject of their token.' })
  requestedBy!: string;

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it first ran.' })
  startedAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was complete or stopped.' })
  finishedAt?: Date | null;
}

/** Pages of orders to reveal contact data. */
export const { Connection: ContactRevealConnection } = connectionTypes(
  'ContactReveal',
  () => ContactReveal,
  'orders to reveal contact data',
);
