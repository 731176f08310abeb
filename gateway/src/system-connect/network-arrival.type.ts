import type {
  ArrivalOutcome as HubOutcome,
  ArrivalSource as HubSource,
  ArrivalState as HubState,
} from '@talentbridge/hub';
import { Field, ID, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { connectionTypes } from '../pagination/connection.type.js';

/** How somebody came. */
const ArrivalSource = describedEnum<HubSource>('ArrivalSource', 'How somebody came from the network.', {
  EXPORT: 'A recruiter exported them there.',
  REPLY: 'They answered a message.',
});

/** How far an arrival is. */
const ArrivalState = describedEnum<HubState>('ArrivalState', 'How far somebody who comes from the network is.', {
  PENDING: 'They are about to be added to the ATS.',
  SENDING: 'They are being added.',
  ADDED: 'The ATS has them.',
  REFUSED: 'The ATS does not take them as they are; `reason` and `remedy` say more. `retryArrival` tries again.',
  UNCLEAR: 'The ATS never said. Somebody looks there and says so with `settleArrival`.',
});

/** What the ATS did. */
const ArrivalOutcome = describedEnum<HubOutcome>('ArrivalOutcome', 'What the ATS did with somebody who came.', {
  CREATED: 'It made a new candidate.',
  UPDATED: 'It had the candidate, and something was added.',
  KNOWN: 'It had the candidate, and nothing was to be added.',
});

/** What somebody agreed to share. */
@ObjectType({ description: 'What somebody agreed to share, where the ATS does not have it from here.' })
export class ArrivalContact {
  @Field(() => [String], { description: 'Email addresses.' })
  emails!: readonly string[];

  @Field(() => [String], { description: 'Phone numbers.' })
  phones!: readonly string[];
}

/** Somebody who comes from the network into the ATS. */
@ObjectType({ description: 'Somebody who comes from the network into the ATS.' })
export class NetworkArrival {
  @Field(() => ID, { description: 'A UUID.' })
  id!: string;

  @Field(() => ArrivalSource, { description: 'How they came.' })
  source!: HubSource;

  @Field(() => ArrivalState, { description: 'How far they are.' })
  state!: HubState;

  @Field(() => ArrivalOutcome, { nullable: true, description: 'What the ATS did; null until it did something.' })
  outcome!: HubOutcome | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why they are not added, as a sentence; of somebody who is, what was left out, or why nobody sees them here.',
  })
  reason!: string | null;

  @Field(() => String, { nullable: true, description: 'What a person does about it; null: nothing.' })
  remedy!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Their name, until the ATS has them: from then on `candidate` says it.',
  })
  name!: string | null;

  @Field(() => ArrivalContact, {
    nullable: true,
    description: 'What a person adds in the ATS; null where nothing was shared, or the ATS has it.',
  })
  contact!: ArrivalContact | null;

  @Field(() => ID, { nullable: true, description: "The ATS's identifier of the job; null: none was chosen." })
  jobRemoteId!: string | null;

  @Field(() => ID, { nullable: true, description: "The ATS's identifier of the candidate; null until it has them." })
  candidateRemoteId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where a person opens them in the ATS; null until it has them, and where it gives no link.',
  })
  candidateUrl!: string | null;

  @Field(() => ID, { nullable: true, description: 'The seat that exported them; null where it is not known.' })
  seatId!: string | null;

  @Field(() => Boolean, { description: 'Whether they are in the ATS, and on no job.' })
  unassigned!: boolean;

  @Field(() => Date, { description: 'When the hub heard of them.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it goes on.' })
  finishedAt!: Date | null;

  /** For `candidate`, which is resolved apart. */
  candidateId!: string | null;
}

/** Pages of arrivals. */
export const { Connection: NetworkArrivalConnection } = connectionTypes(
  'NetworkArrival',
  () => NetworkArrival,
  'people who came from the network',
);
