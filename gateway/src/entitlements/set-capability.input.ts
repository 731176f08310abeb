import type { CapabilityName } from '@talentbridge/contracts';
import { Field, ID, InputType } from 'type-graphql';
import { Capability } from '../catalog/capability.enum.js';

/** An admin's switch. */
@InputType({ description: 'A switch of one capability of one plugin.' })
export class SetCapabilityInput {
  @Field(() => ID, { description: 'A plugin of the catalog.' })
  pluginId!: string;

  @Field(() => Capability, { description: 'One of its capabilities that does not come along by itself.' })
  capability!: CapabilityName;

  @Field(() => Boolean, { description: 'On or off.' })
  enabled!: boolean;
}
