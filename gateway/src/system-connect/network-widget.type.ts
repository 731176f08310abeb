import type { NetworkWidgetEvent as HubEvent } from '@talentbridge/contracts';
import { Field, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** What somebody did in a widget. */
const NetworkWidgetEvent = describedEnum<HubEvent>('NetworkWidgetEvent', 'What somebody did in a widget.', {
  link: 'They said who the candidate is. The function is called with the member: `linkProfile`.',
  unlink: 'They said that the candidate is not that member. The function is called with the member: `unlinkProfile`.',
  request: 'They asked for the integration: `refreshSystemConnection`.',
});

/** A name with its value. */
@ObjectType({ description: 'A name with its value.' })
export class NetworkWidgetValue {
  @Field(() => String, { description: 'The name.' })
  name!: string;

  @Field(() => String, { description: 'The value, as text.' })
  value!: string;
}

/** A function of the page that the network calls. */
@ObjectType({ description: 'An attribute of the element that takes the name of a function of the page.' })
export class NetworkWidgetCallback {
  @Field(() => String, { description: 'The name of the attribute.' })
  attribute!: string;

  @Field(() => NetworkWidgetEvent, { description: 'What has happened when the function is called.' })
  event!: HubEvent;
}

/** What a page includes. */
@ObjectType({
  description:
    'What a page includes to show something of the network: a script with settings, and an element. All values are text: write them as attributes, never as markup.',
})
export class NetworkWidget {
  @Field(() => String, { description: 'Where the script is.' })
  scriptUrl!: string;

  @Field(() => [NetworkWidgetValue], { description: 'What stands in the script element, a line each: `name: value`.' })
  scriptSettings!: readonly NetworkWidgetValue[];

  @Field(() => String, { description: 'The `type` of the element.' })
  elementType!: string;

  @Field(() => [NetworkWidgetValue], { description: 'Attributes of the element.' })
  attributes!: readonly NetworkWidgetValue[];

  @Field(() => [NetworkWidgetCallback], { description: 'Attributes that take the name of a function of the page.' })
  callbacks!: readonly NetworkWidgetCallback[];
}
