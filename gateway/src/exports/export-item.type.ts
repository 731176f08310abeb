import type { ExportFieldName as HubExportFieldName } from '@talentbridge/contracts';
import type { ItemOutcome } from '@talentbridge/hub';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { connectionTypes } from '../pagination/connection.type.js';
import { ExportFieldName } from './export-field.type.js';

/** What became of one candidate. */
export const ExportOutcome = describedEnum<ItemOutcome>('ExportOutcome', 'What became of one candidate.', {
  CREATED: 'A candidate was created in the ATS.',
  UPDATED: 'A candidate that was there already was updated.',
  SKIPPED: 'It was not sent, on purpose; `reason` says why.',
  FAILED: 'It was refused; `reason` says why, `remedy` what to do. `retryExport` sends it again.',
  UNCLEAR: 'The ATS never said and cannot be asked; an admin settles it with `settleExportItem`.',
});

/** How far one candidate is. */
const ExportItemState = describedEnum<'PENDING' | 'OPEN' | 'DONE'>('ExportItemState', 'How far one candidate is.', {
  PENDING: 'Not begun.',
  OPEN: 'Begun, and the ATS has not answered for certain.',
  DONE: 'It has an outcome.',
});

/** Something that did not go as asked, while the candidate itself arrived. */
@ObjectType({
  description:
    'Something that did not go as asked, while the candidate itself arrived: values dropped or shortened, tags unknown there.',
})
export class ExportWarning {
  @Field(() => String, { description: 'Stable and in upper case: `TAGS_DROPPED`, `RESUME_REFUSED`.' })
  code!: string;

  @Field(() => String, { description: 'For people: what happened and what to do.' })
  message!: string;

  @Field(() => ExportFieldName, {
    nullable: true,
    description: 'The field that it is about; absent when it is about none.',
  })
  field?: HubExportFieldName | undefined;
}

/** One candidate of an export and its result. */
@ObjectType({ description: 'One candidate of an export and its result.' })
export class ExportItem {
  @Field(() => ID, { description: 'The id of the item, for `retryExport` and `settleExportItem`.' })
  id!: string;

  @Field(() => Int, { description: 'Its place in the export, counted from 0.' })
  position!: number;

  @Field(() => ID, { description: 'The id of the profile, also when that was deleted since.' })
  profileId!: string;

  @Field(() => ExportItemState, { description: 'How far it is.' })
  state!: 'PENDING' | 'OPEN' | 'DONE';

  @Field(() => ExportOutcome, {
    nullable: true,
    description: 'What became of it; null while it is pending or under way.',
  })
  outcome?: ItemOutcome | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for programs: stable and in upper case. Null when it simply arrived.',
  })
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'Why, for people. Null when it simply arrived.' })
  reason?: string | null;

  @Field(() => String, { nullable: true, description: 'What to do about it.' })
  remedy?: string | null;

  @Field(() => ID, { nullable: true, description: "The ATS's identifier of the candidate." })
  remoteId?: string | null;

  @Field(() => String, { nullable: true, description: 'Where to look at the candidate in the ATS.' })
  remoteUrl?: string | null;

  @Field(() => [ExportWarning], { description: 'What did not go as asked, although the candidate arrived.' })
  warnings!: readonly ExportWarning[];

  @Field(() => Date, { nullable: true, description: 'When it had its result.' })
  finishedAt?: Date | null;
}

/** Pages of the candidates of an export. */
export const { Connection: ExportItemConnection } = connectionTypes(
  'ExportItem',
  () => ExportItem,
  'candidates of an export',
);
