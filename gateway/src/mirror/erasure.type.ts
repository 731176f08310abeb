import { Field, ID, Int, ObjectType } from 'type-graphql';

/** How much was removed from one table. */
@ObjectType({ description: 'How much of a person was removed from one table.' })
export class ErasedRows {
  @Field(() => String, { description: 'The table, by its name in the database.' })
  table!: string;

  @Field(() => Int, {
    description:
      'How many of its rows went, or hold now a pseudonym, or nothing but the ids that a network is still to be told.',
  })
  rows!: number;
}

/** Proof that a person was removed. */
@ObjectType({
  description:
    "Proof that a person of an ATS was removed. It holds no personal data. Profiles of the directory are the host platform's, and stay.",
})
export class ErasureCertificate {
  @Field(() => ID, { description: 'The id of the certificate.' })
  id!: string;

  @Field(() => Date, { description: 'When the person was removed.' })
  erasedAt!: Date;

  @Field(() => String, {
    description: 'Stands for the person in the audit log and the history of exports; nobody can turn it back.',
  })
  pseudonym!: string;

  @Field(() => [ErasedRows], { description: 'What was removed, table by table.' })
  removed!: readonly ErasedRows[];

  @Field(() => Int, {
    description:
      'How many records of the person a network that they were sent to has still to remove, at this moment. It is told at once, and again until it answers; until then the ids of these records are kept and nothing else of them. 0: none, and no id either.',
  })
  pending!: number;
}
