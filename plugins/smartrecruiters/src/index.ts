import { definePlugin } from '@talentbridge/contracts';
import { SmartRecruitersClient } from './client.js';
import { smartRecruitersCredentials } from './credentials.js';
import { smartRecruitersExport } from './export.js';
import { identify } from './identify.js';
import { smartRecruitersPace } from './pace.js';
import { smartRecruitersPermissions } from './permissions.js';
import { smartRecruitersRequirements } from './requirements.js';
import { ENVIRONMENT_HOSTS, environmentOf, smartRecruitersSettings } from './settings.js';

/** SmartRecruiters, one way: Export. Admin set-up steps are in ../README.md. */
export default definePlugin({
  id: 'smartrecruiters',
  displayName: 'SmartRecruiters',
  description: 'Sends candidates to SmartRecruiters, into the talent pool or to a job.',
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
    const client = new SmartRecruitersClient(http, { smartToken, host: ENVIRONMENT_HOSTS[environment] });
    return { client, environment, sourceName: settings.sourceName };
  },
  identify: ({ client, environment }, ctx) => identify(client, environment, ctx),
  capabilities: {
    permissions: ({ client }) => smartRecruitersPermissions(client),
    export: ({ client, sourceName }) => smartRecruitersExport(client, sourceName),
  },
});
