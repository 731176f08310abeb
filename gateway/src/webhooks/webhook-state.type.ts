import type { WebhookStatus as HubWebhookStatus } from '@talentbridge/hub';
import { Field, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** Whether an ATS tells what changes. */
const WebhookStatus = describedEnum<HubWebhookStatus>(
  'WebhookStatus',
  'Whether an ATS tells what changes. Candidates, jobs and applications of which it does not tell are found by asking regularly.',
  {
    ACTIVE: 'It tells.',
    PENDING: 'It is being arranged, or is tried again by itself; `reason` says what went wrong.',
    NOT_SET_UP:
      'It cannot be arranged; `reason` says why. It is tried again about every hour, and after each verification.',
    PAUSED: 'The connection cannot be used now; `reason` says why. What arrives is kept and seen to afterwards.',
  },
);

/** How the webhooks of a connection stand. */
@ObjectType({
  description: 'How the webhooks of a connection stand: whether its ATS tells at once what changes there.',
})
export class WebhookState {
  @Field(() => WebhookStatus, { description: 'Whether the ATS tells what changes.' })
  status!: HubWebhookStatus;

  @Field(() => String, { nullable: true, description: 'What is in the way, for people; null when nothing is.' })
  reason!: string | null;

  @Field(() => [String], {
    description: "The ATS's names of the events that it was asked for; empty while it tells nothing.",
  })
  events!: readonly string[];

  @Field(() => Date, { nullable: true, description: 'When the last event arrived; null when none has for long.' })
  lastEventAt!: Date | null;

  @Field(() => Int, { description: 'Events that have arrived and were not seen to yet.' })
  waiting!: number;

  @Field(() => Date, {
    nullable: true,
    description: 'When the ATS was last found to have the subscription as it should be; null when it never was.',
  })
  checkedAt!: Date | null;
}
