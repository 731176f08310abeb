import { definePlugin } from '@talentbridge/contracts';
import { IcimsClient } from './client.js';
import { icimsCredentials } from './credentials.js';
import { icimsExport } from './export.js';
import { identify } from './identify.js';
import { PortalJobs } from './jobs.js';
import { People } from './people.js';
import { icimsPermissions } from './permissions.js';
import { readPortalUrl } from './portal-url.js';
import { icimsRediscovery } from './rediscovery.js';
import { REGIONS, regionOf } from './regions.js';
import { icimsRequirements } from './requirements.js';
import { icimsSettings } from './settings.js';
import { Workflows } from './workflows.js';

/** iCIMS, both ways: Export, and Rediscovery as far as public facts carry. Admin set-up steps are in ../README.md. */
export default definePlugin({
  id: 'icims',
  displayName: 'iCIMS',
  description:
    'Sends candidates to iCIMS, as prospects or with a recruiting workflow on a job, and shows the people whom iCIMS holds.',
  contracts: '^1.0.0',
  hosts: [
    {
      setting: 'region',
      hosts: { us: [REGIONS.us.apiHost], eu: [REGIONS.eu.apiHost], ca: [REGIONS.ca.apiHost] },
    },
  ],
  credentials: icimsCredentials,
  settings: icimsSettings,
  requirements: icimsRequirements,
  // A cap on calls at once exists and its number is not public: 4 is INFERRED. The headers and the 10,000 calls of a day are
  // CONFIRMED (iCIMS sheet §3).
  pace: ({ backgroundReserve }) => ({
    concurrency: 4,
    quota: {
      limitHeader: 'x-ratelimit-limit',
      remainingHeader: 'x-ratelimit-remaining',
      resetHeader: 'x-ratelimit-reset',
      keep: { work: 0.01, background: Number(backgroundReserve) },
    },
  }),
  connect({ credentials: { customerId, username, password, jobUrls }, settings, http }) {
    const { sourceName, linkedinField, recruiterSubmittedStatusId, sendResume } = settings;
    const region = regionOf(settings.region);
    const client = new IcimsClient(http, { host: REGIONS[region].apiHost, customerId, username, password });
    const portals = portalsOf(jobUrls);
    return {
      client,
      customerId,
      region,
      portals,
      sendResume,
      linkedinField,
      backgroundReserve: Number(settings.backgroundReserve),
      jobs: new PortalJobs(client, portals),
      people: new People(client, linkedinField),
      workflows: new Workflows(client, { sourceName, recruiterSubmittedStatusId }),
    };
  },
  identify: async ({ client, customerId, region }, ctx) =>
    (await identify(client, ctx, { customerId, region })).account,
  capabilities: {
    permissions: (parts) => icimsPermissions(parts),
    export: (parts) => icimsExport(parts),
    rediscovery: (parts) => icimsRediscovery(parts),
  },
});

/** The portals of the URLs, each once; the form has refused what is no URL of a portal. */
function portalsOf(jobUrls: readonly string[]): readonly string[] {
  const portals = jobUrls.flatMap((url) => {
    const read = readPortalUrl(url);
    return 'problem' in read ? [] : [read.portal];
  });
  return [...new Set(portals)];
}
