import { Field, ID, ObjectType } from 'type-graphql';

/** An application that has come in. */
@ObjectType({
  description:
    'An application that has come in. Its candidate was looked for at the network before it was told of, so that `candidate.networkProfile` has what is known of them there.',
})
export class NewApplication {
  @Field(() => ID, { description: 'A UUID.' })
  id!: string;

  @Field(() => ID, { description: 'The application in the mirror.' })
  applicationId!: string;

  @Field(() => ID, { description: "The ATS's identifier of the candidate." })
  candidateRemoteId!: string;

  @Field(() => ID, { description: "The ATS's identifier of the job." })
  jobRemoteId!: string;

  @Field(() => Date, { description: 'When it was told of: read on from here with `since`.' })
  toldAt!: Date;

  /** For `candidate`, which is resolved apart. */
  candidateId!: string | null;
  /** For `connection`, which is resolved apart: that of the ATS. */
  atsConnectionId!: string;
}
