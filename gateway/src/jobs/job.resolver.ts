import { type Hub, type OrganizationScope, WrongStateError } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Args, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { HUB } from '../hub-token.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument } from '../validation/id-argument.js';
import { Job, JobConnection, type JobPage } from './job.type.js';
import { JobSearch } from './job-search.args.js';
import { showJob } from './show-job.js';

/** Jobs of connected systems. */
@injectable()
@Resolver(() => Job)
export class JobResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('job:read')
  @Query(() => JobConnection, {
    description:
      'The open jobs of a connected system, by title: from its mirror where that is complete, otherwise as the ATS lists them now.',
  })
  async jobs(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
    @Args(() => JobSearch) { search }: JobSearch,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<JobPage> {
    const query = { ...toPageRequest(page), search: search ?? '' };
    const mirrored = await this.hub.mirror.mirroredJobs(scope, connectionId, query);
    if (mirrored) return { ...toConnection(mirrored, page, showJob), source: 'mirror' };
    await this.requireLiveList(scope, connectionId);
    const live = await this.hub.exportDestinations.jobs(scope, connectionId, query);
    return { ...toConnection(live, page, showJob), source: 'live' };
  }

  /** Without Export an ATS is not asked for its list, and whoever never wanted Export is not told to add it. */
  private async requireLiveList(scope: OrganizationScope, connectionId: string): Promise<void> {
    const connection = await this.hub.connections.get(scope, connectionId);
    const has = connection?.capabilities;
    if (!connection || has?.includes('export') || !has?.includes('rediscovery')) return;
    await this.hub.mirror.requireShown(scope, connectionId);
    throw new WrongStateError(
      connection.status,
      `The jobs of ${connection.name} come from its mirror alone, which is not complete or not kept at the moment. Look at its sync runs.`,
    );
  }
}
