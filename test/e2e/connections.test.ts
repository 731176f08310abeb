import { randomUUID } from 'node:crypto';
import { SIMULATED_API_KEY } from '@talentbridge/plugin-example/simulator';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Organization, startWorld, type World } from '../support/connections-world.ts';

const ERROR = '... on UserError { code message }';
const CREATE = `mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { __typename
  ... on Connection { id name status setupStep } ${ERROR}
  ... on CapabilityOff { pluginId capability switchedOnBy } ... on InvalidInput { problems { field message } } } }`;
const ACKNOWLEDGE = `mutation ($id: ID!) { acknowledgeRequirements(connectionId: $id) { __typename
  ... on Connection { id status setupStep requirementsAcknowledgedAt } ${ERROR} ... on NotFound { recordType id } } }`;
const REPORT = `report { verifiedAt allGood complete checks { id label status reason remedy } testCandidate { name id url reused } }`;
const SUBMIT = `mutation ($input: SubmitCredentialsInput!) { submitCredentials(input: $input) { __typename
  ... on ConnectionVerified { connection { id status setupStep accountLabel attentionReason } ${REPORT} } ${ERROR}
  ... on InvalidInput { problems { field message } } ... on WrongState { state } ... on NotFound { recordType id } } }`;
const VERIFY = `mutation ($input: VerifyConnectionInput!) { verifyConnection(input: $input) { __typename
  ... on ConnectionVerified { connection { id status setupStep attentionReason } ${REPORT} } ${ERROR}
  ... on CapabilityOff { pluginId capability switchedOnBy } ... on WrongState { state } ... on NotFound { recordType id } } }`;
const FINISH = `mutation ($id: ID!) { finishConnection(connectionId: $id) { __typename
  ... on Connection { id status setupStep } ${ERROR} ... on WrongState { state } ... on NotFound { recordType id } } }`;
const UPDATE = `mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { __typename
  ... on ConnectionUpdated { connection { id name status attentionReason settings { field { name } value } } ${REPORT} } ${ERROR}
  ... on InvalidInput { problems { field message } } ... on WrongState { state } ... on NotFound { recordType id } } }`;
const REMOVE = `mutation ($id: ID!) { removeConnection(connectionId: $id) { __typename
  ... on Connection { id status } ${ERROR} ... on NotFound { recordType id } } }`;
const SWITCH = `mutation ($input: SetCapabilityInput!) { setCapability(input: $input) { __typename
  ... on PluginCapability { capability availability { on reason switchedOnBy } } ${ERROR}
  ... on CapabilityOff { pluginId capability switchedOnBy } ... on InvalidInput { problems { field message } } } }`;
const ENTITLE = `mutation ($input: SetEntitlementInput!) { setEntitlement(input: $input) { __typename
  ... on Entitlement { organizationId tier integrationsEnabled
    plugins { pluginId displayName capabilities { capability comesAlong availability { on reason switchedOnBy } } } } ${ERROR} } }`;
const CONNECTION = `query ($id: ID!) { connection(id: $id) { id name status setupStep attentionReason accountLabel leftBehind
  plugin { id displayName installed } capabilities { capability availability { on reason switchedOnBy } }
  requirements { id title steps capabilities } requirementsAcknowledgedAt outgoingAddresses
  credentials { field { name label kind secret required } isSet } settings { field { name kind defaultValue } value }
  lastVerification { allGood complete checks { id status } } createdAt updatedAt } }`;
const LIST = `query ($first: Int! = 50, $after: String) { connections(first: $first, after: $after) {
  nodes { id name } edges { cursor node { id } } totalCount pageInfo { hasNextPage hasPreviousPage endCursor } } }`;

let world: World;
let acme: Organization;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  world.vendor.reset();
  acme = world.organization();
});

/** A connection that was begun, and its requirements acknowledged. */
async function begun(organization = acme, name = 'Main'): Promise<string> {
  const input = { pluginId: 'example', capabilities: ['EXPORT'], name };
  const { id } = await organization.field('ADMIN', CREATE, { input });
  await organization.field('ADMIN', ACKNOWLEDGE, { id });
  return id;
}

function submission(connectionId: string, apiKey = SIMULATED_API_KEY, testTarget: object | null = { prospect: true }) {
  return { input: { connectionId, credentials: [{ name: 'apiKey', value: apiKey }], testTarget } };
}

