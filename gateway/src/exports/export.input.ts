import { Field, ID, InputType } from 'type-graphql';
import { z } from 'zod';
import { describedEnum } from '../graphql/described-enum.js';
import { idSchema } from '../validation/id-argument.js';
import { parsedBy } from '../validation/parsed-by.js';

const MOST_IDS = 10_000;

const target = z
  .object({ prospect: z.boolean().nullish(), jobId: z.string().min(1).max(200).nullish() })
  .refine(
    ({ prospect, jobId }) => (prospect === true) !== (jobId != null),
    'Say either `prospect: true` or a `jobId`.',
  );

const selection = {
  connectionId: idSchema,
  profileIds: z.array(idSchema).max(MOST_IDS, `At most ${MOST_IDS} candidates in one export.`).nullish(),
  projectId: idSchema.nullish(),
};

/** Where candidates go. */
@InputType({ description: 'Where candidates go: exactly one of the two.' })
export class ExportTargetInput {
  @Field(() => Boolean, { nullable: true, description: '`true`: to the pool of the ATS, without a job.' })
  prospect?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'To this job, as `jobs` names it.' })
  jobId?: string | null;
}

/** What an export would be. */
@InputType({ description: 'What an export would be: those named, and all of a project.' })
@parsedBy(z.object(selection))
export class PreviewExportInput {
  @Field(() => ID, { description: 'The connection that it would go through.' })
  connectionId!: string;

  @Field(() => [ID], { nullable: true, description: 'Candidates by the ids of their profiles.' })
  profileIds?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Everybody in this project.' })
  projectId?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Candidates without an email get a placeholder address.' })
  generateDummyEmails!: boolean;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Candidates that were exported to this ATS account before are sent again.',
  })
  includePreviouslyExported!: boolean;
}

/** What a recruiter asks for. */
@InputType({ description: 'An export: those named, and all of a project.' })
@parsedBy(z.object({ ...selection, target }))
export class ExportCandidatesInput extends PreviewExportInput {
  @Field(() => ExportTargetInput, { description: 'Where the candidates go.' })
  target!: ExportTargetInput;

  @Field(() => String, {
    description:
      'Chosen by the client for this very order, such as a UUID; 8 to 200 characters. The same order with the same key exports once and answers the same export.',
  })
  idempotencyKey!: string;
}

/** What an admin found out about an unclear item. */
export type Verdict = 'ARRIVED' | 'NOT_ARRIVED' | 'SEND_AGAIN';

/** What an admin found out about an unclear item. */
const SettlementVerdict = describedEnum<Verdict>(
  'SettlementVerdict',
  'What an admin found out about an unclear item.',
  {
    ARRIVED: 'The candidate is in the ATS; `remoteId` says which it is.',
    NOT_ARRIVED: 'The candidate is not in the ATS, and stays out: the item has failed.',
    SEND_AGAIN: 'The candidate is not in the ATS, and is sent again.',
  },
);

const settlement = z
  .object({
    itemId: idSchema,
    verdict: z.string(),
    remoteId: z.string().trim().min(1).max(200).nullish(),
    remoteUrl: z
      .url({ protocol: /^https?$/, error: 'This is no link: it begins with https://.' })
      .max(2_000)
      .nullish(),
  })
  .refine(({ verdict, remoteId }) => verdict !== 'ARRIVED' || remoteId != null, {
    path: ['remoteId'],
    message: "Say which candidate of the ATS it is: the ATS's identifier.",
  });

/** What became of an item that the ATS never answered. */
@InputType({ description: 'What became of an item that the ATS never answered.' })
@parsedBy(settlement)
export class SettleExportItemInput {
  @Field(() => ID, { description: 'The unclear item.' })
  itemId!: string;

  @Field(() => SettlementVerdict, { description: 'What was found out.' })
  verdict!: Verdict;

  @Field(() => String, {
    nullable: true,
    description: "The ATS's identifier of the candidate; needed when it arrived.",
  })
  remoteId?: string | null;

  @Field(() => String, { nullable: true, description: 'The link to the candidate in the ATS.' })
  remoteUrl?: string | null;
}
