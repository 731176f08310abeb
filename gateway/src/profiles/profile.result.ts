import { Field, Int, ObjectType } from 'type-graphql';
import { resultUnion } from '../errors/user-error.type.js';
import { Profile } from './profile.type.js';
import { ImportNote, RefusedRow } from './profile-import.type.js';

/** The profiles as they are now. */
@ObjectType({ description: 'The profiles are as they were given.' })
class ProfilesUpserted {
  @Field(() => [Profile], { description: 'The profiles, in the order they were given.' })
  profiles!: readonly Profile[];

  @Field(() => Int, { description: 'How many are new.' })
  created!: number;

  @Field(() => Int, { description: 'How many were changed.' })
  updated!: number;

  @Field(() => Int, { description: 'How many were the same already.' })
  unchanged!: number;
}

/** A file was imported. */
@ObjectType({
  description: 'What became of a file of profiles. Its good rows are imported, whatever the others are like.',
})
export class ProfilesImported {
  @Field(() => Int, { description: 'How many profiles are new.' })
  created!: number;

  @Field(() => Int, { description: 'How many were changed.' })
  updated!: number;

  @Field(() => Int, { description: 'How many were the same already.' })
  unchanged!: number;

  @Field(() => Int, { description: 'How many rows were refused as a whole.' })
  refused!: number;

  @Field(() => [RefusedRow], { description: 'The first thousand refused rows.' })
  refusedRows!: readonly RefusedRow[];

  @Field(() => [ImportNote], { description: 'The first thousand rows that were imported without some part.' })
  notes!: readonly ImportNote[];
}

/** What `upsertProfiles` answers. */
export const UpsertProfilesResult = resultUnion(
  'UpsertProfilesResult',
  () => ProfilesUpserted,
  'ProfilesUpserted',
  'What became of `upsertProfiles`.',
);

/** What `importProfiles` answers. */
export const ImportProfilesResult = resultUnion(
  'ImportProfilesResult',
  () => ProfilesImported,
  'ProfilesImported',
  'What became of `importProfiles`.',
);
