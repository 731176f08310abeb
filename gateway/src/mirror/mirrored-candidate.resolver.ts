import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Args, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ConnectionType } from '../connections/connection.type.js';
import { connectionFinder } from '../connections/connection-finder.js';
import type { GatewayContext } from '../context.js';
import { batched } from '../graphql/batched.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument } from '../validation/id-argument.js';
import {
  MirroredApplication,
  MirroredAttachment,
  MirroredCandidate,
  MirroredCandidateConnection,
} from './mirrored-candidate.type.js';
import { showMirroredApplication, showMirroredAttachment, showMirroredCandidate } from './show-mirror.js';

/** The candidates of mirrors. */
@injectable()
@Resolver(() => MirroredCandidate)
export class MirroredCandidateResolver {
  private readonly applicationsOf = batched((scope, ids: readonly string[]) =>
    this.hub.mirror.applicationsOf(scope, ids),
  );
  private readonly attachmentsOf = batched((scope, ids: readonly string[]) =>
    this.hub.mirror.attachmentsOf(scope, ids),
  );
  private readonly connectionOf = connectionFinder(() => this.hub);

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @Query(() => MirroredCandidateConnection, {
    description: 'The candidates of a connection as its mirror has them, last updated in the ATS first.',
  })
  async candidates(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<MirroredCandidate>> {
    const found = await this.hub.mirror.candidates(scope, connectionId, toPageRequest(page));
    return toConnection(found, page, showMirroredCandidate);
  }

  @Authorized('candidate:read')
  @Query(() => MirroredCandidate, {
    nullable: true,
    description: 'One candidate of a mirror; null when there is none of this id, or none any more.',
  })
  async mirroredCandidate(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the candidate in the mirror.') id: string,
  ): Promise<MirroredCandidate | undefined> {
    const record = await this.hub.mirror.candidate(scope, id);
    return record && showMirroredCandidate(record);
  }

  @FieldResolver(() => [MirroredApplication], { description: 'The applications, last updated first.' })
  async applications(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: MirroredCandidate,
  ): Promise<readonly MirroredApplication[]> {
    return ((await this.applicationsOf(scope, id)) ?? []).map(showMirroredApplication);
  }

  @FieldResolver(() => [MirroredAttachment], { description: 'The files, last updated first.' })
  async attachments(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: MirroredCandidate,
  ): Promise<readonly MirroredAttachment[]> {
    return ((await this.attachmentsOf(scope, id)) ?? []).map(showMirroredAttachment);
  }

  @Authorized('connection:read')
  @FieldResolver(() => ConnectionType, { description: 'The connection whose ATS holds the candidate.' })
  connection(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { connectionId }: MirroredCandidate,
  ): Promise<ConnectionType> {
    return this.connectionOf(scope, connectionId);
  }
}
