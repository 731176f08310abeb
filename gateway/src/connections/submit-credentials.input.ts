import type { EnteredFields, TestTarget } from '@talentbridge/hub';
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';
import { FieldValueInput, fieldValuesSchema, toEnteredFields } from './field-value.input.js';
import { TestTargetInput, testTargetSchema, toTestTarget } from './test-target.input.js';

/** Credentials and settings to be saved and verified. */
@InputType({ description: 'Credentials and settings to be saved and verified at once.' })
@parsedBy(
  z.object({
    connectionId: idSchema,
    credentials: fieldValuesSchema,
    settings: fieldValuesSchema.nullish(),
    testTarget: testTargetSchema.nullish(),
  }),
)
export class SubmitCredentialsInput {
  @Field(() => ID, { description: 'The connection.' })
  connectionId!: string;

  @Field(() => [FieldValueInput], { description: 'All credentials of the connection. Write-only.' })
  credentials!: readonly FieldValueInput[];

  @Field(() => [FieldValueInput], {
    nullable: true,
    description: 'Its settings; defaults take the place of those that are left out.',
  })
  settings?: readonly FieldValueInput[] | null;

  @Field(() => TestTargetInput, {
    nullable: true,
    description:
      'Where the test candidate goes. Absent: none is sent yet, and the report says that it is not complete.',
  })
  testTarget?: TestTargetInput | null;
}

/** What the hub takes for it. */
export function toSubmission({ connectionId, credentials, settings, testTarget }: SubmitCredentialsInput): {
  readonly connectionId: string;
  readonly credentials: EnteredFields;
  readonly settings?: EnteredFields;
  readonly testTarget?: TestTarget;
} {
  return {
    connectionId,
    credentials: toEnteredFields(credentials),
    ...(settings ? { settings: toEnteredFields(settings) } : {}),
    ...(testTarget ? { testTarget: toTestTarget(testTarget) } : {}),
  };
}
