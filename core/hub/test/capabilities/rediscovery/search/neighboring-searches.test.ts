import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { asksSensitive, InsightsCount } from '../../../../src/capabilities/rediscovery/search/count-insights.js';
import { filterTree, type SearchFilter } from '../../../../src/capabilities/rediscovery/search/filters.js';
import type { InsightDimension, Insights } from '../../../../src/capabilities/rediscovery/search/insights.js';
import { offeredFilters } from '../../../../src/capabilities/rediscovery/search/offered-filters.js';
import { parseQuery } from '../../../../src/capabilities/rediscovery/search/query/parse-query.js';
import { allOf, type QueryNode } from '../../../../src/capabilities/rediscovery/search/query/query-tree.js';
import { documentWith } from './documents.ts';
import { ReferenceEngine } from './reference-engine.ts';

const LIMIT = 5;

/** A search as a caller sends it. */
interface Asked {
  readonly query: string;
  readonly filters: readonly SearchFilter[];
}

/** What one person is and declared; their name is their number. */
interface Person {
  readonly company: string;
  readonly skills: readonly string[];
  readonly connection: string;
  readonly declared: readonly string[];
}

async function engineOf(people: readonly Person[]): Promise<ReferenceEngine> {
  const engine = new ReferenceEngine();
  const upserts = people.map(({ company, skills, connection, declared }, number) =>
    documentWith(`id${number}`, {
      name: [`p${number}`],
      currentCompany: [company],
      skill: skills,
      connection: [connection],
      diversity: declared,
    }),
  );
  await engine.write({ upserts });
  return engine;
}

/** The connections whose people the caller may find. */
const connections = (...names: readonly string[]): QueryNode =>
  filterTree([{ field: 'connection', anyOf: names.length > 0 ? names : ['a', 'b'] }]);

async function insightsOf(engine: ReferenceEngine, { query, filters }: Asked, connection?: string): Promise<Insights> {
  const parsed = parseQuery(query);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const typed = allOf([parsed.tree, connection ? connections(connection) : { kind: 'all' }]);
  const count = new InsightsCount(
    { typed, filters, among: connections() },
    { dimensions: ['diversity', 'currentCompany', 'skill'], top: 100 },
    LIMIT,
  );
  const answer = await engine.search({
    query: allOf([typed, filterTree(filters), connections()]),
    order: 'updated',
    first: 0,
    facets: count.facets,
  });
  return count.read(answer, engine);
}

const dimensionOf = (insights: Insights, field: string): InsightDimension => {
  const found = insights.dimensions.find((each) => each.field === field);
  if (!found) throw new Error(`Nothing was counted of ${field}.`);
  return found;
};
const isNoneOrGroup = (count: number): boolean => count === 0 || count >= LIMIT;

const COMPANIES = ['acme', 'umbrella', 'globex'];
const DECLARED = ['gender: woman', 'gender: man', 'veteran: yes', 'race: white', 'race: asian'];

const person = fc.record<Person>({
  company: fc.constantFrom(...COMPANIES, 'acme', 'acme'),
  skills: fc.subarray(['go', 'rust']),
  connection: fc.constantFrom('a', 'a', 'a', 'b'),
  declared: fc.subarray(DECLARED),
});
const people = fc.array(person, { minLength: 4, maxLength: 60, size: 'max' });

const filter = fc.oneof(
  fc.record<SearchFilter>({
    field: fc.constantFrom('currentCompany', 'company'),
    anyOf: fc.subarray(COMPANIES, { minLength: 1 }),
  }),
  fc.record<SearchFilter>({
    field: fc.constant('skill'),
    anyOf: fc.subarray(['go', 'rust']),
    noneOf: fc.subarray(['go', 'rust']),
  }),
  fc.record<SearchFilter>({ field: fc.constant('diversity'), anyOf: fc.subarray(DECLARED, { minLength: 1 }) }),
);
const typed = fc.constantFrom(
  '',
  'company:acme',
  'skill:go OR skill:rust',
  '-skill:rust',
  'company:acme OR name:p1 OR name:p2',
  'NOT (name:p3 OR name:p4)',
  '(company:acme OR company:umbrella) -(skill:go skill:rust) -name:p0',
);
const asked = fc.record<Asked>({ query: typed, filters: fc.array(filter, { maxLength: 3 }) });

