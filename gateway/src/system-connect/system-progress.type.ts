import type { NetworkKind as HubKind } from '@talentbridge/contracts';
import type { PushProgress } from '@talentbridge/hub';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { connectionTypes } from '../pagination/connection.type.js';

/** What goes to the network. */
const NetworkKind = describedEnum<HubKind>('NetworkRecordKind', 'A kind of records that go to the network.', {
  job: 'Jobs.',
  candidate: 'Candidates.',
  candidateNote: 'Notes about candidates.',
  application: 'Applications.',
  applicationNote: 'Notes about applications.',
  feedback: 'What interviewers said.',
  stage: 'Stages that applications came to.',
  access: 'Who sees a job, where not everybody does.',
});

/** How far what goes there is. */
const PushPhase = describedEnum<PushProgress['phase']>('PushPhase', 'What is being sent to the network.', {
  WAITING: 'Nothing yet: a step of switching on is missing, or the mirror has not read everything.',
  SEEDING: 'All that the mirror holds.',
  FOLLOWING: 'What changes, as it changes.',
  REMOVING: 'Nothing any more: what was sent is being removed there.',
});

/** How many records of a kind went there. */
@ObjectType({ description: 'How many records of a kind the network has from here.' })
export class NetworkKindProgress {
  @Field(() => NetworkKind, { description: 'The kind.' })
  kind!: HubKind;

  @Field(() => Int, { description: 'How many it took.' })
  sent!: number;

  @Field(() => Int, { description: 'How many it refuses as they are; `refusedRecords` says why.' })
  refused!: number;
}

/** What the network has not heard of. */
@ObjectType({ description: 'Changes that the network has not heard of yet.' })
export class NetworkWaiting {
  @Field(() => Int, { description: 'Jobs.' })
  jobs!: number;

  @Field(() => Int, { description: 'Candidates, with all that belongs to them.' })
  candidates!: number;
}

/** The first time that everything goes there. */
@ObjectType({ description: 'How far the first sending of everything is.' })
export class FirstNetworkSync {
  @Field(() => Int, { description: 'Jobs and candidates that were made ready.' })
  done!: number;

  @Field(() => Int, { description: 'Jobs and candidates in all.' })
  total!: number;

  @Field(() => Date, { nullable: true, description: 'When all of it had been sent; null before that.' })
  endedAt!: Date | null;
}

/** How far a pair is. */
@ObjectType({ description: 'How far a pair is, both ways.' })
export class SystemProgress {
  @Field(() => PushPhase, { description: 'What is being sent.' })
  phase!: PushProgress['phase'];

  @Field(() => [NetworkKindProgress], { description: 'What the network has from here, by kind.' })
  kinds!: readonly NetworkKindProgress[];

  @Field(() => NetworkWaiting, { description: 'What it has not heard of.' })
  waiting!: NetworkWaiting;

  @Field(() => FirstNetworkSync, { description: 'The first sending of everything.' })
  firstSync!: FirstNetworkSync;

  @Field(() => Date, { nullable: true, description: 'When something was sent last; null: never.' })
  pushedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why sending waits, for people; null when it does not.' })
  reason!: string | null;

  @Field(() => Date, { nullable: true, description: 'When sending goes on by itself; null where that is not known.' })
  resumeAt!: Date | null;

  @Field(() => Int, { description: 'Records that could not be removed from the network.' })
  leftBehind!: number;

  @Field(() => Date, { nullable: true, description: 'When all seats had been asked last; null: never.' })
  polledAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When seats are asked next; null while they are not.' })
  nextPollAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why not all seats could be asked; null when they could.' })
  pollProblem!: string | null;
}

/** A record that the network refuses. */
@ObjectType({
  description: 'A record that the network refuses as it is. It is sent again once it changes in the ATS.',
})
export class RefusedNetworkRecord {
  @Field(() => ID, { description: 'A UUID.' })
  id!: string;

  @Field(() => NetworkKind, { description: 'What it is.' })
  kind!: HubKind;

  @Field(() => ID, { description: "The ATS's identifier." })
  remoteId!: string;

  @Field(() => ID, { description: 'The candidate, or the job, in the mirror that it goes with.' })
  mirrorId!: string;

  @Field(() => String, { description: 'Why, for people.' })
  reason!: string;

  @Field(() => Date, { description: 'When it was refused.' })
  at!: Date;
}

/** Pages of refused records. */
export const { Connection: RefusedNetworkRecordConnection } = connectionTypes(
  'RefusedNetworkRecord',
  () => RefusedNetworkRecord,
  'records that the network refuses',
);
