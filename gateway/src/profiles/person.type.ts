import type { PhoneType as HubPhoneType, SocialNetwork as HubSocialNetwork } from '@talentbridge/contracts';
import { Field, Float, InputType, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** What a phone number is for. */
const PhoneType = describedEnum<HubPhoneType>('PhoneType', 'What a phone number is for.', {
  mobile: 'A mobile phone.',
  home: 'A phone at home.',
  work: 'A phone at work.',
  other: 'Something else, or unknown.',
});

/** What an email address is for. */
export const EmailType = describedEnum<'personal' | 'work' | 'other'>('EmailType', 'What an email address is for.', {
  personal: 'A private address.',
  work: 'An address at work.',
  other: 'Something else.',
});

/** Which network a social URL belongs to. */
export const SocialNetwork = describedEnum<HubSocialNetwork>(
  'SocialNetwork',
  'Which network a social URL belongs to.',
  {
    linkedin: 'LinkedIn.',
    github: 'GitHub.',
    twitter: 'Twitter, or X.',
    facebook: 'Facebook.',
    stackoverflow: 'Stack Overflow.',
    website: 'A website of their own.',
    other: 'Any other.',
  },
);

/** A phone number. */
@ObjectType({ description: 'A phone number.' })
export class Phone {
  @Field(() => String, { description: 'E.164 where it could be read as one, otherwise as the source wrote it.' })
  number!: string;

  @Field(() => PhoneType, { description: 'What it is for.' })
  type!: HubPhoneType;
}

/** A page about a person. */
@ObjectType({ description: 'A page about a person.' })
export class SocialUrl {
  @Field(() => SocialNetwork, { description: 'The network that it belongs to.' })
  network!: HubSocialNetwork;

  @Field(() => String, { description: 'The URL, in its canonical form where the network has one.' })
  url!: string;
}

/** A point on the earth. */
@ObjectType({ description: 'A point on the earth.' })
@InputType('CoordinatesInput', { description: 'A point on the earth.' })
export class Coordinates {
  @Field(() => Float, { description: 'Degrees, -90 to 90; north is positive.' })
  latitude!: number;

  @Field(() => Float, { description: 'Degrees, -180 to 180; east is positive.' })
  longitude!: number;
}

/** Where a person lives. */
@ObjectType({ description: 'Where a person lives. Sourcing often knows the city alone.' })
@InputType('AddressInput', { description: 'Where a person lives. Everything is optional.' })
export class Address {
  @Field(() => String, { nullable: true, description: 'Street and number.' })
  street1?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'The second line of the street address.' })
  street2?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'City.' })
  city?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'State, province or region.' })
  region?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode?: string | null | undefined;

  @Field(() => String, { nullable: true, description: 'ISO 3166-1 alpha-2 where known, otherwise a name.' })
  country?: string | null | undefined;

  @Field(() => Coordinates, {
    nullable: true,
    description:
      'Where that is, if the source says: of a city its middle. Searches within a distance find people by it.',
  })
  coordinates?: Coordinates | null | undefined;
}

/** One title held at one employer, as a candidate's record has it. */
@ObjectType({ description: "One title held at one employer, as a candidate's record in an ATS has it." })
export class CandidateWorkExperience {
  @Field(() => String, { description: 'The employer.' })
  employer!: string;

  @Field(() => String, { nullable: true, description: 'The title.' })
  title?: string | undefined;

  @Field(() => String, { nullable: true, description: 'As exact as it is known and the ATS takes it.' })
  startDate?: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'As exact as it is known and the ATS takes it; absent when it goes on or is unknown.',
  })
  endDate?: string | undefined;

  @Field(() => Boolean, { description: 'Whether it goes on.' })
  current!: boolean;
}

/** One course of study, as a candidate's record has it. */
@ObjectType({ description: "One course of study, as a candidate's record in an ATS has it." })
export class CandidateEducation {
  @Field(() => String, { description: 'The school.' })
  school!: string;

  @Field(() => String, { nullable: true, description: 'The degree.' })
  degree?: string | undefined;

  @Field(() => String, { nullable: true, description: 'The major.' })
  major?: string | undefined;

  @Field(() => String, { nullable: true, description: 'As exact as it is known and the ATS takes it.' })
  graduationDate?: string | undefined;
}
