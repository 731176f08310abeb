import type { CapabilityName } from '@talentbridge/contracts';
import type { SwitchHolder } from '@talentbridge/hub';
import { Field, ObjectType } from 'type-graphql';
import { SwitchedOnBy } from '../errors/user-error.type.js';
import { Capability } from './capability.enum.js';

/** Whether a capability can be used. */
@ObjectType('Availability', {
  description: 'Whether a capability can be used, and if not, why and who can change that.',
})
export class AvailabilityType {
  @Field(() => Boolean, { description: 'Whether the organization can use it.' })
  on!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it is off, as a sentence. Absent while it is on.' })
  reason?: string | undefined;

  @Field(() => SwitchedOnBy, { nullable: true, description: 'Who can switch it on. Absent while it is on.' })
  switchedOnBy?: SwitchHolder | undefined;
}

/** A capability of a plugin, as one organization may use it. */
@ObjectType({ description: 'A capability of a plugin, as the organization may use it.' })
export class PluginCapability {
  @Field(() => Capability, { description: 'Which capability.' })
  capability!: CapabilityName;

  @Field(() => Boolean, {
    description: 'Whether it comes along with every other capability by itself: it is neither chosen nor switched.',
  })
  comesAlong!: boolean;

  @Field(() => AvailabilityType, { description: 'Whether the organization can use it.' })
  availability!: AvailabilityType;
}
