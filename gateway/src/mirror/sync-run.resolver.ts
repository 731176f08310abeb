import { type Hub, type SyncKind as HubSyncKind, NotFoundError, type SyncRunRecord } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { ConnectionType } from '../connections/connection.type.js';
import { connectionFinder } from '../connections/connection-finder.js';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { subscribeWith } from '../graphql/subscribe-with.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument, parseId } from '../validation/id-argument.js';
import { ApproveDeletionsResult, CancelSyncResult, StartSyncResult } from './mirror.result.js';
import { showSyncRun } from './show-mirror.js';
import { type FollowedSync, syncChanges } from './sync-changes.js';
import { type SyncIssue, SyncIssueConnection, SyncKind, SyncRun, SyncRunConnection } from './sync-run.type.js';

/** The run, or what a user can mend. */
function answerRun(run: Promise<SyncRunRecord>) {
  return orUserError(run.then((record) => ({ syncRun: showSyncRun(record) })));
}

/** Runs that read an ATS into its mirror. */
@injectable()
@Resolver(() => SyncRun)
export class SyncRunResolver {
  private readonly connectionOf = connectionFinder(() => this.hub);

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('mirror:read')
  @Query(() => SyncRunConnection, { description: 'The sync runs of a connection, newest first.' })
  async syncRuns(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<SyncRun>> {
    return toConnection(await this.hub.mirror.runs(scope, connectionId, toPageRequest(page)), page, showSyncRun);
  }

  @Authorized('mirror:read')
  @Query(() => SyncRun, { nullable: true, description: 'One sync run; null when there is none of this id.' })
  async syncRun(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the run.') id: string,
  ): Promise<SyncRun | undefined> {
    const run = await this.hub.mirror.run(scope, id);
    return run && showSyncRun(run);
  }

  @Authorized('mirror:sync')
  @Mutation(() => StartSyncResult, {
    description:
      'Begins a sync run now. Answers as soon as it is stored; it goes on by itself. One that waits for its worker already is answered as it is.',
  })
  startSync(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection whose ATS is read.') connectionId: string,
    @Arg('kind', () => SyncKind, {
      nullable: true,
      description: 'What is read. Absent: what changed, once everything was read.',
    })
    kind: HubSyncKind | null | undefined,
  ): Promise<typeof StartSyncResult> {
    return answerRun(this.hub.mirror.start(scope, connectionId, kind ?? undefined));
  }

  @Authorized('mirror:sync')
  @Mutation(() => CancelSyncResult, {
    description: 'Ends a sync run. What it wrote stays, and the schedule goes on.',
  })
  cancelSync(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('runId', 'The run.') runId: string,
  ): Promise<typeof CancelSyncResult> {
    return answerRun(this.hub.mirror.cancel(scope, runId));
  }

  @Authorized('mirror:sync')
  @Mutation(() => ApproveDeletionsResult, {
    description: 'Decides about a sync run that would delete much: it asks with the status `AWAITING_APPROVAL`.',
  })
  approveDeletions(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('runId', 'The run that asks.') runId: string,
    @Arg('approve', () => Boolean, {
      description: '`true`: what the ATS does not have any more is deleted. `false`: it stays.',
    })
    approve: boolean,
  ): Promise<typeof ApproveDeletionsResult> {
    return answerRun(this.hub.mirror.approveDeletions(scope, runId, { approve }));
  }

  @Authorized('mirror:read')
  @Subscription(() => SyncRun, {
    nullable: true,
    description:
      'A sync run at once, then at each change, at most some ten times a second; ends after it is complete, failed or cancelled. Null while the first load has not begun.',
    subscribe: subscribeWith(
      () => SyncRunResolver,
      (resolver, context, args) => resolver.progress(context, args['connectionId'], args['runId']),
    ),
  })
  syncProgress(
    @Root() { run }: FollowedSync,
    @Arg('connectionId', () => ID, { description: 'The connection.' }) _connectionId: string,
    @Arg('runId', () => ID, {
      nullable: true,
      description: 'One of its runs. Absent: the newest, which is the one under way if any is.',
    })
    _runId: string | null | undefined,
  ): SyncRun | undefined {
    return run && showSyncRun(run);
  }

  @Authorized('connection:read')
  @FieldResolver(() => ConnectionType, { description: 'The connection whose ATS is read.' })
  connection(@Ctx() { hub: scope }: GatewayContext, @Root() { connectionId }: SyncRun): Promise<ConnectionType> {
    return this.connectionOf(scope, connectionId);
  }

  @FieldResolver(() => SyncIssueConnection, {
    description: 'Records that it could not use: the first thousand, in the order in which they came.',
  })
  async issues(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: SyncRun,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<SyncIssue>> {
    return toConnection(await this.hub.mirror.issues(scope, id, toPageRequest(page)), page, (issue) => issue);
  }

  /** Where `syncProgress` gets its events from. A run of another connection is none of this one. */
  private async progress(
    { hub: scope }: GatewayContext,
    connectionArgument: unknown,
    runArgument: unknown,
  ): Promise<AsyncIterable<FollowedSync>> {
    const connectionId = parseId('connectionId', connectionArgument);
    const named = runArgument == null ? undefined : parseId('runId', runArgument);
    await this.hub.mirror.requireShown(scope, connectionId);
    const run = named === undefined ? undefined : await this.hub.mirror.followedRun(scope, connectionId, named);
    if (named !== undefined && run === undefined) throw new NotFoundError('sync run', named);
    return syncChanges(this.hub, scope, connectionId, named);
  }
}
