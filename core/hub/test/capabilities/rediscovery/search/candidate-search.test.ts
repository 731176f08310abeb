import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshDatabase } from '../../../../../../test/support/postgres.ts';
import { type OpenedSearch, openSearch } from '../../../../dist/capabilities/rediscovery/search/open-search.js';
import type { PeopleFound, PeopleSearched } from '../../../../dist/capabilities/rediscovery/search/people-search.js';
import type { Profile } from '../../../../dist/directory/profile.js';
import { InMemoryAts } from '../in-memory-ats.ts';
import { type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from '../mirror-world.ts';
import { ReferenceIndexes } from './reference-indexes.ts';

let db: MirrorDatabase;
beforeAll(async () => {
  db = await openMirrorDatabase(await freshDatabase());
});
afterAll(() => db[Symbol.asyncDispose]());

/** What people declared of themselves comes with the profile that they are matched with: by the candidate's last name. */
const declared = new Map<string, readonly { attribute: string; value: string; source: string }[]>();

function openSearchOf(ats: InMemoryAts, indexes = new ReferenceIndexes()): OpenedSearch {
  return openSearch({
    indexes,
    database: db.database,
    notifications: db.notifications,
    entitlements: db.entitlements,
    opener: { open: async () => ({ capability: () => ats }) as never },
    audit: db.audit,
    logger: pino({ level: 'silent' }),
    isPlaceholder: () => false,
    matchedProfiles: async (tx, ids) => {
      const rows = await tx.rows<{ id: string; name: string }>(
        `select c.id, c.data ->> 'lastName' as name from talentbridge.mirror_candidate c
         where ${tx.own('c')} and c.id = any($1::uuid[])`,
        [ids],
      );
      return new Map(
        rows.flatMap(({ id, name }) => {
          const diversity = declared.get(name);
          return diversity ? [[id, { ...NOBODY, lastName: name, diversity }] as const] : [];
        }),
      );
    },
    candidatesMatchedWith: async () => [],
    settings: { pollMs: 20, patienceMs: 10_000 },
  });
}

const NOBODY: Profile = {
  ...{
    key: 'k',
    firstName: 'F',
    emails: [],
    phones: [],
    socialUrls: [],
    workExperience: [],
    education: [],
    skills: [],
  },
  ...{ certifications: [], languages: [], groups: [], interests: [], honors: [], diversity: [], tags: [] },
};

async function worldWith(fill: (ats: InMemoryAts) => void): Promise<MirrorWorld & { search: OpenedSearch }> {
  const ats = new InMemoryAts();
  fill(ats);
  const world = await db.connect(ats);
  await world.workOff();
  return Object.assign(world, { search: openSearchOf(ats) });
}

function found(searched: PeopleSearched): PeopleFound {
  if (!searched.ok) throw new Error(JSON.stringify(searched.problems));
  return searched;
}

const EVERYBODY = { query: '', filters: [], synonyms: false };
const COUNTED = { order: 'updated', first: 10, insights: {} } as const;

const employedAt = (employer: string, title = 'Welder') => ({ workExperience: [{ employer, title, current: true }] });

describe('RED-6, RED-9: a search of candidates', () => {
  it('answers hits, the exact total and the counts of all 19 dimensions in one', async () => {
    const world = await worldWith((ats) => {
      for (const employer of ['Acme', 'Acme', 'Umbrella']) ats.addCandidate(employedAt(employer));
    });
    const answer = found(await world.search.candidateSearch.search(world.scope, EVERYBODY, COUNTED));
    expect(answer).toMatchObject({ total: 3, hasNextPage: false, indexing: null });
    expect(answer.insights?.dimensions).toHaveLength(19);
    const companies = answer.insights?.dimensions.find(({ field }) => field === 'currentCompany');
    expect(companies?.values).toEqual([
      { key: 'acme', label: 'Acme', count: 2 },
      { key: 'umbrella', label: 'Umbrella', count: 1 },
    ]);
    await world.search.close();
  });

  it('counts a dimension that is filtered by without its filter, so that a second value can be chosen', async () => {
    const world = await worldWith((ats) => {
      for (const employer of ['Acme', 'Acme', 'Umbrella', 'Umbrella', 'Umbrella'])
        ats.addCandidate(employedAt(employer));
      ats.addCandidate(employedAt('Acme', 'Baker'));
    });
    const filters = [
      { field: 'currentCompany', anyOf: ['acme'] },
      { field: 'currentTitle', anyOf: ['Welder'] },
    ];
    const answer = found(
      await world.search.candidateSearch.search(
        world.scope,
        { ...EVERYBODY, filters },
        { ...COUNTED, insights: { dimensions: ['currentCompany', 'currentTitle'], top: 5 } },
      ),
    );
    expect(answer.total).toBe(2);
    const [companies, titles] = answer.insights?.dimensions ?? [];
    expect(companies?.values.map(({ key, count }) => [key, count])).toEqual([
      ['umbrella', 3],
      ['acme', 2],
    ]);
    expect(titles?.values.map(({ key, count }) => [key, count])).toEqual([
      ['welder', 2],
      ['baker', 1],
    ]);
    // Those whom the other filter alone finds: 5 welders, and 3 who work for Acme.
    expect([companies?.of, titles?.of]).toEqual([5, 3]);
    const unfiltered = found(await world.search.candidateSearch.search(world.scope, EVERYBODY, COUNTED));
    expect(unfiltered.insights?.dimensions[0]?.of).toBe(6);
    await world.search.close();
  });

  it('a filter on a field that stands for others is none of theirs: what they count keeps to it', async () => {
    const world = await worldWith((ats) => {
      ats.addCandidate(employedAt('Acme'));
      ats.addCandidate(employedAt('Acme', 'Baker'));
    });
    const filters = [{ field: 'title', anyOf: ['welder'] }];
    const wish = { ...COUNTED, insights: { dimensions: ['currentTitle'] } };
    const answer = found(await world.search.candidateSearch.search(world.scope, { ...EVERYBODY, filters }, wish));
    expect(answer.insights?.dimensions).toMatchObject([{ of: 1, values: [{ key: 'welder', count: 1 }] }]);
    await world.search.close();
  });

  it('says what is wrong with a query, where, and what would be right', async () => {
    const world = await worldWith(() => undefined);
    const answer = await world.search.candidateSearch.search(
      world.scope,
      { ...EVERYBODY, query: 'titel:welder (a' },
      COUNTED,
    );
    expect(answer).toMatchObject({
      ok: false,
      problems: [
        { code: 'UNKNOWN_FIELD', start: 0 },
        { code: 'UNCLOSED_PARENTHESIS', start: 13 },
      ],
    });
    const search = (wish: object, filters: readonly { field: string; anyOf?: string[] }[] = []) =>
      world.search.candidateSearch.search(world.scope, { ...EVERYBODY, filters }, { ...COUNTED, ...wish });
    await expect(search({}, [{ field: 'nonsense', anyOf: ['x'] }])).rejects.toThrow('filters[0].field');
    await expect(search({ insights: { dimensions: ['name'] } })).rejects.toThrow('dimensions[0]');
    await expect(search({ insights: { top: 101 } })).rejects.toThrow('top');
    await expect(
      search({}, [{ field: 'skill', anyOf: Array.from({ length: 1_001 }, (_, index) => `s${index}`) }]),
    ).rejects.toThrow('at most 1000');
    await world.search.close();
  });

  it('finds nobody of a mirror that is not shown, and says who can show it', async () => {
    const world = await worldWith((ats) => void ats.addCandidate());
    const { candidateSearch } = world.search;
    expect(found(await candidateSearch.search(world.scope, EVERYBODY, COUNTED)).total).toBe(1);
    const set = (enabled: boolean) =>
      db.entitlements.setCapability(world.scope, { pluginId: 'in-memory', capability: 'rediscovery', enabled });
    await set(false);
    for (const query of [EVERYBODY, { ...EVERYBODY, connectionId: world.connectionId }]) {
      await expect(candidateSearch.search(world.scope, query, COUNTED)).rejects.toThrow('An admin of the organization');
    }
    await expect(candidateSearch.filters(world.scope)).rejects.toThrow('An admin of the organization');
    await set(true);
    expect(found(await candidateSearch.search(world.scope, EVERYBODY, COUNTED)).total).toBe(1);
    const other = await worldWith((ats) => void ats.addCandidate());
    await expect(
      candidateSearch.search(world.scope, { ...EVERYBODY, connectionId: other.connectionId }, COUNTED),
    ).rejects.toThrow('There is no connection');
    await world.write((tx) => tx.rows(`update talentbridge.connection c set status = 'REMOVING' where ${tx.own('c')}`));
    expect(found(await candidateSearch.search(world.scope, EVERYBODY, COUNTED)).total).toBe(0);
    await world.search.close();
    await other.search.close();
  });

  it('explains each clause, and why somebody is not in the result', async () => {
    const world = await worldWith((ats) => {
      ats.addCandidate({ ...employedAt('Acme', 'Baker'), lastName: 'Ada' });
      ats.addCandidate({ ...employedAt('Acme'), lastName: 'Bob' });
    });
    const { candidateSearch } = world.search;
    const query = { ...EVERYBODY, query: 'baker NOT company:acme', connectionId: world.connectionId };
    const answer = found(await candidateSearch.search(world.scope, query, COUNTED));
    expect(answer.total).toBe(0);
    const everybody = found(await candidateSearch.search(world.scope, { ...EVERYBODY, query: 'name:ada' }, COUNTED));
    const ada = everybody.hits[0]?.id ?? '';
    const explained = await candidateSearch.explain(world.scope, answer.search, ada);
    expect(explained).toMatchObject({ kind: 'and', hits: 0, matched: false });
    expect(explained.children.map(({ query: clause, hits, matched }) => ({ clause, hits, matched }))).toEqual([
      { clause: 'baker', hits: 1, matched: true },
      { clause: 'NOT company:acme', hits: 0, matched: false },
      { clause: expect.stringContaining('connection:='), hits: 2, matched: true },
    ]);
    const other = await worldWith((ats) => void ats.addCandidate());
    const theirs = found(await other.search.candidateSearch.search(other.scope, EVERYBODY, COUNTED)).hits[0]?.id ?? '';
    await expect(candidateSearch.explain(world.scope, answer.search, theirs)).rejects.toThrow('There is no person');
    const snippets = await candidateSearch.snippets(world.scope, everybody.search, [ada]);
    expect(snippets.get(ada)).toMatchObject([{ field: 'name', spans: [{ start: expect.any(Number) }] }]);
    await world.search.close();
    await other.search.close();
  });

  it('tells of no small group of what people declared of themselves, whatever it is asked', async () => {
    for (const [name, value] of [
      ['Many', 'no'],
      ['Few', 'yes'],
    ] as const) {
      declared.set(name, [{ attribute: 'Veteran', value, source: 'self' }]);
    }
    const world = await worldWith((ats) => {
      for (let index = 0; index < 20; index += 1) ats.addCandidate({ ...employedAt('Acme'), lastName: 'Many' });
      for (let index = 0; index < 2; index += 1) ats.addCandidate({ ...employedAt('Umbrella'), lastName: 'Few' });
      for (let index = 0; index < 9; index += 1) ats.addCandidate({ ...employedAt('Acme'), lastName: 'Silent' });
    });
    const { candidateSearch } = world.search;
    const wish = { ...COUNTED, insights: { dimensions: ['diversity', 'currentCompany'] } };
    const everybody = found(await candidateSearch.search(world.scope, EVERYBODY, wish));
    expect(everybody.insights?.dimensions[0]).toMatchObject({
      values: [{ key: 'veteran: no', count: 20 }],
      of: 31,
      distinct: 1,
      missing: null,
      hidesSmallGroups: true,
    });
    const filters = [{ field: 'diversity', anyOf: ['veteran: yes'] }];
    const few = found(await candidateSearch.search(world.scope, { ...EVERYBODY, filters }, wish));
    // They can be found and read one by one; what they have in common is not counted.
    expect(few.total).toBe(2);
    expect(few.insights?.dimensions[1]).toMatchObject({
      field: 'currentCompany',
      of: null,
      values: [],
      missing: null,
    });
    // Beside the filter the dimension itself is counted over everybody, as before.
    expect(few.insights?.dimensions[0]?.values).toEqual(everybody.insights?.dimensions[0]?.values);
    // Nor may the counts of everybody else be taken from those of everybody.
    const others = found(await candidateSearch.search(world.scope, { ...EVERYBODY, query: '-name:few' }, wish));
    expect(others.insights?.dimensions).toMatchObject([
      { field: 'diversity', of: null, values: [], missing: null, hidesSmallGroups: true },
      { field: 'currentCompany', of: 29, values: [{ key: 'acme', count: 29 }] },
    ]);
    const explained = await candidateSearch.explain(world.scope, few.search);
    expect(explained.hits).toBeNull();
    const offered = await candidateSearch.filters(world.scope);
    expect(offered.find(({ field }) => field === 'diversity')?.values).toEqual([
      { value: 'veteran: no', label: 'Veteran: no', count: 20 },
    ]);
    await world.search.close();
  });

  it('does nothing twice: clauses are counted once for all who are explained, and no record is read to mark nothing in it', async () => {
    const ats = new InMemoryAts();
    for (const employer of ['Acme', 'Umbrella']) ats.addCandidate(employedAt(employer));
    const world = await db.connect(ats);
    await world.workOff();
    const indexes = new ReferenceIndexes();
    const { candidateSearch, close } = openSearchOf(ats, indexes);
    const filters = [{ field: 'currentCompany', anyOf: ['acme'] }];
    const filtered = found(await candidateSearch.search(world.scope, { ...EVERYBODY, filters }, COUNTED));
    const counting = vi.spyOn(indexes.index(`candidates-${world.scope.organizationId}`), 'countEach');
    for (const { id } of filtered.hits) {
      expect(await candidateSearch.explain(world.scope, filtered.search, id)).toMatchObject({ hits: 1, matched: true });
    }
    expect(await candidateSearch.explain(world.scope, filtered.search)).toMatchObject({ hits: 1, matched: null });
    expect(counting).toHaveBeenCalledTimes(1);

    const ids = filtered.hits.map(({ id }) => id);
    const reading = vi.spyOn(world.scope, 'read');
    expect(await candidateSearch.snippets(world.scope, filtered.search, ids)).toEqual(new Map());
    expect(reading).not.toHaveBeenCalled();
    const words = found(await candidateSearch.search(world.scope, { ...EVERYBODY, query: 'acme' }, COUNTED));
    expect((await candidateSearch.snippets(world.scope, words.search, ids)).get(ids[0] ?? '')).toMatchObject([
      { field: 'currentCompany', text: 'Acme' },
    ]);
    await close();
  });

  it('RED-7: offers filters of an ATS where it has them and somebody has a value', async () => {
    const world = await worldWith((ats) => {
      const job = ats.addJob({ title: 'Welder' });
      ats.addApplication(ats.addCandidate(), job, { rejectionReason: 'Salary' });
    });
    const names = async () => (await world.search.candidateSearch.filters(world.scope)).map(({ field }) => field);
    // It has none of them.
    expect(await names()).not.toContain('rejectionReason');
    expect(await names()).toEqual(expect.arrayContaining(['currentTitle', 'years', 'near', 'stage']));
    expect(await names()).not.toContain('diversity');
    await world.search.close();
    const ats = new InMemoryAts();
    const search = openSearchOf(Object.assign(ats, { filters: ['rejectionReason', 'withdrawalReason'] as const }));
    const offered = await search.candidateSearch.filters(world.scope, world.connectionId);
    expect(offered.find(({ field }) => field === 'rejectionReason')?.values).toEqual([
      { value: 'salary', label: 'Salary', count: 1 },
    ]);
    expect(offered.map(({ field }) => field)).not.toContain('withdrawalReason');
    await search.close();
  });
});
