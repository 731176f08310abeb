import { credentialFields, definePlugin, failureOf, settingFields } from '@talentbridge/contracts';

/** Where the plugin believes its vendor to be. */
export const PACED_HOST = 'api.paced-ats.test';

/** What the vendor bears on each endpoint. */
export const PACED_LIMIT = { concurrency: 8, rate: { requests: 10, perMs: 1000 } } as const;

/**
 * An ATS that does nothing but count: ten requests a second on each endpoint, which are the lanes. Each account has
 * endpoints of its own, so that a fault can meet one account alone.
 */
export default definePlugin({
  id: 'paced',
  displayName: 'Paced ATS',
  description: 'Counts its requests.',
  contracts: '^1.0.0',
  hosts: [PACED_HOST],
  credentials: credentialFields({
    account: { kind: 'text', label: 'Account' },
    apiKey: { kind: 'secret', label: 'API key' },
  }),
  settings: settingFields({}),
  requirements: [],
  pace: { eachLane: PACED_LIMIT },
  connect: ({ credentials, http }) => ({ ...credentials, http }),
  identify: async ({ account }) => ({ accountId: account }),
  capabilities: {
    permissions: () => ({ check: async () => [] }),
    export: ({ account, apiKey, http }) => ({
      fields: [],
      limits: {},
      async listJobs(ctx) {
        const answer = await http.send(ctx, {
          method: 'GET',
          url: `https://${PACED_HOST}/${encodeURIComponent(account)}/jobs`,
          headers: { authorization: apiKey },
          lane: 'jobs',
        });
        if (answer.status !== 200) throw failureOf(answer, { atsName: 'Paced ATS', action: 'list jobs' });
        return { items: [] };
      },
      exportCandidate: async () => ({ remoteId: 'candidate-1', outcome: 'CREATED', warnings: [] }),
    }),
  },
});
