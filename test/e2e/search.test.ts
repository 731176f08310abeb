import { randomUUID } from 'node:crypto';
import { SIMULATED_TOKENS } from '@talentbridge/plugin-smartrecruiters/simulator';
import {
  AcknowledgeRequirementsDocument,
  CreateConnectionDocument,
  EraseCandidateDocument,
  ExplainRediscoverySearchDocument,
  FinishConnectionDocument,
  MirrorDocument,
  ProfileSearchDocument,
  ProfileSearchFieldsDocument,
  RediscoverySearchDocument,
  RediscoverySearchFieldsDocument,
  type RediscoverySearchQuery,
  type RediscoverySearchQueryVariables,
  StartSyncDocument,
  SubmitCredentialsDocument,
  SyncRunDocument,
} from '@talentbridge/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulators } from '../../gateway/dist/demo/simulators.js';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { type RunningSystem, type SystemOptions, startSystem, startVendors, until } from '../support/running-system.ts';
import { throwawayFolder } from '../support/throwaway-files.ts';
import { succeeded, type TypedClient, typedClient } from '../support/typed-client.ts';

const organizationId = randomUUID();
const CANDIDATES = 40;
/** How soon a change is found after the sync that brought it. */
const SOON_MS = 5_000;

type Found = Extract<RediscoverySearchQuery['rediscoverySearch'], { readonly __typename: 'CandidatesFound' }>;

