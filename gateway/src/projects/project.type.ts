import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../pagination/connection.type.js';

/** A recruiter's list of people. */
@ObjectType({ description: "A recruiter's list of people, as the host platform keeps it." })
export class Project {
  @Field(() => ID, { description: 'The id of the project here.' })
  id!: string;

  @Field(() => String, { description: "The host platform's own id of the project." })
  key!: string;

  @Field(() => String, { description: 'What the project is called.' })
  name!: string;

  @Field(() => Int, { description: 'How many people are in it.' })
  candidateCount!: number;

  @Field(() => Date, { description: 'When its name last changed.' })
  updatedAt!: Date;
}

/** Pages of projects. */
export const { Connection: ProjectConnection } = connectionTypes('Project', () => Project, 'projects');
