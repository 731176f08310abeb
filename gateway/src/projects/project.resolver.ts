import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument } from '../validation/id-argument.js';
import { ProjectInput } from './project.input.js';
import { UpsertOrganizationTagsResult, UpsertProjectsResult } from './project.result.js';
import { Project, ProjectConnection } from './project.type.js';
import { toProjectInput } from './to-project-input.js';

/** Projects and the organization's tags. */
@injectable()
@Resolver(() => Project)
export class ProjectResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @Query(() => ProjectConnection, { description: 'The projects of the organization, newest first.' })
  async projects(
    @Ctx() { hub: scope }: GatewayContext,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<Project>> {
    return toConnection(await this.hub.projects.list(scope, toPageRequest(page)), page, (project) => project);
  }

  @Authorized('candidate:read')
  @Query(() => Project, { nullable: true, description: 'One project; null when there is none of this id.' })
  project(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the project.') id: string,
  ): Promise<Project | undefined> {
    return this.hub.projects.get(scope, id);
  }

  @Authorized('candidate:read')
  @Query(() => [String], { description: 'The tags that the organization uses, by name.' })
  organizationTags(@Ctx() { hub: scope }: GatewayContext): Promise<readonly string[]> {
    return this.hub.tags.list(scope);
  }

  @Authorized('directory:write')
  @Mutation(() => UpsertProjectsResult, {
    description:
      'Creates or changes projects by their key, at most 500 in one call. With one problem nothing is changed.',
  })
  upsertProjects(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('projects', () => [ProjectInput], { description: 'The projects.' }) inputs: readonly ProjectInput[],
  ): Promise<typeof UpsertProjectsResult> {
    return orUserError(this.hub.projects.upsert(scope, inputs.map(toProjectInput)).then((projects) => ({ projects })));
  }

  @Authorized('directory:write')
  @Mutation(() => UpsertOrganizationTagsResult, { description: 'Adds tags to those that the organization uses.' })
  upsertOrganizationTags(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('names', () => [String], {
      description: 'The tags, of 1 to 100 characters each. Those that are there already stay.',
    })
    names: readonly string[],
  ): Promise<typeof UpsertOrganizationTagsResult> {
    return orUserError(this.hub.tags.upsert(scope, names).then((tags) => ({ tags })));
  }
}
