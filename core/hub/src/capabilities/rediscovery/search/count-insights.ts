import { InvalidInputError } from '../../../kernel/errors.js';
import { DIMENSIONS, fieldNamed, findField, type SearchField } from './fields.js';
import { filterTree, type SearchFilter } from './filters.js';
import type { InsightDimension, Insights } from './insights.js';
import { NeighboringSearches } from './neighboring-searches.js';
import { allOf, childrenOf, type QueryNode } from './query/query-tree.js';
import type { FacetRequest, SearchAnswer, SearchEngine } from './search-engine.js';
import { ALL_VALUES, declaredAttribute, hiddenDimension, withoutSmallGroups } from './small-groups.js';

/** What is to be counted. */
export interface InsightsRequest {
  /** Names of fields. Default: all dimensions. */
  readonly dimensions?: readonly string[];
  /** Values of each, those of most people: 1 to 100. Default 10. */
  readonly top?: number;
}

/** A search whose results are counted. */
export interface CountedSearch {
  /** What was typed, and what restricts it besides the filters. */
  readonly typed: QueryNode;
  readonly filters: readonly SearchFilter[];
  /** Whom the caller may find at all. */
  readonly among: QueryNode;
}

/** How one dimension is counted. */
interface CountedDimension {
  readonly field: SearchField;
  /** Among whom: the search without the values that were chosen of the dimension. */
  readonly asked: QueryNode;
  /** Whether some were. */
  readonly unfiltered: boolean;
  /** Counts tell what people declared of themselves: the values do, or the people were chosen by it. */
  readonly sensitive: boolean;
  /** `asked` with those too who were not chosen by what they declared. Absent: nobody was, or the values tell it themselves. */
  readonly wider?: QueryNode;
}

const MOST_VALUES = 100;
const DEFAULT_VALUES = 10;

/** Counts the results of a search by dimension, for the request that brings the hits too. */
export class InsightsCount {
  /** What the request asks for besides the hits. */
  readonly facets: readonly FacetRequest[];
  private readonly top: number;
  private readonly dimensions: readonly CountedDimension[];

  /**
   * @param smallGroup The fewest people whom a count of a sensitive field may tell of.
   * @throws InvalidInputError
   */
  constructor(
    private readonly search: CountedSearch,
    { dimensions, top = DEFAULT_VALUES }: InsightsRequest,
    private readonly smallGroup: number,
  ) {
    if (!(Number.isInteger(top) && top >= 1 && top <= MOST_VALUES)) {
      throw new InvalidInputError([{ field: 'top', message: `Ask for 1 to ${MOST_VALUES} values.` }]);
    }
    this.top = top;
    const whole = allOf([search.typed, filterTree(search.filters)]);
    this.dimensions = dimensionsNamed(dimensions).map((field) => {
      const unfiltered = this.withoutFilterOn(field);
      const asked = unfiltered ?? whole;
      const chosen = asksSensitive(asked);
      return {
        field,
        asked,
        unfiltered: unfiltered !== undefined,
        sensitive: chosen || field.sensitive === true,
        ...(chosen && !field.sensitive ? { wider: withoutSensitive(asked) } : {}),
      };
    });
    const counted = this.dimensions.map(({ field, asked, unfiltered, sensitive }) => ({
      field: field.name,
      top: sensitive ? ALL_VALUES : top,
      ...(unfiltered ? { over: this.allowed(asked) } : {}),
    }));
    const wider = this.dimensions.flatMap(({ field, wider }) =>
      wider ? { field: field.name, top: ALL_VALUES, over: this.allowed(wider) } : [],
    );
    this.facets = [...counted, ...wider];
  }

  /** What the answer says, without what would tell of small groups. */
  async read(answer: SearchAnswer, engine: Pick<SearchEngine, 'countEach'>): Promise<Insights> {
    const totals = await this.totals(answer, engine);
    const neighbors = new NeighboringSearches({ engine, among: this.search.among, limit: this.smallGroup });
    const wider = answer.facets.slice(this.dimensions.length).values();
    const shown: InsightDimension[] = [];
    for (const [index, dimension] of this.dimensions.entries()) {
      const facet = answer.facets[index];
      if (!facet) continue;
      const { field, asked, sensitive } = dimension;
      const { label } = field;
      const total = totals[index] ?? answer.total;
      const others = dimension.wider && wider.next().value;
      if (!sensitive) shown.push({ ...facet, label, of: total, hidesSmallGroups: false });
      else if (await neighbors.differByFew(asked, total)) shown.push(hiddenDimension(facet, label));
      else {
        const rules = { label, total, top: this.top, limit: this.smallGroup };
        const attributes = field.sensitive ? { attributeOf: declaredAttribute } : {};
        shown.push(withoutSmallGroups(facet, { ...rules, ...attributes, ...(others ? { wider: others } : {}) }));
      }
    }
    return { total: answer.total, dimensions: shown };
  }

  private allowed(asked: QueryNode): QueryNode {
    return allOf([asked, this.search.among]);
  }

  /** Among how many each dimension was counted. */
  private async totals(
    answer: SearchAnswer,
    engine: Pick<SearchEngine, 'countEach'>,
  ): Promise<readonly (number | undefined)[]> {
    const unfiltered = this.dimensions.flatMap((each) => (each.unfiltered ? this.allowed(each.asked) : []));
    if (unfiltered.length === 0) return [];
    const counts = (await engine.countEach(unfiltered)).values();
    return this.dimensions.map((each) => (each.unfiltered ? counts.next().value : answer.total));
  }

  /** The query without the values that were chosen of a dimension. `undefined`: none were. */
  private withoutFilterOn(field: SearchField): QueryNode | undefined {
    const { typed, filters } = this.search;
    const chosen = (filter: SearchFilter): boolean =>
      findField(filter.field) === field && (filter.anyOf?.length ?? 0) > 0;
    if (!filters.some(chosen)) return undefined;
    return allOf([typed, filterTree(filters.map((filter) => (chosen(filter) ? { ...filter, anyOf: [] } : filter)))]);
  }
}

function dimensionsNamed(names: readonly string[] | undefined): readonly SearchField[] {
  if (names === undefined) return DIMENSIONS;
  const fields = names.map((name) => ({ name, field: DIMENSIONS.find((one) => one === findField(name)) }));
  const problems = fields.flatMap(({ field }, index) =>
    field
      ? []
      : [{ field: `dimensions[${index}]`, message: 'There is no such dimension. Take one from the list of fields.' }],
  );
  if (problems.length > 0) throw new InvalidInputError(problems);
  return [...new Set(fields.flatMap(({ field }) => field ?? []))];
}

/** Whether a query asks what people declared of themselves. */
export function asksSensitive(node: QueryNode): boolean {
  if ('field' in node && node.field !== undefined && fieldNamed(node.field).sensitive) return true;
  return childrenOf(node).some(asksSensitive);
}

/** A query without what it asks of what people declared. */
function withoutSensitive(node: QueryNode): QueryNode {
  return allOf((node.kind === 'and' ? node.children : [node]).filter((child) => !asksSensitive(child)));
}
