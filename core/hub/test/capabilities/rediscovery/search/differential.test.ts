import { describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../../test/support/postgres.ts';
import { DIMENSIONS } from '../../../../src/capabilities/rediscovery/search/fields.js';
import type { SearchEngine, SearchRequest } from '../../../../src/capabilities/rediscovery/search/search-engine.js';
import { meaning } from './describe-search-engine.js';
import { PostgresEngine } from './postgres-engine.js';
import { ReferenceEngine } from './reference-engine.js';
import { VariedPeople } from './varied-people.js';

/** Each with a seed, people and queries of its own. More: `DIFFERENTIAL_ROUNDS=100 npx vitest run differential`. */
const ROUNDS = Number(process.env['DIFFERENTIAL_ROUNDS'] ?? 10);
/** The first round's seed, to repeat one that failed. */
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 1);
const PEOPLE = 300;
const QUERIES = 100;

/** Engines that share no code but how texts are split and what makes two values one. */
const engines: Readonly<Record<string, () => Promise<SearchEngine>>> = {
  PostgreSQL: async () => PostgresEngine.open(await freshDatabase()),
};

/** Everything that a request finds, page by page. */
async function everythingOf(engine: SearchEngine, request: Omit<SearchRequest, 'first' | 'after'>, first = 200) {
  let page = await engine.search({ ...request, first });
  const { total, facets } = page;
  const ids = page.hits.map(({ id }) => id);
  while (page.hasNextPage) {
    const after = page.hits.at(-1)?.cursor ?? '';
    page = await engine.search({ query: request.query, order: request.order, first, after });
    ids.push(...page.hits.map(({ id }) => id));
  }
  return {
    total,
    // Which of several ways of writing a value is shown is the engine's choice.
    facets: facets.map(({ values, ...facet }) => ({ ...facet, values: values.map(({ key, count }) => [key, count]) })),
    ids: request.order === 'updated' ? ids : ids.toSorted(),
  };
}

describe.each(Object.entries(engines))('%s and the engine that reads everything', (_name, open) => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
    'RED-6, RED-9: find the same people in the same order and count the same (seed %i)',
    async (seed) => {
      const people = new VariedPeople(seed);
      const engine = await open();
      const reference = new ReferenceEngine();
      const write = (changes: Parameters<SearchEngine['write']>[0]) =>
        Promise.all([engine.write(changes), reference.write(changes)]);
      try {
        await write({ upserts: people.documents(PEOPLE) });
        await write({ upserts: people.documents(PEOPLE / 4, PEOPLE / 2) });
        await write({ removals: Array.from({ length: PEOPLE / 10 }, () => `person-${people.below(PEOPLE)}`) });
        for (let count = 0; count < QUERIES; count++) {
          const text = people.query();
          const others = meaning(people.query());
          const request: Omit<SearchRequest, 'first'> = {
            query: meaning(text),
            order: 'updated',
            facets: [people.pick(DIMENSIONS).name, people.pick(DIMENSIONS).name, 'status'].map((field) => ({
              field,
              top: 1 + people.below(12),
              ...(people.below(4) === 0 ? { over: others } : {}),
            })),
          };
          const expected = await everythingOf(reference, request, PEOPLE * 2);
          expect(await everythingOf(engine, request), text).toEqual(expected);
          if (count % 10 === 0) {
            const ranked = await everythingOf(engine, { ...request, order: 'relevance' });
            expect(ranked, text).toEqual({ ...expected, ids: expected.ids.toSorted() });
          }
        }
      } finally {
        await engine.close();
      }
    },
  );
});
