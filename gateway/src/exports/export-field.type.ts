import type { ExportFieldName as HubExportFieldName } from '@talentbridge/contracts';
import { Field, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';
import { SocialNetwork } from '../profiles/person.type.js';

/** The parts of a candidate that can go out. */
export const ExportFieldName = describedEnum<HubExportFieldName>(
  'ExportFieldName',
  'A part of a candidate that can go out.',
  {
    firstName: 'The first name.',
    lastName: 'The last name.',
    source: 'The source that the ATS shows for the candidate.',
    address: 'The address.',
    emails: 'Revealed email addresses.',
    phones: 'Revealed phone numbers.',
    tags: 'Tags.',
    socialUrls: 'Pages about the person.',
    workExperience: 'Employers and titles.',
    education: 'Schools and degrees.',
    resume: 'The generated résumé (PDF).',
  },
);

/** How exact a date goes out. */
const DatePrecision = describedEnum<'year' | 'month' | 'day'>('DatePrecision', 'How exact dates go out.', {
  year: 'The year alone.',
  month: 'Year and month.',
  day: 'As exact as they are known.',
});

/** One field that is sent to an ATS. */
@ObjectType({
  description: 'One field that is sent to an ATS, with its limits: the declaration that the exporter itself works by.',
})
export class ExportField {
  @Field(() => ExportFieldName, { description: 'Which part of a candidate.' })
  name!: HubExportFieldName;

  @Field(() => String, { description: 'What an admin reads: "Email addresses".' })
  label!: string;

  @Field(() => String, { nullable: true, description: 'What happens to it in this ATS, as a sentence.' })
  note?: string | undefined;

  @Field(() => Boolean, { description: 'A candidate without it is refused before anything is sent.' })
  required!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Most values of a list; more are dropped from its end. Absent: all are sent.',
  })
  maxCount?: number | undefined;

  @Field(() => Int, { nullable: true, description: 'Most characters of each text. Absent: no limit.' })
  maxLength?: number | undefined;

  @Field(() => [String], {
    nullable: true,
    description: 'The parts that are sent, where the ATS takes only some. Absent: all.',
  })
  parts?: readonly string[] | undefined;

  @Field(() => DatePrecision, {
    nullable: true,
    description: 'How exact dates go out; absent where the field has none, or as they are known.',
  })
  datePrecision?: 'year' | 'month' | 'day' | undefined;

  @Field(() => [SocialNetwork], { nullable: true, description: 'Networks whose URLs are sent. Absent: all.' })
  networks?: readonly string[] | undefined;
}
