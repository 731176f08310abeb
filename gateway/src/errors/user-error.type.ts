import { type CapabilityName, isHubError, JobNotOpenError } from '@talentbridge/contracts';
import {
  CapabilityOffError,
  ImportFileError,
  InvalidInputError,
  NotFoundError,
  SearchBusyError,
  SearchTooLongError,
  type SwitchHolder,
  WrongStateError,
} from '@talentbridge/hub';
import { type ClassType, Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql';
import { Capability } from '../catalog/capability.enum.js';
import { describedEnum } from '../graphql/described-enum.js';
import { createResultUnion } from '../graphql/result-union.js';

/** Who can switch a capability on. */
export const SwitchedOnBy = describedEnum<SwitchHolder>('SwitchedOnBy', 'Who can switch a capability on.', {
  OPERATOR: 'The operator of the deployment, who sets license tiers.',
  ADMIN: 'An admin of the organization.',
});

/** An error as data: something that a user can mend. */
@InterfaceType({ description: 'Something that a user can mend. Nothing was changed.' })
export abstract class UserError {
  @Field(() => String, { description: 'Stable and in upper case; the README of the schema lists all of them.' })
  code!: string;

  @Field(() => String, { description: 'For people: what happened, to which thing, and what to do next.' })
  message!: string;
}

/** One thing that is wrong with what was entered. */
@ObjectType('InputProblem', { description: 'One thing that is wrong with what was entered.' })
class InputProblemType {
  @Field(() => String, { description: 'The path of the input: `credentials.apiKey`, `profileIds[3]`.' })
  field!: string;

  @Field(() => String, { description: 'What is wrong and what would be right. Never repeats the value.' })
  message!: string;
}

/** What was entered cannot be used. */
@ObjectType({
  implements: UserError,
  description: 'What was entered cannot be used: every problem, not the first one alone.',
})
class InvalidInput extends UserError {
  @Field(() => [InputProblemType], { description: 'Every problem, with the path of its input.' })
  problems!: readonly InputProblemType[];
}

/** There is no such record. */
@ObjectType({
  implements: UserError,
  description: 'There is no such record in this organization. Records of other organizations answer the same.',
})
class NotFound extends UserError {
  @Field(() => String, { description: 'What was looked for: "connection", "export".' })
  recordType!: string;

  @Field(() => ID, { description: 'The id that was asked for.' })
  id!: string;
}

/** A capability is off. */
@ObjectType({ implements: UserError, description: 'A capability is off for this organization.' })
class CapabilityOff extends UserError {
  @Field(() => String, { description: 'The plugin that it is about.' })
  pluginId!: string;

  @Field(() => Capability, { description: 'The capability of that plugin.' })
  capability!: CapabilityName;

  @Field(() => SwitchedOnBy, { description: 'Who can switch it on.' })
  switchedOnBy!: SwitchHolder;
}

/** The record is not in the right state. */
@ObjectType({ implements: UserError, description: 'The record is not in a state in which this can be done.' })
class WrongState extends UserError {
  @Field(() => String, { description: 'The state that it is in now.' })
  state!: string;
}

/** The job takes no candidates. */
@ObjectType({
  implements: UserError,
  description: 'The ATS takes no candidates for this job: it is unknown, closed, filled or on hold.',
})
class JobNotOpen extends UserError {
  @Field(() => ID, { description: 'The job, as the ATS names it.' })
  jobId!: string;
}

/** The ATS did not do what was asked. */
@ObjectType({
  implements: UserError,
  description:
    'The ATS did not answer, or refused: credentials, a permission, its pace, or an outage. The message says which.',
})
class AtsFailure extends UserError {
  @Field(() => Boolean, { description: 'Whether asking again later can help without anybody doing something.' })
  retryable!: boolean;

  @Field(() => Int, { nullable: true, description: 'How long the ATS asks to wait, in milliseconds.' })
  retryAfterMs?: number | undefined;
}

/** The classes of all errors that are data. Every result union has them. */
export const userErrorTypes = [InvalidInput, NotFound, CapabilityOff, WrongState, JobNotOpen, AtsFailure] as const;

type UserErrorData = (typeof userErrorTypes)[number] extends ClassType<infer Type> ? Type : never;

const marked = new WeakMap<object, string>();

/** The name of the GraphQL type of an error that `orUserError` answered. `undefined`: it is none. */
export function typeOfUserError(value: object): string | undefined {
  return marked.get(value);
}

/** Runs a piece of a service. What a user can mend comes back as data; anything else stays an error. */
export async function orUserError<Value extends object>(work: Promise<Value>): Promise<Value | UserErrorData> {
  try {
    return await work;
  } catch (error) {
    const shown = show(error);
    if (!shown) throw error;
    marked.set(shown.data, shown.type);
    return shown.data;
  }
}

/**
 * Declares the result of a mutation: its success, or one of the errors that are data.
 * @param typeName The name of the GraphQL type of success.
 */
export function resultUnion<const Success extends ClassType>(
  name: string,
  success: () => Success,
  typeName: string,
  description: string,
) {
  return createResultUnion({
    name,
    description,
    types: () => [success(), ...userErrorTypes] as const,
    typeOf: (value: object) => marked.get(value) ?? typeName,
  });
}

function show(error: unknown): { readonly type: string; readonly data: UserErrorData } | undefined {
  if (!isHubError(error)) return undefined;
  const { code, message } = error;
  if (error instanceof InvalidInputError)
    return { type: 'InvalidInput', data: { code, message, problems: error.problems } };
  if (error instanceof ImportFileError)
    return { type: 'InvalidInput', data: { code, message, problems: [{ field: 'content', message }] } };
  if (error instanceof NotFoundError)
    return { type: 'NotFound', data: { code, message, recordType: error.recordType, id: error.id } };
  if (error instanceof CapabilityOffError) {
    const { pluginId, capability, switchedOnBy } = error;
    return {
      type: 'CapabilityOff',
      data: { code, message, pluginId, capability, switchedOnBy },
    };
  }
  if (error instanceof WrongStateError) return { type: 'WrongState', data: { code, message, state: error.state } };
  if (error instanceof JobNotOpenError)
    return { type: 'JobNotOpen', data: { code, message, jobId: error.jobRemoteId } };
  // Neither is a failure of an ATS.
  if (error instanceof SearchBusyError || error instanceof SearchTooLongError) return undefined;
  // Nobody but a developer can mend it.
  if (error.recovery === 'fix') return undefined;
  const wait = 'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined;
  return { type: 'AtsFailure', data: { code, message, retryable: error.recovery === 'retry', retryAfterMs: wait } };
}
