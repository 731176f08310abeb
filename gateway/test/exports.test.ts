import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ERRORS, EXPORT, type ExportWorld, startExportWorld, type TestOrganization } from './support/export-world.js';

let world: ExportWorld;
let org: TestOrganization;

beforeAll(async () => {
  world = await startExportWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  org = await world.organization();
});

const PROGRESS = `subscription ($id: ID!) { exportProgress(exportId: $id) { id status message counts { total remaining created } } }`;
const PROFILE = `query ($id: ID!) { profile(id: $id) {
  key firstName lastName fullName emails { address type } hiddenEmailCount phones { number type } hiddenPhoneCount
  exportedTo { atsName connectionId remoteId url exportedAt } } }`;
const PREVIEW = `mutation ($input: PreviewExportInput!) { previewExport(input: $input) { ${ERRORS} ... on ExportPreview { candidates {
  profileId expectation reason dummyEmail resume profile { key }
  record { firstName lastName emails phones { number type } address { city country } socialUrls { network url } tags
    workExperience { employer title startDate endDate current } education { school degree major graduationDate } }
  adjustments { field part kind reason value } } } } }`;
const RETRY = `mutation ($id: ID!, $itemIds: [ID!]) { retryExport(exportId: $id, itemIds: $itemIds) {
  ${ERRORS} ... on ExportRetried { export { id status } } } }`;
const SETTLE = `mutation ($input: SettleExportItemInput!) { settleExportItem(input: $input) {
  ${ERRORS} ... on ExportItemSettled { item { id state outcome code reason remoteId remoteUrl } } } }`;
const PROJECT = `mutation ($projects: [ProjectInput!]!) { upsertProjects(projects: $projects) {
  ${ERRORS} ... on ProjectsUpserted { projects { id key name candidateCount } } } }`;
const REVEAL = `mutation ($input: RevealContactsInput!) { revealContacts(input: $input) {
  ${ERRORS} ... on ContactRevealOrdered { contactReveal { id status } } } }`;
const REVEAL_PROGRESS = `subscription ($id: ID!) { contactRevealProgress(contactRevealId: $id) {
  status total done withContact revealed failed deleted } }`;

async function project(profileKeys: readonly string[]): Promise<string> {
  const { data } = await org.ask(PROJECT, { projects: [{ key: 'welders', name: 'Welders', profileKeys }] }, 'ADMIN');
  return data.upsertProjects.projects[0].id;
}

/** The last names that the vendor holds, in order. */
function arrived(): string[] {
  return org.acme.candidates.map(({ record }) => record.lastName).sort();
}

