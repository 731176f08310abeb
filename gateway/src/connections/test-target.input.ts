import type { TestTarget } from '@talentbridge/hub';
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';

/** Where the test candidate goes. */
@InputType({ description: 'Where the test candidate of a verification goes: give exactly one of the fields.' })
export class TestTargetInput {
  @Field(() => Boolean, { nullable: true, description: '`true`: to the pool of the ATS, as a prospect.' })
  prospect?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'To this job, by the id that `jobs` gives.' })
  jobId?: string | null;
}

/** For the `parsedBy` schema of an input. */
export const testTargetSchema = z
  .object({
    prospect: z.boolean().nullish(),
    jobId: z.string().min(1, 'Choose a job.').max(500, 'This is no id of a job.').nullish(),
  })
  .refine(
    ({ prospect, jobId }) => (prospect === true) !== (jobId != null),
    'Say where the test candidate goes: either prospect: true or the jobId of a job.',
  );

/** Where the test candidate goes, as the hub takes it. */
export function toTestTarget({ jobId }: TestTargetInput): TestTarget {
  return jobId == null ? { kind: 'prospect' } : { kind: 'job', jobRemoteId: jobId };
}
