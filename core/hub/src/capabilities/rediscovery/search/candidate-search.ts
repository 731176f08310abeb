import type { AtsFilter, OpenConnection } from '@talentbridge/contracts';
import type { AuditLog } from '../../../kernel/audit/audit-log.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import { requireShownMirror } from '../shown-mirror.js';
import type { ExplainedClause } from './explain-query.js';
import { fieldNamed, keyOf } from './fields.js';
import { type OfferedFilter, offeredFilters } from './offered-filters.js';
import type { PeopleQuery, PeopleSearch, PeopleSearched, PreparedSearch, SearchWish } from './people-search.js';
import { anyOf, noneOf, type QueryNode } from './query/query-tree.js';
import { searchedConnections } from './searched-connections.js';
import type { Snippet } from './snippets.js';

/** What is searched among the candidates of an organization. */
export interface CandidateQuery extends PeopleQuery {
  /** Only the candidates of this connection. Absent: of all that are shown. */
  readonly connectionId?: string;
}

/** What `CandidateSearch` works with. */
export interface CandidateSearchParts {
  readonly search: PeopleSearch;
  readonly entitlements: Entitlements;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
  readonly audit: AuditLog;
  readonly smallGroup: number;
}

/** Searches what the ATSs of an organization hold: the candidates of one mirror or of all, with all that belongs to them. */
export class CandidateSearch {
  constructor(private readonly parts: CandidateSearchParts) {}

  /**
   * Finds candidates, counts what they consist of, and orders them.
   * @throws InvalidInputError when a filter, a dimension or the cursor cannot be used.
   * @throws NotFoundError, CapabilityOffError, WrongStateError when the mirror of the connection is not shown.
   */
  async search(scope: OrganizationScope, query: CandidateQuery, wish: SearchWish): Promise<PeopleSearched> {
    const { shown, within } = await this.connections(scope, query.connectionId);
    return this.parts.search.search(scope, query, wish, ofOneOf(shown), within);
  }

  /**
   * The search clause by clause: how many candidates each finds by itself, and whether it finds the one who is named.
   * @throws NotFoundError when there is no such candidate. Reading them is audited.
   */
  async explain(scope: OrganizationScope, search: PreparedSearch, candidateId?: string): Promise<ExplainedClause> {
    const explained = await this.parts.search.explain(scope, search, candidateId);
    if (candidateId === undefined) return explained;
    await scope.transaction((tx) =>
      this.parts.audit.record(tx, scope.caller, 'candidate.explain', { type: 'candidate', id: candidateId }, {}),
    );
    return explained;
  }

  /** Where the words of a search stand in candidates that it found, by id. */
  snippets(
    scope: OrganizationScope,
    search: PreparedSearch,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Snippet[]>> {
    return this.parts.search.snippets(scope, search, ids);
  }

  /**
   * What candidates can be searched and filtered by: what an ATS does not have, and what nobody has a value of, is left out.
   * @throws NotFoundError, CapabilityOffError, WrongStateError when the mirror of the connection is not shown.
   */
  async filters(scope: OrganizationScope, connectionId?: string): Promise<readonly OfferedFilter[]> {
    const { shown } = await this.connections(scope, connectionId);
    const searched = connectionId === undefined ? shown : [connectionId];
    const offers = await Promise.all(searched.map((id) => this.offersOf(scope, id)));
    return this.parts.search.onIndex(scope, (engine) =>
      offeredFilters(engine, ofOneOf(searched), {
        ats: { offers: (filter) => offers.some((own) => own === undefined || own.has(filter)) },
        smallGroup: this.parts.smallGroup,
      }),
    );
  }

  /** The filters that an ATS has. `undefined`: its connection cannot be opened now, so that what it holds decides alone. */
  private async offersOf(scope: OrganizationScope, connectionId: string): Promise<ReadonlySet<AtsFilter> | undefined> {
    try {
      const connection = await this.parts.opener.open(scope, connectionId);
      return new Set(connection.capability('rediscovery')?.filters);
    } catch {
      return undefined;
    }
  }

  private connections(
    scope: OrganizationScope,
    connectionId?: string,
  ): Promise<{ readonly shown: readonly string[]; readonly within: QueryNode }> {
    return scope.read(async (tx) => {
      const { entitlements } = this.parts;
      if (connectionId === undefined) {
        return { shown: await searchedConnections(tx, entitlements), within: { kind: 'all' } };
      }
      await requireShownMirror(tx, entitlements, connectionId);
      return {
        shown: [...new Set([connectionId, ...(await searchedConnections(tx, entitlements))])],
        within: ofOneOf([connectionId]),
      };
    });
  }
}

/** Whoever belongs to one of the connections; of none: nobody. */
function ofOneOf(connectionIds: readonly string[]): QueryNode {
  const field = fieldNamed('connection');
  const [first, ...others] = connectionIds
    .toSorted()
    .map((id): QueryNode => ({ kind: 'value', field: field.name, value: keyOf(field, id) }));
  return first ? anyOf([first, ...others]) : noneOf({ kind: 'all' });
}
