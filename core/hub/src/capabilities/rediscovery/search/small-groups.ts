import type { InsightDimension, InsightValue } from './insights.js';
import type { FacetAnswer } from './search-engine.js';

/** Values that are asked for where small groups are hidden: what is hidden is decided over all of them. */
export const ALL_VALUES = 1_000;

/** A dimension of which nothing may be shown. */
export function hiddenDimension({ field }: FacetAnswer, label: string): InsightDimension {
  return { field, label, of: null, values: [], distinct: 0, missing: null, hidesSmallGroups: true };
}

/** How a dimension is shown without small groups. */
export interface GroupRules {
  readonly label: string;
  /** The people among whom it was counted. */
  readonly total: number;
  /** How many values are shown. */
  readonly top: number;
  /** The fewest people whom a count may tell of. */
  readonly limit: number;
  /** Which values exclude each other as a rule: those of one attribute. Default: all. */
  readonly attributeOf?: (key: string) => string;
  /** The same dimension, counted with those too who were not chosen by what they declared. */
  readonly wider?: FacetAnswer;
}

/**
 * A dimension so that no count tells of a group of fewer people than `limit`: neither a count that is shown, nor one that follows from
 * what is shown. Most people have one value of an attribute. So those who do not have a value that is shown, and those who have none
 * of those shown of it, hidden or undeclared, are none or at least `limit`; where it takes that, the smallest group that could be
 * shown is hidden too.
 */
export function withoutSmallGroups(facet: FacetAnswer, rules: GroupRules): InsightDimension {
  const { label, total, top, limit, attributeOf = () => '', wider } = rules;
  const few = (count: number): boolean => count > 0 && count < limit;
  const counts = wider && new Map(wider.values.map(({ key, count }) => [key, count]));
  // How many others have a value that is not listed there nobody knows: perhaps one.
  const fewOthers = ({ key, count }: InsightValue): boolean =>
    counts !== undefined && few((counts.get(key) ?? count + 1) - count);
  // Values beyond those that were asked for are smaller than all others, so that they are hidden as these would be.
  const attributes = Map.groupBy(facet.values, ({ key }) => attributeOf(key));
  const shown = new Set(
    [...attributes.values()].flatMap((values) =>
      shownOf(
        values.filter((value) => !fewOthers(value)),
        total,
        limit,
      ),
    ),
  );
  const values = facet.values.filter((value) => shown.has(value));
  const hidesSmallGroups = values.length < facet.distinct;
  const fewMissing = few(facet.missing) || (wider !== undefined && few(wider.missing - facet.missing));
  return {
    field: facet.field,
    label,
    of: total,
    values: values.slice(0, top),
    distinct: values.length,
    missing: hidesSmallGroups || fewMissing ? null : facet.missing,
    hidesSmallGroups: hidesSmallGroups || fewMissing,
  };
}

/** @param values Of one attribute, by count, the highest first. */
function shownOf(values: readonly InsightValue[], total: number, limit: number): readonly InsightValue[] {
  const fewWithout = (count: number): boolean => total > count && total - count < limit;
  const shown = values.filter(({ count }) => count >= limit && !fewWithout(count));
  while (shown.length > 0 && fewWithout(shown.reduce((sum, { count }) => sum + count, 0))) shown.pop();
  return shown;
}

/** The attribute of a self-declared value, which reads `attribute: value`. */
export function declaredAttribute(key: string): string {
  const colon = key.indexOf(':');
  return colon === -1 ? '' : key.slice(0, colon);
}
