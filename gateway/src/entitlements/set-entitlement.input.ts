import type { Tier as HubTier, OrganizationEntitlement } from '@talentbridge/hub';
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';
import { Tier } from './entitlement.type.js';

/** The operator's decisions. */
@InputType({ description: "The operator's decisions for one organization. What is left out stays as it is." })
@parsedBy(
  z
    .object({ organizationId: idSchema, tier: z.string().nullish(), integrationsEnabled: z.boolean().nullish() })
    .refine(({ tier, integrationsEnabled }) => tier != null || integrationsEnabled != null, {
      message: 'Give a tier, or say whether integrations are on, or both.',
      path: ['tier'],
    }),
)
export class SetEntitlementInput {
  @Field(() => ID, { description: 'The organization that it is about: any.' })
  organizationId!: string;

  @Field(() => Tier, { nullable: true, description: 'Its license tier.' })
  tier?: HubTier | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether integrations are on at all.' })
  integrationsEnabled?: boolean | null;
}

/** What the hub takes for it. */
export function toEntitlementChange({
  tier,
  integrationsEnabled,
}: SetEntitlementInput): Partial<OrganizationEntitlement> {
  return { ...(tier == null ? {} : { tier }), ...(integrationsEnabled == null ? {} : { integrationsEnabled }) };
}
