import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../../../../../test/support/postgres.ts';
// Its threads run compiled code.
import { embeddedIndexes } from '../../../../dist/capabilities/rediscovery/search/embedded/embedded-indexes.js';
import { DIMENSIONS } from '../../../../src/capabilities/rediscovery/search/fields.js';
import type {
  SearchChanges,
  SearchEngine,
  SearchRequest,
} from '../../../../src/capabilities/rediscovery/search/search-engine.js';
import { meaning } from './describe-search-engine.js';
import { PostgresEngine } from './postgres-engine.js';
import { ReferenceEngine } from './reference-engine.js';
import { VariedPeople } from './varied-people.js';

/** Each with a seed, people and queries of its own. More: `DIFFERENTIAL_ROUNDS=100 npx vitest run differential`. */
const ROUNDS = Number(process.env['DIFFERENTIAL_ROUNDS'] ?? 10);
/** The first round's seed, to repeat one that failed. */
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 1);
const PEOPLE = 200;
const QUERIES = 60;

const directory = mkdtempSync(join(tmpdir(), 'search-differential-'));
const indexes = embeddedIndexes({ directory });
afterAll(async () => {
  await indexes.close();
  await rm(directory, { recursive: true });
});

/** Engines that share no code but how texts are split and what makes two values one. */
const engines: Readonly<Record<string, () => Promise<SearchEngine>>> = {
  PostgreSQL: async () => PostgresEngine.open(await freshDatabase()),
  'The embedded engine': async () => indexes.open(randomUUID()),
};

type WholeRequest = Omit<SearchRequest, 'first' | 'after'>;

/** Everything that a request finds, page by page. */
async function everythingOf(engine: SearchEngine, request: WholeRequest, first = 70) {
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

describe('all search engines', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
    'RED-6, RED-9: find the same people in the same order and count the same (seed %i)',
    async (seed) => {
      const people = new VariedPeople(seed);
      const reference = new ReferenceEngine();
      await using stack = new AsyncDisposableStack();
      const opened: [name: string, engine: SearchEngine][] = [];
      for (const [name, open] of Object.entries(engines)) {
        opened.push([name, stack.adopt(await open(), (engine) => engine.close())]);
      }
      const write = async (changes: SearchChanges): Promise<void> => {
        for (const engine of [reference, ...opened.map(([, engine]) => engine)]) await engine.write(changes);
      };
      await write({ upserts: people.documents(PEOPLE) });
      await write({ upserts: people.documents(PEOPLE / 4, PEOPLE / 2) });
      await write({ removals: Array.from({ length: PEOPLE / 10 }, () => `person-${people.below(PEOPLE)}`) });
      for (let count = 0; count < QUERIES; count++) {
        const text = people.query();
        const others = meaning(people.query());
        const request: WholeRequest = {
          query: meaning(text),
          order: 'updated',
          facets: [people.pick(DIMENSIONS).name, people.pick(DIMENSIONS).name, 'status'].map((field) => ({
            field,
            top: 1 + people.below(12),
            ...(people.below(4) === 0 ? { over: others } : {}),
          })),
        };
        const expected = await everythingOf(reference, request, PEOPLE * 2);
        for (const [name, engine] of opened) {
          expect(await everythingOf(engine, request), `${name}: ${text}`).toEqual(expected);
          if (count % 10 !== 0) continue;
          const ranked = await everythingOf(engine, { ...request, order: 'relevance' });
          expect(ranked, `${name}: ${text}`).toEqual({ ...expected, ids: expected.ids.toSorted() });
        }
      }
    },
  );
});
