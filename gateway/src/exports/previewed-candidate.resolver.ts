import type { Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Authorized, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { batched } from '../graphql/batched.js';
import { HUB } from '../hub-token.js';
import { Profile } from '../profiles/profile.type.js';
import { showProfile } from '../profiles/show-profile.js';
import { PreviewedCandidate } from './export-preview.type.js';

/** The candidates of a preview. */
@injectable()
@Resolver(() => PreviewedCandidate)
export class PreviewedCandidateResolver {
  private readonly profileOf = batched((scope, ids: readonly string[]) => this.hub.profiles.many(scope, ids));

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @FieldResolver(() => Profile, { nullable: true, description: 'The person.' })
  async profile(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { profileId }: PreviewedCandidate,
  ): Promise<Profile | undefined> {
    const stored = await this.profileOf(scope, profileId);
    return stored && showProfile(stored, this.hub.deployment.dummyEmailDomain);
  }
}
