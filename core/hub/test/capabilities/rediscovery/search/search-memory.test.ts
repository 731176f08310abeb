import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ClauseCache } from '../../../../src/capabilities/rediscovery/search/embedded/clause-cache.js';
import { IndexFile } from '../../../../src/capabilities/rediscovery/search/embedded/index-file.js';
import { PageCaches } from '../../../../src/capabilities/rediscovery/search/embedded/page-caches.js';
import { noRows } from '../../../../src/capabilities/rediscovery/search/embedded/row-set.js';
import {
  Shard,
  type ShardAnswer,
  sharedCaches,
} from '../../../../src/capabilities/rediscovery/search/embedded/shard.js';
import { SlicedWork } from '../../../../src/capabilities/rediscovery/search/embedded/sliced-work.js';
import type { SearchRequest } from '../../../../src/capabilities/rediscovery/search/search-engine.js';
import { meaning } from './describe-search-engine.js';
import { aQuery, someDocuments } from './documents.js';
import { ReferenceEngine } from './reference-engine.js';

const directories: string[] = [];
function throwaway(): string {
  const directory = mkdtempSync(join(tmpdir(), 'search-memory-'));
  directories.push(directory);
  return directory;
}
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** It tells whether a query finds a document. */
const reference = new ReferenceEngine();

describe('RED-6: all indexes that are open share one memory', () => {
  it('they stay within it, and find what they find with plenty, also where several are searched piece by piece', () => {
    fc.assert(
      fc.property(
        fc.array(someDocuments, { minLength: 2, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(3), aQuery), { minLength: 2, maxLength: 8 }),
        fc.nat(12_000),
        (indexes, asked, bytes) => {
          const memory = sharedCaches(bytes);
          const folder = throwaway();
          const opened = indexes.map((upserts, at) => {
            const shard = new Shard(join(folder, `${at}.sqlite`), memory);
            shard.write({ upserts, removals: [], sequence: 1, mark: undefined });
            return { shard, upserts };
          });
          const searches = asked.flatMap(([at, query]) => {
            const index = opened[at % opened.length];
            const request: SearchRequest = { query: meaning(query), order: 'relevance', first: 50 };
            return index ? [{ ...index, request, work: new SlicedWork(index.shard.search(request)) }] : [];
          });
          const found = new Map<object, ShardAnswer>();
          while (found.size < searches.length) {
            for (const search of searches.filter((one) => !found.has(one))) {
              const done = search.work.goOn(0);
              if (done) found.set(search, done.result);
              expect(memory.clauses.bytes).toBeLessThanOrEqual(bytes / 2);
            }
          }
          for (const search of searches) {
            const matching = search.upserts.filter((document) => reference.matches(search.request.query, document));
            expect(found.get(search)?.total).toBe(matching.length);
            const ids = found.get(search)?.newest.map(({ id }) => id);
            expect(ids?.toSorted()).toEqual(matching.map(({ id }) => id).toSorted());
          }
          for (const { shard } of opened) shard.close();
          expect(memory.clauses.bytes).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('clauses that nobody has used for the longest are forgotten first, whichever index they are of', () => {
    const cache = new ClauseCache(30_000);
    const [one, other] = [cache.part(), cache.part()];
    const keep = (part: typeof one, key: string): void => {
      const clause = part.use(key);
      clause.rows = noRows(64_000);
      part.weigh(key, clause);
    };
    const isKnown = (part: typeof one, key: string): boolean => part.use(key).rows.length > 0;
    keep(one, 'a');
    keep(other, 'a');
    keep(one, 'b');
    expect(isKnown(one, 'a')).toBe(true);
    keep(other, 'b');
    expect(cache.bytes).toBe(3 * 8_500);
    expect([isKnown(one, 'a'), isKnown(one, 'b'), isKnown(other, 'b')]).toEqual([true, true, true]);
    expect(isKnown(other, 'a')).toBe(false);
    // One that is forgotten while it is evaluated is not counted.
    const evaluated = other.use('c');
    for (const key of ['d', 'e', 'f', 'g']) keep(one, key);
    evaluated.rows = noRows(64_000);
    other.weigh('c', evaluated);
    expect(cache.bytes).toBeLessThanOrEqual(30_000);
    one.clear();
    other.clear();
    expect(cache.bytes).toBe(0);
  });

  it('pages are kept of the files that were used last, by their sizes, and of the others little', () => {
    const caches = new PageCaches(8_000_000);
    const files = Array.from({ length: 12 }, (_, at) => ({ size: (at + 1) * 1_000_000, cacheBytes: 0 }));
    const sum = (): number => files.reduce((bytes, file) => bytes + file.cacheBytes, 0);
    for (const file of files) {
      caches.use(file);
      expect(sum()).toBeLessThanOrEqual(8_000_000);
    }
    expect(sum()).toBeGreaterThan(7_900_000);
    const [first, , , , fifth] = files;
    expect(first?.cacheBytes).toBeLessThan(100_000);
    expect(fifth?.cacheBytes).toBeLessThan(files[11]?.cacheBytes ?? 0);
    if (first) caches.use(first);
    expect(first?.cacheBytes).toBeGreaterThan(150_000);
    expect(fifth?.cacheBytes).toBeLessThan(100_000);
    for (const file of files.slice(1)) {
      caches.remove(file);
      file.cacheBytes = 0;
    }
    expect(first?.cacheBytes).toBe(8_000_000);
  });

  it('SQLite keeps as many pages of a file as it is told', () => {
    const [one, other] = ['one', 'other'].map((name) => IndexFile.open(join(throwaway(), `${name}.sqlite`)));
    if (!one || !other) throw new Error('They are not open.');
    const caches = new PageCaches(4 * 1_024 * 1_024);
    caches.use(one);
    expect(one.cacheBytes).toBe(4 * 1_024 * 1_024);
    caches.use(other);
    expect(one.size).toBeGreaterThan(10_000);
    expect(one.cacheBytes + other.cacheBytes).toBeLessThanOrEqual(4 * 1_024 * 1_024);
    expect(other.cacheBytes).toBe(one.cacheBytes);
    for (const file of [one, other]) file.close();
  });
});
