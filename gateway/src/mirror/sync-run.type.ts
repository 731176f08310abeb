import type {
  SyncKind as HubSyncKind,
  SyncStatus as HubSyncStatus,
  SyncTrigger as HubSyncTrigger,
} from '@talentbridge/hub';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { connectionTypes } from '../pagination/connection.type.js';

/** What a run reads. */
export const SyncKind = describedEnum<HubSyncKind>('SyncKind', 'What a sync run reads.', {
  FULL: 'Everything that the ATS holds. At its end what it did not bring is gone, where the ATS shows everything.',
  CHANGES: 'What changed since the last complete run.',
});

/** Where a run stands. */
const SyncStatus = describedEnum<HubSyncStatus>('SyncStatus', 'Where a sync run stands.', {
  QUEUED: 'It waits for a worker.',
  RUNNING: 'Pages are being read; `statusReason` says what it waits for, where it waits.',
  PAUSED: 'It waits until its connection or capability can be used again; `statusReason` says why.',
  AWAITING_APPROVAL:
    'All is read, but it would delete more than the setting allows: an admin decides with `approveDeletions`.',
  COMPLETE: 'The mirror is what the ATS holds.',
  FAILED: 'It cannot go on; `statusReason` says why. What was read stays, and the schedule goes on.',
  CANCELLED: 'Somebody ended it. What was read stays.',
});

/** Why a run began. */
const SyncTrigger = describedEnum<HubSyncTrigger>('SyncTrigger', 'Why a sync run began.', {
  FIRST_LOAD: 'The connection was verified, and everything is read for the first time.',
  SCHEDULE: 'It was time.',
  PERSON: 'Somebody asked for it.',
  GAP: 'Webhooks may have missed something, because the ATS could not tell for a while.',
});

/** The kinds of records that a mirror holds. */
const MirrorRecordKind = describedEnum<'candidate' | 'job' | 'application'>(
  'MirrorRecordKind',
  'The kinds of records that a mirror holds.',
  { candidate: 'A candidate.', job: 'A job.', application: 'A candidate on a job.' },
);

/** How many records of one kind a run met. */
@ObjectType({ description: 'How many records of one kind a sync run met.' })
export class SyncCounts {
  @Field(() => Int, { description: 'That came from the ATS. One that came twice counts twice.' })
  read!: number;

  @Field(() => Int, { description: 'New, or different from what the mirror held.' })
  written!: number;

  @Field(() => Int, { description: 'As the mirror held them already.' })
  unchanged!: number;

  @Field(() => Int, { description: 'Deleted from the mirror.' })
  deleted!: number;

  @Field(() => Int, { description: 'Not usable: `issues` says why.' })
  refused!: number;
}

/** The counts of a run by kind of record. */
@ObjectType({ description: 'What a sync run met, by kind of record.' })
export class SyncCountsByKind {
  @Field(() => SyncCounts, { description: 'Candidates.' })
  candidates!: SyncCounts;

  @Field(() => SyncCounts, { description: 'Jobs.' })
  jobs!: SyncCounts;

  @Field(() => SyncCounts, { description: 'Applications.' })
  applications!: SyncCounts;
}

/** What a run would delete. */
@ObjectType({ description: 'What a sync run would delete, and may not without the word of an admin.' })
export class PendingDeletions {
  @Field(() => Int, { description: 'Candidates that would go.' })
  candidates!: number;

  @Field(() => Int, { description: 'Jobs that would go.' })
  jobs!: number;

  @Field(() => Int, { description: 'Applications that would go.' })
  applications!: number;

  @Field(() => Int, { description: 'Candidates that the mirror held then, to compare with.' })
  ofCandidates!: number;

  @Field(() => Int, { description: 'Jobs that the mirror held then, to compare with.' })
  ofJobs!: number;
}

/** A record that a run could not use. */
@ObjectType({ description: 'A record that a sync run could not use.' })
export class SyncIssue {
  @Field(() => ID, { description: 'The id of the issue.' })
  id!: string;