async function connected(organization = acme, name = 'Main'): Promise<string> {
  const id = await begun(organization, name);
  await organization.field('ADMIN', SUBMIT, submission(id));
  await organization.field('ADMIN', FINISH, { id });
  return id;
}

describe('the overview', () => {
  it("CON-1: lists the organization's own connections, oldest first, in pages", async () => {
    const ids = [await begun(acme, 'One'), await begun(acme, 'Two'), await begun(acme, 'Three')];
    await begun(world.organization(), 'Of somebody else');

    const first = await acme.field('RECRUITER', LIST, { first: 2 });
    expect(first.nodes).toEqual([
      { id: ids[0], name: 'One' },
      { id: ids[1], name: 'Two' },
    ]);
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const rest = await acme.field('RECRUITER', LIST, { first: 2, after: first.pageInfo.endCursor });
    expect(rest.edges).toMatchObject([{ node: { id: ids[2] } }]);
    expect(rest).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: false, hasPreviousPage: true } });
  });

  it('CON-1: answers connections, catalog, entitlement and audit log in one operation', async () => {
    const id = await connected();
    const answer = await acme.ask(
      'ADMIN',
      `{ connections { nodes { id status plugin { displayName } capabilities { capability } lastVerification { verifiedAt } } }
         catalog { id displayName } entitlement { tier } auditLog { nodes { action } } }`,
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toMatchObject({
      connections: {
        nodes: [
          {
            id,
            status: 'CONNECTED',
            plugin: { displayName: 'Example ATS' },
            capabilities: [{ capability: 'EXPORT' }],
            lastVerification: { verifiedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
          },
        ],
      },
      catalog: [{ id: 'example', displayName: 'Example ATS' }],
      entitlement: { tier: 'PROFESSIONAL' },
    });
  });

  it('CON-4, CON-9: the catalog says all that adding a connection asks for', async () => {
    const [plugin] = await acme.field(
      'VIEWER',
      `{ catalog { id displayName description contracts outgoingAddresses
          capabilities { capability comesAlong availability { on } }
          requirements { id title steps capabilities }
          credentials { fields { name label help placeholder kind required defaultValue choices { value label } secret } jsonSchema }
          settings { fields { name kind required defaultValue secret } jsonSchema } } }`,
    );
    expect(plugin).toMatchObject({
      id: 'example',
      contracts: '^1.0.0',
      outgoingAddresses: ['192.0.2.10', '192.0.2.11'],
      capabilities: expect.arrayContaining([
        { capability: 'EXPORT', comesAlong: false, availability: { on: true } },
        { capability: 'PERMISSIONS', comesAlong: true, availability: { on: true } },
      ]),
      requirements: [{ id: 'api-key', title: 'An API key', capabilities: ['EXPORT', 'REDISCOVERY', 'WEBHOOKS'] }],
    });
    expect(plugin.credentials).toMatchObject({
      fields: [
        {
          name: 'apiKey',
          label: 'API key',
          kind: 'SECRET',
          required: true,
          defaultValue: null,
          choices: [],
          secret: true,
        },
      ],
      jsonSchema: { properties: { apiKey: { type: 'string', writeOnly: true } }, required: ['apiKey'] },
    });
    expect(plugin.settings).toMatchObject({
      fields: [{ name: 'sourceName', kind: 'TEXT', required: false, defaultValue: 'Acme Talent', secret: false }],
      jsonSchema: { properties: { sourceName: { default: 'Acme Talent' } }, required: [] },
    });
  });

  it('shows a connection whose plugin was taken out of the deployment', async () => {
    const id = await connected();
    await using without = await startWorld({ databaseUrl: world.databaseUrl, plugins: [] });
    const again = without.organization(acme.id);
    expect(await again.field('ADMIN', CONNECTION, { id })).toMatchObject({
      status: 'CONNECTED',
      setupStep: null,
      plugin: { id: 'example', displayName: 'example', installed: false },
      requirements: [],
      credentials: [],
    });
    expect(await again.field('ADMIN', VERIFY, { input: { connectionId: id } })).toMatchObject({
      message: expect.stringContaining('The operator can install it again.'),
    });
  });
});