describe('RED-6, RED-7, RED-9: both mirrors of an organization are searched', () => {
  let options: SystemOptions;
  let system: RunningSystem;
  let run: TypedClient;
  let smartRecruiters: string;
  let jobScore: string;
  let smartRecruitersUrl: string;
  const closing: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const { package: plugin, host } = pluginSetUp('smartrecruiters');
    const [simulator] = await startSimulators([
      { plugin, hosts: [host], arguments: ['--rate', '0', '--candidates', String(CANDIDATES), '--seed', '7'] },
    ]);
    if (!simulator) throw new Error('SmartRecruiters was not simulated.');
    closing.push(() => simulator.stop());
    smartRecruitersUrl = simulator.url;
    const vendors = await startVendors({ candidates: CANDIDATES, seed: 7 });
    closing.push(async () => vendors[Symbol.asyncDispose]());
    options = {
      vendors,
      further: [{ package: plugin, host, url: simulator.url }],
      pace: { smartrecruiters: {}, jobscore: {} },
      // Nobody is told of changes: what is found follows from a sync alone.
      vendorsAreLocal: false,
      settings: { FETCH_FILES: 'eager', SEARCH_INDEX_DIR: throwawayFolder() },
    };
    system = await startSystem(options);
    run = typedClient(system, { organizationId, roles: ['ADMIN', 'RECRUITER'] });
    smartRecruiters = await connect('smartrecruiters');
    jobScore = await connect('jobscore');
    for (const connectionId of [smartRecruiters, jobScore]) {
      await until(
        async () => (await run(MirrorDocument, { connectionId })).mirror,
        ({ completeAt, currentRun }) => completeAt !== null && currentRun === null,
        60_000,
      );
    }
    await until(
      () => search({ query: 'resume:*' }),
      ({ total }) => total > 0,
      30_000,
    );
  }, 120_000);
  afterAll(async () => {
    await system[Symbol.asyncDispose]();
    for (const close of closing) await close();
  });

  it('finds by a Boolean query with filters, counts what was found, and marks where', async () => {
    expect((await search({})).total).toBe(2 * CANDIDATES);
    const [ofOne, ofOther] = [
      await search({ connectionId: smartRecruiters }),
      await search({ connectionId: jobScore }),
    ];
    expect([ofOne.total, ofOther.total]).toEqual([CANDIDATES, CANDIDATES]);

    const engineers = await search({ query: 'title:(engineer OR manager) -title:junior', first: 100 });
    const narrower = await search({
      query: 'title:(engineer OR manager) -title:junior',
      filters: [{ field: 'years', anyOf: ['>=5'] }],
      first: 100,
    });
    expect(engineers.total).toBeGreaterThan(narrower.total);
    expect(narrower.total).toBeGreaterThan(0);
    expect(engineers.candidates.edges).toHaveLength(engineers.total);
    for (const { highlights } of engineers.candidates.edges) {
      const marked = highlights.flatMap(({ text, spans }) => spans.map(({ start, end }) => text.slice(start, end)));
      expect(marked.length).toBeGreaterThan(0);
      expect(marked.every((word) => /^(engineer|manager)s?$/i.test(word))).toBe(true);
    }
    const insights = engineers.insights;
    expect(insights?.dimensions).toHaveLength(19);
    expect(insights?.total).toBe(engineers.total);
    // Each count is what its value finds.
    for (const { field, values } of insights?.dimensions ?? []) {
      const [first] = values;
      if (!first) continue;
      const { total } = await search({
        query: 'title:(engineer OR manager) -title:junior',
        filters: [{ field, anyOf: [first.value] }],
        dimensions: [field],
        first: 1,
      });
      expect(total, field).toBe(first.count);
    }
  });

  it('brings every hit once, page by page, in both orders', async () => {
    for (const sort of ['RELEVANCE', 'UPDATED'] as const) {
      const seen: string[] = [];
      for (let after: string | null | undefined; ; ) {
        const { candidates } = await search({ query: 'engineer OR manager', sort, first: 7, after: after ?? null });
        seen.push(...candidates.edges.map(({ node }) => node.id));
        after = candidates.pageInfo.endCursor;
        if (!candidates.pageInfo.hasNextPage) break;
      }
      const { total } = await search({ query: 'engineer OR manager', sort });
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toHaveLength(total);
    }
  });

  it('keeps the counts of a dimension that is filtered by, so that more of its values can be chosen', async () => {
    const all = valuesOf(await search({}), 'currentTitle');
    const [first, second] = all;
    const filters = [{ field: 'currentTitle', anyOf: [first?.value ?? ''] }];
    const one = await search({ filters });
    expect(one.total).toBe(first?.count);
    expect(valuesOf(one, 'currentTitle')).toEqual(all);
    const both = await search({
      filters: [{ field: 'currentTitle', anyOf: [first?.value ?? '', second?.value ?? ''] }],
    });
    expect(both.total).toBe((first?.count ?? 0) + (second?.count ?? 0));
  });

  it('API-1: says what is wrong with a query as data, with the place and what would be right', async () => {
    const { rediscoverySearch } = await run(RediscoverySearchDocument, { query: 'welder AND (titel:boss' });
    expect(rediscoverySearch).toMatchObject({
      __typename: 'InvalidQuery',
      code: 'INVALID_QUERY',
      problems: [
        { code: 'UNCLOSED_PARENTHESIS', start: 11, end: 12 },
        { code: 'UNKNOWN_FIELD', start: 12, end: 17, remedy: expect.stringContaining('title') },
      ],
    });
    const wrongFilter = await run(RediscoverySearchDocument, { filters: [{ field: 'years', anyOf: ['many'] }] });
    expect(wrongFilter.rediscoverySearch).toMatchObject({
      __typename: 'InvalidInput',
      problems: [{ field: 'filters[0].anyOf[0]' }],
    });
    const nowhere = await run(RediscoverySearchDocument, { connectionId: randomUUID() });
    expect(nowhere.rediscoverySearch).toMatchObject({ __typename: 'NotFound', code: 'NOT_FOUND' });
    const noCursor = await run(RediscoverySearchDocument, { after: 'bm9uZQ' });
    expect(noCursor.rediscoverySearch).toMatchObject({ __typename: 'InvalidInput', problems: [{ field: 'after' }] });
    expect((await search({ query: 'welder and fitter' })).hints).toMatchObject([{ code: 'LOWER_CASE_OPERATOR' }]);
  });

  it('explains how many each clause finds, and why somebody is not in the result', async () => {
    const somebody = (await search({ query: 'currentTitle:engineer', first: 1 })).candidates.edges[0]?.node.id ?? '';
    const { rediscoverySearch } = await run(ExplainRediscoverySearchDocument, {
      query: 'currentTitle:engineer -years:0..100',
      candidateId: somebody,
    });
    const { total, explanation } = succeeded(rediscoverySearch, 'CandidatesFound');
    expect(total).toBe(0);
    expect(explanation.map(({ depth, query, matched }) => ({ depth, query, matched }))).toEqual([
      { depth: 0, query: 'currentTitle:engineer AND NOT years:0..100', matched: false },
      { depth: 1, query: 'currentTitle:engineer', matched: true },
      { depth: 1, query: 'NOT years:0..100', matched: false },
      { depth: 2, query: 'years:0..100', matched: true },
    ]);
    expect(explanation[1]?.hits).toBe((await search({ query: 'currentTitle:engineer' })).total);
    expect(explanation[2]).toMatchObject({ span: { start: 22, end: 35 } });
  });

  it('RED-7: offers the filters that an ATS has and somebody has a value of', async () => {
    const fieldsOf = async (connectionId?: string) =>
      (await run(RediscoverySearchFieldsDocument, { connectionId: connectionId ?? null })).rediscoverySearchFields;
    const names = (fields: readonly { readonly field: string }[]) => fields.map(({ field }) => field);
    expect(names(await fieldsOf(smartRecruiters))).toEqual(
      expect.arrayContaining(['status', 'subStatus', 'job', 'rejectionReason', 'updated']),
    );
    expect(names(await fieldsOf(jobScore))).not.toContain('subStatus');
    const status = (await fieldsOf()).find(({ field }) => field === 'status');
    const [value] = status?.values ?? [];
    expect((await search({ filters: [{ field: 'status', anyOf: [value?.value ?? ''] }] })).total).toBe(value?.count);
  });

  it('RED-2: finds what changed within seconds of the sync that brought it, and nobody who is gone', async () => {
    const before = await search({ connectionId: smartRecruiters, first: 1 });
    const [gone] = before.candidates.edges;
    const { remoteId = '' } = (await mirrored(gone?.node.id ?? '')) ?? {};
    const deleted = await fetch(`${smartRecruitersUrl}/candidates/${remoteId}`, {
      method: 'DELETE',
      headers: { 'x-smarttoken': SIMULATED_TOKENS.full },
    });
    expect(deleted.ok).toBe(true);
    await sync(smartRecruiters, 'FULL');
    await until(
      () => search({ connectionId: smartRecruiters }),
      ({ total }) => total === CANDIDATES - 1,
      SOON_MS,
    );
  });

  it('RED-12: does not find who was erased', async () => {
    const { candidates, total } = await search({ connectionId: jobScore, first: 1 });
    const erased = candidates.edges[0]?.node;
    succeeded((await run(EraseCandidateDocument, { id: erased?.id ?? '' })).eraseCandidate, 'CandidateErased');
    const after = await until(
      () => search({ connectionId: jobScore, first: 100 }),
      (state) => state.total === total - 1,
      SOON_MS,
    );
    expect(after.candidates.edges.map(({ node }) => node.id)).not.toContain(erased?.id);
  });

  it('DIR-3: finds public profiles in the same language, and nobody by contact data that is hidden', async () => {
    await system.query(
      'mutation ($profiles: [ProfileInput!]!) { upsertProfiles(profiles: $profiles) { __typename } }',
      {
        profiles: [
          {
            key: 'search-1',
            fullName: 'Grace Hopper',
            headline: 'Compilers and ships',
            skills: ['COBOL'],
            emails: [{ address: 'hidden@mail.example' }],
          },
          { key: 'search-2', fullName: 'Someone Else', skills: ['Sailing'] },
        ],
      },
      { organizationId, roles: ['ADMIN'] },
    );
    const profiles = async (query: string) =>
      succeeded((await run(ProfileSearchDocument, { query })).profileSearch, 'ProfilesFound');
    const found = await until(
      () => profiles('skill:cobol OR compiler'),
      ({ total }) => total === 1,
      SOON_MS,
    );
    expect(found.profiles.edges[0]).toMatchObject({
      node: { fullName: 'Grace Hopper' },
      highlights: [{ field: 'headline' }, { field: 'skill', spans: [{ start: 0, end: 5 }] }],
    });
    expect((await profiles('hidden@mail.example')).total).toBe(0);
    const { profileSearchFields } = await run(ProfileSearchFieldsDocument, {});
    expect(profileSearchFields.find(({ field }) => field === 'skill')?.values).toHaveLength(2);
    expect(profileSearchFields.map(({ field }) => field)).not.toContain('status');
  });

  it('is for members of the organization, whatever their role', async () => {
    const asked = '{ rediscoverySearch(query: "engineer") { ... on CandidatesFound { total } } }';
    const viewer = await system.query(asked, {}, { organizationId, roles: ['VIEWER'] });
    expect(viewer.data.rediscoverySearch.total).toBeGreaterThan(0);
    const operator = await system.query(asked, {}, { organizationId, roles: ['OPERATOR'] });
    expect(operator.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    const stranger = await system.query(asked, {}, { organizationId: randomUUID(), roles: ['ADMIN'] });
    expect(stranger.data.rediscoverySearch.total).toBe(0);
  });

  it('serves at once after a restart, from what the index holds', async () => {
    const { total } = await search({});
    await system[Symbol.asyncDispose]();
    system = await startSystem({
      ...options,
      databaseUrl: system.databaseUrl,
      encryptionKeys: system.encryptionKeys,
    });
    run = typedClient(system, { organizationId, roles: ['ADMIN', 'RECRUITER'] });
    expect(await search({})).toMatchObject({ total, indexing: null });
  });

  async function search(variables: RediscoverySearchQueryVariables): Promise<Found> {
    return succeeded((await run(RediscoverySearchDocument, variables)).rediscoverySearch, 'CandidatesFound');
  }

  function valuesOf({ insights }: Found, field: string) {
    return insights?.dimensions.find((dimension) => dimension.field === field)?.values ?? [];
  }

  async function mirrored(id: string): Promise<{ readonly remoteId: string } | undefined> {
    const answer = await system.query(
      'query ($id: ID!) { mirroredCandidate(id: $id) { remoteId } }',
      { id },
      { organizationId, roles: ['ADMIN'] },
    );
    return answer.data.mirroredCandidate;
  }

  async function sync(connectionId: string, kind: 'FULL' | 'CHANGES'): Promise<void> {
    const { syncRun } = succeeded((await run(StartSyncDocument, { connectionId, kind })).startSync, 'SyncStarted');
    await until(
      async () => (await run(SyncRunDocument, { id: syncRun.id })).syncRun,
      (state) => state?.status === 'COMPLETE',
      60_000,
    );
  }

  async function connect(name: string): Promise<string> {
    const { pluginId, credentials } = pluginSetUp(name);
    const { createConnection } = await run(CreateConnectionDocument, {
      input: { pluginId, capabilities: ['REDISCOVERY'] },
    });
    const { id: connectionId } = succeeded(createConnection, 'Connection');
    await run(AcknowledgeRequirementsDocument, { connectionId });
    const { submitCredentials } = await run(SubmitCredentialsDocument, {
      input: {
        connectionId,
        credentials: Object.entries(credentials).map(([field, value]) => ({ name: field, value })),
      },
    });
    succeeded(submitCredentials, 'ConnectionVerified');
    succeeded((await run(FinishConnectionDocument, { connectionId })).finishConnection, 'Connection');
    return connectionId;
  }
});
