import { Field, ID, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { type ConnectionOf, connectionTypes } from '../pagination/connection.type.js';

/** Where a list of jobs comes from. */
export const JobSource = describedEnum<'mirror' | 'live'>('JobSource', 'Where a list of jobs comes from.', {
  mirror: 'From the mirror, as of its last sync: the ATS was not asked.',
  live: 'From the ATS, as it lists them now (kept for a minute).',
});

/** A job of an ATS. */
@ObjectType({ description: 'An open job (requisition) of an ATS.' })
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

/** A page of jobs, and where it comes from. */
export interface JobPage extends ConnectionOf<Job> {
  readonly source: 'mirror' | 'live';
}
