import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../pagination/connection.type.js';

/** One request to an ATS. */
@ObjectType('RequestLogEntry', {
  description: 'One request to an ATS: enough to see what happened, nothing of what was said.',
})
export class RequestLogEntryType {
  @Field(() => ID, { description: 'A UUID.' })
  id!: string;

  @Field(() => Date, { description: 'When it was sent.' })
  at!: Date;

  @Field(() => String, { description: 'The call that it belongs to; its repetitions have the same.' })
  callId!: string;

  @Field(() => String, { description: 'The HTTP method.' })
  method!: string;

  @Field(() => String, { description: 'The host that was called.' })
  host!: string;

  @Field(() => String, { description: 'The path, without query. Ids of people who were erased are `[erased]`.' })
  path!: string;

  @Field(() => Int, { nullable: true, description: 'The HTTP status. Absent when no answer came.' })
  status?: number | null;

  @Field(() => String, { nullable: true, description: 'The code of the error when no usable answer came.' })
  errorCode?: string | null;

  @Field(() => Int, { description: 'Which try of its call it was, from 1.' })
  attempt!: number;

  @Field(() => Int, { description: 'How long it took, in milliseconds.' })
  durationMs!: number;

  @Field(() => Int, { description: 'How much was answered, in bytes.' })
  responseBytes!: number;
}

/** A page of the request log. */
export const RequestLogPage = connectionTypes<RequestLogEntryType>(
  'RequestLogEntry',
  () => RequestLogEntryType,
  'requests to an ATS',
).Connection;
