import type { Hub, OrganizationScope } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { showCapability } from '../catalog/show-availability.js';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { HUB } from '../hub-token.js';
import { EntitlementType } from './entitlement.type.js';
import { SetCapabilityResult, SetEntitlementResult } from './entitlement-results.js';
import { inOrganization } from './in-organization.js';
import { SetCapabilityInput } from './set-capability.input.js';
import { SetEntitlementInput, toEntitlementChange } from './set-entitlement.input.js';
import { showEntitlement } from './show-entitlement.js';

/** What an organization may use, and who decides it. */
@injectable()
@Resolver(() => EntitlementType)
export class EntitlementResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('entitlement:read')
  @Query(() => EntitlementType, { description: 'What the organization may use.' })
  entitlement(@Ctx() { hub }: GatewayContext): Promise<EntitlementType> {
    return this.show(hub);
  }

  @Authorized('capability:switch')
  @Mutation(() => SetCapabilityResult, {
    description:
      'Switches a capability of a plugin on or off, within what the license allows. Work pauses or resumes; nothing is deleted.',
  })
  setCapability(
    @Ctx() { hub }: GatewayContext,
    @Arg('input', () => SetCapabilityInput, { description: 'Which switch, and how.' }) input: SetCapabilityInput,
  ): Promise<typeof SetCapabilityResult> {
    return orUserError(
      this.hub.entitlements
        .setCapability(hub, input)
        .then((availability) => showCapability(input.capability, availability)),
    );
  }

  @Authorized('entitlement:set')
  @Mutation(() => SetEntitlementResult, {
    description:
      "Sets an organization's license tier, and whether integrations are on at all. For operators, who may do so for any organization.",
  })
  setEntitlement(
    @Ctx() { hub }: GatewayContext,
    @Arg('input', () => SetEntitlementInput, { description: 'Which organization, and what.' })
    input: SetEntitlementInput,
  ): Promise<typeof SetEntitlementResult> {
    return orUserError(
      inOrganization(this.hub, hub, input.organizationId, async (scope) => {
        await this.hub.entitlements.setEntitlement(scope, toEntitlementChange(input));
        return await this.show(scope);
      }),
    );
  }

  private async show(scope: OrganizationScope): Promise<EntitlementType> {
    return showEntitlement(scope.organizationId, await this.hub.entitlements.overview(scope), this.hub.deployment);
  }
}
