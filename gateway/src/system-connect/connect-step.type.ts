import type { StepStatus as HubStepStatus } from '@talentbridge/hub';
import { Field, ID, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** How far a step is. */
const StepStatus = describedEnum<HubStepStatus>('ConnectStepStatus', 'How far a step of switching on is.', {
  DONE: 'Nothing is left to do.',
  WAITING: 'The hub, or the network, does it; `remedy` says what is waited for.',
  TODO: 'A person does it; `remedy` says what.',
});

/** A step of switching System Connect on. */
@ObjectType({
  description:
    'A step of switching System Connect on, as a list shows it that turns green by itself: what was done at the network is noticed here.',
})
export class ConnectStep {
  @Field(() => ID, {
    description:
      'Stable: `connect`, `pair`, `taking`, `request`, `callback`, `integration:` and an id of the network, `seats`, `firstSync`.',
  })
  id!: string;

  @Field(() => String, { description: 'For people, as a phrase.' })
  title!: string;

  @Field(() => StepStatus, { description: 'How far it is.' })
  status!: HubStepStatus;

  @Field(() => String, { nullable: true, description: 'What comes next, as a sentence; null when nothing does.' })
  remedy!: string | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When the network was asked last; null where it is nothing that is asked.',
  })
  checkedAt!: Date | null;
}
