import type { CapabilityName } from '@talentbridge/contracts';
import { Field, ID, ObjectType } from 'type-graphql';
import { Capability } from './capability.enum.js';

/** Something to set up in the ATS first. */
@ObjectType('Requirement', { description: 'Something that must be set up in the ATS before it is connected.' })
export class RequirementType {
  @Field(() => ID, { description: 'Stable within the plugin.' })
  id!: string;

  @Field(() => String, { description: 'What it is, in a few words.' })
  title!: string;

  @Field(() => [String], { description: 'What an admin does in the ATS, step by step.' })
  steps!: readonly string[];

  @Field(() => [String], {
    description: 'The addresses that the ATS has to admit for this step. Empty: it keeps no list of them.',
  })
  outgoingAddresses!: readonly string[];

  @Field(() => [Capability], { description: 'The capabilities that need it.' })
  capabilities!: readonly CapabilityName[];
}
