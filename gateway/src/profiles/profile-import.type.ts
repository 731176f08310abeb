import type { ImportFormat as HubImportFormat } from '@talentbridge/hub';
import { Field, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** The formats that profiles are imported from. */
export const ImportFormat = describedEnum<HubImportFormat>(
  'ImportFormat',
  'A format that profiles are imported from.',
  {
    JSON_RESUME: 'JSON Resume v1, one document, several one after the other, or a list of them.',
    NDJSON: 'One `ProfileInput` as JSON in each line.',
    CSV: 'A table with a header of the documented columns.',
  },
);

/** Why something was refused or left out. */
@ObjectType({ description: 'Why a row, or a part of it, was not taken. Never repeats the value.' })
export class ImportReason {
  @Field(() => String, {
    nullable: true,
    description: 'The part of the row: `workExperience[2].startDate`. Absent: the whole.',
  })
  field?: string | undefined;

  @Field(() => String, { description: 'A phrase that follows the field: "is no email address".' })
  message!: string;
}

/** A row that was refused as a whole. */
@ObjectType({ description: 'A row that was refused as a whole; the others were imported.' })
export class RefusedRow {
  @Field(() => Int, { description: 'The line that it begins in, counted from 1.' })
  line!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Whose row it is, as far as it says (its key, else its name), cut short.',
  })
  hint?: string | undefined;

  @Field(() => [ImportReason], { description: 'Every reason.' })
  reasons!: readonly ImportReason[];
}

/** A row of which a part was left out. */
@ObjectType({
  description: 'A row that was imported without some part that could not be used. JSON Resume files only.',
})
export class ImportNote {
  @Field(() => Int, { description: 'The line that it begins in, counted from 1.' })
  line!: number;

  @Field(() => [ImportReason], { description: 'What was left out, and why.' })
  reasons!: readonly ImportReason[];
}
