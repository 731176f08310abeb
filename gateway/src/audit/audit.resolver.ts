import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Args, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { AuditEventType, AuditLogPage } from './audit-event.type.js';

/** Who did what. */
@injectable()
@Resolver(() => AuditEventType)
export class AuditResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('audit:read')
  @Query(() => AuditLogPage, { description: 'What was done in the organization, newest first.' })
  async auditLog(
    @Ctx() { hub }: GatewayContext,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<AuditEventType>> {
    return toConnection(await this.hub.audit.list(hub, toPageRequest(page)), page, (event) => event);
  }
}
