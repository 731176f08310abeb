import { definePlugin } from '@talentbridge/contracts';
import { JobScoreApi } from './api.js';
import { JobScoreClient } from './client.js';
import { jobScoreCredentials } from './credentials.js';
import { jobScoreExport } from './export.js';
import { identify } from './identify.js';
import { jobScorePermissions } from './permissions.js';
import { JobScoreReader } from './reader.js';
import { jobScoreRediscovery } from './rediscovery.js';
import { jobScoreRequirements } from './requirements.js';
import { jobScoreSettings } from './settings.js';
import { JobScoreSubscriptions } from './subscriptions.js';
import { jobScoreWebhooks } from './webhooks.js';

/** JobScore: Export, Rediscovery and Webhooks. Admin set-up steps are in ../README.md. */
export default definePlugin({
  id: 'jobscore',
  displayName: 'JobScore',
  description: 'Sends candidates to JobScore, as prospects or to a job, and mirrors what it holds.',
  contracts: '^1.0.0',
  hosts: ['api.jobscore.com'],
  credentials: jobScoreCredentials,
  settings: jobScoreSettings,
  requirements: jobScoreRequirements,
  connect: ({ credentials: { apiKey }, settings, http }) => {
    const api = new JobScoreApi(http, { apiKey, onBehalfOfUserId: settings.onBehalfOfUserId });
    return {
      client: new JobScoreClient(api),
      reader: new JobScoreReader(api),
      subscriptions: new JobScoreSubscriptions(api),
      settings,
    };
  },
  identify: ({ client }, ctx) => identify(client, ctx),
  capabilities: {
    permissions: ({ settings, ...clients }) => jobScorePermissions(clients, settings),
    export: ({ client, settings }) => jobScoreExport(client, settings),
    rediscovery: ({ reader }) => jobScoreRediscovery(reader),
    webhooks: ({ subscriptions }) => jobScoreWebhooks(subscriptions),
  },
});
