import { Field, ID, Int, ObjectType } from 'type-graphql';

/** How much was removed from one table. */
@ObjectType({ description: 'How much of a person was removed from one table.' })
export class ErasedRows {
  @Field(() => String, { description: 'The table, by its name in the database.' })
  table!: string;

  @Field(() => Int, { description: 'How many of its rows went, or hold a pseudonym now.' })
  rows!: number;
}

/** Proof that a person was removed. */
@ObjectType({ description: 'Proof that a person was removed. It holds no personal data.' })
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
}
