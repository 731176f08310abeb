import type { InsightDimension, InsightValue } from './insights.js';
import type { FacetAnswer } from './search-engine.js';

/** Values that are asked for where small groups are hidden: what is hidden is decided over all of them. */
export const ALL_VALUES = 1_000;

/** A dimension of which nothing may be shown. */
export function hiddenDimension({ field }: FacetAnswer, label: string): InsightDimension {
  return { field, label, of: null, values: [], distinct: 0, missing: null, hidesSmallGroups: true };
}

/**
 * A dimension of self-declared attributes, so that no count tells of a group of fewer people than `limit`: neither a count that is shown,
 * nor one that follows from what is shown. Values read `attribute: value`, and most people have one value of an attribute. So those
 * who are not counted by any value shown of it, hidden or undeclared, are none or at least `limit`; where it takes that, the smallest
 * group that could be shown is hidden too.
 * @param total The people among whom it was counted.
 */
export function withoutSmallGroups(
  facet: FacetAnswer,
  {
    label,
    total,
    top,
    limit,
  }: { readonly label: string; readonly total: number; readonly top: number; readonly limit: number },
): InsightDimension {
  // Values beyond those that were asked for are smaller than all others, so that they are hidden as these would be.
  const attributes = Map.groupBy(facet.values, ({ key }) => attributeOf(key));
  const shown = new Set([...attributes.values()].flatMap((values) => shownOf(values, total, limit)));
  const values = facet.values.filter((value) => shown.has(value));
  const hidesSmallGroups = values.length < facet.distinct;
  const fewMissing = facet.missing > 0 && facet.missing < limit;
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
  const shown = values.filter(({ count }) => count >= limit);
  const others = (): number => total - shown.reduce((sum, { count }) => sum + count, 0);
  while (shown.length > 0 && others() > 0 && others() < limit) shown.pop();
  return shown;
}

function attributeOf(key: string): string {
  const colon = key.indexOf(':');
  return colon === -1 ? '' : key.slice(0, colon);
}
