import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { ExplainedClause } from './explain-query.js';
import { type OfferedFilter, offeredFilters } from './offered-filters.js';
import type { PeopleQuery, PeopleSearch, PeopleSearched, PreparedSearch, SearchWish } from './people-search.js';
import type { Snippet } from './snippets.js';

/** Searches the profiles of an organization, in the same language as its candidates. */
export class ProfileSearch {
  constructor(
    private readonly people: PeopleSearch,
    private readonly smallGroup: number,
  ) {}

  /** Finds profiles, counts what they consist of, and orders them. @throws InvalidInputError */
  search(scope: OrganizationScope, query: PeopleQuery, wish: SearchWish): Promise<PeopleSearched> {
    return this.people.search(scope, query, wish);
  }

  /** The search clause by clause: how many profiles each finds by itself, and whether it finds the one who is named. @throws NotFoundError */
  explain(scope: OrganizationScope, search: PreparedSearch, profileId?: string): Promise<ExplainedClause> {
    return this.people.explain(scope, search, profileId);
  }

  /** Where the words of a search stand in profiles that it found, by id. */
  snippets(
    scope: OrganizationScope,
    search: PreparedSearch,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Snippet[]>> {
    return this.people.snippets(scope, search, ids);
  }

  /** What profiles can be searched and filtered by: what nobody declared is left out. */
  filters(scope: OrganizationScope): Promise<readonly OfferedFilter[]> {
    return this.people.onIndex(scope, (engine) =>
      offeredFilters(engine, { kind: 'all' }, { smallGroup: this.smallGroup }),
    );
  }
}
