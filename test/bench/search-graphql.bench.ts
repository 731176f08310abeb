import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { embeddedIndexes, migrateHub, type SearchIndexes } from '@talentbridge/hub';
import { startEmbeddedPostgres, temporaryDataDirectory } from '@talentbridge/hub/embedded-postgres';
import { organizationOf } from '../support/organization-client.ts';
import { startSystem, startVendors, until } from '../support/running-system.ts';
import { throwawayFolder } from '../support/throwaway-files.ts';
import { printTable, type Rounds } from './figures.ts';

/**
 * `npm run bench -- search-graphql [--candidates 10000] [--rounds 3]`
 *
 * What a search takes through GraphQL beside what the engine takes in that same search: token, limits, entitlements, the hits' rows
 * from PostgreSQL, the audit log, highlights, and all of it as JSON over HTTP. The candidates come from the simulated JobScore by a
 * sync; each answer has 25 of them with what a list shows, the exact total, and the top 10 of all 19 dimensions. Client and server
 * share a process, so that the client's part counts too.
 */
const { values } = parseArgs({
  options: { candidates: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '3' } },
});
const CANDIDATES = Number(values.candidates);

const ROUNDS = Number(values.rounds);

const SEARCH = `query ($query: String!, $filters: [SearchFilterInput!]) {
  rediscoverySearch(query: $query, filters: $filters, first: 25, top: 10) {
    __typename
    ... on CandidatesFound {
      total indexing { done total }
      insights { dimensions { field label of distinct missing values { value label count } } }
      candidates {
        edges { highlights { label text spans { start end } } node { id firstName lastName connection { name } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;
/** The dimensions whose most frequent values are searched for. */
const SEARCHED = ['currentTitle', 'skill', 'currentCompany', 'school', 'location'];

await using stack = new AsyncDisposableStack();
const dataDirectory = await temporaryDataDirectory();
stack.defer(() => rm(dataDirectory, { recursive: true }));
const postgres = stack.use(await startEmbeddedPostgres({ dataDirectory }));
await migrateHub(postgres.url);
const vendors = stack.use(await startVendors({ candidates: CANDIDATES, seed: 1 }));
const engineMs: number[] = [];
const system = stack.use(
  await startSystem({
    databaseUrl: postgres.url,
    vendors,
    searchIndexes: timed(embeddedIndexes({ directory: throwawayFolder() }), engineMs),
  }),
);
const organization = organizationOf(system);
await organization.connect(undefined, 'jobscore', ['EXPORT', 'REDISCOVERY']);
const everybody = await until(
  () => organization.ask(SEARCH, { query: '' }),
  ({ total, indexing }) => total >= CANDIDATES && indexing === null,
  300_000,
);

const queries: { readonly query: string; readonly filters: readonly object[] }[] = SEARCHED.flatMap((field) => {
  const { values: top = [] } =
    everybody.insights.dimensions.find((one: { field: string }) => one.field === field) ?? {};
  return top.flatMap(({ value, label }: { value: string; label: string }) => [
    { query: `"${label}"`, filters: [] },
    { query: '', filters: [{ field, anyOf: [value] }] },
  ]);
});
const whole: number[] = [];
const added: number[] = [];
for (let round = -1; round < ROUNDS; round++) {
  for (const { query, filters } of queries) {
    engineMs.length = 0;
    const began = performance.now();
    await organization.ask(SEARCH, { query, filters });
    const ms = performance.now() - began;
    // The first round warms code and caches up.
    if (round < 0) continue;
    whole.push(ms);
    added.push(ms - engineMs.reduce((sum, one) => sum + one, 0));
  }
}
console.log(`\nMilliseconds of ${whole.length} searches among ${everybody.total} candidates\n`);
printTable(
  ['', 'p50', 'p95', 'most'],
  [
    ['through GraphQL', ...shares(whole)],
    ['of them beside the engine', ...shares(added)],
  ],
);

function shares(all: Rounds): readonly string[] {
  const sorted = all.toSorted((one, other) => one - other);
  return [0.5, 0.95, 1].map((part) => (sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN).toFixed(1));
}

/** Indexes that note how long each question to one of them took. */
function timed(indexes: SearchIndexes, took: number[]): SearchIndexes {
  const noted = async <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    const began = performance.now();
    try {
      return await question();
    } finally {
      took.push(performance.now() - began);
    }
  };
  return {
    ...indexes,
    async open(name) {
      const engine = await indexes.open(name);
      return {
        write: (changes) => engine.write(changes),
        mark: () => engine.mark(),
        search: (request) => noted(() => engine.search(request)),
        countEach: (asked) => noted(() => engine.countEach(asked)),
        isTidy: () => engine.isTidy(),
        close: () => engine.close(),
      };
    },
  };
}
