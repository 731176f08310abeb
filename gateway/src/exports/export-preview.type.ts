import type { ExportFieldName as HubExportFieldName } from '@talentbridge/contracts';
import type { Adjustment, Expectation as HubExpectation } from '@talentbridge/hub';
import { Field, ID, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { Address, CandidateEducation, CandidateWorkExperience, Phone, SocialUrl } from '../profiles/person.type.js';
import { ExportFieldName } from './export-field.type.js';

/** What is expected to happen to a candidate. */
const Expectation = describedEnum<HubExpectation>('Expectation', 'What is expected to happen to a candidate.', {
  NEW: 'A candidate is created.',
  UPDATE: 'A candidate that is there already is updated.',
  SKIP: 'It was exported before and is not sent.',
  REFUSE: 'Something required is missing.',
});

/** What happens to a value that does not go out as it is. */
const AdjustmentKind = describedEnum<Adjustment['kind']>(
  'AdjustmentKind',
  'What happens to a value that does not go out as it is.',
  {
    DROPPED: 'The ATS takes the field, but not this value.',
    SHORTENED: 'It goes out cut, or a date less exact.',
    NOT_SENT: 'The ATS takes no such field, part or network.',
  },
);

/** One value that does not go out as it is. */
@ObjectType({ description: 'One value of a candidate that does not go out as it is.' })
export class ExportAdjustment {
  @Field(() => ExportFieldName, { description: 'The field.' })
  field!: HubExportFieldName;

  @Field(() => String, {
    nullable: true,
    description: 'The part of the field: `title`, `city`. Absent: the whole value.',
  })
  part?: string | undefined;

  @Field(() => AdjustmentKind, { description: 'What happens to it.' })
  kind!: Adjustment['kind'];

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => String, { description: 'The value as it is in the profile.' })
  value!: string;
}

/** A candidate as it goes out. */
@ObjectType({
  description: 'A candidate exactly as it goes out: only revealed contact data, trimmed to what the ATS takes.',
})
export class CandidateRecord {
  @Field(() => String, { description: 'The first name.' })
  firstName!: string;

  @Field(() => String, { description: 'The last name; empty for a person known by one name.' })
  lastName!: string;

  @Field(() => [String], {
    description: 'Email addresses, preferred first; or one generated placeholder and nothing else.',
  })
  emails!: readonly string[];

  @Field(() => [Phone], { description: 'Phone numbers, preferred first.' })
  phones!: readonly Phone[];

  @Field(() => Address, { nullable: true, description: 'The address.' })
  address?: Address | undefined;

  @Field(() => [SocialUrl], { description: 'Pages about the person.' })
  socialUrls!: readonly SocialUrl[];

  @Field(() => [CandidateWorkExperience], { description: 'Employers and titles, newest first.' })
  workExperience!: readonly CandidateWorkExperience[];

  @Field(() => [CandidateEducation], { description: 'Schools and degrees, newest first.' })
  education!: readonly CandidateEducation[];

  @Field(() => [String], { description: 'Tags that the ATS knows.' })
  tags!: readonly string[];
}

/** One candidate as it would go out. */
@ObjectType({ description: 'One candidate as it would go out.' })
export class PreviewedCandidate {
  @Field(() => ID, { description: 'The id of the profile.' })
  profileId!: string;

  @Field(() => Expectation, { description: 'What is expected to happen to it.' })
  expectation!: HubExpectation;

  @Field(() => String, { nullable: true, description: 'Why it is skipped or refused, and what to do about it.' })
  reason?: string | undefined;

  @Field(() => CandidateRecord, { description: 'The record that would be sent.' })
  record!: CandidateRecord;

  @Field(() => Boolean, {
    description: 'The email address is a generated placeholder; the export draws one of its own.',
  })
  dummyEmail!: boolean;

  @Field(() => [ExportAdjustment], { description: 'Each value that is dropped or shortened, with the reason.' })
  adjustments!: readonly ExportAdjustment[];

  @Field(() => Boolean, { description: 'Whether a generated résumé goes along.' })
  resume!: boolean;
}
