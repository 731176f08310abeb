import type { Hub, OrganizationScope } from '@talentbridge/hub';
import type { GraphQLResolveInfo } from 'graphql';
import { inject, injectable } from 'tsyringe';
import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { selects } from '../graphql/selects.js';
import { HUB } from '../hub-token.js';
import { showMirroredCandidate } from '../mirror/show-mirror.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { parseId } from '../validation/id-argument.js';
import { saveInsightsOf } from './save-insights.js';
import { CandidateSearchArguments, toPeopleQuery, toSearchWish } from './search.args.js';
import { RediscoverySearchResult } from './search.result.js';
import { CandidatesFound, SearchClause, SearchField } from './search-found.type.js';
import { showClauses, showFound, showOffered, showRefused, toHitConnection } from './show-search.js';

/** Searches among the candidates of mirrors. */
@injectable()
@Resolver(() => CandidatesFound)
export class CandidateSearchResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @Query(() => RediscoverySearchResult, {
    description:
      'Searches what the connected ATSs hold: candidates with their applications, the texts of their files, and the profiles that they are matched with. Changes are found within seconds of the sync that brought them.',
  })
  rediscoverySearch(
    @Ctx() { hub: scope }: GatewayContext,
    @Args(() => CandidateSearchArguments) search: CandidateSearchArguments,
    @Args(() => PageArguments) page: PageArguments,
    @Info() info: GraphQLResolveInfo,
  ): Promise<typeof RediscoverySearchResult> {
    const { candidateSearch, mirror } = this.hub;
    const { connectionId } = search;
    const query = { ...toPeopleQuery(search), ...(connectionId == null ? {} : { connectionId }) };
    const find = async () => {
      const wanted = { hits: selects(info, 'candidates'), insights: selects(info, 'insights') };
      const found = await candidateSearch.search(scope, query, toSearchWish(search, page, wanted));
      if (!found.ok) return showRefused(found);
      return {
        ...showFound(
          found,
          saveInsightsOf(
            this.hub,
            scope,
            { asked: query, whose: 'CANDIDATES', among: () => this.among(scope, connectionId) },
            found,
          ),
        ),
        explain: async (id?: string) => showClauses(await candidateSearch.explain(scope, found.search, id)),
        candidates: toHitConnection({
          found,
          asked: page,
          records: await mirror.found(
            scope,
            found.hits.map(({ id }) => id),
            'candidate.search',
          ),
          show: showMirroredCandidate,
          snippets: (ids) => candidateSearch.snippets(scope, found.search, ids),
        }),
      };
    };
    return orUserError<CandidatesFound | ReturnType<typeof showRefused>>(find());
  }

  @Authorized('candidate:read')
  @Query(() => [SearchField], {
    description:
      'What candidates can be searched and filtered by. Fields that only some ATSs have are listed where a connection has them and somebody has a value.',
  })
  async rediscoverySearchFields(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('connectionId', () => ID, {
      nullable: true,
      description: 'The connection that is to be searched. Absent: all with Rediscovery.',
    })
    connectionId: string | null,
  ): Promise<readonly SearchField[]> {
    const id = connectionId == null ? undefined : parseId('connectionId', connectionId);
    return (await this.hub.candidateSearch.filters(scope, id)).map(showOffered);
  }

  @FieldResolver(() => [SearchClause], {
    description:
      'The query and the filters clause by clause, with how many people each finds by itself: it shows which clause empties a result. With a candidate it shows why they are not in the result.',
  })
  explanation(
    @Root() { explain }: CandidatesFound,
    @Arg('candidateId', () => ID, { nullable: true, description: 'Somebody who is, or is not, in the result.' })
    candidateId: string | null,
  ): Promise<readonly SearchClause[]> {
    return explain(candidateId == null ? undefined : parseId('candidateId', candidateId));
  }

  /** The name of what is searched. */
  private async among(scope: OrganizationScope, connectionId?: string | null): Promise<string> {
    if (connectionId == null) return 'All connections';
    return (await this.hub.connections.get(scope, connectionId))?.name ?? 'A connection';
  }
}