  @Field(() => MirrorRecordKind, { description: 'What kind of record it is about.' })
  kind!: 'candidate' | 'job' | 'application';

  @Field(() => ID, { nullable: true, description: "The ATS's identifier of the record; null when it had none of use." })
  remoteId?: string | null;

  @Field(() => String, { description: 'What is wrong, by field, without any value of it.' })
  reason!: string;

  @Field(() => Date, { description: 'When it came.' })
  at!: Date;
}

/** Pages of issues. */
export const { Connection: SyncIssueConnection } = connectionTypes(
  'SyncIssue',
  () => SyncIssue,
  'records that a sync run could not use',
);

/** A quota of calls over a long time. */
@ObjectType({ description: 'A quota of calls over a long time, such as a day, as the ATS last told it.' })
export class CallQuota {
  @Field(() => Int, { description: 'Calls in all.' })
  limit!: number;

  @Field(() => Int, {
    description: 'Calls that were left; whoever else uses the same credentials takes from them too.',
  })
  left!: number;

  @Field(() => Date, { description: 'When all of them are there again.' })
  resetsAt!: Date;
}

/** How much of what the ATS allows a run uses. */
@ObjectType({
  description:
    'How much of what the ATS allows a sync run uses. Both speeds count the same requests: where the ATS limits endpoints by themselves, those to the one endpoint that comes closest to its limit.',
})
export class SyncRateLimit {
  @Field(() => Float, {
    nullable: true,
    description:
      'Requests a second since the run was last taken up, waits included; null while too little was seen to tell.',
  })
  usedPerSecond?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The most that the ATS allows; null where it limits nothing that the run asks by time, and before the first page.',
  })
  allowedPerSecond?: number | null;

  @Field(() => CallQuota, { nullable: true, description: 'Null where the ATS has none, or has not told yet.' })
  quota?: CallQuota | null;
}

/** One run that reads an ATS into its mirror. */
@ObjectType({ description: 'One run that reads an ATS into its mirror.' })
export class SyncRun {
  @Field(() => ID, { description: 'The id of the run.' })
  id!: string;

  @Field(() => SyncKind, { description: 'What it reads.' })
  kind!: HubSyncKind;

  @Field(() => SyncTrigger, { description: 'Why it began.' })
  trigger!: HubSyncTrigger;

  @Field(() => SyncStatus, { description: 'Where it stands.' })
  status!: HubSyncStatus;

  @Field(() => String, {
    nullable: true,
    description: 'For people: what it waits for, what it does once everything was read, or why it ended so.',
  })
  statusReason?: string | null;

  @Field(() => ID, { description: 'Who asked for it: the subject of their token, or `system`.' })
  requestedBy!: string;

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it first ran.' })
  startedAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended.' })
  finishedAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'When its last page was written.' })
  progressAt?: Date | null;

  @Field(() => Int, { description: 'Pages that were written.' })
  pages!: number;

  @Field(() => Int, { description: 'Requests to the ATS so far, repeated ones included.' })
  requests!: number;

  @Field(() => SyncRateLimit, { description: 'How much of what the ATS allows it uses.' })
  rateLimit!: SyncRateLimit;

  @Field(() => SyncCountsByKind, { description: 'What it met so far.' })
  counts!: SyncCountsByKind;

  @Field(() => Float, {
    nullable: true,
    description:
      'The part that is done, 0 to 1; null where nobody can tell. 1 only when it is complete; less than before where more is to be read than was known.',
  })
  share?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many seconds it will still read at the pace of late; null where nobody can tell, as while the pace changes, and while it does not read.',
  })
  remainingSeconds?: number | null;

  @Field(() => PendingDeletions, {
    nullable: true,
    description: 'What it would delete and asks an admin about; null when it does not ask.',
  })
  pendingDeletions?: PendingDeletions | null;

  /** For `connection` and `issues`, which are resolved apart. */
  connectionId!: string;
}

/** Pages of runs. */
export const { Connection: SyncRunConnection } = connectionTypes('SyncRun', () => SyncRun, 'sync runs');
