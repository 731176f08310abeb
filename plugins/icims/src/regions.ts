/** Where a customer of iCIMS is hosted. */
export type RegionName = 'us' | 'eu' | 'ca';

/** A region as an admin chooses it. */
export interface Region {
  readonly label: string;
  /** The host of its API. */
  readonly apiHost: string;
}

/**
 * The regions there are. The first two hosts are CONFIRMED (iCIMS sheet §1); that Canada's follows the same pattern is
 * INFERRED, and so it is a setting and not guessed from anything else.
 */
export const REGIONS: Readonly<Record<RegionName, Region>> = {
  us: { label: 'United States and others (api.icims.com)', apiHost: 'api.icims.com' },
  eu: { label: 'European Union (api-eu.icims.com)', apiHost: 'api-eu.icims.com' },
  ca: { label: 'Canada (api-ca.icims.com)', apiHost: 'api-ca.icims.com' },
};

/** The region that a setting names; the United States when it names none. */
export function regionOf(setting: unknown): RegionName {
  return setting === 'eu' || setting === 'ca' ? setting : 'us';
}