describe('EXP-1 and EXP-2: who is exported, and where to', () => {
  it('exports all of a project to the pool, with progress over the subscription until "Export Complete"', async () => {
    await org.people(Array.from({ length: 30 }, () => ({})));
    const projectId = await project(Array.from({ length: 24 }, (_, index) => `p-${index}`));
    org.acme.delayMs = 30;

    const { id } = await org.order({ projectId });
    const events = (await org.follow(PROGRESS, { id })).map(({ data }) => data.exportProgress);

    expect(events.length).toBeGreaterThanOrEqual(2);
    expect(events[0]).toMatchObject({ id, counts: { total: 24 } });
    expect(events.at(-1)).toEqual({
      id,
      status: 'COMPLETE',
      message: 'Export Complete',
      counts: { total: 24, remaining: 0, created: 24 },
    });
    const remaining = events.map(({ counts }) => counts.remaining);
    expect(remaining).toEqual(remaining.toSorted((a, b) => b - a));
    expect(org.acme.candidates).toHaveLength(24);
    expect(org.acme.candidates.every(({ jobId }) => jobId === null)).toBe(true);
  });

  it('exports a selection to a job that was searched for, each candidate once', async () => {
    const [first, second] = await org.people([{}, {}, {}]);
    const { data } = await org.ask(
      `query ($id: ID!, $search: String) { jobs(connectionId: $id, search: $search, first: 1) {
         totalCount pageInfo { hasNextPage } nodes { id title code department location statusLabel url } } }`,
      { id: org.connectionId, search: 'WELDER r-1' },
    );
    expect(data.jobs).toEqual({
      totalCount: 1,
      pageInfo: { hasNextPage: false },
      nodes: [
        {
          id: 'job-1',
          title: 'Welder',
          code: 'R-1',
          department: 'Yard',
          location: null,
          statusLabel: 'Live',
          url: 'https://acme.test/jobs/job-1',
        },
      ],
    });

    const { id } = await org.order({ profileIds: [first, second, first], target: { jobId: data.jobs.nodes[0].id } });
    const ended = await org.ended(id);

    expect(ended).toMatchObject({
      status: 'COMPLETE',
      target: { kind: 'JOB', jobId: 'job-1' },
      requestedBy: 'recruiter',
      connection: { id: org.connectionId, name: 'Acme of tests', plugin: { displayName: 'Acme ATS' } },
    });
    expect(org.acme.candidates.map(({ jobId }) => jobId)).toEqual(['job-1', 'job-1']);
    expect(arrived()).toEqual(['Last0', 'Last1']);
  });

  it('pages through jobs', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await org.ask(
        'query ($id: ID!, $after: String) { jobs(connectionId: $id, first: 2, after: $after) { nodes { title } pageInfo { hasNextPage endCursor } } }',
        { id: org.connectionId, after },
      );
      seen.push(...data.jobs.nodes.map(({ title }: { title: string }) => title));
      after = data.jobs.pageInfo.hasNextPage ? data.jobs.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(['Night Nurse', 'Senior Welder', 'Welder']);
  });

  it('exports a single one, with a link to where it is', async () => {
    const [only] = await org.people([{}]);
    const { id } = await org.order({ profileIds: [only] });
    const { items } = await org.ended(id);
    expect(items).toEqual({
      totalCount: 1,
      nodes: [
        expect.objectContaining({
          profileId: only,
          position: 0,
          state: 'DONE',
          outcome: 'CREATED',
          remoteId: 'acme-1',
          remoteUrl: 'https://acme.test/candidates/acme-1',
          code: null,
          reason: null,
          remedy: null,
          warnings: [],
        }),
      ],
    });
  });

  it('refuses a job that is closed, and sends nothing', async () => {
    const [only] = await org.people([{}]);
    for (const job of org.acme.jobs) job.open = false;
    expect(await org.order({ profileIds: [only], target: { jobId: 'job-1' } })).toMatchObject({
      __typename: 'JobNotOpen',
      code: 'JOB_NOT_OPEN',
      jobId: 'job-1',
    });
    expect(org.acme.candidates).toEqual([]);
  });

  it('fails the rest when the job closes under way, and says why', async () => {
    const profileIds = await org.people(Array.from({ length: 8 }, () => ({})));
    const { data } = await org.ask('query ($id: ID!) { jobs(connectionId: $id) { totalCount } }', {
      id: org.connectionId,
    });
    expect(data.jobs.totalCount).toBe(3);
    // The list of jobs is kept for a minute: the order still finds it open, the vendor does not.
    for (const job of org.acme.jobs) job.open = false;
    const ended = await org.ended((await org.order({ profileIds, target: { jobId: 'job-1' } })).id);
    expect(ended).toMatchObject({ status: 'COMPLETE', counts: { total: 8, failed: 8, remaining: 0 } });
    expect(new Set(ended.items.nodes.map(({ code }: { code: string }) => code))).toEqual(new Set(['JOB_NOT_OPEN']));
  });

  it.each([
    ['neither', {}],
    ['both', { prospect: true, jobId: 'job-1' }],
  ])('refuses a target that says %s', async (_what, target) => {
    await expect(org.order({ profileIds: [randomUUID()], target })).rejects.toThrow(
      /Say either `prospect: true` or a `jobId`/,
    );
  });
});

