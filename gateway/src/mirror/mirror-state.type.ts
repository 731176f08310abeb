import { Field, ID, Int, ObjectType } from 'type-graphql';

/** What the mirror of a connection holds. */
@ObjectType({ description: 'What the mirror of a connection holds, and how fresh it is.' })
export class MirrorState {
  @Field(() => ID, { description: 'The connection whose ATS is mirrored.' })
  connectionId!: string;

  @Field(() => Int, { description: 'Candidates.' })
  candidates!: number;

  @Field(() => Int, { description: 'Jobs, open or not.' })
  jobs!: number;

  @Field(() => Int, { description: 'Applications.' })
  applications!: number;

  @Field(() => Date, { nullable: true, description: 'When the last run was complete; null until the first load is.' })
  completeAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When the last run of everything was complete.' })
  fullAt?: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When the next run begins by itself; null when none does, or one is under way.',
  })
  nextDueAt?: Date | null;

  /** For `currentRun`, which is resolved apart. */
  currentRunId!: string | null;
}
