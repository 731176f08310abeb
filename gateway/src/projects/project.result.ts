import { Field, ObjectType } from 'type-graphql';
import { resultUnion } from '../errors/user-error.type.js';
import { Project } from './project.type.js';

/** The projects as they are now. */
@ObjectType({ description: 'The projects are as they were given.' })
class ProjectsUpserted {
  @Field(() => [Project], { description: 'The projects, in the order they were given.' })
  projects!: readonly Project[];
}

/** The tags as they are now. */
@ObjectType({ description: 'The organization has these tags now.' })
class OrganizationTagsUpserted {
  @Field(() => [String], { description: 'All tags of the organization, by name.' })
  tags!: readonly string[];
}

/** What `upsertProjects` answers. */
export const UpsertProjectsResult = resultUnion(
  'UpsertProjectsResult',
  () => ProjectsUpserted,
  'ProjectsUpserted',
  'What became of `upsertProjects`.',
);

/** What `upsertOrganizationTags` answers. */
export const UpsertOrganizationTagsResult = resultUnion(
  'UpsertOrganizationTagsResult',
  () => OrganizationTagsUpserted,
  'OrganizationTagsUpserted',
  'What became of `upsertOrganizationTags`.',
);
