import type { TestTarget } from '@talentbridge/hub';
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';
import { TestTargetInput, testTargetSchema, toTestTarget } from './test-target.input.js';

/** A connection to be verified as it stands. */
@InputType({ description: 'A connection to be verified as it stands.' })
@parsedBy(z.object({ connectionId: idSchema, testTarget: testTargetSchema.nullish() }))
export class VerifyConnectionInput {
  @Field(() => ID, { description: 'The connection.' })
  connectionId!: string;

  @Field(() => TestTargetInput, {
    nullable: true,
    description: 'Where the test candidate goes. Absent: none is sent, and the report says that it is not complete.',
  })
  testTarget?: TestTargetInput | null;
}

/** What the hub takes for it. */
export function toVerification({ connectionId, testTarget }: VerifyConnectionInput): {
  readonly connectionId: string;
  readonly testTarget?: TestTarget;
} {
  return { connectionId, ...(testTarget ? { testTarget: toTestTarget(testTarget) } : {}) };
}
