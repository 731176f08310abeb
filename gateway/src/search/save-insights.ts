import type {
  Hub,
  InsightsAbout,
  InsightsFormat,
  InsightsLink,
  InsightsPaper,
  OrganizationScope,
  PeopleFound,
  PeopleQuery,
} from '@talentbridge/hub';

/** Makes a file of the Insights of one search, for whoever searched. */
export type SaveInsights = (format: InsightsFormat, paper: InsightsPaper) => Promise<InsightsLink>;

/** What was searched. */
export interface SavedSearch {
  readonly asked: PeopleQuery;
  readonly whose: InsightsAbout['whose'];
  /** The name of what was searched, for people. */
  readonly among: () => Promise<string>;
}

/** Makes files of the Insights that a search has counted: nothing is searched again, so that they say what the screen shows. */
export function saveInsightsOf(
  { insightsFiles, deployment }: Pick<Hub, 'insightsFiles' | 'deployment'>,
  scope: OrganizationScope,
  { asked, whose, among }: SavedSearch,
  { insights, indexing }: PeopleFound,
): SaveInsights {
  const madeAt = new Date();
  const links = new Map<string, Promise<InsightsLink>>();
  const make = async (format: InsightsFormat, paper: InsightsPaper): Promise<InsightsLink> => {
    if (!insights) throw new Error('A search that counted nothing has no Insights to be saved.');
    const about = { ...asked, whose, brand: deployment.brand, among: await among(), indexing, madeAt, paper };
    return insightsFiles.make(scope, insights, about, format);
  };
  return (format, paper) => {
    const key = `${format} ${paper}`;
    // Asked for twice in one operation, it is made once.
    const link = links.get(key) ?? make(format, paper);
    links.set(key, link);
    return link;
  };
}
