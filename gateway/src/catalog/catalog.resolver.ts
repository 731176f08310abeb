import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { HUB } from '../hub-token.js';
import { PluginType } from './plugin.type.js';
import { showCatalog } from './show-plugin.js';

/** The systems that can be connected. */
@injectable()
@Resolver(() => PluginType)
export class CatalogResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('catalog:read')
  @Query(() => [PluginType], { description: 'The systems that can be connected, with what each can do and asks for.' })
  async catalog(@Ctx() { hub }: GatewayContext): Promise<readonly PluginType[]> {
    const { availabilityOf } = await this.hub.entitlements.overview(hub);
    return showCatalog(this.hub.deployment, availabilityOf);
  }
}
