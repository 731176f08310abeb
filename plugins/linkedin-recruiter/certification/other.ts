import { definePlugin } from '@talentbridge/contracts';
import { versioned } from '../dist/src/api-family.js';
import { LinkedInApi } from '../dist/src/client.js';
import { linkedInCredentials } from '../dist/src/credentials.js';
import plugin from '../dist/src/index.js';
import { Integrations } from '../dist/src/integrations.js';
import { linkedInPermissions } from '../dist/src/permissions.js';
import { RecruiterActivity } from '../dist/src/recruiter.js';
import { LinkedInSession } from '../dist/src/session.js';
import { linkedInSystemConnect } from '../dist/src/system-connect.js';
import { startPluginStand } from './plugin-stand.ts';
import type { Exercises } from './protocol.ts';
import { CUSTOMERS, MEMBERS } from './recruiter-pages.ts';
import { sendAda } from './syncing.ts';

const VERSION = '202604';

/** Module 6. */
export const other: Exercises = {
  async 'RSC-601'(protocol) {
    await using stand = await startPluginStand();
    protocol.step(`The same plugin is built on the family of paths with versions, ${VERSION}: one line of code.`);
    const connection = await stand.connect(CUSTOMERS.exampleco, versionedPlugin());
    const { systemConnect, ctx } = connection;
    const from = stand.recorder.count;
    const statuses = (await systemConnect.integrations(ctx)).map(({ status }) => status);
    protocol.equal('how integrations stand', [...new Set(statuses)], ['enabled']);
    await sendAda({ connection });
    protocol.equal('whom LinkedIn took the candidate for', await systemConnect.matches(ctx, ['C-77']), [
      { candidateRemoteId: 'C-77', member: MEMBERS.ada, byHand: false },
    ]);
    const { seats } = await systemConnect.seats(ctx, {});
    protocol.holds('seats are told', seats.length > 0, seats.length);
    const calls = stand.recorder.since(from).filter(({ path }) => !path.startsWith('/oauth/'));
    protocol.holds(
      'every call went to `/rest`',
      calls.every(({ path }) => path.startsWith('/rest/')),
      calls.length,
    );
    const versions = [...new Set(calls.map(({ headers }) => headers['linkedin-version']))];
    protocol.equal('versions that were asked for', versions, [VERSION]);
    protocol.show(calls);
  },
};

/** The plugin, built on the family with versions. */
function versionedPlugin(): typeof plugin {
  const { id, displayName, description, contracts, hosts, settings, requirements } = plugin;
  return definePlugin({
    id,
    displayName,
    description,
    contracts,
    hosts,
    settings,
    requirements,
    credentials: linkedInCredentials,
    connect({ credentials: { childClientId, childClientSecret, organizationUrn, contractUrn }, http }) {
      const session = new LinkedInSession(http, { clientId: childClientId, clientSecret: childClientSecret });
      const customer = { clientId: childClientId, organization: organizationUrn, contract: contractUrn };
      const api = new LinkedInApi(session, customer, versioned(VERSION));
      return { api, integrations: new Integrations(api), activity: new RecruiterActivity(api) };
    },
    identify: async () => ({ accountId: 'any' }),
    capabilities: {
      permissions: ({ api, integrations, activity }) => linkedInPermissions(api, integrations, activity),
      systemConnect: ({ api, integrations, activity }) => linkedInSystemConnect(api, integrations, activity),
    },
  });
}
