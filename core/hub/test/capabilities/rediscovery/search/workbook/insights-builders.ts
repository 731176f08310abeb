import type { InsightDimension, Insights } from '../../../../../src/capabilities/rediscovery/search/insights.js';
import type { InsightsAbout } from '../../../../../src/capabilities/rediscovery/search/workbook/insights-report.js';

type DimensionOfAll = Omit<InsightDimension, 'of'> & Partial<Pick<InsightDimension, 'of'>>;

/** A dimension with these counts, the highest first; counted among all who were found, unless it says otherwise. */
export function dimension(
  field: string,
  counts: Readonly<Record<string, number>>,
  over: Partial<InsightDimension> = {},
): DimensionOfAll {
  const values = Object.entries(counts)
    .map(([label, count]) => ({ key: label.toLowerCase(), label, count }))
    .toSorted((one, other) => other.count - one.count);
  return { field, label: field, values, distinct: values.length, missing: 0, hidesSmallGroups: false, ...over };
}

export function insightsOf(total: number, ...dimensions: readonly DimensionOfAll[]): Insights {
  return { total, dimensions: dimensions.map((one) => ({ of: total, ...one })) };
}

export function about(over: Partial<InsightsAbout> = {}): InsightsAbout {
  return {
    brand: 'Brand',
    query: 'welder',
    filters: [],
    synonyms: false,
    whose: 'PROFILES',
    among: 'All connections',
    madeAt: new Date('2026-03-04T05:06:07Z'),
    ...over,
  };
}
