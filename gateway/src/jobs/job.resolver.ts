import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Args, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument } from '../validation/id-argument.js';
import { Job, JobConnection } from './job.type.js';
import { JobSearch } from './job-search.args.js';
import { showJob } from './show-job.js';

/** Jobs of connected systems. */
@injectable()
@Resolver(() => Job)
export class JobResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('job:read')
  @Query(() => JobConnection, {
    description: 'The open jobs of a connected system, by title, as it lists them now (kept for a minute).',
  })
  async jobs(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection whose ATS is asked.') connectionId: string,
    @Args(() => JobSearch) { search }: JobSearch,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<Job>> {
    const found = await this.hub.exportDestinations.jobs(scope, connectionId, {
      ...toPageRequest(page),
      search: search ?? '',
    });
    return toConnection(found, page, showJob);
  }
}
