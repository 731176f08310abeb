import { Field, ID, Int, ObjectType } from 'type-graphql';

/** A license of a recruiter at the network. */
@ObjectType({ description: 'A license of a recruiter at the network, and which user reads with it here.' })
export class NetworkSeat {
  @Field(() => ID, { description: "The network's identifier, for `connectSeat`." })
  seatId!: string;

  @Field(() => ID, {
    description: 'The contract that it belongs to: seats of different contracts read nothing of each other.',
  })
  contractId!: string;

  @Field(() => String, { description: 'The first name of whom the network gave it to.' })
  firstName!: string;

  @Field(() => String, { description: 'The last name.' })
  lastName!: string;

  @Field(() => Boolean, { description: 'Whether the network lets it work now. Only an active one opens anything.' })
  active!: boolean;

  @Field(() => Date, { description: 'When the network told of it last. What is older than two days opens nothing.' })
  seenAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Whose it is: the subject of their token. Null: nobody has connected it.',
  })
  userId!: string | null;

  @Field(() => Boolean, {
    description: 'Whether an admin said that it is theirs: what is private to the seat is shown only then.',
  })
  confirmed!: boolean;

  @Field(() => Date, { nullable: true, description: 'When it was connected; null while it is not.' })
  connectedAt!: Date | null;
}

/** A seat with what it used of its exports. */
@ObjectType({ description: 'A license of a recruiter at the network, with what it used of its exports.' })
export class CountedSeat extends NetworkSeat {
  @Field(() => Int, { description: 'People whom it exported in this month, which begins and ends in UTC.' })
  exportsThisMonth!: number;

  @Field(() => Int, { nullable: true, description: 'How many it may; null where no limit is known.' })
  exportsPerMonth!: number | null;
}
