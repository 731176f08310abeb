import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../pagination/connection.type.js';
import { Address, EmailType, Phone, SocialUrl } from './person.type.js';

/** A revealed email address. */
@ObjectType({ description: 'A revealed email address of a profile.' })
export class ProfileEmail {
  @Field(() => String, { description: 'The address.' })
  address!: string;

  @Field(() => EmailType, { nullable: true, description: 'What it is for; absent when unknown.' })
  type?: 'personal' | 'work' | 'other' | undefined;
}

/** One title held at one employer. */
@ObjectType({ description: 'One title held at one employer.' })
@InputType('ProfileWorkExperienceInput', { description: 'One title held at one employer.' })
export class ProfileWorkExperience {
  @Field(() => String, { description: 'The employer.' })
  employer!: string;

  @Field(() => String, { nullable: true, description: 'The title.' })
  title?: string | null | undefined;

  @Field(() => String, { nullable: true, description: '`YYYY`, `YYYY-MM` or `YYYY-MM-DD`: as exact as it is known.' })
  startDate?: string | null | undefined;

  @Field(() => String, {
    nullable: true,
    description: '`YYYY`, `YYYY-MM` or `YYYY-MM-DD`; absent when it goes on or is unknown.',
  })
  endDate?: string | null | undefined;

  @Field(() => Boolean, { nullable: true, description: 'Whether it goes on. Not given: it does not.' })
  current?: boolean | null | undefined;

  @Field(() => String, { nullable: true, description: 'What the work was.' })
  summary?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Where it was, as the source wrote it.' })
  location?: string | null | undefined;

  @Field(() => String, { nullable: true, description: "The employer's website." })
  companyUrl?: string | null | undefined;

  @Field(() => String, { nullable: true, description: "The employer's industry." })
  industry?: string | null | undefined;

  @Field(() => String, { nullable: true, description: "The employer's size, as the source's bands name it: `51-200`." })
  companySize?: string | null | undefined;
}

/** One course of study. */
@ObjectType({ description: 'One course of study.' })
@InputType('ProfileEducationInput', { description: 'One course of study.' })
export class ProfileEducation {
  @Field(() => String, { description: 'The school.' })
  school!: string;

  @Field(() => String, { nullable: true, description: 'The degree.' })
  degree?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'The major.' })
  major?: string | null | undefined;

  @Field(() => String, { nullable: true, description: '`YYYY`, `YYYY-MM` or `YYYY-MM-DD`.' })
  startDate?: string | null | undefined;

  @Field(() => String, { nullable: true, description: '`YYYY`, `YYYY-MM` or `YYYY-MM-DD`.' })
  graduationDate?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'What the studies were about.' })
  summary?: string | null | undefined;
}

/** One attribute that a person declared about themselves. */
@ObjectType({ description: 'One attribute that a person declared about themselves. The product infers none.' })
@InputType('DiversityAttributeInput', { description: 'One attribute that a person declared about themselves.' })
export class DiversityAttribute {
  @Field(() => String, { description: 'As the source names it: `gender`, `veteran status`.' })
  attribute!: string;

  @Field(() => String, { description: 'What the person declared.' })
  value!: string;

  @Field(() => String, { description: 'Who supplied it. An attribute without a source is refused.' })
  source!: string;
}

/** Where a person was exported to. */
@ObjectType({ description: 'Where a person was exported to.' })
export class ExportedTo {
  @Field(() => String, { description: 'The ATS, by name.' })
  atsName!: string;

  @Field(() => ID, { description: 'The connection that the export went through; it may have been removed since.' })
  connectionId!: string;

  @Field(() => ID, { nullable: true, description: "The ATS's identifier of the candidate; absent where it gave none." })
  remoteId?: string | null | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'Where to look at the candidate in the ATS; absent where the ATS has no link.',
  })
  url?: string | null | undefined;

  @Field(() => Date, { description: 'When it arrived there.' })
  exportedAt!: Date;
}

/** A person found by sourcing. */
@ObjectType({
  description:
    'A person found by sourcing, as the host platform gives them. Of the contact data only what is revealed is shown.',
})
export class Profile {
  @Field(() => ID, { description: 'The id of the profile here.' })
  id!: string;

  @Field(() => String, { description: "The host platform's own id of the profile." })
  key!: string;

  @Field(() => String, { description: 'The first name, or the only one; never empty.' })
  firstName!: string;

  @Field(() => String, { nullable: true, description: 'Absent for a person known by one name.' })
  lastName?: string | undefined;

  @Field(() => String, {
    description:
      'The whole name as the person writes it, where the source says; otherwise put together from the other two.',
  })
  fullName!: string;

  @Field(() => String, { nullable: true, description: 'What the person says of themselves in one line.' })
  headline?: string | undefined;

  @Field(() => String, { nullable: true, description: 'What the person says of themselves in several lines.' })
  summary?: string | undefined;

  @Field(() => Address, { nullable: true, description: 'Where the person lives.' })
  location?: Address | undefined;

  @Field(() => [ProfileEmail], {
    description: 'Revealed email addresses, preferred first. Never a generated placeholder.',
  })
  emails!: readonly ProfileEmail[];

  @Field(() => Int, {
    description: 'How many email addresses are known and not revealed: `revealContacts` reveals them.',
  })
  hiddenEmailCount!: number;

  @Field(() => [Phone], { description: 'Revealed phone numbers, preferred first.' })
  phones!: readonly Phone[];

  @Field(() => Int, {
    description: 'How many phone numbers are known and not revealed: `revealContacts` reveals them.',
  })
  hiddenPhoneCount!: number;

  @Field(() => [SocialUrl], { description: 'Pages about the person.' })
  socialUrls!: readonly SocialUrl[];

  @Field(() => [ProfileWorkExperience], { description: 'Employers and titles, in the order of the source.' })
  workExperience!: readonly ProfileWorkExperience[];

  @Field(() => [ProfileEducation], { description: 'Schools and degrees, in the order of the source.' })
  education!: readonly ProfileEducation[];

  @Field(() => [String], { description: 'Skills.' })
  skills!: readonly string[];

  @Field(() => String, { nullable: true, description: 'The industry of the person.' })
  industry?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: "The present employer's size, as the source's bands name it: `51-200`.",
  })
  companySize?: string | undefined;

  @Field(() => [String], { description: 'Certifications.' })
  certifications!: readonly string[];

  @Field(() => [String], { description: 'Languages that the person speaks.' })
  languages!: readonly string[];

  @Field(() => [String], { description: 'Groups that the person belongs to.' })
  groups!: readonly string[];

  @Field(() => [String], { description: 'Interests.' })
  interests!: readonly string[];

  @Field(() => [String], { description: 'Honors and awards.' })
  honors!: readonly string[];

  @Field(() => [DiversityAttribute], {
    description: 'What the person declared about themselves, with who supplied it.',
  })
  diversity!: readonly DiversityAttribute[];

  @Field(() => [String], { description: 'Tags that the organization gave the person.' })
  tags!: readonly string[];

  @Field(() => String, {
    nullable: true,
    description: 'Where the data comes from; absent when the host platform did not say.',
  })
  dataSource?: string | undefined;

  @Field(() => Date, { description: 'When the profile last changed.' })
  updatedAt!: Date;
}

/** Pages of profiles. */
export const { Connection: ProfileConnection } = connectionTypes('Profile', () => Profile, 'profiles');
