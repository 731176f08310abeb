import { definePlugin } from '@talentbridge/contracts';
import { SmartRecruitersApi } from './api.js';
import { SmartRecruitersClient } from './client.js';
import { smartRecruitersCredentials } from './credentials.js';
import { smartRecruitersExport } from './export.js';
import { identify } from './identify.js';
import { smartRecruitersPace } from './pace.js';
import { smartRecruitersPermissions } from './permissions.js';
import { smartRecruitersRediscovery } from './rediscovery.js';
import { smartRecruitersRequirements } from './requirements.js';
import { CANDIDATE_PAGES, ENVIRONMENT_HOSTS, environmentOf, smartRecruitersSettings } from './settings.js';
import { Subscriptions } from './subscriptions.js';
import { smartRecruitersWebhooks } from './webhooks.js';

/** SmartRecruiters: Export, Rediscovery and Webhooks. Admin set-up steps are in ../README.md. */
export default definePlugin({
  id: 'smartrecruiters',
  displayName: 'SmartRecruiters',
  description: 'Sends candidates to SmartRecruiters, and mirrors its candidates, applications and jobs.',
  contracts: '^1.0.0',
  hosts: [
    {
      setting: 'environment',
      hosts: { production: [ENVIRONMENT_HOSTS.production], sandbox: [ENVIRONMENT_HOSTS.sandbox] },
    },
  ],
  credentials: smartRecruitersCredentials,
  settings: smartRecruitersSettings,
  requirements: smartRecruitersRequirements,
  pace: smartRecruitersPace,
  connect: ({ credentials: { smartToken }, settings, http }) => {
    const environment = environmentOf(settings.environment);
    const api = new SmartRecruitersApi(http, { smartToken, host: ENVIRONMENT_HOSTS[environment] });
    const client = new SmartRecruitersClient(api, environment === 'production' ? CANDIDATE_PAGES : undefined);
    const subscriptions = new Subscriptions(api);
    const { sourceName, mirrorAttachments } = settings;
    return { client, subscriptions, environment, sourceName, attachments: mirrorAttachments !== 'off' };
  },
  identify: ({ client, environment }, ctx) => identify(client, environment, ctx),
  capabilities: {
    permissions: ({ client, subscriptions }) => smartRecruitersPermissions(client, subscriptions),
    export: ({ client, sourceName }) => smartRecruitersExport(client, sourceName),
    rediscovery: ({ client, attachments }) => smartRecruitersRediscovery(client, { attachments }),
    webhooks: ({ subscriptions, attachments }) => smartRecruitersWebhooks(subscriptions, { attachments }),
  },
});