/** The same search with one filter, one chosen value or one typed word more or less. */
function neighborsOf({ query, filters }: Asked): Asked[] {
  const without = (index: number, member: 'anyOf' | 'noneOf'): Asked[] =>
    (filters[index]?.[member] ?? []).map((_, place) => ({
      query,
      filters: filters.map((each, own) =>
        own === index ? { ...each, [member]: (each[member] ?? []).toSpliced(place, 1) } : each,
      ),
    }));
  return [
    ...filters.map((_, index) => ({ query, filters: filters.toSpliced(index, 1) })),
    ...filters.flatMap((_, index) => [...without(index, 'anyOf'), ...without(index, 'noneOf')]),
    ...['-name:p0', '-(name:p1 OR name:p2)', '-company:umbrella', '-connection:b', 'skill:go'].map((more) => ({
      query: query === '' ? more : `(${query}) ${more}`,
      filters,
    })),
    { query: query === '' ? query : `(${query}) OR name:p0`, filters },
  ];
}

describe('RED-9: what people declared cannot be computed from the counts of two searches', () => {
  it('with and without one person, who is taken out by a word', async () => {
    const engine = await engineOf(
      Array.from({ length: 40 }, (_, number) => ({
        company: 'acme',
        skills: [],
        connection: 'a',
        declared: number % 2 ? ['gender: woman'] : ['gender: man'],
      })),
    );
    const everybody = dimensionOf(await insightsOf(engine, { query: 'company:acme', filters: [] }), 'diversity');
    expect(everybody.values.map(({ count }) => count)).toEqual([20, 20]);
    for (const query of [
      'company:acme -name:p7',
      'company:acme NOT (name:p7 OR name:p8)',
      '(company:acme -name:p7) OR (company:acme -name:p7)',
    ]) {
      const others = dimensionOf(await insightsOf(engine, { query, filters: [] }), 'diversity');
      expect(others).toMatchObject({ of: null, values: [], missing: null, hidesSmallGroups: true });
    }
    // Companies are nobody's secret.
    const company = dimensionOf(
      await insightsOf(engine, { query: 'company:acme -name:p7', filters: [] }),
      'currentCompany',
    );
    expect(company.values).toMatchObject([{ key: 'acme', count: 39 }]);
    const many = `company:acme ${Array.from({ length: 31 }, (_, number) => `-name:x${number}`).join(' ')}`;
    expect(dimensionOf(await insightsOf(engine, { query: many, filters: [] }), 'diversity').of).toBeNull();
  });

  it('and nothing is hidden where nobody declared anything', async () => {
    const nobody = { company: 'acme', skills: [], connection: 'a', declared: [] };
    const engine = await engineOf(Array.from({ length: 9 }, () => nobody));
    const counting = vi.spyOn(engine, 'countEach');
    const counted = dimensionOf(await insightsOf(engine, { query: 'company:acme -name:p7', filters: [] }), 'diversity');
    expect(counted).toMatchObject({ of: 8, missing: 8, hidesSmallGroups: false });
    expect(counting.mock.calls.flatMap(([queries]) => queries)).toHaveLength(1);
  });

  it('and nothing is hidden because people are written meanwhile', async () => {
    const woman = { company: 'acme', skills: [], connection: 'a', declared: ['gender: woman'] };
    const engine = await engineOf(Array.from({ length: 9 }, () => woman));
    const search = engine.search.bind(engine);
    vi.spyOn(engine, 'search').mockImplementation(async (request) => {
      const answer = await search(request);
      await engine.write({ removals: ['id0', 'id1'] });
      return answer;
    });
    const counted = dimensionOf(await insightsOf(engine, { query: 'company:acme', filters: [] }), 'diversity');
    expect(counted.values).toMatchObject([{ key: 'gender: woman', count: 9 }]);
  });

  it('of which one says a filter, a value or a word more', async () => {
    await fc.assert(
      fc.asyncProperty(people, asked, async (population, search) => {
        const engine = await engineOf(population);
        const counted = await insightsOf(engine, search);
        for (const neighbor of neighborsOf(search)) {
          const other = await insightsOf(engine, neighbor);
          for (const [index, dimension] of counted.dimensions.entries()) {
            const beside = other.dimensions[index];
            // Of two searches that ask nothing of what people declared, other dimensions tell none of it.
            const isSensitive = dimension.field === 'diversity' || [search, neighbor].every(choosesDeclared);
            if (!isSensitive || dimension.of === null || beside?.of == null) continue;
            if (dimension.values.length + beside.values.length === 0) continue;
            expect(Math.abs(dimension.of - beside.of)).toSatisfy(isNoneOrGroup);
          }
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('of one connection and of all', async () => {
    await fc.assert(
      fc.asyncProperty(people, typed, async (population, query) => {
        const engine = await engineOf(population);
        const all = dimensionOf(await insightsOf(engine, { query, filters: [] }), 'diversity');
        for (const connection of ['a', 'b']) {
          const one = dimensionOf(await insightsOf(engine, { query, filters: [] }, connection), 'diversity');
          if (all.of === null || one.of === null) continue;
          // Nobody declared anything, which is what both say.
          if (all.values.length + one.values.length === 0) continue;
          expect(all.of - one.of).toSatisfy(isNoneOrGroup);
        }
      }),
      {
        numRuns: 60,
        examples: [
          [
            Array.from({ length: LIMIT - 1 }, () => ({ company: 'acme', skills: [], connection: 'a', declared: [] })),
            '',
          ],
        ],
      },
    );
  }, 60_000);

  it('nor from the values that are offered for one connection and for all', async () => {
    const person = (connection: string) => ({ company: 'acme', skills: [], connection, declared: ['veteran: yes'] });
    const offered = async (engine: ReferenceEngine, among: QueryNode) =>
      (await offeredFilters(engine, among, { smallGroup: LIMIT }))
        .find(({ field }) => field === 'diversity')
        ?.values?.map(({ count }) => count);
    for (const [others, ofAll] of [
      [3, []],
      [5, [14]],
    ] as const) {
      const people = Array.from({ length: 9 + others }, (_, number) => person(number < 9 ? 'a' : 'b'));
      const engine = await engineOf(people);
      expect(await offered(engine, connections('a'))).toEqual([9]);
      expect(await offered(engine, connections())).toEqual(ofAll);
    }
  });

  it('nor from other dimensions of people who were chosen by it', async () => {
    await fc.assert(
      fc.asyncProperty(people, asked, fc.constantFrom(...DECLARED), async (population, search, value) => {
        const engine = await engineOf(population);
        const filters = search.filters.filter(({ field }) => field !== 'diversity');
        const everybody = await insightsOf(engine, { ...search, filters });
        const chosen = await insightsOf(engine, {
          ...search,
          filters: [...filters, { field: 'diversity', anyOf: [value] }],
        });
        for (const field of ['currentCompany', 'skill']) {
          const [wide, narrow] = [dimensionOf(everybody, field), dimensionOf(chosen, field)];
          if (narrow.of === null) continue;
          for (const { key, count } of narrow.values) {
            expect(count).toBeGreaterThanOrEqual(LIMIT);
            expect(narrow.of - count).toSatisfy(isNoneOrGroup);
            const all = wide.values.find((each) => each.key === key)?.count ?? 0;
            expect(all - count).toSatisfy(isNoneOrGroup);
          }
          expect(narrow.missing ?? 0).toSatisfy(isNoneOrGroup);
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

function choosesDeclared({ query, filters }: Asked): boolean {
  const parsed = parseQuery(query);
  return parsed.ok && asksSensitive(allOf([parsed.tree, filterTree(filters)]));
}
