import { z } from 'zod';
import { REGIONS, type RegionName } from './regions.js';

/** A job portal of one customer, as its search URL names it. */
export interface PortalUrl {
  readonly host: string;
  readonly customerId: string;
  /** A number, or the portal's name. */
  readonly portal: string;
}

const PATH = /^\/customers\/(\d+)\/search\/portals\/([A-Za-z0-9][\w.-]*)\/?$/;

/**
 * Reads a job-portal search URL: `https://<host>/customers/{customerId}/search/portals/{portal}` (iCIMS sheet §7.1,
 * CONFIRMED by the set-up article). Its query is left alone: `staleness=0` goes along with every request anyway.
 *
 * @returns What is wrong with it, as a sentence that follows "URL 2 of 3:", when it is none.
 */
export function readPortalUrl(text: string): PortalUrl | { readonly problem: string } {
  const url = URL.parse(text);
  if (url === null) return { problem: 'must be a full URL.' };
  if (url.protocol !== 'https:') return { problem: 'must begin with https://.' };
  if (url.username !== '' || url.password !== '') return { problem: 'must not carry a user name or password.' };
  if (url.port !== '') return { problem: 'must not name a port.' };
  const [, customerId, portal] = PATH.exec(url.pathname) ?? [];
  if (customerId === undefined || portal === undefined) {
    return {
      problem: 'must be the search URL of a job portal, ending in /customers/{customer ID}/search/portals/{portal}.',
    };
  }
  return { host: url.hostname, customerId, portal };
}

/** The search URL of a portal. */
export function portalUrl({ host, customerId, portal }: PortalUrl): string {
  return `https://${host}/customers/${customerId}/search/portals/${portal}`;
}

/** Checks the form of one URL; whose it is takes the customer ID and the region, which `portalProblem` knows. */
export const portalUrlCheck = z.string().superRefine((text, issues) => {
  const read = readPortalUrl(text);
  if ('problem' in read) issues.addIssue({ code: 'custom', message: read.problem });
});

/** Why a portal URL does not belong to this customer in this region. */
export function portalProblem(
  url: PortalUrl,
  owner: { readonly customerId: string; readonly region: RegionName },
): string | undefined {
  const { apiHost } = REGIONS[owner.region];
  if (url.host !== apiHost) return `its host must be ${apiHost}, the API of the region chosen in the settings.`;
  if (url.customerId !== owner.customerId) return 'it belongs to another customer than the Customer ID above.';
  return undefined;
}

/** Whether something is the address of a page that may be shown. */
export function isWebPage(url: string | undefined): url is string {
  return url !== undefined && URL.parse(url)?.protocol === 'https:';
}
