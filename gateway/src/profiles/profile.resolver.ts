import { type Hub, type ImportFormat as HubImportFormat, installedPlugin } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { batched } from '../graphql/batched.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument } from '../validation/id-argument.js';
import { ProfileInput } from './profile.input.js';
import { ImportProfilesResult, UpsertProfilesResult } from './profile.result.js';
import { ExportedTo, Profile, ProfileConnection } from './profile.type.js';
import { ProfileFilter } from './profile-filter.args.js';
import { ImportFormat } from './profile-import.type.js';
import { showImport } from './show-import.js';
import { showExportedTo, showProfile } from './show-profile.js';

/** People found by sourcing. */
@injectable()
@Resolver(() => Profile)
export class ProfileResolver {
  private readonly exportsOf = batched((scope, ids: readonly string[]) =>
    this.hub.exportHistory.exportedTo(scope, ids),
  );

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @Query(() => ProfileConnection, { description: 'The profiles of the organization, newest first.' })
  async profiles(
    @Ctx() { hub: scope }: GatewayContext,
    @Args(() => ProfileFilter) { projectId }: ProfileFilter,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<Profile>> {
    const found = await this.hub.profiles.list(scope, toPageRequest(page), projectId ?? undefined);
    return toConnection(found, page, (stored) => showProfile(stored, this.dummyEmailDomain));
  }

  @Authorized('candidate:read')
  @Query(() => Profile, { nullable: true, description: 'One profile; null when there is none of this id.' })
  async profile(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the profile.') id: string,
  ): Promise<Profile | undefined> {
    const stored = await this.hub.profiles.get(scope, id);
    return stored && showProfile(stored, this.dummyEmailDomain);
  }

  @FieldResolver(() => [ExportedTo], { description: 'Where the person was exported to, newest first.' })
  async exportedTo(@Ctx() { hub: scope }: GatewayContext, @Root() { id }: Profile): Promise<readonly ExportedTo[]> {
    const exported = (await this.exportsOf(scope, id)) ?? [];
    return exported.map((each) => showExportedTo(each, this.atsName(each.pluginId)));
  }

  @Authorized('directory:write')
  @Mutation(() => UpsertProfilesResult, {
    description:
      'Creates or replaces profiles by their key, at most 1000 in one call. With one problem nothing is written, and every problem is named.',
  })
  upsertProfiles(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('profiles', () => [ProfileInput], { description: 'The profiles.' }) inputs: readonly ProfileInput[],
  ): Promise<typeof UpsertProfilesResult> {
    return orUserError(
      this.hub.profiles.upsert(scope, inputs).then(({ profiles, counts }) => ({
        profiles: profiles.map((stored) => showProfile(stored, this.dummyEmailDomain)),
        ...counts,
      })),
    );
  }

  @Authorized('directory:write')
  @Mutation(() => ImportProfilesResult, {
    description:
      'Imports a small file of profiles. A broken row is refused with its reasons, and the others are imported. For large files: `POST /imports/profiles`.',
  })
  importProfiles(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('format', () => ImportFormat, { description: 'The format of the file.' }) format: HubImportFormat,
    @Arg('content', () => String, { description: 'The text of the file.' }) content: string,
  ): Promise<typeof ImportProfilesResult> {
    return orUserError(this.hub.profileImport.run(scope, format, bytesOf(content)).then(showImport));
  }

  private get dummyEmailDomain(): string {
    return this.hub.deployment.dummyEmailDomain;
  }

  private atsName(pluginId: string): string {
    return installedPlugin(this.hub.deployment, pluginId)?.displayName ?? pluginId;
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}
