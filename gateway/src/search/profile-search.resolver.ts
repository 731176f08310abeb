import type { Hub } from '@talentbridge/hub';
import type { GraphQLResolveInfo } from 'graphql';
import { inject, injectable } from 'tsyringe';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { selects } from '../graphql/selects.js';
import { HUB } from '../hub-token.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { showProfile } from '../profiles/show-profile.js';
import { parseId } from '../validation/id-argument.js';
import { saveInsightsOf } from './save-insights.js';
import { PeopleSearchArguments, toPeopleQuery, toSearchWish } from './search.args.js';
import { ProfileSearchResult } from './search.result.js';
import { ProfilesFound, SearchClause, SearchField } from './search-found.type.js';
import { showClauses, showFound, showOffered, showRefused, toHitConnection } from './show-search.js';

/** Searches among profiles. */
@injectable()
@Resolver(() => ProfilesFound)
export class ProfileSearchResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @Query(() => ProfileSearchResult, {
    description:
      'Searches the profiles of the organization, in the same language and with the same filters as its ATSs.',
  })
  profileSearch(
    @Ctx() { hub: scope }: GatewayContext,
    @Args(() => PeopleSearchArguments) search: PeopleSearchArguments,
    @Args(() => PageArguments) page: PageArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<typeof ProfileSearchResult> {
    const { profileSearch, profiles, deployment } = this.hub;
    const find = async () => {
      const wanted = { hits: selects(info, 'profiles'), insights: selects(info, 'insights') };
      const wish = toSearchWish(search, page, wanted);
      const asked = toPeopleQuery(search);
      const found = await profileSearch.search(scope, asked, wish);
      if (!found.ok) return showRefused(found);
      return {
        ...showFound(
          found,
          saveInsightsOf(this.hub, scope, { asked, whose: 'PROFILES', among: async () => 'Profiles' }, found),
        ),
        explain: async (id?: string) => showClauses(await profileSearch.explain(scope, found.search, id)),
        profiles: toHitConnection({
          found,
          asked: page,
          records: await profiles.many(
            scope,
            found.hits.map(({ id }) => id),
          ),
          show: (stored) => showProfile(stored, deployment.dummyEmailDomain),
          snippets: (ids) => profileSearch.snippets(scope, found.search, ids),
        }),
      };
    };
    return orUserError<ProfilesFound | ReturnType<typeof showRefused>>(find());
  }

  @Authorized('candidate:read')
  @Query(() => [SearchField], { description: 'What profiles can be searched and filtered by.' })
  async profileSearchFields(@Ctx() { hub: scope }: GatewayContext): Promise<readonly SearchField[]> {
    return (await this.hub.profileSearch.filters(scope)).map(showOffered);
  }

  @FieldResolver(() => [SearchClause], {
    description:
      'The query and the filters clause by clause, with how many people each finds by itself: it shows which clause empties a result. With a profile it shows why it is not in the result.',
  })
  explanation(
    @Root() { explain }: ProfilesFound,
    @Arg('profileId', () => ID, { nullable: true, description: 'A profile that is, or is not, in the result.' })
    profileId: string | null,
  ): Promise<readonly SearchClause[]> {
    return explain(profileId == null ? undefined : parseId('profileId', profileId));
  }
}
