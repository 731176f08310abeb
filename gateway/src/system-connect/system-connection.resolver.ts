import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Args, Authorized, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ConnectionType } from '../connections/connection.type.js';
import { connectionFinder } from '../connections/connection-finder.js';
import type { GatewayContext } from '../context.js';
import { HUB } from '../hub-token.js';
import { MirroredCandidate } from '../mirror/mirrored-candidate.type.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { candidateFinder } from './candidate-finder.js';
import { ConnectStep } from './connect-step.type.js';
import { NetworkArrival, NetworkArrivalConnection } from './network-arrival.type.js';
import { CountedSeat } from './network-seat.type.js';
import { NetworkWidget } from './network-widget.type.js';
import { showArrival, showProgress, showWidget } from './show-network.js';
import { ArrivalFilter } from './system-connect.input.js';
import { ClosedMember, SystemConnection } from './system-connection.type.js';
import { type RefusedNetworkRecord, RefusedNetworkRecordConnection, SystemProgress } from './system-progress.type.js';

/** What is told of a network and its pair. */
@injectable()
@Resolver(() => SystemConnection)
export class SystemConnectionResolver {
  private readonly connectionOf = connectionFinder(() => this.hub);

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @FieldResolver(() => ConnectionType, { description: 'The connection of the network.' })
  network(@Ctx() { hub: scope }: GatewayContext, @Root() { id }: SystemConnection): Promise<ConnectionType> {
    return this.connectionOf(scope, id);
  }

  @FieldResolver(() => ConnectionType, {
    nullable: true,
    description: 'The connection of the ATS; null while the network is in no pair.',
  })
  async ats(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { atsConnectionId }: SystemConnection,
  ): Promise<ConnectionType | undefined> {
    return atsConnectionId === null ? undefined : this.connectionOf(scope, atsConnectionId);
  }

  @FieldResolver(() => [ConnectStep], {
    description: 'What is to be done until everything works, in the order in which it is done.',
  })
  steps(@Ctx() { hub: scope }: GatewayContext, @Root() { id }: SystemConnection): Promise<readonly ConnectStep[]> {
    return this.hub.systemConnect.steps(scope, id);
  }

  @FieldResolver(() => [CountedSeat], { description: 'All seats that the network ever told of, by name.' })
  async seats(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: SystemConnection,
  ): Promise<readonly CountedSeat[]> {
    return (await this.hub.systemConnect.seats(scope, id)).map(({ connectionId: _, ...seat }) => seat);
  }

  @FieldResolver(() => SystemProgress, {
    nullable: true,
    description: 'How far the pair is, both ways; null while the network is in none.',
  })
  async progress(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: SystemConnection,
  ): Promise<SystemProgress | undefined> {
    const progress = await this.hub.systemConnect.progress(scope, id);
    return progress && showProgress(progress);
  }

  @Authorized('network:pair')
  @FieldResolver(() => RefusedNetworkRecordConnection, {
    nullable: true,
    description: 'Records that the network refuses as they are; for admins alone.',
  })
  async refusedRecords(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: SystemConnection,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<RefusedNetworkRecord>> {
    const refused = await this.hub.systemConnect.refusedRecords(scope, id, toPageRequest(page));
    return toConnection(refused, page, ({ parentId: _, ...record }) => record);
  }

  @Authorized('candidate:read')
  @FieldResolver(() => NetworkArrivalConnection, {
    description: 'People who came from the network into the ATS, newest first.',
  })
  async arrivals(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: SystemConnection,
    @Args(() => ArrivalFilter) { unassigned }: ArrivalFilter,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<NetworkArrival>> {
    const arrivals = await this.hub.systemConnect.arrivals(scope, id, { unassigned }, toPageRequest(page));
    return toConnection(arrivals, page, showArrival);
  }

  @Authorized('network:pair')
  @FieldResolver(() => [ClosedMember], {
    nullable: true,
    description: 'Who left the network, last first; for admins alone.',
  })
  closedMembers(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: SystemConnection,
  ): Promise<readonly ClosedMember[]> {
    return this.hub.systemConnect.closedMembers(scope, id);
  }

  @Authorized('network:pair')
  @FieldResolver(() => NetworkWidget, {
    nullable: true,
    description:
      'What a page asks for the integration with, null while the connection cannot be used; for admins alone.',
  })
  async setupWidget(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: SystemConnection,
  ): Promise<NetworkWidget | undefined> {
    const widget = await this.hub.systemConnect.setupWidget(scope, id);
    return widget && showWidget(widget);
  }
}

/** Who came from the network. */
@injectable()
@Resolver(() => NetworkArrival)
export class NetworkArrivalResolver {
  private readonly candidateOf = candidateFinder(() => this.hub);

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @FieldResolver(() => MirroredCandidate, {
    nullable: true,
    description: 'The candidate in the mirror; null while the mirror does not have them.',
  })
  candidate(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { candidateId }: NetworkArrival,
  ): Promise<MirroredCandidate | undefined> {
    return this.candidateOf(scope, candidateId);
  }
}

/** Who left the network. */
@injectable()
@Resolver(() => ClosedMember)
export class ClosedMemberResolver {
  private readonly candidateOf = candidateFinder(() => this.hub);

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @FieldResolver(() => [MirroredCandidate], { description: 'The candidates that the mirror has of them.' })
  async candidates(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { candidateIds }: ClosedMember,
  ): Promise<readonly MirroredCandidate[]> {
    const found = await Promise.all(candidateIds.map((id) => this.candidateOf(scope, id)));
    return found.flatMap((candidate) => candidate ?? []);
  }
}
