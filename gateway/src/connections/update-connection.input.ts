import type { CapabilityName } from '@talentbridge/contracts';
import type { EnteredFields, TestTarget } from '@talentbridge/hub';
import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { Capability } from '../catalog/capability.enum.js';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';
import { FieldValueInput, fieldValuesSchema, toEnteredFields } from './field-value.input.js';
import { TestTargetInput, testTargetSchema, toTestTarget } from './test-target.input.js';

/** Changes of a connection. */
@InputType({ description: 'Changes of a connection. What is left out stays as it is.' })
@parsedBy(
  z.object({
    connectionId: idSchema,
    name: z.string().nullish(),
    capabilities: z.array(z.string()).nullish(),
    credentials: fieldValuesSchema.nullish(),
    settings: fieldValuesSchema.nullish(),
    testTarget: testTargetSchema.nullish(),
  }),
)
export class UpdateConnectionInput {
  @Field(() => ID, { description: 'The connection.' })
  connectionId!: string;

  @Field(() => String, { nullable: true, description: 'As the organization calls it, 1 to 100 characters.' })
  name?: string | null;

  @Field(() => [Capability], { nullable: true, description: 'All that the connection is for from now on.' })
  capabilities?: readonly CapabilityName[] | null;

  @Field(() => [FieldValueInput], {
    nullable: true,
    description: 'Credentials that change. Those that are left out or empty keep their value. Write-only.',
  })
  credentials?: readonly FieldValueInput[] | null;

  @Field(() => [FieldValueInput], {
    nullable: true,
    description: 'Settings that change; an empty one goes back to its default.',
  })
  settings?: readonly FieldValueInput[] | null;

  @Field(() => TestTargetInput, {
    nullable: true,
    description: 'Where the test candidate of the verification that follows goes. Absent: none is sent.',
  })
  testTarget?: TestTargetInput | null;
}

/** What the hub takes for it. */
export function toUpdate({
  connectionId,
  name,
  capabilities,
  credentials,
  settings,
  testTarget,
}: UpdateConnectionInput): {
  readonly connectionId: string;
  readonly name?: string;
  readonly capabilities?: readonly CapabilityName[];
  readonly credentials?: EnteredFields;
  readonly settings?: EnteredFields;
  readonly testTarget?: TestTarget;
} {
  return {
    connectionId,
    ...(name == null ? {} : { name }),
    ...(capabilities ? { capabilities } : {}),
    ...(credentials ? { credentials: toEnteredFields(credentials) } : {}),
    ...(settings ? { settings: toEnteredFields(settings) } : {}),
    ...(testTarget ? { testTarget: toTestTarget(testTarget) } : {}),
  };
}
