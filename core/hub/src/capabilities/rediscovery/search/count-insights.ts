import { InvalidInputError } from '../../../kernel/errors.js';
import { DIMENSIONS, fieldNamed, findField, type SearchField } from './fields.js';
import { filterTree, type SearchFilter } from './filters.js';
import type { InsightDimension, Insights } from './insights.js';
import { allOf, childrenOf, type QueryNode } from './query/query-tree.js';
import type { FacetAnswer, FacetRequest, SearchAnswer, SearchEngine } from './search-engine.js';
import { ALL_VALUES, hiddenDimension, withoutSmallGroups } from './small-groups.js';

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
  /** All of it. */
  readonly query: QueryNode;
}

const MOST_VALUES = 100;
const DEFAULT_VALUES = 10;

/** Counts the results of a search by dimension, for the request that brings the hits too. */
export class InsightsCount {
  /** What the request asks for besides the hits. */
  readonly facets: readonly FacetRequest[];
  private readonly top: number;

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
    this.facets = dimensionsNamed(dimensions).map((field) => {
      const over = this.withoutFilterOn(field);
      return { field: field.name, top: field.sensitive ? ALL_VALUES : top, ...(over ? { over } : {}) };
    });
  }

  /** What the answer says, without what would tell of small groups. */
  async read(answer: SearchAnswer, engine: Pick<SearchEngine, 'countEach'>): Promise<Insights> {
    const totals = await this.totals(answer, engine);
    const dimensions = answer.facets.map((facet, index) => this.dimension(facet, index, totals[index] ?? answer.total));
    return { total: answer.total, dimensions };
  }

  private dimension(facet: FacetAnswer, index: number, total: number): InsightDimension {
    const { label, sensitive } = fieldNamed(facet.field);
    const counted = this.facets[index]?.over ?? this.search.query;
    // Who was chosen by what they declared is a small group in every dimension.
    if (total > 0 && total < this.smallGroup && asksSensitive(counted)) return hiddenDimension(facet, label);
    if (sensitive) return withoutSmallGroups(facet, { label, total, top: this.top, limit: this.smallGroup });
    return { ...facet, label, of: total, hidesSmallGroups: false };
  }

  /** Among how many each dimension was counted. */
  private async totals(
    answer: SearchAnswer,
    engine: Pick<SearchEngine, 'countEach'>,
  ): Promise<readonly (number | undefined)[]> {
    const asked = this.facets.flatMap(({ over }) => over ?? []);
    if (asked.length === 0) return [];
    const counts = (await engine.countEach(asked)).values();
    return this.facets.map(({ over }) => (over ? counts.next().value : answer.total));
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
