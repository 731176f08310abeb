import { definePlugin } from '@talentbridge/contracts';
import { JobScoreClient } from './client.js';
import { jobScoreCredentials } from './credentials.js';
import { jobScoreExport } from './export.js';
import { identify } from './identify.js';
import { jobScorePermissions } from './permissions.js';
import { jobScoreRequirements } from './requirements.js';
import { jobScoreSettings } from './settings.js';

/** JobScore, one way: Export. Admin set-up steps are in ../README.md. */
export default definePlugin({
  id: 'jobscore',
  displayName: 'JobScore',
  description: 'Sends candidates to JobScore, as prospects or to a job.',
  contracts: '^1.0.0',
  hosts: ['api.jobscore.com'],
  credentials: jobScoreCredentials,
  settings: jobScoreSettings,
  requirements: jobScoreRequirements,
  connect: ({ credentials: { apiKey }, settings, http }) => ({
    client: new JobScoreClient(http, { apiKey, onBehalfOfUserId: settings.onBehalfOfUserId }),
    settings,
  }),
  identify: ({ client }, ctx) => identify(client, ctx),
  capabilities: {
    permissions: ({ client, settings }) => jobScorePermissions(client, settings),
    export: ({ client, settings }) => jobScoreExport(client, settings),
  },
});
