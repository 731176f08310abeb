import { Field, ObjectType } from 'type-graphql';

/** The source that exports carry, and whether the ATS has it. */
@ObjectType({ description: 'The source that exports of a connection carry, and whether the ATS has it.' })
export class ExportSource {
  @Field(() => String, { description: 'Its name, as it is written into the ATS.' })
  name!: string;

  @Field(() => Boolean, { description: 'Whether the ATS has a source of this name.' })
  present!: boolean;

  @Field(() => String, { nullable: true, description: 'What an admin does in the ATS when it is not present.' })
  remedy?: string | undefined;
}

/** The organization's tags beside those of the ATS. */
@ObjectType({ description: "The organization's tags beside those of the ATS." })
export class ExportTags {
  @Field(() => [String], { description: 'Tags that the ATS has.' })
  present!: readonly string[];

  @Field(() => [String], { description: 'Tags that it does not have: they are left out of exports until it has them.' })
  missing!: readonly string[];

  @Field(() => Boolean, {
    description: 'Exports and verifications create the missing tags. Otherwise an admin creates them in the ATS.',
  })
  creatable!: boolean;
}

/** What an ATS lacks of that which exports carry. */
@ObjectType({ description: 'What an ATS lacks of that which exports carry: a list of work for an admin.' })
export class ExportPreflight {
  @Field(() => ExportSource, { nullable: true, description: 'Null: the ATS takes any source.' })
  source?: ExportSource | undefined;

  @Field(() => ExportTags, { nullable: true, description: 'Null: the ATS takes any tag, or none.' })
  tags?: ExportTags | undefined;
}