describe('EXP-3: only revealed contact data leaves', () => {
  const hidden = {
    emails: [
      { address: 'private@mail.example', type: 'PERSONAL' },
      { address: 'open@mail.example', revealed: true, type: 'WORK' },
    ],
    phones: [{ number: '+4930123456', type: 'work' }],
  };

  it('shows a count of what is hidden, and exports the rest alone', async () => {
    const [id] = await org.people([hidden]);
    const { data } = await org.ask(PROFILE, { id });
    expect(data.profile).toMatchObject({
      emails: [{ address: 'open@mail.example', type: 'WORK' }],
      hiddenEmailCount: 1,
      phones: [],
      hiddenPhoneCount: 1,
    });

    await org.ended((await org.order({ profileIds: [id] })).id);
    expect(org.acme.candidates[0]?.record).toMatchObject({ emails: ['open@mail.example'], phones: [] });
  });

  it('exports what was revealed for all of a project', async () => {
    const [id] = await org.people([hidden]);
    const projectId = await project(['p-0']);
    const reveal = async () => {
      const input = { projectId, kinds: ['EMAIL', 'PHONE'], idempotencyKey: randomUUID() };
      const { data } = await org.ask(REVEAL, { input });
      const states = await org.follow(REVEAL_PROGRESS, { id: data.revealContacts.contactReveal.id });
      return states.at(-1)?.data.contactRevealProgress;
    };
    expect(await reveal()).toEqual({
      status: 'COMPLETE',
      total: 1,
      done: 1,
      withContact: 1,
      revealed: 2,
      failed: 0,
      deleted: 0,
    });
    expect(await reveal()).toMatchObject({ status: 'COMPLETE', withContact: 1, revealed: 0 });

    await org.ended((await org.order({ profileIds: [id] })).id);
    expect(org.acme.candidates[0]?.record).toMatchObject({
      emails: ['private@mail.example', 'open@mail.example'],
      phones: [{ number: '+4930123456', type: 'work' }],
    });
  });

  it('lets a viewer neither reveal nor export', async () => {
    const [id] = await org.people([hidden]);
    const revealed = await org.ask(
      REVEAL,
      { input: { profileIds: [id], kinds: ['EMAIL'], idempotencyKey: randomUUID() } },
      'VIEWER',
    );
    expect(revealed.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const input = {
      connectionId: org.connectionId,
      profileIds: [id],
      target: { prospect: true },
      idempotencyKey: randomUUID(),
    };
    const exported = await org.ask(
      `mutation ($input: ExportCandidatesInput!) { exportCandidates(input: $input) { __typename } }`,
      { input },
      'VIEWER',
    );
    expect(exported.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(org.acme.candidates).toEqual([]);
  });
});

describe('EXP-6: cancelling', () => {
  const CANCEL = `mutation ($id: ID!) { cancelExport(exportId: $id) { __typename
    ... on ExportCancelled { export { id status } } ... on UserError { code message } } }`;

  it('sends nobody else, finishes what is under way, and ends with a result for everybody', async () => {
    org.acme.delayMs = 50;
    const profileIds = await org.people(Array.from({ length: 60 }, () => ({})));
    const { id } = await org.order({ profileIds });
    await vi.waitFor(() => expect(org.acme.candidates.length).toBeGreaterThan(2), { timeout: 20_000 });
    const { data } = await org.ask(CANCEL, { id });
    expect(data.cancelExport).toMatchObject({ __typename: 'ExportCancelled' });
    const ended = await org.ended(id);
    org.acme.delayMs = 0;

    expect(ended).toMatchObject({ status: 'STOPPED', statusReason: 'The export was cancelled.' });
    expect(ended.counts).toMatchObject({ total: 60, remaining: 0, failed: 0, unclear: 0 });
    expect(ended.counts.skipped).toBeGreaterThan(0);
    expect(ended.counts.created).toBe(org.acme.candidates.length);
    expect(ended.counts.created + ended.counts.skipped).toBe(60);
    const skipped = ended.items.nodes.find(({ outcome }: { readonly outcome: string }) => outcome === 'SKIPPED');
    expect(skipped).toMatchObject({ code: 'EXPORT_CANCELLED', remedy: 'Export again.' });
  });

  it('has nothing to do with an export that has ended', async () => {
    const { id } = await org.order({ profileIds: await org.people([{}]) });
    await org.ended(id);
    const { data } = await org.ask(CANCEL, { id });
    expect(data.cancelExport).toMatchObject({ __typename: 'WrongState' });
  });
});

describe('EXP-4: generated dummy addresses', () => {
  const DUMMY = /^no-email-(-?\d+)@dummy\.example\.com$/;

  it('gives a candidate without an email a new one each time, and never shows it as contact data', async () => {
    const [id] = await org.people([{ emails: [] }]);
    const options = { profileIds: [id], generateDummyEmails: true, includePreviouslyExported: true };
    await org.ended((await org.order(options)).id);
    await org.ended((await org.order(options)).id);

    const addresses = org.acme.candidates.flatMap(({ record }) => record.emails);
    expect(addresses).toEqual([expect.stringMatching(DUMMY), expect.stringMatching(DUMMY)]);
    expect(new Set(addresses).size).toBe(2);
    const { data } = await org.ask(PROFILE, { id });
    expect(data.profile).toMatchObject({ emails: [], hiddenEmailCount: 0 });
  });

  it('does not show one that came in with a profile', async () => {
    const [id] = await org.people([{ emails: [{ address: 'no-email--12@dummy.example.com', revealed: true }] }]);
    const { data } = await org.ask(PROFILE, { id });
    expect(data.profile).toMatchObject({ emails: [], hiddenEmailCount: 0 });
  });

  it('repeats the same one when an item is sent again: a failed one and one that was unclear', async () => {
    const profileIds = await org.people([
      { emails: [], lastName: 'No' },
      { emails: [], lastName: 'Quiet' },
    ]);
    org.acme.refused.add('No');
    org.acme.silent.add('Quiet');
    const { id } = await org.order({ profileIds, generateDummyEmails: true });
    const { items } = await org.ended(id);
    org.acme.refused.clear();
    org.acme.silent.clear();
    await org.ask(RETRY, { id });
    await org.ask(SETTLE, { input: { itemId: items.nodes[1].id, verdict: 'SEND_AGAIN' } }, 'ADMIN');
    expect(await org.ended(id)).toMatchObject({ counts: { created: 2 } });

    const addressesOf = (name: string): readonly string[] =>
      org.acme.received.filter(({ lastName }) => lastName === name).flatMap(({ emails }) => emails);
    for (const name of ['No', 'Quiet']) {
      const [first, ...others] = addressesOf(name);
      expect(first).toMatch(DUMMY);
      expect(others).toEqual([first]);
    }
    expect(addressesOf('No')).not.toEqual(addressesOf('Quiet'));
  });

  it('refuses a candidate without an email when none is generated, and says what to do', async () => {
    const [id] = await org.people([{ emails: [] }]);
    const { items } = await org.ended((await org.order({ profileIds: [id] })).id);
    expect(items.nodes[0]).toMatchObject({
      outcome: 'FAILED',
      code: 'REQUIRED_FIELD_MISSING',
      reason: 'The ATS requires: Email addresses.',
      remedy: expect.stringContaining('dummy'),
    });
    expect(org.acme.candidates).toEqual([]);
  });
});

describe('EXP-5: what was exported before', () => {
  it('skips it, says where it is, and sends it again when asked to', async () => {
    const [first, second] = await org.people([{}, {}]);
    await org.ended((await org.order({ profileIds: [first] })).id);

    const again = await org.ended((await org.order({ profileIds: [first, second] })).id);
    expect(again.counts).toMatchObject({ skipped: 1, created: 1 });
    expect(again.items.nodes[0]).toMatchObject({
      outcome: 'SKIPPED',
      code: 'PREVIOUSLY_EXPORTED',
      remedy: expect.any(String),
    });
    expect(arrived()).toEqual(['Last0', 'Last1']);

    await org.ended((await org.order({ profileIds: [first], includePreviouslyExported: true })).id);
    expect(arrived()).toEqual(['Last0', 'Last0', 'Last1']);

    const { data } = await org.ask(
      '{ profiles { totalCount nodes { key exportedTo { atsName connectionId remoteId url exportedAt } } } }',
    );
    expect(data.profiles.totalCount).toBe(2);
    const byKey = Object.fromEntries(data.profiles.nodes.map((node: { key: string }) => [node.key, node]));
    const place = { atsName: 'Acme ATS', connectionId: org.connectionId, exportedAt: expect.any(String) };
    expect(byKey['p-0'].exportedTo).toEqual([
      { ...place, remoteId: 'acme-3', url: 'https://acme.test/candidates/acme-3' },
      { ...place, remoteId: 'acme-1', url: 'https://acme.test/candidates/acme-1' },
    ]);
    expect(byKey['p-1'].exportedTo).toHaveLength(1);
  });
});

describe('a long list', () => {
  it('asks the database once for each kind of thing, not once for each item', async () => {
    const profileIds = await org.people(Array.from({ length: 30 }, () => ({})));
    const orders = await Promise.all(profileIds.slice(0, 5).map((id) => org.order({ profileIds: [id] })));
    await Promise.all(orders.map(({ id }) => org.ended(id)));
    const { hub } = world;
    const asked = [
      vi.spyOn(hub.exportHistory, 'exportedTo'),
      vi.spyOn(hub.exportHistory, 'counts'),
      vi.spyOn(hub.connections, 'manyForHistory'),
    ];
    try {
      // Once as graphql-js runs it, then compiled.
      for (let round = 1; round <= 3; round += 1) {
        const { data } = await org.ask(
          '{ profiles(first: 30) { nodes { exportedTo { url } } } exports { nodes { counts { created } connection { name } } } }',
        );
        expect(data.profiles.nodes).toHaveLength(30);
        expect(data.exports.nodes).toHaveLength(5);
        expect(asked.map((spy) => spy.mock.calls.length)).toEqual([round, round, round]);
      }
    } finally {
      for (const spy of asked) spy.mockRestore();
    }
  });
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
    expect(arrived()).toEqual(['Last0', 'Never', 'No']);

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
    expect(arrived()).toEqual(['Last0']);
  });

  it('exports once when the same order comes twice at the same moment', async () => {
    const [only] = await org.people([{}]);
    const input = { profileIds: [only], idempotencyKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => org.order(input)));
    const ids = new Set(answers.map(({ id }) => id).filter(Boolean));
    expect(ids.size).toBe(1);
    await org.ended([...ids][0]);
    expect(arrived()).toEqual(['Last0']);
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
    expect(arrived()).toEqual(['Mute', 'Quiet', 'Still']);

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

describe('EXP-11: what is sent can be read before', () => {
  it('tells the fields with their limits', async () => {
    const { data } = await org.ask(
      'query ($id: ID!) { exportFields(connectionId: $id) { name label note required maxCount maxLength parts datePrecision networks } }',
      { id: org.connectionId },
    );
    const field = {
      note: null,
      required: false,
      maxCount: null,
      maxLength: null,
      parts: null,
      datePrecision: null,
      networks: null,
    };
    expect(data.exportFields).toEqual([
      { ...field, name: 'FIRST_NAME', label: 'First name' },
      { ...field, name: 'LAST_NAME', label: 'Last name', required: true },
      { ...field, name: 'EMAILS', label: 'Email addresses', required: true, maxCount: 2 },
      { ...field, name: 'PHONES', label: 'Phone numbers', maxCount: 1 },
      { ...field, name: 'TAGS', label: 'Tags', note: 'Only tags that exist there.' },
      { ...field, name: 'SOCIAL_URLS', label: 'Social links', networks: ['LINKEDIN'] },
      { ...field, name: 'WORK_EXPERIENCE', label: 'Work experience', maxLength: 20, datePrecision: 'MONTH' },
    ]);
  });

  const rich = {
    firstName: 'Łucja',
    lastName: 'Żółć',
    emails: [1, 2, 3].map((n) => ({ address: `l${n}@mail.example`, revealed: true })),
    phones: [{ number: '+4930123456', revealed: true, type: 'mobile' }],
    socialUrls: [{ url: 'https://www.linkedin.com/in/lucja' }, { url: 'https://github.com/lucja' }],
    workExperience: [
      { employer: 'Yard', title: 'Head of Welding and Other Hot Works', startDate: '2020-03-15', current: true },
      { employer: 'Dock', startDate: '2015', endDate: '2019-12' },
    ],
    education: [{ school: 'Polytechnic' }],
    tags: ['welding', 'Unheard of'],
  };

  it('previews to the letter what the vendor then receives', async () => {
    const profileIds = await org.people([rich, {}]);
    const { data } = await org.ask(PREVIEW, { input: { connectionId: org.connectionId, profileIds } });
    const [first] = data.previewExport.candidates;
    expect(first).toMatchObject({
      expectation: 'NEW',
      reason: null,
      dummyEmail: false,
      resume: false,
      profile: { key: 'p-0' },
    });
    expect(first.adjustments).toEqual([
      {
        field: 'TAGS',
        part: null,
        kind: 'DROPPED',
        reason: expect.stringContaining('does not know'),
        value: 'Unheard of',
      },
      { field: 'EMAILS', part: null, kind: 'DROPPED', reason: 'The ATS takes at most 2.', value: 'l3@mail.example' },
      {
        field: 'SOCIAL_URLS',
        part: null,
        kind: 'NOT_SENT',
        reason: expect.any(String),
        value: 'https://github.com/lucja',
      },
      {
        field: 'WORK_EXPERIENCE',
        part: 'title',
        kind: 'SHORTENED',
        reason: expect.any(String),
        value: 'Head of Welding and Other Hot Works',
      },
      {
        field: 'WORK_EXPERIENCE',
        part: 'startDate',
        kind: 'SHORTENED',
        reason: expect.any(String),
        value: '2020-03-15',
      },
      { field: 'EDUCATION', part: null, kind: 'NOT_SENT', reason: expect.any(String), value: 'Polytechnic' },
    ]);

    const ended = await org.ended((await org.order({ profileIds })).id);
    const received = new Map(org.acme.candidates.map(({ record }) => [record.lastName, record]));
    for (const { record } of data.previewExport.candidates) expect(received.get(record.lastName)).toEqual(sent(record));
    expect(ended.items.nodes[0].warnings).toEqual([
      { code: 'TAGS_DROPPED', field: 'TAGS', message: expect.stringContaining('Unheard of') },
      { code: 'VALUES_DROPPED', field: 'EMAILS', message: expect.not.stringContaining('l3@mail.example') },
      { code: 'VALUES_SHORTENED', field: 'WORK_EXPERIENCE', message: expect.any(String) },
      { code: 'VALUES_SHORTENED', field: 'WORK_EXPERIENCE', message: expect.any(String) },
    ]);
  });

  it('expects what then happens', async () => {
    const [known, without] = await org.people([{}, { emails: [] }]);
    await org.ended((await org.order({ profileIds: [known] })).id);
    const ask = async (options: object): Promise<unknown> => {
      const { data } = await org.ask(PREVIEW, {
        input: { connectionId: org.connectionId, profileIds: [known, without], ...options },
      });
      return data.previewExport.candidates.map(({ expectation }: { expectation: string }) => expectation);
    };
    expect(await ask({})).toEqual(['SKIP', 'REFUSE']);
    expect(await ask({ generateDummyEmails: true })).toEqual(['SKIP', 'NEW']);
    expect(await ask({ includePreviouslyExported: true })).toEqual(['NEW', 'REFUSE']);
    expect(org.acme.candidates).toHaveLength(1);
  });
});

describe('another organization', () => {
  it('finds nothing under our ids, in the words for ids that do not exist', async () => {
    const [profileId] = await org.people([{}]);
    const projectId = await project(['p-0']);
    const { id, items } = await org.order({ profileIds: [profileId] });
    await org.ended(id);
    const stranger = await world.organization();

    const ids = {
      export: id,
      profile: profileId,
      project: projectId,
      connection: org.connectionId,
      item: items.nodes[0].id,
    };
    const unknown = {
      export: randomUUID(),
      profile: randomUUID(),
      project: randomUUID(),
      connection: randomUUID(),
      item: randomUUID(),
    };
    const [ours, nobodys] = await Promise.all([ids, unknown].map((each) => everythingAbout(stranger, each)));
    expect(ours).toEqual(nobodys);
    expect(ours?.['subscription']).toEqual([
      { errors: [expect.objectContaining({ extensions: { code: 'NOT_FOUND', recovery: 'skip' } })] },
    ]);
  });

  it.each(['export', 'profile', 'project'])('a malformed id of %s is refused by name', async (field) => {
    const { errors } = await org.ask(`{ ${field}(id: "nonsense") { id } }`);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/^id: /),
      extensions: { code: 'BAD_USER_INPUT', argument: 'id' },
    });
  });

  it('a malformed id of a subscription is refused by name', async () => {
    const [answer] = await org.follow(PROGRESS, { id: 'nonsense' });
    expect(answer?.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'exportId' });
  });
});

