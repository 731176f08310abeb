import {
  type ArrivalRecord,
  type Hub,
  NotFoundError,
  type OrganizationScope,
  type SeatRecord,
  SYSTEM_CONNECT_TOPIC,
} from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Arg, Authorized, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { recordChanges } from '../graphql/record-changes.js';
import { subscribeWith } from '../graphql/subscribe-with.js';
import { HUB } from '../hub-token.js';
import { IdArgument, parseId } from '../validation/id-argument.js';
import { showArrival, showPair, showUnpaired } from './show-network.js';
import { ConnectSeatInput, DisconnectSeatInput, PairSystemsInput, SettleArrivalInput } from './system-connect.input.js';
import {
  ConnectSeatResult,
  DisconnectSeatResult,
  PairSystemsResult,
  RefreshSystemConnectionResult,
  RetryArrivalResult,
  SettleArrivalResult,
  UnpairSystemsResult,
} from './system-connect.result.js';
import { SystemConnection } from './system-connection.type.js';

/** The seat, or what a user can mend. */
function answerSeat(changed: Promise<SeatRecord>) {
  return orUserError(changed.then(({ connectionId: _, ...seat }) => ({ seat })));
}

/** The arrival, or what a user can mend. */
function answerArrival(changed: Promise<ArrivalRecord>) {
  return orUserError(changed.then((arrival) => ({ arrival: showArrival(arrival) })));
}

