import type { ExportStatus as HubExportStatus } from '@talentbridge/hub';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { connectionTypes } from '../pagination/connection.type.js';

/** Where an export stands. */
const ExportStatus = describedEnum<HubExportStatus>('ExportStatus', 'Where an export stands.', {
  QUEUED: 'It waits for a worker.',
  RUNNING: 'Candidates are being sent.',
  PAUSED: 'It waits until its connection or capability can be used again; `statusReason` says why.',
  COMPLETE: 'Every candidate has a result.',
  STOPPED: 'It was cancelled, or its connection was removed: nothing more is sent. `statusReason` says which.',
});

/** Whether candidates go to a job. */
const ExportTargetKind = describedEnum<'prospect' | 'job'>('ExportTargetKind', 'Where candidates go.', {
  prospect: 'To the pool of the ATS, without a job.',
  job: 'To a job, as applications.',
});

/** Where the candidates of an export go. */
@ObjectType({ description: 'Where the candidates of an export go.' })
export class ExportTarget {
  @Field(() => ExportTargetKind, { description: 'To a job, or to none.' })
  kind!: 'prospect' | 'job';

  @Field(() => ID, { nullable: true, description: 'The job, as the ATS names it; absent for prospects.' })
  jobId?: string | undefined;
}

/** The choices of one export. */
@ObjectType({ description: 'The choices of one export.' })
export class ExportOptions {
  @Field(() => Boolean, { description: 'Candidates without an email get a placeholder address.' })
  generateDummyEmails!: boolean;

  @Field(() => Boolean, { description: 'Candidates that were exported to this ATS account before are sent again.' })
  includePreviouslyExported!: boolean;
}

/** How many candidates have which result. */
@ObjectType({ description: 'How many candidates of an export have which result.' })
export class ExportCounts {
  @Field(() => Int, { description: 'All candidates.' })
  total!: number;

  @Field(() => Int, { description: 'Without a result so far.' })
  remaining!: number;

  @Field(() => Int, { description: 'Created in the ATS.' })
  created!: number;

  @Field(() => Int, { description: 'Updated in the ATS.' })
  updated!: number;

  @Field(() => Int, { description: 'Not sent, on purpose.' })
  skipped!: number;

  @Field(() => Int, { description: 'Refused; `retryExport` sends them again.' })
  failed!: number;

  @Field(() => Int, { description: 'The ATS never said; an admin settles them.' })
  unclear!: number;
}

/** One run of candidates to an ATS. */
@ObjectType({ description: 'One run of candidates to an ATS.' })
export class Export {
  @Field(() => ID, { description: 'The id of the export.' })
  id!: string;

  @Field(() => ExportTarget, { description: 'Where its candidates go.' })
  target!: ExportTarget;

  @Field(() => ExportOptions, { description: 'What was chosen for it.' })
  options!: ExportOptions;

  @Field(() => ExportStatus, { description: 'Where it stands.' })
  status!: HubExportStatus;

  @Field(() => String, { nullable: true, description: 'Why it is paused or stopped.' })
  statusReason?: string | null;

  @Field(() => String, { description: 'Where it stands, for people: "Export Complete" at the end.' })
  message!: string;

  @Field(() => ID, { description: 'Who asked for it: the subject of their token.' })
  requestedBy!: string;

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it first ran.' })
  startedAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When every candidate had a result.' })
  finishedAt?: Date | null;

  /** For `connection`, which is resolved apart. */
  connectionId!: string;
}

/** Pages of exports. */
export const { Connection: ExportConnection } = connectionTypes('Export', () => Export, 'exports');
