import { Field, ID, ObjectType } from 'type-graphql';
import { PluginCapability } from './availability.type.js';
import { Form } from './form.type.js';
import { RequirementType } from './requirement.type.js';

/** A system that can be connected. */
@ObjectType('Plugin', {
  description: 'A system that can be connected, and all that adding a connection to it asks for.',
})
export class PluginType {
  @Field(() => ID, { description: 'Names the plugin for ever.' })
  id!: string;

  @Field(() => String, { description: 'The name of the ATS.' })
  displayName!: string;

  @Field(() => String, { description: 'What it does, in one sentence.' })
  description!: string;

  @Field(() => [PluginCapability], {
    description: 'What it can do, each with whether the organization can use it. What is off is listed too.',
  })
  capabilities!: readonly PluginCapability[];

  @Field(() => [RequirementType], {
    description: 'What must be set up in the ATS first, each with the capabilities that need it.',
  })
  requirements!: readonly RequirementType[];

  @Field(() => Form, { description: 'What identifies the organization to the ATS. Write-only.' })
  credentials!: Form;

  @Field(() => Form, { description: 'The choices of a connection that are no secrets.' })
  settings!: Form;

  @Field(() => [String], {
    description: 'The addresses from which the hub calls the ATS, for vendors that keep a list of allowed addresses.',
  })
  outgoingAddresses!: readonly string[];

  @Field(() => String, { description: 'The range of contract versions that the plugin was built for.' })
  contracts!: string;
}
