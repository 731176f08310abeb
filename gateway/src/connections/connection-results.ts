import { Field, ObjectType } from 'type-graphql';
import { resultUnion } from '../errors/user-error.type.js';
import { ConnectionType } from './connection.type.js';
import { VerificationReportType } from './verification-report.type.js';

/** A connection was verified. */
@ObjectType({ description: 'The connection was verified; whether it works, the report says.' })
export class ConnectionVerified {
  @Field(() => ConnectionType, { description: 'The connection as it stands now.' })
  connection!: ConnectionType;

  @Field(() => VerificationReportType, { description: 'All that was found.' })
  report!: VerificationReportType;
}

/** A connection was changed. */
@ObjectType({ description: 'The connection was changed.' })
export class ConnectionUpdated {
  @Field(() => ConnectionType, { description: 'The connection as it stands now.' })
  connection!: ConnectionType;

  @Field(() => VerificationReportType, {
    nullable: true,
    description:
      'What the verification found. Absent when nothing changed that has to be verified, or nothing was submitted yet.',
  })
  report?: VerificationReportType | undefined;
}

/** Answer of `createConnection`. */
export const CreateConnectionResult = resultUnion(
  'CreateConnectionResult',
  () => ConnectionType,
  'Connection',
  'The new connection, or why it was not begun.',
);

/** Answer of `acknowledgeRequirements`. */
export const AcknowledgeRequirementsResult = resultUnion(
  'AcknowledgeRequirementsResult',
  () => ConnectionType,
  'Connection',
  'The connection, or why nothing was noted.',
);

/** Answer of `submitCredentials`. */
export const SubmitCredentialsResult = resultUnion(
  'SubmitCredentialsResult',
  () => ConnectionVerified,
  'ConnectionVerified',
  'The report, also when the ATS refuses the credentials; or why they were not saved.',
);

/** Answer of `verifyConnection`. */
export const VerifyConnectionResult = resultUnion(
  'VerifyConnectionResult',
  () => ConnectionVerified,
  'ConnectionVerified',
  'The report, or why nothing could be verified.',
);

/** Answer of `finishConnection`. */
export const FinishConnectionResult = resultUnion(
  'FinishConnectionResult',
  () => ConnectionType,
  'Connection',
  'The finished connection, or why it is not finished.',
);

/** Answer of `updateConnection`. */
export const UpdateConnectionResult = resultUnion(
  'UpdateConnectionResult',
  () => ConnectionUpdated,
  'ConnectionUpdated',
  'The changed connection, or why it was not changed.',
);

/** Answer of `removeConnection`. */
export const RemoveConnectionResult = resultUnion(
  'RemoveConnectionResult',
  () => ConnectionType,
  'Connection',
  'The connection on its way out, or why it stays.',
);
