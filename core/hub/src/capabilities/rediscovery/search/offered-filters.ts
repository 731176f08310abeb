import type { AtsFilter } from '@talentbridge/contracts';
import { type FieldKind, fieldNamed, SEARCH_FIELDS, type SearchField } from './fields.js';
import { NeighboringSearches } from './neighboring-searches.js';
import { allOf, type QueryNode } from './query/query-tree.js';
import type { FacetAnswer, SearchEngine } from './search-engine.js';
import { declaredAttribute, type GroupRules, withoutSmallGroups } from './small-groups.js';

/** A value that can be chosen. */
export interface OfferedValue {
  /** For `anyOf` and `noneOf` of a filter. */
  readonly value: string;
  readonly label: string;
  /** People who have it. */
  readonly count: number;
}

/** A field that can be searched and filtered by. */
export interface OfferedFilter {
  readonly field: string;
  /** For people. */
  readonly label: string;
  readonly kind: FieldKind;
  /** How it is used in a query. */
  readonly example: string;
  /** Other names of it in queries. */
  readonly aliases: readonly string[];
  /** Insights count it. */
  readonly dimension: boolean;
  /** It belongs to each application: of several such filters one application has all. */
  readonly ofApplication: boolean;
  /** Its values, those of most people first, where they are few. `null`: they are many, or none are told apart. */
  readonly values: readonly OfferedValue[] | null;
}

/** More values are no list to choose from. */
const FEW = 50;

/** Fields of records of an ATS, which profiles do not have. */
const OF_ATS: ReadonlySet<string> = new Set(['connection', 'resume', 'created']);

/** Fields whose values say nothing to people. */
const UNLISTED: ReadonlySet<string> = new Set(['connection', 'jobId']);

/** Which fields there can be. */
export interface FieldsOf {
  /** `undefined`: these are profiles, and belong to no ATS. */
  readonly ats?: {
    /** Whether a connection of theirs has this filter. */
    readonly offers: (filter: AtsFilter) => boolean;
  };
  /** The fewest people whom a count of a sensitive field may tell of. */
  readonly smallGroup: number;
}

/** The fields that make sense for whom `among` finds: what no ATS of theirs has, or nobody has a value of, is left out. */
export async function offeredFilters(
  engine: SearchEngine,
  among: QueryNode,
  { ats, smallGroup }: FieldsOf,
): Promise<readonly OfferedFilter[]> {
  const possible = SEARCH_FIELDS.filter((field) => {
    if (!ats) return field.ofApplication !== true && !OF_ATS.has(field.name);
    return field.atsFilter === undefined || ats.offers(field.atsFilter);
  });
  const listed = possible.filter(isListed);
  const proven = possible.filter((field) => field.atsFilter !== undefined || field.sensitive === true);
  const [answer, counts] = await Promise.all([
    engine.search({
      query: among,
      order: 'updated',
      first: 0,
      facets: listed.map(({ name }) => ({ field: name, top: FEW })),
    }),
    engine.countEach(proven.map(({ name }) => allOf([among, { kind: 'exists', field: name }]))),
  ]);
  const empty = new Set(proven.filter((_, index) => counts[index] === 0));
  const neighbors = new NeighboringSearches({ engine, among, limit: smallGroup });
  const tellsOfFew = await neighbors.differByFew({ kind: 'all' }, answer.total);
  const rules = { total: answer.total, limit: tellsOfFew ? Number.POSITIVE_INFINITY : smallGroup };
  const valuesOf = new Map(answer.facets.map((facet) => [facet.field, shownValues(facet, rules)] as const));
  return possible
    .filter((field) => !empty.has(field))
    .map((field) => ({
      field: field.name,
      label: field.label,
      kind: field.kind,
      example: field.example,
      aliases: field.aliases,
      dimension: field.dimension === true,
      ofApplication: field.ofApplication === true,
      values: valuesOf.get(field.name) ?? null,
    }));
}

function isListed(field: SearchField): boolean {
  if (field.of || field.ownValues || UNLISTED.has(field.name)) return false;
  return field.kind === 'text' || field.kind === 'exact' || field.bands !== undefined;
}

function shownValues(facet: FacetAnswer, rules: Pick<GroupRules, 'total' | 'limit'>): readonly OfferedValue[] | null {
  if (facet.distinct > FEW) return null;
  const { label, sensitive } = fieldNamed(facet.field);
  const { values } = sensitive
    ? withoutSmallGroups(facet, { ...rules, label, top: FEW, attributeOf: declaredAttribute })
    : facet;
  return values.map(({ key, label, count }) => ({ value: key, label, count }));
}
