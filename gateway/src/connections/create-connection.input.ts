import type { CapabilityName } from '@talentbridge/contracts';
import { Field, ID, InputType } from 'type-graphql';
import { Capability } from '../catalog/capability.enum.js';

/** Begins a connection. */
@InputType({ description: 'What a connection begins with.' })
export class CreateConnectionInput {
  @Field(() => ID, { description: 'A plugin of the catalog.' })
  pluginId!: string;

  @Field(() => [Capability], {
    description: 'What the connection is for: at least one. PERMISSIONS comes along by itself and needs not be chosen.',
  })
  capabilities!: readonly CapabilityName[];

  @Field(() => String, {
    nullable: true,
    description:
      'As the organization calls it, 1 to 100 characters; it tells two connections to one system apart. Absent: the name of the ATS.',
  })
  name?: string | null;
}

/** What the hub takes for it. */
export function toNewConnection({ pluginId, capabilities, name }: CreateConnectionInput): {
  readonly pluginId: string;
  readonly capabilities: readonly CapabilityName[];
  readonly name?: string;
} {
  return { pluginId, capabilities, ...(name == null ? {} : { name }) };
}
