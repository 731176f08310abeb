import type { ConnectionStatus as HubConnectionStatus, SetupStep as HubSetupStep } from '@talentbridge/hub';
import { Field, ID, ObjectType } from 'type-graphql';
import { PluginCapability } from '../catalog/availability.type.js';
import { FormField } from '../catalog/form.type.js';
import { RequirementType } from '../catalog/requirement.type.js';
import { describedEnum } from '../graphql/described-enum.js';
import { VerificationReportType } from './verification-report.type.js';

/** Where a connection stands. */
const ConnectionStatus = describedEnum<HubConnectionStatus>('ConnectionStatus', 'Where a connection stands.', {
  SETUP: 'It is being added; `setupStep` says what comes next.',
  CONNECTED: 'It was verified and finished.',
  NEEDS_ATTENTION: 'Its credentials or permissions stopped working; `attentionReason` says why.',
  REMOVING: 'It is on its way out.',
  REMOVED: 'It is gone; its export history is left, and `leftBehind` says what could not be undone in the ATS.',
});

/** What comes next while a connection is added. */
const SetupStep = describedEnum<HubSetupStep>(
  'SetupStep',
  'What comes next while a connection is added. It can be left and taken up again at any time.',
  {
    REQUIREMENTS: 'Set up what `requirements` lists, then `acknowledgeRequirements`.',
    CREDENTIALS: 'Enter `credentials` and `settings`, then `submitCredentials`.',
    VERIFY: 'Mend what `lastVerification` says, or choose where the test candidate goes, then `verifyConnection`.',
    FINISH: 'Everything is good: `finishConnection`.',
    DONE: 'Nothing: it was added.',
  },
);

/** The system that a connection leads to. */
@ObjectType({ description: 'The system that a connection leads to.' })
export class ConnectionPlugin {
  @Field(() => ID, { description: 'The id of the plugin in the catalog.' })
  id!: string;

  @Field(() => String, { description: 'The name of the ATS; the id when the plugin is no longer installed.' })
  displayName!: string;

  @Field(() => Boolean, {
    description: 'Whether the deployment still has the plugin. Without it, the connection rests.',
  })
  installed!: boolean;
}

/** One credential of a connection. */
@ObjectType({ description: 'One credential of a connection: whether it is set, never its value.' })
export class ConnectionCredential {
  @Field(() => FormField, { description: 'How it is entered.' })
  field!: FormField;

  @Field(() => Boolean, { description: 'Whether a value is stored.' })
  isSet!: boolean;
}

/** One setting of a connection. */
@ObjectType({ description: 'One setting of a connection. Settings are no secrets.' })
export class ConnectionSetting {
  @Field(() => FormField, { description: 'How it is entered.' })
  field!: FormField;

  @Field(() => String, {
    nullable: true,
    description: 'Its value as it would be entered. Absent while none is stored.',
  })
  value?: string | undefined;
}

/** One organization's link to one account of an ATS. */
@ObjectType('Connection', {
  description:
    'A link of the organization to one account of an ATS, with all that its setup, its page and its edit form show.',
})
export class ConnectionType {
  @Field(() => ID, { description: 'A UUID.' })
  id!: string;

  @Field(() => String, { description: 'As the organization calls it.' })
  name!: string;

  @Field(() => ConnectionPlugin, { description: 'The system that it leads to.' })
  plugin!: ConnectionPlugin;

  @Field(() => ConnectionStatus, { description: 'Where it stands.' })
  status!: HubConnectionStatus;

  @Field(() => SetupStep, {
    nullable: true,
    description: 'What comes next while it is added. Absent when its plugin is no longer installed.',
  })
  setupStep?: HubSetupStep | undefined;

  @Field(() => String, { nullable: true, description: 'Why it needs attention. Absent while it does not.' })
  attentionReason?: string | undefined;

  @Field(() => [PluginCapability], {
    description: 'The capabilities chosen for it, each with whether the organization can use it.',
  })
  capabilities!: readonly PluginCapability[];

  @Field(() => [RequirementType], {
    description: 'What its capabilities need to be set up in the ATS. Empty: the step is left out.',
  })
  requirements!: readonly RequirementType[];

  @Field(() => Date, { nullable: true, description: 'When an admin said "I\'m ready". Absent while nobody has.' })
  requirementsAcknowledgedAt?: Date | undefined;

  @Field(() => [String], {
    description: 'The addresses from which the hub calls the ATS, for vendors that keep a list of allowed addresses.',
  })
  outgoingAddresses!: readonly string[];

  @Field(() => [ConnectionCredential], {
    description: 'Its credentials in the order of the form: which are set, never their values.',
  })
  credentials!: readonly ConnectionCredential[];

  @Field(() => [ConnectionSetting], { description: 'Its settings in the order of the form.' })
  settings!: readonly ConnectionSetting[];

  @Field(() => String, {
    nullable: true,
    description: 'The account behind the credentials, as the ATS calls it. Absent before it is known.',
  })
  accountLabel?: string | undefined;

  @Field(() => VerificationReportType, {
    nullable: true,
    description:
      'The last verification. Absent when there was none since credentials, settings or capabilities changed.',
  })
  lastVerification?: VerificationReportType | undefined;

  @Field(() => [String], { description: 'What removal could not undo in the ATS, as sentences.' })
  leftBehind!: readonly string[];

  @Field(() => Date, { description: 'When it was begun.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When it last changed.' })
  updatedAt!: Date;
}
