import { SIMULATED_API_KEY } from '@talentbridge/plugin-example/simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  begun,
  CONNECTION,
  connected,
  LIST,
  REMOVE,
  rowsOf,
  SUBMIT,
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

describe('verification', () => {
  it('CON-5: answers every check, and the test candidate to look at', async () => {
    const id = await begun(acme);
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
    const id = await begun(acme);
    await acme.field('ADMIN', SUBMIT, submission(id, SIMULATED_API_KEY, { jobId: 'job-2' }));
    expect(world.vendor.candidates).toMatchObject([{ job_ids: ['job-2'] }]);
  });

  it('CON-5: a wrong key is a report with the reason and a remedy, not an error', async () => {
    const id = await begun(acme);
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
    const id = await begun(acme);
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
    const id = await begun(acme);
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
      const id = await begun(acme);
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
    const id = await connected(acme);
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
    const id = await connected(acme);
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
    const id = await connected(acme);
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
    const id = await connected(acme);
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
    expect(await rowsOf(world, 'select 1 from talentbridge.credential where connection_id = $1', [id])).toEqual([]);
    expect(
      await acme.field('ADMIN', 'query ($id: ID!) { requestLog(connectionId: $id) { nodes { path } } }', { id }),
    ).toMatchObject({
      nodes: expect.arrayContaining([{ path: '/v1/me' }]),
    });
  });

  it('CON-7: nothing brings back a connection that is being removed', async () => {
    const id = await connected(acme);
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