type Ids = Readonly<Record<'export' | 'profile' | 'project' | 'connection' | 'item', string | undefined>>;

/** What an organization is told about these ids, without the ids. */
async function everythingAbout(organization: TestOrganization, ids: Ids): Promise<Record<string, unknown>> {
  const { connectionId } = organization;
  const order = (input: object) => ({
    input: { target: { prospect: true }, idempotencyKey: randomUUID(), connectionId, ...input },
  });
  const EXPORT_IT = `mutation ($input: ExportCandidatesInput!) { exportCandidates(input: $input) { ${ERRORS} } }`;
  const answers: Record<string, unknown> = {
    records: await organization.ask(
      `query ($export: ID!, $profile: ID!, $project: ID!) { export(id: $export) { id } profile(id: $profile) { id } project(id: $project) { id } }`,
      ids,
    ),
    jobs: await organization.ask('query ($id: ID!) { jobs(connectionId: $id) { totalCount } }', { id: ids.connection }),
    fields: await organization.ask('query ($id: ID!) { exportFields(connectionId: $id) { name } }', {
      id: ids.connection,
    }),
    profiles: await organization.ask('query ($id: ID!) { profiles(projectId: $id) { totalCount } }', {
      id: ids.project,
    }),
    exports: await organization.ask('query ($id: ID!) { exports(connectionId: $id) { totalCount } }', {
      id: ids.connection,
    }),
    exportProfile: await organization.ask(EXPORT_IT, order({ profileIds: [ids.profile] })),
    exportProject: await organization.ask(EXPORT_IT, order({ projectId: ids.project })),
    exportThrough: await organization.ask(
      EXPORT_IT,
      order({ connectionId: ids.connection, profileIds: [ids.profile] }),
    ),
    preview: await organization.ask(PREVIEW, { input: { connectionId, profileIds: [ids.profile] } }),
    reveal: await organization.ask(REVEAL, { input: { profileIds: [ids.profile], kinds: ['EMAIL'] } }),
    retry: await organization.ask(RETRY, { id: ids.export }),
    settle: await organization.ask(SETTLE, { input: { itemId: ids.item, verdict: 'NOT_ARRIVED' } }, 'ADMIN'),
    subscription: await organization.follow(PROGRESS, { id: ids.export }),
  };
  let text = JSON.stringify(answers);
  for (const [name, id] of Object.entries(ids)) text = text.replaceAll(id ?? '', `<${name}>`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** A record of the preview in the words of the contract. */
// biome-ignore lint/suspicious/noExplicitAny: it comes from an answer.
function sent(record: any): unknown {
  const present = (value: object): object =>
    Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null));
  return present({
    ...record,
    phones: record.phones.map((phone: { type: string }) => ({ ...phone, type: phone.type.toLowerCase() })),
    socialUrls: record.socialUrls.map((page: { network: string }) => ({
      ...page,
      network: page.network.toLowerCase(),
    })),
    workExperience: record.workExperience.map(present),
    education: record.education.map(present),
  });
}
