import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Args, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument } from '../validation/id-argument.js';
import { RequestLogEntryType, RequestLogPage } from './request-log-entry.type.js';

/** What was sent to an ATS. */
@injectable()
@Resolver(() => RequestLogEntryType)
export class RequestLogResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('request-log:read')
  @Query(() => RequestLogPage, {
    description:
      'The requests of a connection to its ATS, newest first; the oldest are dropped after some thousands. Fails with NOT_FOUND when there is no such connection.',
  })
  async requestLog(
    @Ctx() { hub }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<RequestLogEntryType>> {
    return toConnection(await this.hub.requests.list(hub, connectionId, toPageRequest(page)), page, (entry) => entry);
  }
}
