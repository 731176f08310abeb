import { definePlugin, present } from '@talentbridge/contracts';
import { V2 } from './api-family.js';
import { LinkedInApi } from './client.js';
import { linkedInCredentials } from './credentials.js';
import { Integrations } from './integrations.js';
import { linkedInPace } from './pace.js';
import { linkedInPermissions } from './permissions.js';
import { RecruiterActivity } from './recruiter.js';
import { linkedInRequirements } from './requirements.js';
import { LinkedInSession } from './session.js';
import { linkedInSettings } from './settings.js';
import { linkedInSystemConnect } from './system-connect.js';
import { linkedInWebhooks } from './webhooks.js';

/** LinkedIn Recruiter: joins a mirrored ATS with it by Recruiter System Connect. Admin set-up steps are in ../README.md. */
export default definePlugin({
  id: 'linkedin-recruiter',
  displayName: 'LinkedIn Recruiter',
  description:
    'Shows recruiters in LinkedIn what the ATS holds, and brings exports, InMails and notes of recruiters back.',
  contracts: '^1.0.0',
  hosts: ['www.linkedin.com', 'api.linkedin.com'],
  credentials: linkedInCredentials,
  settings: linkedInSettings,
  requirements: linkedInRequirements,
  pace: linkedInPace,
  connect({ credentials: { childClientId, childClientSecret, organizationUrn, contractUrn }, settings, http }) {
    const session = new LinkedInSession(http, { clientId: childClientId, clientSecret: childClientSecret });
    const names = { clientId: childClientId, organization: organizationUrn, contract: contractUrn };
    const customer = { ...names, ...present({ careersUrl: settings.careersUrl }) };
    const api = new LinkedInApi(session, customer, V2);
    return {
      api,
      clientSecret: childClientSecret,
      integrations: new Integrations(api),
      activity: new RecruiterActivity(api),
    };
  },
  async identify({ api }, ctx) {
    await api.signIn(ctx);
    const { organization, contract } = api.customer;
    return {
      accountId: `${organization}/${contract}`,
      label: `Organization ${numberIn(organization)}, contract ${numberIn(contract)}`,
    };
  },
  capabilities: {
    permissions: ({ api, integrations, activity }) => linkedInPermissions(api, integrations, activity),
    systemConnect: ({ api, integrations, activity }) => linkedInSystemConnect(api, integrations, activity),
    webhooks: ({ integrations, clientSecret }) => linkedInWebhooks(integrations, clientSecret),
  },
});

function numberIn(urn: string): string {
  return urn.slice(urn.lastIndexOf(':') + 1);
}
