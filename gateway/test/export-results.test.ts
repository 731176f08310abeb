import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arrived, RETRY, SETTLE } from './support/export-operations.js';
import { EXPORT, type ExportWorld, startExportWorld, type TestOrganization } from './support/export-world.js';

let world: ExportWorld;
let org: TestOrganization;

beforeAll(async () => {
  world = await startExportWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  org = await world.organization();
});

describe('EXP-6: results, retries, keys and what is unclear', () => {
  it('retries failed ones alone, all of them or those that are named', async () => {
    const profileIds = await org.people([{}, { lastName: 'No' }, { lastName: 'Never' }]);
    org.acme.refused.add('No').add('Never');
    const { id } = await org.order({ profileIds });
    const failed = await org.ended(id);
    expect(failed).toMatchObject({ status: 'COMPLETE', counts: { created: 1, failed: 2 } });
    expect(failed.items.nodes[1]).toMatchObject({
      outcome: 'FAILED',
      code: 'CANDIDATE_REJECTED',
      reason: expect.stringContaining('does not take this last name'),
      remedy: expect.any(String),
    });

    org.acme.refused.clear();
    const retried = await org.ask(RETRY, { id, itemIds: [failed.items.nodes[1].id] });
    expect(retried.data.retryExport).toMatchObject({ __typename: 'ExportRetried', export: { id, status: 'QUEUED' } });
    expect(await org.ended(id)).toMatchObject({ counts: { created: 2, failed: 1 } });
    await org.ask(RETRY, { id });
    expect(await org.ended(id)).toMatchObject({ counts: { created: 3, failed: 0 } });
    expect(arrived(org)).toEqual(['Last0', 'Never', 'No']);

    const nothing = await org.ask(RETRY, { id });
    expect(nothing.data.retryExport).toMatchObject({
      __typename: 'WrongState',
      code: 'WRONG_STATE',
      state: 'COMPLETE',
    });
  });

  it('answers the same export for the same order with the same key, and refuses another order with it', async () => {
    const [first, second] = await org.people([{}, {}]);
    const idempotencyKey = randomUUID();
    const order = await org.order({ profileIds: [first], idempotencyKey });
    const same = await org.order({ profileIds: [first], idempotencyKey });
    expect(same.id).toBe(order.id);
    expect(await org.order({ profileIds: [second], idempotencyKey })).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'idempotencyKey', message: expect.stringContaining(order.id) }],
    });
    await org.ended(order.id);
    expect(arrived(org)).toEqual(['Last0']);
  });

  it('exports once when the same order comes twice at the same moment', async () => {
    const [only] = await org.people([{}]);
    const input = { profileIds: [only], idempotencyKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => org.order(input)));
    const ids = new Set(answers.map(({ id }) => id).filter(Boolean));
    expect(ids.size).toBe(1);
    await org.ended([...ids][0]);
    expect(arrived(org)).toEqual(['Last0']);
  });

  it('names what is unclear, and lets an admin settle it', async () => {
    const profileIds = await org.people([{ lastName: 'Quiet' }, { lastName: 'Mute' }, { lastName: 'Still' }]);
    org.acme.silent.add('Quiet').add('Mute').add('Still');
    const { id } = await org.order({ profileIds });
    const ended = await org.ended(id);
    expect(ended).toMatchObject({ status: 'COMPLETE', counts: { unclear: 3 } });
    const [quiet, mute, still] = ended.items.nodes;
    expect(quiet).toMatchObject({
      outcome: 'UNCLEAR',
      code: 'OUTCOME_UNKNOWN',
      remedy: expect.stringContaining('settle'),
    });
    // Nothing was sent a second time.
    expect(arrived(org)).toEqual(['Mute', 'Quiet', 'Still']);

    const input = {
      itemId: quiet.id,
      verdict: 'ARRIVED',
      remoteId: 'acme-1',
      remoteUrl: 'https://acme.test/candidates/acme-1',
    };
    const refused = await org.ask(SETTLE, { input });
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const incomplete = await org.ask(SETTLE, { input: { itemId: quiet.id, verdict: 'ARRIVED' } }, 'ADMIN');
    expect(incomplete.errors?.[0]?.message).toMatch(/remoteId/);
    const harmful = await org.ask(SETTLE, { input: { ...input, remoteUrl: 'javascript:alert(1)' } }, 'ADMIN');
    expect(harmful.errors?.[0]?.message).toMatch(/remoteUrl/);

    const settled = await org.ask(SETTLE, { input }, 'ADMIN');
    expect(settled.data.settleExportItem.item).toMatchObject({
      outcome: 'CREATED',
      remoteId: 'acme-1',
      remoteUrl: input.remoteUrl,
    });
    const absent = await org.ask(SETTLE, { input: { itemId: mute.id, verdict: 'NOT_ARRIVED' } }, 'ADMIN');
    expect(absent.data.settleExportItem.item).toMatchObject({ outcome: 'FAILED', code: 'SETTLED_BY_HAND' });
    org.acme.silent.clear();
    const again = await org.ask(SETTLE, { input: { itemId: still.id, verdict: 'SEND_AGAIN' } }, 'ADMIN');
    expect(again.data.settleExportItem.item).toMatchObject({ state: 'PENDING', outcome: null });
    expect(await org.ended(id)).toMatchObject({ counts: { created: 2, failed: 1, unclear: 0 } });
    const twice = await org.ask(SETTLE, { input }, 'ADMIN');
    expect(twice.data.settleExportItem).toMatchObject({ __typename: 'WrongState', state: 'CREATED' });
  });

  it('lists the candidates of an export by outcome, page by page', async () => {
    const profileIds = await org.people([{ lastName: 'No' }, {}, { lastName: 'No' }, {}]);
    org.acme.refused.add('No');
    const { id } = await org.order({ profileIds });
    await org.ended(id);
    const query = `query ($id: ID!, $after: String) { export(id: $id) { items(first: 1, after: $after, outcomes: [FAILED]) {
      totalCount nodes { position outcome } pageInfo { hasNextPage endCursor } } } }`;
    const first = (await org.ask(query, { id })).data.export.items;
    expect(first).toMatchObject({ totalCount: 2, nodes: [{ position: 0 }], pageInfo: { hasNextPage: true } });
    const second = (await org.ask(query, { id, after: first.pageInfo.endCursor })).data.export.items;
    expect(second).toMatchObject({ nodes: [{ position: 2 }], pageInfo: { hasNextPage: false } });
  });

  it('lists exports, newest first, those of a connection where one is named', async () => {
    const [first, second] = await org.people([{}, {}]);
    const older = await org.order({ profileIds: [first] });
    const newer = await org.order({ profileIds: [second] });
    await Promise.all([org.ended(older.id), org.ended(newer.id)]);
    const query = `query ($of: ID) { exports(connectionId: $of) { totalCount nodes { id message counts { created } connection { name } } } }`;
    const node = { message: 'Export Complete', counts: { created: 1 }, connection: { name: 'Acme of tests' } };
    const expected = {
      totalCount: 2,
      nodes: [
        { id: newer.id, ...node },
        { id: older.id, ...node },
      ],
    };
    expect((await org.ask(query)).data.exports).toEqual(expected);
    expect((await org.ask(query, { of: org.connectionId })).data.exports).toEqual(expected);
    expect((await org.ask(query, { of: randomUUID() })).data.exports).toEqual({ totalCount: 0, nodes: [] });
  });

  it('reads lists beside a field that asks the ATS, in one operation, again and again', async () => {
    await org.people([{}, {}, {}]);
    for (let round = 0; round < 5; round += 1) {
      const { data, errors } = await org.ask(
        `query ($id: ID!) { profiles { totalCount nodes { key exportedTo { atsName } } } exports { totalCount }
           jobs(connectionId: $id) { totalCount } exportFields(connectionId: $id) { name } projects { totalCount } }`,
        { id: org.connectionId },
      );
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ profiles: { totalCount: 3 }, exports: { totalCount: 0 }, jobs: { totalCount: 3 } });
    }
  });

  it('keeps the history of a connection that was removed', async () => {
    const [only] = await org.people([{}]);
    const { id } = await org.order({ profileIds: [only] });
    await org.ended(id);
    await org.ask(
      'mutation ($id: ID!) { removeConnection(connectionId: $id) { __typename } }',
      { id: org.connectionId },
      'ADMIN',
    );
    const { data } = await org.ask(`query ($id: ID!) { export(id: $id) { ${EXPORT} } }`, { id });
    expect(data.export).toMatchObject({
      connection: { id: org.connectionId, name: 'Acme of tests' },
      counts: { created: 1 },
    });
    expect(data.export.items.nodes[0].profile.exportedTo[0]).toMatchObject({ atsName: 'Acme ATS' });
  });
});