describe('what may be used', () => {
  it('CON-2: a tier that lacks a capability refuses it by type, and the operator can change that', async () => {
    const operator = world.organization();
    const input = { organizationId: acme.id, tier: 'ESSENTIAL' };
    expect(await operator.field('OPERATOR', ENTITLE, { input })).toMatchObject({
      __typename: 'Entitlement',
      organizationId: acme.id,
      tier: 'ESSENTIAL',
      integrationsEnabled: true,
      plugins: [{ pluginId: 'example', displayName: 'Example ATS' }],
    });
    const creation = { input: { pluginId: 'example', capabilities: ['EXPORT'] } };
    expect(await acme.field('ADMIN', CREATE, creation)).toEqual({
      __typename: 'CapabilityOff',
      code: 'CAPABILITY_OFF',
      message:
        'The Essential license does not include Export with Example ATS. The operator of this deployment can change that.',
      pluginId: 'example',
      capability: 'EXPORT',
      switchedOnBy: 'OPERATOR',
    });
    const [{ capabilities }] = await acme.field(
      'ADMIN',
      '{ catalog { capabilities { capability availability { on reason switchedOnBy } } } }',
    );
    expect(capabilities).toContainEqual({
      capability: 'EXPORT',
      availability: {
        on: false,
        reason: 'The Essential license does not include Export with Example ATS.',
        switchedOnBy: 'OPERATOR',
      },
    });
    expect(
      await acme.field('ADMIN', SWITCH, { input: { pluginId: 'example', capability: 'EXPORT', enabled: true } }),
    ).toMatchObject({
      __typename: 'CapabilityOff',
      switchedOnBy: 'OPERATOR',
    });

    await operator.field('OPERATOR', ENTITLE, { input: { organizationId: acme.id, tier: 'ENTERPRISE' } });
    expect(await acme.field('ADMIN', CREATE, creation)).toMatchObject({ __typename: 'Connection' });
    // The operator's own organization is as it was.
    expect(await operator.field('OPERATOR', '{ entitlement { tier } }')).toEqual({ tier: 'PROFESSIONAL' });
    expect(await acme.field('ADMIN', '{ auditLog { nodes { action actorId } } }')).toMatchObject({
      nodes: expect.arrayContaining([{ action: 'entitlement.set', actorId: 'OPERATOR-1' }]),
    });
  });

  it('CON-2: integrations that are off close everything', async () => {
    const input = { organizationId: acme.id, integrationsEnabled: false };
    await world.organization().field('OPERATOR', ENTITLE, { input });
    expect(
      await acme.field(
        'ADMIN',
        '{ entitlement { tier integrationsEnabled plugins { capabilities { availability { on switchedOnBy } } } } }',
      ),
    ).toEqual({
      tier: 'PROFESSIONAL',
      integrationsEnabled: false,
      plugins: [
        {
          capabilities: [
            { availability: { on: false, switchedOnBy: 'OPERATOR' } },
            { availability: { on: false, switchedOnBy: 'OPERATOR' } },
            { availability: { on: false, switchedOnBy: 'OPERATOR' } },
            { availability: { on: false, switchedOnBy: 'OPERATOR' } },
          ],
        },
      ],
    });
  });

  it("CON-2: an admin's switch refuses by type, says who can switch it on, and loses nothing", async () => {
    const id = await connected();
    const off = { input: { pluginId: 'example', capability: 'EXPORT', enabled: false } };
    expect(await acme.field('ADMIN', SWITCH, off)).toEqual({
      __typename: 'PluginCapability',
      capability: 'EXPORT',
      availability: { on: false, reason: 'Export with Example ATS is switched off.', switchedOnBy: 'ADMIN' },
    });
    expect(await acme.field('ADMIN', VERIFY, { input: { connectionId: id } })).toEqual({
      __typename: 'CapabilityOff',
      code: 'CAPABILITY_OFF',
      message: 'Export with Example ATS is switched off. An admin of the organization can switch it on.',
      pluginId: 'example',
      capability: 'EXPORT',
      switchedOnBy: 'ADMIN',
    });
    expect(await acme.field('ADMIN', CONNECTION, { id })).toMatchObject({
      status: 'CONNECTED',
      capabilities: [{ capability: 'EXPORT', availability: { on: false, switchedOnBy: 'ADMIN' } }],
    });
    await acme.field('ADMIN', SWITCH, { input: { ...off.input, enabled: true } });
    expect(await acme.field('ADMIN', VERIFY, { input: { connectionId: id } })).toMatchObject({
      __typename: 'ConnectionVerified',
    });
  });

  it('CON-2: a switch of something that has none is refused', async () => {
    expect(
      await acme.field('ADMIN', SWITCH, { input: { pluginId: 'example', capability: 'PERMISSIONS', enabled: false } }),
    ).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'capability' }],
    });
    expect(
      await acme.field('ADMIN', SWITCH, { input: { pluginId: 'nobody', capability: 'EXPORT', enabled: false } }),
    ).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'pluginId' }],
    });
  });

  it('refuses an entitlement that says nothing', async () => {
    const { errors } = await acme.ask('OPERATOR', ENTITLE, { input: { organizationId: acme.id } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('adding a connection', () => {
  it('CON-3: goes step by step, and each step can be resumed', async () => {
    const made = await acme.field('ADMIN', CREATE, {
      input: { pluginId: 'example', capabilities: ['EXPORT', 'PERMISSIONS'] },
    });
    expect(made).toMatchObject({
      __typename: 'Connection',
      name: 'Example ATS',
      status: 'SETUP',
      setupStep: 'REQUIREMENTS',
    });
    const { id } = made;
    expect(await acme.field('ADMIN', CONNECTION, { id })).toMatchObject({
      capabilities: [{ capability: 'EXPORT' }],
      requirements: [{ id: 'api-key', steps: [expect.any(String), expect.any(String)] }],
      requirementsAcknowledgedAt: null,
      outgoingAddresses: ['192.0.2.10', '192.0.2.11'],
      credentials: [
        { field: { name: 'apiKey', label: 'API key', kind: 'SECRET', secret: true, required: true }, isSet: false },
      ],
      settings: [{ field: { name: 'sourceName', defaultValue: 'Acme Talent' }, value: null }],
      lastVerification: null,
    });

    expect(await acme.field('ADMIN', SUBMIT, submission(id))).toMatchObject({
      __typename: 'WrongState',
      state: 'SETUP',
    });
    expect(await acme.field('ADMIN', ACKNOWLEDGE, { id })).toMatchObject({ setupStep: 'CREDENTIALS' });
    expect(await acme.field('ADMIN', ACKNOWLEDGE, { id })).toMatchObject({ setupStep: 'CREDENTIALS' });
    expect(await acme.field('ADMIN', VERIFY, { input: { connectionId: id } })).toMatchObject({
      __typename: 'WrongState',
    });
    expect(await acme.field('ADMIN', FINISH, { id })).toMatchObject({ __typename: 'WrongState' });

    const submitted = await acme.field('ADMIN', SUBMIT, submission(id, SIMULATED_API_KEY, null));
    expect(submitted).toMatchObject({
      connection: { setupStep: 'VERIFY' },
      report: { allGood: true, complete: false },
    });
    expect(await acme.field('ADMIN', FINISH, { id })).toMatchObject({
      __typename: 'WrongState',
      message: expect.stringContaining('choose where the test candidate goes'),
    });

    const verified = await acme.field('ADMIN', VERIFY, { input: { connectionId: id, testTarget: { prospect: true } } });
    expect(verified).toMatchObject({ connection: { setupStep: 'FINISH' }, report: { allGood: true, complete: true } });
    expect(await acme.field('ADMIN', FINISH, { id })).toEqual({
      __typename: 'Connection',
      id,
      status: 'CONNECTED',
      setupStep: 'DONE',
    });
    expect(await acme.field('ADMIN', CONNECTION, { id })).toMatchObject({
      accountLabel: 'Example Co',
      credentials: [{ isSet: true }],
      settings: [{ value: 'Acme Talent' }],
      lastVerification: { allGood: true, complete: true },
    });
  });

  it('CON-3: a second finish says so and changes nothing', async () => {
    const id = await connected();
    expect(await acme.field('ADMIN', FINISH, { id })).toEqual({
      __typename: 'WrongState',
      code: 'WRONG_STATE',
      message: 'Main is finished already; nothing was changed.',
      state: 'CONNECTED',
    });
  });

  it('CON-3: of several who finish at once, one does', async () => {
    const id = await begun();
    await acme.field('ADMIN', SUBMIT, submission(id));
    const answers = await Promise.all([1, 2, 3, 4].map(() => acme.field('ADMIN', FINISH, { id })));
    expect(answers.map((answer) => answer.__typename).sort()).toEqual([
      'Connection',
      'WrongState',
      'WrongState',
      'WrongState',
    ]);
  });

  it('refuses a plugin that there is not, a capability list that is empty, a name that is too long', async () => {
    const problems = async (input: object) => (await acme.field('ADMIN', CREATE, { input })).problems;
    expect(await problems({ pluginId: 'nobody', capabilities: ['EXPORT'] })).toMatchObject([{ field: 'pluginId' }]);
    expect(await problems({ pluginId: 'example', capabilities: [] })).toMatchObject([{ field: 'capabilities' }]);
    expect(await problems({ pluginId: 'example', capabilities: ['EXPORT'], name: 'x'.repeat(101) })).toMatchObject([
      { field: 'name' },
    ]);
    expect(await acme.field('ADMIN', LIST)).toMatchObject({ totalCount: 0 });
  });

  it('CON-4: names every field that is wrong, and saves nothing', async () => {
    const id = await begun();
    const input = {
      connectionId: id,
      credentials: [{ name: 'apiKee', value: 'abc' }],
      settings: [{ name: 'sourceName', value: 'two\nlines' }],
    };
    const refused = await acme.field('ADMIN', SUBMIT, { input });
    expect(refused).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT' });
    expect(refused.problems.map((problem: { field: string }) => problem.field)).toEqual([
      'credentials.apiKee',
      'credentials.apiKey',
      'settings.sourceName',
    ]);
    expect(await acme.field('ADMIN', CONNECTION, { id })).toMatchObject({
      setupStep: 'CREDENTIALS',
      credentials: [{ isSet: false }],
    });
  });

  it('CON-8: two connections to one system stand side by side', async () => {
    await connected(acme, 'North');
    world.vendor.keys.push({
      key: 'key-of-south',
      scopes: new Set(['jobs:read', 'candidates:read', 'candidates:write']),
    });
    const south = await begun(acme, 'South');
    expect(await acme.field('ADMIN', SUBMIT, submission(south, 'key-of-south'))).toMatchObject({
      report: { allGood: true },
    });
    expect((await acme.field('ADMIN', LIST)).nodes).toMatchObject([{ name: 'North' }, { name: 'South' }]);
  });
});

describe('verification', () => {
  it('CON-5: answers every check, and the test candidate to look at', async () => {
    const id = await begun();
    const { report } = await acme.field('ADMIN', SUBMIT, submission(id));
    expect(report).toMatchObject({ allGood: true, complete: true });
    expect(report.checks.map((check: { id: string; status: string }) => `${check.id} ${check.status}`)).toEqual([
      'connectivity PASSED',
      'permission:jobs.read PASSED',
      'permission:candidates.read PASSED',
      'permission:candidates.write PASSED',
      'export:jobs PASSED',
      'export:test-candidate PASSED',
    ]);
    const [candidate] = world.vendor.candidates;
    expect(report.testCandidate).toEqual({
      name: 'Test Candidate',
      id: candidate?.id,
      url: candidate?.url,
      reused: false,
    });
  });

  it('CON-5: sends the test candidate to the job that was chosen', async () => {
    const id = await begun();
    await acme.field('ADMIN', SUBMIT, submission(id, SIMULATED_API_KEY, { jobId: 'job-2' }));
    expect(world.vendor.candidates).toMatchObject([{ job_ids: ['job-2'] }]);
  });

  it('CON-5: a wrong key is a report with the reason and a remedy, not an error', async () => {
    const id = await begun();
    const answer = await acme.field('ADMIN', SUBMIT, submission(id, 'wrong-key'));
    expect(answer).toMatchObject({
      __typename: 'ConnectionVerified',
      connection: { status: 'SETUP', setupStep: 'VERIFY' },
      report: { allGood: false, complete: false, testCandidate: null },
    });
    expect(answer.report.checks).toMatchObject([
      {
        id: 'connectivity',
        status: 'FAILED',
        reason: expect.stringContaining('unknown_key'),
        remedy: expect.any(String),
      },
      { id: 'permissions', status: 'SKIPPED' },
      { id: 'export', status: 'SKIPPED' },
    ]);
  });

  it('CON-5: one missing permission does not hide the other checks', async () => {
    for (const { scopes } of world.vendor.keys) scopes.delete('jobs:read');
    const id = await begun();
    const { report } = await acme.field('ADMIN', SUBMIT, submission(id));
    expect(report.allGood).toBe(false);
    expect(report.checks).toMatchObject([
      { id: 'connectivity', status: 'PASSED' },
      { id: 'permission:jobs.read', status: 'FAILED', remedy: expect.stringContaining('tick jobs:read') },
      { id: 'permission:candidates.read', status: 'PASSED' },
      { id: 'permission:candidates.write', status: 'PASSED' },
      { id: 'export:jobs', status: 'FAILED' },
      { id: 'export:test-candidate', status: 'PASSED' },
    ]);
  });

  it('CON-5: a closed job fails its check with the reason, and no test candidate is created for it', async () => {
    const id = await begun();
    const { report } = await acme.field('ADMIN', SUBMIT, submission(id, SIMULATED_API_KEY, { jobId: 'job-3' }));
    expect(report.checks).toContainEqual(
      expect.objectContaining({
        id: 'export:test-candidate',
        status: 'FAILED',
        reason: expect.stringContaining('not among the open jobs'),
      }),
    );
    expect(world.vendor.candidates).toEqual([]);
  });

  it.each([{}, { prospect: false }, { prospect: true, jobId: 'job-1' }, { jobId: '' }])(
    'refuses a test target that names none or two: %j',
    async (testTarget) => {
      const id = await begun();
      const { errors } = await acme.ask('ADMIN', SUBMIT, submission(id, SIMULATED_API_KEY, testTarget));
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', argument: expect.stringContaining('testTarget') } },
      ]);
      expect(world.vendor.candidates).toEqual([]);
    },
  );
});

describe('a connection later on', () => {
  it('CON-6: turns to "needs attention" and says why when the key stops working, and heals with a new one', async () => {
    const id = await connected();
    world.vendor.keys.length = 0;
    const broken = await acme.field('ADMIN', VERIFY, { input: { connectionId: id, testTarget: { prospect: true } } });
    expect(broken.connection).toMatchObject({
      status: 'NEEDS_ATTENTION',
      attentionReason: expect.stringContaining('Example ATS does not accept these credentials'),
    });

    world.vendor.keys.push({ key: 'key-2', scopes: new Set(['jobs:read', 'candidates:read', 'candidates:write']) });
    const input = {
      connectionId: id,
      credentials: [{ name: 'apiKey', value: 'key-2' }],
      testTarget: { prospect: true },
    };
    const healed = await acme.field('ADMIN', UPDATE, { input });
    expect(healed).toMatchObject({
      connection: { status: 'CONNECTED', attentionReason: null, settings: [{ value: 'Acme Talent' }] },
      report: { allGood: true, complete: true },
    });
  });

  it('CON-6: a new name alone is not verified; a new setting is, with the credentials that are stored', async () => {
    const id = await connected();
    const renamed = await acme.field('ADMIN', UPDATE, { input: { connectionId: id, name: ' Second ' } });
    expect(renamed).toMatchObject({ connection: { name: 'Second', status: 'CONNECTED' }, report: null });

    const settings = [{ name: 'sourceName', value: 'Our own source' }];
    const changed = await acme.field('ADMIN', UPDATE, { input: { connectionId: id, settings } });
    expect(changed).toMatchObject({
      connection: { settings: [{ field: { name: 'sourceName' }, value: 'Our own source' }] },
      report: { allGood: true, complete: false },
    });
  });

  it('refuses an edit that makes no sense, and keeps what was there', async () => {
    const id = await connected();
    const input = { connectionId: id, credentials: [{ name: 'nobody', value: 'x' }] };
    expect(await acme.field('ADMIN', UPDATE, { input })).toMatchObject({ problems: [{ field: 'credentials.nobody' }] });
    expect(await acme.field('ADMIN', UPDATE, { input: { connectionId: id, capabilities: [] } })).toMatchObject({
      problems: [{ field: 'capabilities' }],
    });
    expect(await acme.field('ADMIN', CONNECTION, { id })).toMatchObject({
      status: 'CONNECTED',
      lastVerification: { allGood: true },
    });
  });

  it('CON-7: removal destroys the credentials and leaves the history', async () => {
    const id = await connected();
    expect(await acme.field('ADMIN', REMOVE, { id })).toMatchObject({
      __typename: 'Connection',
      id,
      status: 'REMOVING',
    });
    await expect
      .poll(async () => (await acme.field('ADMIN', CONNECTION, { id })).status, { timeout: 15_000 })
      .toBe('REMOVED');
    expect(await acme.field('ADMIN', CONNECTION, { id })).toMatchObject({
      leftBehind: [],
      credentials: [{ isSet: false }],
    });
    expect(await acme.field('ADMIN', LIST)).toMatchObject({ totalCount: 0, nodes: [] });
    expect(await acme.field('ADMIN', REMOVE, { id })).toMatchObject({ __typename: 'NotFound' });
    expect(await rowsOf('select 1 from talentbridge.credential where connection_id = $1', [id])).toEqual([]);
    expect(
      await acme.field('ADMIN', 'query ($id: ID!) { requestLog(connectionId: $id) { nodes { path } } }', { id }),
    ).toMatchObject({
      nodes: expect.arrayContaining([{ path: '/v1/me' }]),
    });
  });

  it('CON-7: nothing brings back a connection that is being removed', async () => {
    const id = await connected();
    // The worker may be quicker than this test; then there is nothing left to bring back either.
    const gone = expect.stringMatching(/^(WrongState|NotFound)$/);
    await acme.field('ADMIN', REMOVE, { id });
    expect(await acme.field('ADMIN', VERIFY, { input: { connectionId: id } })).toMatchObject({ __typename: gone });
    expect(await acme.field('ADMIN', UPDATE, { input: { connectionId: id, name: 'Again' } })).toMatchObject({
      __typename: gone,
    });
    await expect
      .poll(async () => (await acme.field('ADMIN', CONNECTION, { id })).status, { timeout: 15_000 })
      .toBe('REMOVED');
  });
});

describe('who may see and do what', () => {
  it('answers a malformed id as bad input that names it', async () => {
    const asked: readonly [string, object][] = [
      [CONNECTION, { id: 'abc' }],
      ['query ($id: ID!) { requestLog(connectionId: $id) { totalCount } }', { id: '42' }],
      [ACKNOWLEDGE, { id: '' }],
      [FINISH, { id: 'x'.repeat(36) }],
      [REMOVE, { id: '../1' }],
      [VERIFY, { input: { connectionId: 'abc' } }],
      [SUBMIT, submission('abc')],
      [UPDATE, { input: { connectionId: 'abc' } }],
      [ENTITLE, { input: { organizationId: 'abc', tier: 'ESSENTIAL' } }],
    ];
    for (const [operation, variables] of asked) {
      const { errors } = await acme.ask(operation === ENTITLE ? 'OPERATOR' : 'ADMIN', operation, { ...variables });
      expect(errors, operation).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', argument: expect.any(String) } },
      ]);
    }
  });

  it("another organization's id answers exactly like one that does not exist", async () => {
    const foreign = await connected(world.organization());
    const unknown = randomUUID();
    const asked: readonly [string, (id: string) => object][] = [
      [CONNECTION, (id) => ({ id })],
      ['query ($id: ID!) { requestLog(connectionId: $id) { totalCount } }', (id) => ({ id })],
      [ACKNOWLEDGE, (id) => ({ id })],
      [SUBMIT, (id) => submission(id)],
      [VERIFY, (id) => ({ input: { connectionId: id, testTarget: { prospect: true } } })],
      [FINISH, (id) => ({ id })],
      [
        UPDATE,
        (id) => ({ input: { connectionId: id, name: 'Mine now', credentials: [{ name: 'apiKey', value: 'mine' }] } }),
      ],
      [REMOVE, (id) => ({ id })],
    ];
    for (const [operation, variables] of asked) {
      const theirs = await acme.ask('ADMIN', operation, { ...variables(foreign) });
      const nobodys = await acme.ask('ADMIN', operation, { ...variables(unknown) });
      expect(theirs.text.replaceAll(foreign, 'ID'), operation).toBe(nobodys.text.replaceAll(unknown, 'ID'));
      expect(theirs.status).toBe(nobodys.status);
      expect(theirs.text).toMatch(/"connection":null|"__typename":"NotFound"|"code":"NOT_FOUND"/);
    }
  });

  it('a viewer reads and changes nothing; an operator reads no connection', async () => {
    const id = await connected();
    expect(await acme.field('VIEWER', CONNECTION, { id })).toMatchObject({ id });
    for (const [role, operation, variables] of [
      ['VIEWER', VERIFY, { input: { connectionId: id } }],
      ['RECRUITER', REMOVE, { id }],
      ['RECRUITER', SWITCH, { input: { pluginId: 'example', capability: 'EXPORT', enabled: false } }],
      ['ADMIN', ENTITLE, { input: { organizationId: acme.id, tier: 'ENTERPRISE' } }],
      ['RECRUITER', '{ auditLog { totalCount } }', {}],
      ['RECRUITER', `{ requestLog(connectionId: "${id}") { totalCount } }`, {}],
      ['VIEWER', '{ entitlement { tier } }', {}],
      ['OPERATOR', LIST, {}],
    ] as const) {
      const { errors } = await acme.ask(role, operation, variables);
      expect(errors, `${role}: ${operation}`).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });

  it('writes down who did what, newest first', async () => {
    const id = await connected();
    const page = await acme.field(
      'ADMIN',
      '{ auditLog(first: 2) { nodes { at actorId actorRoles action subjectType subjectId details } totalCount pageInfo { hasNextPage endCursor } } }',
    );
    expect(page.nodes).toMatchObject([
      {
        action: 'connection.finish',
        actorId: 'ADMIN-1',
        actorRoles: ['ADMIN'],
        subjectType: 'connection',
        subjectId: id,
      },
      { action: 'connection.verify', details: { pluginId: 'example', allGood: true, complete: true } },
    ]);
    expect(page).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
    const rest = await acme.field('ADMIN', 'query ($after: String) { auditLog(after: $after) { nodes { action } } }', {
      after: page.pageInfo.endCursor,
    });
    expect(rest.nodes).toEqual([
      { action: 'connection.credentials' },
      { action: 'connection.acknowledge' },
      { action: 'connection.create' },
    ]);
  });

  it('a cursor of another list is refused by type', async () => {
    const { errors } = await acme.ask('ADMIN', LIST, { after: Buffer.from('v1:12').toString('base64url') });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
  });

  it('shows the requests that were sent, and nothing of what they said', async () => {
    const id = await connected();
    const { nodes } = await acme.field(
      'ADMIN',
      `query ($id: ID!) { requestLog(connectionId: $id) { totalCount
        nodes { id at callId method host path status errorCode attempt durationMs responseBytes } } }`,
      { id },
    );
    expect(nodes).toContainEqual(
      expect.objectContaining({
        method: 'POST',
        host: 'api.example-ats.test',
        path: '/v1/candidates',
        status: 201,
        attempt: 1,
        errorCode: null,
      }),
    );
  });
});

describe('secrets', () => {
  it('CON-4: a credential is found nowhere: no answer, no log, no table', async () => {
    const canary = 'canary-4f1c7b90d2e8';
    world.vendor.keys.push({ key: canary, scopes: new Set(['jobs:read', 'candidates:read', 'candidates:write']) });
    const id = await begun();
    await acme.field('ADMIN', SUBMIT, submission(id, canary));
    await acme.field('ADMIN', FINISH, { id });
    await acme.field('ADMIN', UPDATE, {
      input: { connectionId: id, credentials: [{ name: 'apiKey', value: canary }] },
    });
    // Refused for every reason there is.
    await acme.field('ADMIN', SUBMIT, submission(id, `${canary}\n`.repeat(3)));
    await acme.field('ADMIN', SUBMIT, submission(id, canary.repeat(500)));
    await acme.ask('ADMIN', SUBMIT, submission(id, canary.repeat(2_000)));
    await acme.field('ADMIN', UPDATE, {
      input: { connectionId: id, credentials: [{ name: 'apiKee', value: canary }] },
    });
    await acme.field('ADMIN', SUBMIT, submission(randomUUID(), canary));
    await acme.ask('ADMIN', SUBMIT, submission('abc', canary));
    const twice = { name: 'apiKey', value: canary };
    await acme.ask('ADMIN', SUBMIT, { input: { connectionId: id, credentials: [twice, twice] } });
    world.vendor.keys.length = 0;
    await acme.field('ADMIN', VERIFY, { input: { connectionId: id } });
    await acme.field('ADMIN', CONNECTION, { id });
    await acme.ask(
      'ADMIN',
      `{ auditLog { nodes { details } } requestLog(connectionId: "${id}") { nodes { path host } } }`,
    );

    expect(acme.answers.join('\n')).not.toContain(canary);
    expect(world.log()).not.toContain(canary);
    for (const { table } of await rowsOf<{ table: string }>(
      `select format('%I.%I', table_schema, table_name) as table from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    )) {
      const found = await rowsOf(`select 1 from ${table} t where t::text like '%' || $1 || '%' limit 1`, [canary]);
      expect(found, table).toEqual([]);
    }
  });

  it.each([
    ['a number', [{ name: 'apiKey', value: 714_025_936 }]],
    ['no name', [{ value: '714025936' }]],
    ['an unknown field', [{ name: 'apiKey', value: '714025936', secret: true }]],
    ['an object', { apiKey: '714025936' }],
  ])('CON-4: a credential in the wrong shape (%s) is refused without repeating it', async (_shape, credentials) => {
    const id = await begun();
    const { errors, text } = await acme.ask('ADMIN', SUBMIT, { input: { connectionId: id, credentials } });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(text).not.toContain('714025936');
    expect(world.log()).not.toContain('714025936');
  });
});

async function rowsOf<Row extends object>(sql: string, parameters: unknown[] = []): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}
