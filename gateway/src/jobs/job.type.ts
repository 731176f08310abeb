import { Field, ID, ObjectType } from 'type-graphql';
import { connectionTypes } from '../pagination/connection.type.js';

/** A job of an ATS. */
@ObjectType({ description: 'An open job (requisition) of an ATS, as it stands there now.' })
export class Job {
  @Field(() => ID, { description: "The ATS's identifier, for `target.jobId` of an export." })
  id!: string;

  @Field(() => String, { description: 'The title.' })
  title!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The requisition number that people use; absent where the ATS has none.',
  })
  code?: string | undefined;

  @Field(() => String, { nullable: true, description: 'The department that hires.' })
  department?: string | undefined;

  @Field(() => String, { nullable: true, description: 'Where the job is, as one line.' })
  location?: string | undefined;

  @Field(() => String, { nullable: true, description: "The ATS's own word for its status." })
  statusLabel?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Where to look at it in the ATS; absent where the ATS has no link.',
  })
  url?: string | undefined;
}

/** Pages of jobs. */
export const { Connection: JobConnection } = connectionTypes('Job', () => Job, 'jobs');
