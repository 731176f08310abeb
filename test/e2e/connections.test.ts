import { SIMULATED_API_KEY } from '@talentbridge/plugin-example/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ACKNOWLEDGE,
  begun,
  CONNECTION,
  CREATE,
  connected,
  FINISH,
  LIST,
  SUBMIT,
  submission,
  VERIFY,
} from '../support/connection-operations.ts';
import { type Organization, startWorld, type World } from '../support/connections-world.ts';

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
    const id = await connected(acme);
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
    const id = await connected(acme);
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
    const id = await connected(acme);
    expect(await acme.field('ADMIN', FINISH, { id })).toEqual({
      __typename: 'WrongState',
      code: 'WRONG_STATE',
      message: 'Main is finished already; nothing was changed.',
      state: 'CONNECTED',
    });
  });

  it('CON-3: of several who finish at once, one does', async () => {
    const id = await begun(acme);
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
    const id = await begun(acme);
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
