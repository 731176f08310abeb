import { definePlugin, type HttpClient } from '@talentbridge/contracts';
import { startConnection } from '@talentbridge/testkit';
import { describe, expect, it } from 'vitest';
import { type ApiFamily, V2, versioned } from '../src/api-family.js';
import { LinkedInApi } from '../src/client.js';
import { linkedInCredentials } from '../src/credentials.js';
import plugin from '../src/index.js';
import { Integrations } from '../src/integrations.js';
import { compoundKeys, integrationKey, keyText } from '../src/keys.js';
import { linkedInPermissions } from '../src/permissions.js';
import { RecruiterActivity } from '../src/recruiter.js';
import { requestFor } from '../src/requests.js';
import { LinkedInSession } from '../src/session.js';
import { linkedInSystemConnect } from '../src/system-connect.js';
import { CREDENTIALS, hostsAt } from './connect.js';
import { candidate, note } from './mirrored.js';
import { ORGANIZATION, startEnabled } from './start-linkedin.js';

const REST = versioned('202604');

describe('the two families of paths (sheet §1)', () => {
  it.each([
    ['/v2', V2, {}, 'atsCandidateId=C-1&dataProvider=ATS&integrationContext=urn:li:organization:1234'],
    ['/rest', REST, { 'linkedin-version': '202604' }, 'atsCandidateId=C-1&integrationContext=urn:li:organization:1234'],
  ])('%s: prefix, version and provider follow from the family alone', (prefix, family, headers, key) => {
    const keys = compoundKeys('atsCandidateId', family, ORGANIZATION);
    expect(keys.text('C-1')).toBe(key);
    const call = {
      method: 'PUT',
      restli: 'batch_update',
      resource: 'atsCandidates',
      query: keys.query('C-1', 0),
      body: {},
    } as const;
    const request = requestFor(family, call);
    const query = key.split('&').map((part) => `ids[0].${part.replaceAll(':', '%3A')}`);
    expect(request).toMatchObject({
      url: `https://api.linkedin.com${prefix}/atsCandidates?${query.join('&')}`,
      headers: { ...headers, 'x-restli-method': 'batch_update' },
    });
    expect(Object.keys(request.headers ?? {}).includes('linkedin-version')).toBe(family === REST);
  });

  it('/rest calls integrations otherwise', () => {
    const call = { method: 'GET', resource: 'atsIntegrations' } as const;
    expect(requestFor(REST, call).url).toBe('https://api.linkedin.com/rest/integrations');
    expect(requestFor(V2, call).url).toBe('https://api.linkedin.com/v2/atsIntegrations');
    expect(keyText(integrationKey(REST, 'CSA_API', 'urn:li:contract:42'))).toBe(
      'integrationContext=urn:li:contract:42&integrationType=CSA_API&tenantType=RECRUITER',
    );
  });

  it('RSC-505: everything works by /rest as it does by /v2', async () => {
    await using linkedIn = await startEnabled();
    const target = { hostOverrides: hostsAt(linkedIn.simulator.url), credentials: CREDENTIALS };
    await using connection = await startConnection(pluginBy(REST), target);
    const { systemConnect, ctx } = connection;
    await systemConnect.prepare(ctx, { name: 'Hub', jobViewers: 'everybody' });
    expect((await systemConnect.integrations(ctx)).every(({ status }) => status === 'enabled')).toBe(true);
    await systemConnect.push(ctx, { kind: 'candidate', records: [{ candidate: candidate() }] });
    const notes = { kind: 'candidateNote', records: [{ note: note(), candidateRemoteId: 'C-1' }] } as const;
    expect(await systemConnect.push(ctx, notes)).toEqual([{ ok: true }]);
    expect(await systemConnect.matches(ctx, ['C-1'])).toMatchObject([{ candidateRemoteId: 'C-1' }]);
    expect((await systemConnect.seats(ctx, {})).seats).not.toHaveLength(0);
  });
});

/** The plugin, built on another family. */
function pluginBy(family: ApiFamily) {
  const { id, displayName, description, contracts, hosts, settings, requirements } = plugin;
  const open = (http: HttpClient, { clientId, clientSecret }: ConstructorParameters<typeof LinkedInSession>[1]) => {
    const session = new LinkedInSession(http, { clientId, clientSecret });
    const { organizationUrn: organization, contractUrn: contract } = CREDENTIALS;
    return new LinkedInApi(session, { clientId, organization, contract }, family);
  };
  return definePlugin({
    id,
    displayName,
    description,
    contracts,
    hosts,
    settings,
    requirements,
    credentials: linkedInCredentials,
    connect: ({ credentials: { childClientId: clientId, childClientSecret: clientSecret }, http }) =>
      open(http, { clientId, clientSecret }),
    identify: async () => ({ accountId: 'any' }),
    capabilities: {
      permissions: (api) => linkedInPermissions(api, new Integrations(api), new RecruiterActivity(api)),
      systemConnect: (api) => linkedInSystemConnect(api, new Integrations(api), new RecruiterActivity(api)),
    },
  });
}
