import type { Tier as HubTier } from '@talentbridge/hub';
import { Field, ID, ObjectType } from 'type-graphql';
import { PluginCapability } from '../catalog/availability.type.js';
import { describedEnum } from '../graphql/described-enum.js';

/** What an organization can have bought. */
export const Tier = describedEnum<HubTier>(
  'Tier',
  'A license tier. Which plugins and capabilities it opens is configuration of the deployment.',
  {
    ESSENTIAL: 'The smallest.',
    PROFESSIONAL: 'The middle one.',
    ENTERPRISE: 'The largest.',
  },
);

/** What an organization may use of one plugin. */
@ObjectType({ description: 'What an organization may use of one plugin.' })
export class PluginEntitlement {
  @Field(() => ID, { description: 'The id of the plugin in the catalog.' })
  pluginId!: string;

  @Field(() => String, { description: 'The name of the ATS.' })
  displayName!: string;

  @Field(() => [PluginCapability], { description: 'Every capability of the plugin, those that are off included.' })
  capabilities!: readonly PluginCapability[];
}

/** What an organization may use. */
@ObjectType('Entitlement', {
  description: "What an organization may use: its license, and its admins' switches below that.",
})
export class EntitlementType {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => Tier, { description: 'Its license tier.' })
  tier!: HubTier;

  @Field(() => Boolean, { description: 'Whether integrations are on at all. The operator decides.' })
  integrationsEnabled!: boolean;

  @Field(() => [PluginEntitlement], { description: 'What follows for every plugin that is installed.' })
  plugins!: readonly PluginEntitlement[];
}
