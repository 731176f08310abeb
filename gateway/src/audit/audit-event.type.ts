import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { connectionTypes } from '../pagination/connection.type.js';

/** One line of the audit log. */
@ObjectType('AuditEvent', { description: 'One line of the audit log: who did what to which record.' })
export class AuditEventType {
  @Field(() => ID, { description: 'A UUID.' })
  id!: string;

  @Field(() => Date, { description: 'When it was done.' })
  at!: Date;

  @Field(() => ID, {
    description: 'The user who did it, as the host platform knows them; `system` for what the hub does by itself.',
  })
  actorId!: string;

  @Field(() => [String], { description: 'The roles that the user had.' })
  actorRoles!: readonly string[];

  @Field(() => String, { description: 'What was done, subject first: `connection.verify`.' })
  action!: string;

  @Field(() => String, { description: 'What kind of record it was done to.' })
  subjectType!: string;

  @Field(() => ID, { description: 'The record that it was done to.' })
  subjectId!: string;

  @Field(() => GraphQLJSONObject, { description: 'Plain facts about it, without secrets and without personal data.' })
  details!: Readonly<Record<string, unknown>>;
}

/** A page of the audit log. */
export const AuditLogPage = connectionTypes<AuditEventType>(
  'AuditEvent',
  () => AuditEventType,
  'lines of the audit log',
).Connection;
