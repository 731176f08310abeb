import { credentialFields, type FieldProblem, type FieldValue } from '@talentbridge/contracts';
import { z } from 'zod';
import { portalProblem, portalUrl, portalUrlCheck, readPortalUrl } from './portal-url.js';
import { REGIONS, regionOf } from './regions.js';

/** What an admin enters to connect iCIMS (iCIMS sheet §2 and §14, CONFIRMED by the set-up article). */
export const icimsCredentials = credentialFields(
  {
    customerId: {
      kind: 'text',
      label: 'Customer ID',
      help: 'The number that iCIMS assigned to your company.',
      placeholder: '1234',
      check: z.string().regex(/^\d{1,12}$/, 'A customer ID is a number.'),
    },
    username: {
      kind: 'text',
      label: 'User name',
      help: 'Of the API user that iCIMS made for this integration.',
      // Basic authentication ends the user name at its first colon.
      check: z.string().regex(/^[^:]+$/, 'A user name has no colon.'),
    },
    password: { kind: 'secret', label: 'Password', help: 'Of the API user.' },
    jobUrls: {
      kind: 'urlList',
      label: 'Job URLs',
      help: 'The search URL of each job portal whose jobs candidates may be exported to, separated by commas. The number of a portal is enough: 1, 2.',
      placeholder: 'https://api.icims.com/customers/1234/search/portals/1',
      complete: (entry, { entered, settings }) => {
        const { customerId } = entered;
        if (!/^\d{1,9}$/.test(entry) || customerId === undefined || !/^\d+$/.test(customerId)) return entry;
        return portalUrl({ host: REGIONS[regionOf(settings['region'])].apiHost, customerId, portal: entry });
      },
      check: portalUrlCheck,
    },
  },
  portalsOfThisCustomer,
);

/** Refuses portals of another customer or region, naming each URL by its place. */
function portalsOfThisCustomer(
  values: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, FieldValue>>,
): readonly FieldProblem[] {
  const { customerId, jobUrls } = values;
  if (typeof customerId !== 'string' || !Array.isArray(jobUrls)) return [];
  const region = regionOf(settings['region']);
  return jobUrls.flatMap((url: unknown, index) => {
    const read = readPortalUrl(String(url));
    const problem = 'problem' in read ? read.problem : portalProblem(read, { customerId, region });
    return problem === undefined
      ? []
      : [{ field: 'jobUrls', message: `URL ${index + 1} of ${jobUrls.length}: ${problem}` }];
  });
}
