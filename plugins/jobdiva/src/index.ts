import { definePlugin } from '@talentbridge/contracts';
import { CANDIDATE_READS, JobDivaClient } from './client.js';
import { jobDivaCredentials } from './credentials.js';
import { jobDivaExport } from './export.js';
import { jobDivaPermissions } from './permissions.js';
import { JobDivaRecords } from './records.js';
import { jobDivaRediscovery } from './rediscovery.js';
import { jobDivaRequirements } from './requirements.js';
import { JobDivaSession } from './session.js';
import { API_HOSTS, isRegion, jobDivaSettings, mirrorChoices } from './settings.js';

/** JobDiva: Export into it, and Rediscovery of what it holds. Admin set-up steps are in ../README.md. */
export default definePlugin({
  id: 'jobdiva',
  displayName: 'JobDiva',
  description:
    'Sends candidates to JobDiva, to a job or to the pool, and mirrors the candidates, jobs and applications that it holds.',
  contracts: '^1.0.0',
  hosts: [{ setting: 'region', hosts: { us: [API_HOSTS.us], uk: [API_HOSTS.uk] } }],
  credentials: jobDivaCredentials,
  settings: jobDivaSettings,
  requirements: jobDivaRequirements,
  // What works (JobDiva sheet §4, CONFIRMED by a client in production): one request at a time, candidate reads 1.5 s apart.
  pace: { concurrency: 1, lanes: { [CANDIDATE_READS]: { concurrency: 1, rate: { requests: 1, perMs: 1_500 } } } },
  connect({ credentials: { clientId, username, password }, settings, http }) {
    const host = API_HOSTS[isRegion(settings.region) ? settings.region : 'us'];
    const session = new JobDivaSession(http, { host, clientId, username, password });
    const client = new JobDivaClient(session, settings.webHost);
    const mirror = mirrorChoices(settings);
    return {
      client,
      records: new JobDivaRecords(client, mirror),
      mirror,
      accountId: `${host}/${clientId}`,
      label: `Client ${clientId}`,
      choices: {
        sourceName: settings.sourceName,
        ownerId: settings.ownerId === undefined ? undefined : Number(settings.ownerId),
        sendResume: settings.sendResume,
      },
    };
  },
  async identify({ client, accountId, label }, ctx) {
    await client.signIn(ctx);
    return { accountId, label };
  },
  capabilities: {
    permissions: ({ client, records, choices, mirror }) =>
      jobDivaPermissions(client, records, { ...choices, ...mirror }),
    export: ({ client, choices }) => jobDivaExport(client, choices),
    rediscovery: ({ records, mirror }) => jobDivaRediscovery(records, mirror),
  },
});
