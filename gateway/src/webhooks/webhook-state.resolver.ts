import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Authorized, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ConnectionType } from '../connections/connection.type.js';
import type { GatewayContext } from '../context.js';
import { batched } from '../graphql/batched.js';
import { HUB } from '../hub-token.js';
import { WebhookState } from './webhook-state.type.js';

/** The webhooks of connections. */
@injectable()
@Resolver(() => ConnectionType)
export class WebhookStateResolver {
  private readonly stateOf = batched((scope, ids: readonly string[]) => this.hub.webhooks.states(scope, ids));

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('connection:manage')
  @FieldResolver(() => WebhookState, {
    nullable: true,
    description:
      'Whether the ATS tells at once what changes there, for admins. Null where the ATS has no webhooks, the connection has no capability that lives from them, or it was removed.',
  })
  webhooks(@Ctx() { hub: scope }: GatewayContext, @Root() { id }: ConnectionType): Promise<WebhookState | undefined> {
    return this.stateOf(scope, id);
  }
}