/** Joins ATSs with professional networks. */
@injectable()
@Resolver()
export class SystemConnectResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('connection:read')
  @Query(() => [SystemConnection], { description: 'The networks that are paired with an ATS, oldest pair first.' })
  async systemConnections(@Ctx() { hub: scope }: GatewayContext): Promise<readonly SystemConnection[]> {
    return (await this.hub.systemConnect.pairs(scope)).map(showPair);
  }

  @Authorized('connection:read')
  @Query(() => SystemConnection, {
    nullable: true,
    description: 'One network, in a pair or not yet; null when no connection of this id leads to a network.',
  })
  systemConnection(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection of the network.') connectionId: string,
  ): Promise<SystemConnection | undefined> {
    return this.find(scope, connectionId);
  }

  @Authorized('network:pair')
  @Mutation(() => PairSystemsResult, {
    description:
      'Joins a network with a mirrored ATS. The same pair again is the same pair, with what is said of people without an email, and of who sees jobs.',
  })
  pairSystems(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => PairSystemsInput, { description: 'What is to be paired.' }) input: PairSystemsInput,
  ): Promise<typeof PairSystemsResult> {
    const { connectionId, atsConnectionId, missingEmail, jobViewers } = input;
    const order = {
      connectionId,
      atsConnectionId,
      ...(missingEmail == null ? {} : { missingEmail }),
      ...(jobViewers == null ? {} : { jobViewers }),
    };
    return orUserError(
      this.hub.systemConnect.pair(scope, order).then((pair) => ({ systemConnection: showPair(pair) })),
    );
  }

  @Authorized('network:pair')
  @Mutation(() => UnpairSystemsResult, {
    description:
      'Parts a network from its ATS: what came from the network is deleted here, what went there is removed by itself.',
  })
  unpairSystems(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection of the network.') connectionId: string,
  ): Promise<typeof UnpairSystemsResult> {
    return orUserError(
      this.hub.systemConnect
        .unpair(scope, connectionId)
        .then((pair) => ({ systemConnection: showUnpaired(pair.connectionId) })),
    );
  }

  @Authorized('network:pair')
  @Mutation(() => RefreshSystemConnectionResult, {
    description:
      'Asks the network now what is switched on and whose seats there are, and has what was written there fetched. It happens by itself as well.',
  })
  refreshSystemConnection(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection of the network.') connectionId: string,
  ): Promise<typeof RefreshSystemConnectionResult> {
    const refreshed = async (): Promise<{ readonly systemConnection: SystemConnection }> => {
      await this.hub.systemConnect.refreshSteps(scope, connectionId);
      await this.hub.systemConnect.askSeats(scope, connectionId);
      return { systemConnection: await this.require(scope, connectionId) };
    };
    return orUserError(refreshed());
  }

  @Authorized('seat:connect')
  @Mutation(() => ConnectSeatResult, {
    description:
      "Says whose a seat is: one's own, or, for admins, anybody's. From then on the user reads what seats of its contract may.",
  })
  connectSeat(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => ConnectSeatInput, { description: 'Which seat, and whose.' }) input: ConnectSeatInput,
  ): Promise<typeof ConnectSeatResult> {
    const { connectionId, seatId, userId } = input;
    const order = { connectionId, seatId, ...(userId == null ? {} : { userId }) };
    return answerSeat(this.hub.systemConnect.connectSeat(scope, order));
  }

  @Authorized('seat:connect')
  @Mutation(() => DisconnectSeatResult, {
    description:
      "Takes a seat from its user, who reads nothing with it any more: one's own, or, for admins, anybody's.",
  })
  disconnectSeat(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => DisconnectSeatInput, { description: 'Which seat.' }) input: DisconnectSeatInput,
  ): Promise<typeof DisconnectSeatResult> {
    const { connectionId, seatId } = input;
    return answerSeat(this.hub.systemConnect.disconnectSeat(scope, { connectionId, seatId }));
  }

  @Authorized('network:pair')
  @Mutation(() => RetryArrivalResult, { description: 'Tries again to add somebody whom the ATS refused.' })
  retryArrival(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('arrivalId', 'Who it is about.') arrivalId: string,
  ): Promise<typeof RetryArrivalResult> {
    return answerArrival(this.hub.systemConnect.retryArrival(scope, arrivalId));
  }

  @Authorized('network:pair')
  @Mutation(() => SettleArrivalResult, {
    description: 'Says what became of somebody of whom the ATS never said, after an admin has looked there.',
  })
  settleArrival(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => SettleArrivalInput, { description: 'Who it is about, and what was found out.' })
    { arrivalId, candidateRemoteId }: SettleArrivalInput,
  ): Promise<typeof SettleArrivalResult> {
    const settlement =
      candidateRemoteId == null ? ({ arrived: false } as const) : ({ arrived: true, candidateRemoteId } as const);
    return answerArrival(this.hub.systemConnect.settleArrival(scope, arrivalId, settlement));
  }

  @Authorized('connection:read')
  @Subscription(() => SystemConnection, {
    description:
      'A network at once, then whenever its pair, steps, seats or progress changed, at most some ten times a second; ends when the connection is removed.',
    subscribe: subscribeWith(
      () => SystemConnectResolver,
      (resolver, { hub }, args) => resolver.changes(hub, parseId('connectionId', args['connectionId'])),
    ),
  })
  systemConnectionChanged(
    @Root() systemConnection: SystemConnection,
    @Arg('connectionId', () => ID, { description: 'The connection of the network.' }) _connectionId: string,
  ): SystemConnection {
    return systemConnection;
  }

  /** Where `systemConnectionChanged` gets its events from. */
  private changes(scope: OrganizationScope, connectionId: string): Promise<AsyncIterable<SystemConnection>> {
    return recordChanges<SystemConnection>(
      this.hub,
      scope,
      {
        topic: SYSTEM_CONNECT_TOPIC,
        recordType: 'connection',
        read: (own, id) => this.find(own, id),
        hasEnded: () => false,
      },
      connectionId,
    );
  }

  private async find(scope: OrganizationScope, connectionId: string): Promise<SystemConnection | undefined> {
    const pair = (await this.hub.systemConnect.pairs(scope)).find((one) => one.connectionId === connectionId);
    if (pair) return showPair(pair);
    const connection = await this.hub.connections.get(scope, connectionId);
    return connection?.capabilities.includes('systemConnect') ? showUnpaired(connectionId) : undefined;
  }

  private async require(scope: OrganizationScope, connectionId: string): Promise<SystemConnection> {
    const found = await this.find(scope, connectionId);
    if (!found) throw new NotFoundError('connection', connectionId);
    return found;
  }
}
