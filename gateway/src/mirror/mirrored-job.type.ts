import { Field, ID, ObjectType } from 'type-graphql';
import { connectionTypes } from '../pagination/connection.type.js';

/** Somebody who works on a job or an application. */
@ObjectType({ description: 'Somebody who works on a job or an application, as the ATS names them.' })
export class Recruiter {
  @Field(() => ID, { nullable: true, description: "The ATS's identifier; absent where it gives none." })
  remoteId?: string | undefined;

  @Field(() => String, { description: 'The name.' })
  name!: string;
}

/** A job of the mirror. */
@ObjectType({ description: 'A job (requisition) as the mirror has it, open or not.' })
export class MirroredJob {
  @Field(() => ID, { description: 'The id of the job in the mirror.' })
  id!: string;

  @Field(() => ID, { description: "The ATS's identifier, for `target.jobId` of an export." })
  remoteId!: string;

  @Field(() => String, { description: 'The title.' })
  title!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The requisition number that people use; absent where the ATS has none.',
  })
  code?: string | undefined;

  @Field(() => Boolean, { description: 'Whether candidates can be attached to it now.' })
  open!: boolean;

  @Field(() => String, { nullable: true, description: "The ATS's own word for its status." })
  statusLabel?: string | undefined;

  @Field(() => String, { nullable: true, description: 'The department that hires.' })
  department?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Where the job is, as one line.' })
  location?: string | undefined;

  @Field(() => Recruiter, { nullable: true, description: 'Who works on it.' })
  recruiter?: Recruiter | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Where to look at it in the ATS; absent where the ATS has no link.',
  })
  remoteUrl?: string | undefined;

  @Field(() => Date, { nullable: true, description: 'When it was created, by the clock of the ATS.' })
  remoteCreatedAt?: Date | undefined;

  @Field(() => Date, { nullable: true, description: 'When it last changed, by the clock of the ATS.' })
  remoteUpdatedAt?: Date | null | undefined;

  @Field(() => Date, { description: 'When the mirror last wrote it, by our clock.' })
  updatedAt!: Date;
}

/** Pages of jobs of the mirror. */
export const { Connection: MirroredJobConnection } = connectionTypes(
  'MirroredJob',
  () => MirroredJob,
  'jobs of a mirror',
);
