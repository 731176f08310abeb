import type { MissingEmailRule as HubRule, JobViewers as HubViewers } from '@talentbridge/hub';
import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';
import { JobViewers, MissingEmailRule } from './system-connection.type.js';

const LONGEST_ID = 500;

const networkId = z.string().min(1).max(LONGEST_ID, 'This is no identifier of the network.');

/** What is to be paired. */
@InputType({ description: 'What is to be paired.' })
@parsedBy(z.object({ connectionId: idSchema, atsConnectionId: idSchema }))
export class PairSystemsInput {
  @Field(() => ID, { description: 'The connection of the network.' })
  connectionId!: string;

  @Field(() => ID, { description: 'The connection of the ATS: a mirrored one.' })
  atsConnectionId!: string;

  @Field(() => MissingEmailRule, {
    nullable: true,
    description: 'What becomes of people without an email address. Absent: as it is, `DUMMY` for a new pair.',
  })
  missingEmail?: HubRule | null;

  @Field(() => JobViewers, {
    nullable: true,
    description: 'Who sees the jobs of the ATS at the network. Absent: as it is, `EVERYBODY` for a new pair.',
  })
  jobViewers?: HubViewers | null;
}

/** Whose a seat is. */
@InputType({ description: 'Whose a seat is from now on.' })
@parsedBy(z.object({ connectionId: idSchema, seatId: networkId, userId: z.string().min(1).max(LONGEST_ID).nullish() }))
export class ConnectSeatInput {
  @Field(() => ID, { description: 'The connection of the network.' })
  connectionId!: string;

  @Field(() => ID, { description: 'The seat, as `seats` names it.' })
  seatId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The user: the subject of their token. Absent: the caller. Admins alone name others.',
  })
  userId?: string | null;
}

/** Which seat is taken from its user. */
@InputType({ description: 'Which seat is taken from its user.' })
@parsedBy(z.object({ connectionId: idSchema, seatId: networkId }))
export class DisconnectSeatInput {
  @Field(() => ID, { description: 'The connection of the network.' })
  connectionId!: string;

  @Field(() => ID, { description: 'The seat, as `seats` names it.' })
  seatId!: string;
}

/** Who a candidate is at the network. */
@InputType({ description: 'Who a candidate is at the network.' })
@parsedBy(z.object({ candidateId: idSchema, member: networkId }))
export class LinkProfileInput {
  @Field(() => ID, { description: 'The candidate in the mirror.' })
  candidateId!: string;

  @Field(() => ID, { description: "The network's identifier of the member, as its widget hands it to the page." })
  member!: string;
}

/** What became of an arrival. */
@InputType({ description: 'What became of somebody of whom the ATS never said: an admin has looked there.' })
@parsedBy(z.object({ arrivalId: idSchema, candidateRemoteId: z.string().min(1).max(LONGEST_ID).nullish() }))
export class SettleArrivalInput {
  @Field(() => ID, { description: 'The arrival.' })
  arrivalId!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "The ATS's identifier of the candidate who was found there. Absent: nobody was, and they are sent again.",
  })
  candidateRemoteId?: string | null;
}

/** Which arrivals are listed. */
@ArgsType()
export class ArrivalFilter {
  @Field(() => Boolean, { defaultValue: false, description: '`true`: only those who are in the ATS, and on no job.' })
  unassigned!: boolean;
}
