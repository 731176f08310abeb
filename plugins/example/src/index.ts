import { definePlugin } from '@talentbridge/contracts';
import { ExampleClient } from './client.js';
import { exampleCredentials, exampleSettings } from './credentials.js';
import { exampleExport } from './export.js';
import { examplePermissions } from './permissions.js';
import { exampleRediscovery } from './rediscovery.js';
import { exampleWebhooks } from './webhooks.js';

/** Example ATS, both ways: Export, Rediscovery and Webhooks. Its API is made up, and described in ../README.md. */
export default definePlugin({
  id: 'example',
  displayName: 'Example ATS',
  description: 'Sends candidates to Example ATS and mirrors it: a fictional vendor that shows how a plugin is built.',
  contracts: '^1.0.0',
  hosts: ['api.example-ats.test'],
  credentials: exampleCredentials,
  settings: exampleSettings,
  requirements: [
    {
      id: 'api-key',
      title: 'An API key',
      steps: [
        'In Example ATS open Settings > API keys and choose New key.',
        'Tick jobs:read, candidates:read, candidates:write and webhooks:manage, then copy the key.',
      ],
      capabilities: ['export', 'rediscovery', 'webhooks'],
    },
  ],
  connect: ({ credentials, settings, http }) => new ExampleClient(http, credentials.apiKey, settings.sourceName),
  identify: async (client, ctx) => {
    const { account } = await client.whoAmI(ctx);
    return { accountId: account.id, label: account.name };
  },
  capabilities: {
    permissions: examplePermissions,
    export: exampleExport,
    rediscovery: exampleRediscovery,
    webhooks: exampleWebhooks,
  },
});
