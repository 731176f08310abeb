import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ACKNOWLEDGE,
  begun,
  CONNECTION,
  connected,
  ENTITLE,
  FINISH,
  LIST,
  REMOVE,
  rowsOf,
  SUBMIT,
  SWITCH,
  submission,
  UPDATE,
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
    const id = await connected(acme);
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
    const id = await connected(acme);
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
    const id = await connected(acme);
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
    const id = await begun(acme);
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
      world,
      `select format('%I.%I', table_schema, table_name) as table from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    )) {
      const found = await rowsOf(world, `select 1 from ${table} t where t::text like '%' || $1 || '%' limit 1`, [
        canary,
      ]);
      expect(found, table).toEqual([]);
    }
  });

  it.each([
    ['a number', [{ name: 'apiKey', value: 714_025_936 }]],
    ['no name', [{ value: '714025936' }]],
    ['an unknown field', [{ name: 'apiKey', value: '714025936', secret: true }]],
    ['an object', { apiKey: '714025936' }],
  ])('CON-4: a credential in the wrong shape (%s) is refused without repeating it', async (_shape, credentials) => {
    const id = await begun(acme);
    const { errors, text } = await acme.ask('ADMIN', SUBMIT, { input: { connectionId: id, credentials } });
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(text).not.toContain('714025936');
    expect(world.log()).not.toContain('714025936');
  });
});
