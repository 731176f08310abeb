import { Field, InputType } from 'type-graphql';
import { Address, EmailType, SocialNetwork } from './person.type.js';
import { DiversityAttribute, ProfileEducation, ProfileWorkExperience } from './profile.type.js';

/** An email address of a profile. */
@InputType({ description: 'An email address of a profile.' })
export class ProfileEmailInput {
  @Field(() => String, { description: 'The address.' })
  address!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it may be shown and exported. Not given: it may not, unless it was revealed before.',
  })
  revealed?: boolean | null;

  @Field(() => EmailType, { nullable: true, description: 'What it is for. Not given: unknown.' })
  type?: string | null;
}

/** A phone number of a profile. */
@InputType({ description: 'A phone number of a profile.' })
export class ProfilePhoneInput {
  @Field(() => String, {
    description: 'The number, best in E.164; otherwise read as one of the country of `location`.',
  })
  number!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What it is for, in any words: `mobile`, `home`, `work`. Not given: other.',
  })
  type?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it may be shown and exported. Not given: it may not, unless it was revealed before.',
  })
  revealed?: boolean | null;
}

/** A page about a person. */
@InputType({ description: 'A page about a person.' })
export class SocialUrlInput {
  @Field(() => String, { description: 'The URL.' })
  url!: string;

  @Field(() => SocialNetwork, { nullable: true, description: 'A hint; the URL itself decides.' })
  network?: string | null;
}

/** A profile as the host platform gives it. */
@InputType({
  description:
    'A profile as the host platform gives it. It replaces the one with the same key as a whole; contact data that was revealed stays revealed.',
})
export class ProfileInput {
  @Field(() => String, { description: "The host platform's own id of the profile. 1 to 200 characters." })
  key!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The first name. Either this, `lastName` or `fullName` is needed.',
  })
  firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'The last name. Not given: a person known by one name.' })
  lastName?: string | null;

  @Field(() => String, { nullable: true, description: 'The whole name; taken apart when the other two are not given.' })
  fullName?: string | null;

  @Field(() => String, { nullable: true, description: 'What the person says of themselves in one line.' })
  headline?: string | null;

  @Field(() => String, { nullable: true, description: 'What the person says of themselves in several lines.' })
  summary?: string | null;

  @Field(() => Address, { nullable: true, description: 'Where the person lives.' })
  location?: Address | null;

  @Field(() => [ProfileEmailInput], { nullable: true, description: 'Email addresses, preferred first.' })
  emails?: ProfileEmailInput[] | null;

  @Field(() => [ProfilePhoneInput], { nullable: true, description: 'Phone numbers, preferred first.' })
  phones?: ProfilePhoneInput[] | null;

  @Field(() => [SocialUrlInput], { nullable: true, description: 'Pages about the person.' })
  socialUrls?: SocialUrlInput[] | null;

  @Field(() => [ProfileWorkExperience], { nullable: true, description: 'Employers and titles.' })
  workExperience?: ProfileWorkExperience[] | null;

  @Field(() => [ProfileEducation], { nullable: true, description: 'Schools and degrees.' })
  education?: ProfileEducation[] | null;

  @Field(() => [String], { nullable: true, description: 'Skills.' })
  skills?: string[] | null;

  @Field(() => String, { nullable: true, description: 'The industry of the person.' })
  industry?: string | null;

  @Field(() => String, { nullable: true, description: "The present employer's size, as the source's bands name it." })
  companySize?: string | null;

  @Field(() => [String], { nullable: true, description: 'Certifications.' })
  certifications?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Languages that the person speaks.' })
  languages?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Groups that the person belongs to.' })
  groups?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Interests.' })
  interests?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Honors and awards.' })
  honors?: string[] | null;

  @Field(() => [DiversityAttribute], { nullable: true, description: 'What the person declared about themselves.' })
  diversity?: DiversityAttribute[] | null;

  @Field(() => [String], { nullable: true, description: 'Tags that the organization gave the person.' })
  tags?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Where the data comes from.' })
  dataSource?: string | null;
}
