import { Field, ObjectType } from 'type-graphql';
import { resultUnion } from '../errors/user-error.type.js';
import { MirroredCandidate } from '../mirror/mirrored-candidate.type.js';
import { NetworkArrival } from './network-arrival.type.js';
import { NetworkSeat } from './network-seat.type.js';
import { SystemConnection } from './system-connection.type.js';

/** The systems are paired. */
@ObjectType({
  description: 'The systems are paired, and what the ATS holds goes to the network once it is switched on there.',
})
class SystemsPaired {
  @Field(() => SystemConnection, { description: 'The pair.' })
  systemConnection!: SystemConnection;
}

/** They are not any more. */
@ObjectType({
  description:
    'The systems are parted: what came from the network is deleted here, and what went there is being removed. Seats stay with their users.',
})
class SystemsUnpaired {
  @Field(() => SystemConnection, { description: 'The network, in no pair.' })
  systemConnection!: SystemConnection;
}

/** The network was looked at. */
@ObjectType({
  description:
    'The network was asked what is switched on, and whose seats there are. What was written there is being fetched: see `progress.polledAt`.',
})
class SystemConnectionRefreshed {
  @Field(() => SystemConnection, { description: 'The network as it is now.' })
  systemConnection!: SystemConnection;
}

/** A seat has another user. */
@ObjectType({ description: 'It is stored whose the seat is.' })
class SeatChanged {
  @Field(() => NetworkSeat, { description: 'The seat as it is now.' })
  seat!: NetworkSeat;
}

/** Somebody said who a candidate is. */
@ObjectType({ description: 'It is stored who the candidate is at the network, or that they are somebody else.' })
class ProfileLinkChanged {
  @Field(() => MirroredCandidate, { description: 'The candidate, with the link as it is now.' })
  candidate!: MirroredCandidate;
}

/** An arrival goes on. */
@ObjectType({ description: 'The arrival goes on by itself.' })
class ArrivalChanged {
  @Field(() => NetworkArrival, { description: 'The arrival as it is now.' })
  arrival!: NetworkArrival;
}

/** What `pairSystems` answers. */
export const PairSystemsResult = resultUnion(
  'PairSystemsResult',
  () => SystemsPaired,
  'SystemsPaired',
  'What became of `pairSystems`.',
);

/** What `unpairSystems` answers. */
export const UnpairSystemsResult = resultUnion(
  'UnpairSystemsResult',
  () => SystemsUnpaired,
  'SystemsUnpaired',
  'What became of `unpairSystems`.',
);

/** What `refreshSystemConnection` answers. */
export const RefreshSystemConnectionResult = resultUnion(
  'RefreshSystemConnectionResult',
  () => SystemConnectionRefreshed,
  'SystemConnectionRefreshed',
  'What became of `refreshSystemConnection`.',
);

/** What `connectSeat` answers. */
export const ConnectSeatResult = resultUnion(
  'ConnectSeatResult',
  () => SeatChanged,
  'SeatChanged',
  'What became of `connectSeat`.',
);

/** What `disconnectSeat` answers. */
export const DisconnectSeatResult = resultUnion(
  'DisconnectSeatResult',
  () => SeatChanged,
  'SeatChanged',
  'What became of `disconnectSeat`.',
);

/** What `linkProfile` answers. */
export const LinkProfileResult = resultUnion(
  'LinkProfileResult',
  () => ProfileLinkChanged,
  'ProfileLinkChanged',
  'What became of `linkProfile`.',
);

/** What `unlinkProfile` answers. */
export const UnlinkProfileResult = resultUnion(
  'UnlinkProfileResult',
  () => ProfileLinkChanged,
  'ProfileLinkChanged',
  'What became of `unlinkProfile`.',
);

/** What `retryArrival` answers. */
export const RetryArrivalResult = resultUnion(
  'RetryArrivalResult',
  () => ArrivalChanged,
  'ArrivalChanged',
  'What became of `retryArrival`.',
);

/** What `settleArrival` answers. */
export const SettleArrivalResult = resultUnion(
  'SettleArrivalResult',
  () => ArrivalChanged,
  'ArrivalChanged',
  'What became of `settleArrival`.',
);
