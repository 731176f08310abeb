import { Field, InputType } from 'type-graphql';

/** A project as the host platform gives it. */
@InputType({ description: 'A project as the host platform gives it.' })
export class ProjectInput {
  @Field(() => String, {
    description:
      "The host platform's own id of the project: a known one is changed, a new one created. 1 to 200 characters.",
  })
  key!: string;

  @Field(() => String, { description: 'What the project is called. 1 to 200 characters.' })
  name!: string;

  @Field(() => [String], {
    nullable: true,
    description:
      'All people of the project, by the keys of their profiles; who is not named leaves it. Absent: the members stay as they are.',
  })
  profileKeys?: string[] | null;
}
