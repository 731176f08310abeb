import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { arrived, PROGRESS, project } from './support/export-operations.js';
import { type ExportWorld, startExportWorld, type TestOrganization } from './support/export-world.js';

let world: ExportWorld;
let org: TestOrganization;

beforeAll(async () => {
  world = await startExportWorld();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  org = await world.organization();
});

describe('EXP-1 and EXP-2: who is exported, and where to', () => {
  it('exports all of a project to the pool, with progress over the subscription until "Export Complete"', async () => {
    await org.people(Array.from({ length: 30 }, () => ({})));
    const projectId = await project(
      org,
      Array.from({ length: 24 }, (_, index) => `p-${index}`),
    );
    // The subscription begins meanwhile.
    org.acme.delayMs = 1_000;

    const { id } = await org.order({ projectId });
    const following = org.follow(PROGRESS, { id });
    await expect.poll(() => org.acme.candidates.length, { interval: 20 }).toBeGreaterThan(0);
    org.acme.delayMs = 0;
    const events = (await following).map(({ data }) => data.exportProgress);

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
    expect(arrived(org)).toEqual(['Last0', 'Last1']);
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

describe('EXP-6: cancelling', () => {
  const CANCEL = `mutation ($id: ID!) { cancelExport(exportId: $id) { __typename
    ... on ExportCancelled { export { id status } } ... on UserError { code message } } }`;

  it('sends nobody else, finishes what is under way, and ends with a result for everybody', async () => {
    org.acme.delayMs = 1_000;
    const profileIds = await org.people(Array.from({ length: 60 }, () => ({})));
    const { id } = await org.order({ profileIds });
    await vi.waitFor(() => expect(org.acme.candidates.length).toBeGreaterThan(2), { timeout: 20_000 });
    const { data } = await org.ask(CANCEL, { id });
    org.acme.delayMs = 0;
    expect(data.cancelExport).toMatchObject({ __typename: 'ExportCancelled' });
    const ended = await org.ended(id);

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
    expect(arrived(org)).toEqual(['Last0', 'Last1']);

    await org.ended((await org.order({ profileIds: [first], includePreviouslyExported: true })).id);
    expect(arrived(org)).toEqual(['Last0', 'Last0', 'Last1']);

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
