import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument } from '../validation/id-argument.js';
import { MirroredJobFilter } from './mirror.args.js';
import { MirrorState } from './mirror-state.type.js';
import { type MirroredJob, MirroredJobConnection } from './mirrored-job.type.js';
import { showMirroredJob, showSyncRun } from './show-mirror.js';
import { SyncRun } from './sync-run.type.js';

/** Mirrors as a whole, and their jobs. */
@injectable()
@Resolver(() => MirrorState)
export class MirrorResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('mirror:read')
  @Query(() => MirrorState, { description: 'What the mirror of a connection holds, and how fresh it is.' })
  mirror(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
  ): Promise<MirrorState> {
    return this.hub.mirror.state(scope, connectionId);
  }

  @Authorized('job:read')
  @Query(() => MirroredJobConnection, {
    description: 'The jobs of a connection as its mirror has them, open or not, newest in the mirror first.',
  })
  async mirroredJobs(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
    @Args(() => MirroredJobFilter) { search, openOnly }: MirroredJobFilter,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<MirroredJob>> {
    const query = { search: search ?? '', openOnly: openOnly ?? false };
    return toConnection(
      await this.hub.mirror.jobs(scope, connectionId, query, toPageRequest(page)),
      page,
      showMirroredJob,
    );
  }

  @FieldResolver(() => SyncRun, {
    nullable: true,
    description: 'The sync run that is under way, waits, or asks an admin; null when none does.',
  })
  async currentRun(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { currentRunId }: MirrorState,
  ): Promise<SyncRun | undefined> {
    const run = currentRunId === null ? undefined : await this.hub.mirror.run(scope, currentRunId);
    return run && showSyncRun(run);
  }
}
