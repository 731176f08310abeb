import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
// Its threads run compiled code.
import {
  type EmbeddedIndexes,
  type EmbeddedIndexesOptions,
  embeddedIndexes,
} from '../../../../dist/capabilities/rediscovery/search/embedded/embedded-indexes.js';
import { RequestQueue } from '../../../../src/capabilities/rediscovery/search/embedded/request-queue.js';
import { Shard, sharedCaches } from '../../../../src/capabilities/rediscovery/search/embedded/shard.js';
import { type Sliced, SlicedWork } from '../../../../src/capabilities/rediscovery/search/embedded/sliced-work.js';
import { ThreadTurns } from '../../../../src/capabilities/rediscovery/search/embedded/thread-turns.js';
import { DIMENSIONS } from '../../../../src/capabilities/rediscovery/search/fields.js';
import type { Span } from '../../../../src/capabilities/rediscovery/search/query/query-tree.js';
import type { SearchRequest } from '../../../../src/capabilities/rediscovery/search/search-engine.js';
import { meaning } from './describe-search-engine.js';
import { aQuery, documentWith, someDocuments } from './documents.js';
import { ReferenceEngine } from './reference-engine.js';

const facets = DIMENSIONS.map(({ name: field }) => ({ field, top: 10 }));
const memory = sharedCaches(2_000_000);

const directories: string[] = [];
const opened: EmbeddedIndexes[] = [];
function throwaway(): string {
  const directory = mkdtempSync(join(tmpdir(), 'search-time-'));
  directories.push(directory);
  return directory;
}
afterEach(async () => {
  for (const indexes of opened.splice(0)) await indexes.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function requestOf(query: string, more: Partial<SearchRequest> = {}): SearchRequest {
  return { query: meaning(query), order: 'relevance', first: 10, facets, ...more };
}

/** Everything in one turn, however long it takes. */
function wholeOf<Result>(pieces: Sliced<Result>): Result {
  const done = new SlicedWork(pieces).goOn(Infinity);
  if (!done) throw new Error('It is not done.');
  return done.result;
}

describe('RED-6: a search that takes too long', () => {
  /** @param slow The part of the query that each piece of takes a second. Everything else takes a millisecond. */
  function searched(shard: Shard, query: string, slow: string, more?: Partial<SearchRequest>) {
    let time = 0;
    let at: Span | undefined;
    const work = new SlicedWork(shard.search(requestOf(query, more)), {
      limitMs: 900,
      now: () => {
        time += at && query.slice(at.start, at.end) === slow ? 1_000 : 1;
        return time;
      },
      onPiece: (span) => {
        at = span;
      },
    });
    return () => work.goOn(Infinity);
  }

  it('is given up, and says which part of the query took longest', () => {
    const shard = new Shard(join(throwaway(), 'shard.sqlite'), memory);
    const upserts = ['java welder', 'java', 'python'].map((text, at) => documentWith(`d-${at}`, { resume: [text] }));
    shard.write({ upserts, removals: [], sequence: 1, mark: '1' });
    const query = 'java OR (title:"big data" OR "pyth*") -skill:rust';
    for (const [slow, start] of [
      ['java', 0],
      ['title:"big data"', 9],
      ['"pyth*"', 29],
      ['skill:rust', 39],
    ] as const) {
      expect(query.indexOf(slow)).toBe(start);
      expect(searched(shard, query, slow)).toThrow(
        expect.objectContaining({ limitMs: 900, span: { start, end: start + slow.length } }),
      );
    }
    expect(searched(shard, query, 'nothing')()?.result.total).toBe(3);
    shard.close();
  });

  it('leaves the index as it was, wherever it is given up: what is asked next is found, counted and written as ever', () => {
    const shard = new Shard(join(throwaway(), 'shard.sqlite'), memory);
    let sequence = 0;
    let before: readonly string[] = [];
    fc.assert(
      fc.property(
        someDocuments,
        fc.array(fc.tuple(aQuery, fc.nat(30)), { minLength: 1, maxLength: 4 }),
        (upserts, asked) => {
          const ids = upserts.map(({ id }) => id);
          shard.write({ upserts, removals: before.filter((id) => !ids.includes(id)), sequence: ++sequence, mark: 'm' });
          before = ids;
          const reference = new ReferenceEngine();
          void reference.write({ upserts });
          for (const [query, pieces] of asked) {
            let left = pieces;
            const work = new SlicedWork(shard.search(requestOf(query)), {
              limitMs: 1,
              now: () => (left-- > 0 ? 0 : 1),
            });
            try {
              work.goOn(Infinity);
            } catch (error) {
              expect(error).toMatchObject({ name: 'OverTimeError' });
            }
          }
          for (const [query] of asked) {
            const { total, ranked, newest } = wholeOf(shard.search(requestOf(query, { first: 200 })));
            const matching = upserts
              .filter((document) => reference.matches(meaning(query), document))
              .map(({ id }) => id);
            expect(newest.map(({ id }) => id).toSorted()).toEqual(matching.toSorted());
            expect(total).toBe(matching.length);
            // Whoever has a word once is not ranked as if they had it twice.
            const fresh = new Shard(join(throwaway(), 'fresh.sqlite'), memory);
            fresh.write({ upserts, removals: [], sequence: 1, mark: undefined });
            expect(ranked).toEqual(wholeOf(fresh.search(requestOf(query, { first: 200 }))).ranked);
            fresh.close();
          }
        },
      ),
      { numRuns: 40 },
    );
    shard.close();
  });

  it('is answered with a typed error, which nobody gets who keeps the index', async () => {
    const directory = throwaway();
    const limited = embeddedIndexes({ directory, searchLimitMs: 0 });
    opened.push(limited);
    const engine = await limited.open('people');
    await engine.write({ upserts: [documentWith('a', { skill: ['java'] })], mark: '1' });
    await expect(engine.search(requestOf('(java)'))).rejects.toMatchObject({
      code: 'SEARCH_TOO_LONG',
      recovery: 'skip',
      span: { start: 1, end: 5 },
    });
    await expect(engine.countEach([meaning('java')])).rejects.toMatchObject({ code: 'SEARCH_TOO_LONG' });
    expect((await engine.search(requestOf('java', { urgent: true }))).total).toBe(1);
    await engine.write({ upserts: [documentWith('b', { skill: ['java'] })], mark: '2' });
    await engine.close();
    await limited.close();
    const patient = embeddedIndexes({ directory });
    opened.push(patient);
    const again = await patient.open('people');
    expect((await again.search(requestOf('java'))).total).toBe(2);
    expect(await again.mark()).toBe('2');
  });
});

describe('RED-6: a search that takes long', () => {
  /** Indexes whose threads wait where a statement looks for a word. @param script What happens there. */
  async function waiting(script: string, options: Partial<EmbeddedIndexesOptions> = {}): Promise<EmbeddedIndexes> {
    const directory = throwaway();
    const real = new URL('../../../../dist/capabilities/rediscovery/search/embedded/shard-worker.js', import.meta.url);
    const worker = join(directory, 'waiting.mjs');
    writeFileSync(
      worker,
      `import { existsSync } from 'node:fs';
       import { StatementSync } from 'node:sqlite';
       const { get } = StatementSync.prototype;
       const wait = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
       StatementSync.prototype.get = function (...asked) { ${script} return get.apply(this, asked); };
       await import(${JSON.stringify(real.href)});`,
    );
    const indexes = embeddedIndexes({
      directory: join(directory, 'indexes'),
      worker: pathToFileURL(worker),
      ...options,
    });
    opened.push(indexes);
    return indexes;
  }

  it('holds up no search of another organization, however many of them there are', async () => {
    const indexes = await waiting(`if (String(asked[0]).includes('slow')) wait(60);`);
    const neighbors = await Promise.all(['a', 'b', 'c', 'd'].map((name) => indexes.open(name)));
    const other = await indexes.open('other');
    for (const engine of [...neighbors, other])
      await engine.write({ upserts: [documentWith('d', { resume: ['java'] })] });
    const words = Array.from({ length: 900 }, (_, number) => `slow${number}`);
    // A minute each: nobody waits for it.
    const slow = neighbors.map((engine) => engine.search(requestOf(words.join(' OR '))));
    const outcomes = Promise.allSettled(slow);
    for (const word of ['java', 'resume:java', 'jav*']) expect((await other.search(requestOf(word))).total).toBe(1);
    await other.write({ upserts: [documentWith('e', { resume: ['java'] })] });
    expect(await other.countEach([meaning('java')])).toEqual([2]);
    await indexes.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
  });

  it('is answered in time even where a thread hears nothing, and what comes next is found', async () => {
    const go = join(throwaway(), 'go');
    const indexes = await waiting(
      `if (String(asked[0]).includes('stuck')) while (!existsSync(${JSON.stringify(go)})) wait(20);`,
      { searchLimitMs: 100 },
    );
    const engine = await indexes.open('people');
    await engine.write({ upserts: [documentWith('d', { resume: ['java'] })] });
    await expect(engine.search(requestOf('NOT (stuck)'))).rejects.toMatchObject({
      code: 'SEARCH_TOO_LONG',
      span: { start: 5, end: 10 },
    });
    writeFileSync(go, '');
    expect((await engine.search(requestOf('java', { urgent: true }))).total).toBe(1);
  });
});

describe('whose turn it is', () => {
  it('in a thread: what is asked about one index keeps its order, and indexes take turns', () => {
    const turns = new ThreadTurns<{ readonly index: string; readonly id: number; left: number }>();
    for (const [id, [index, left]] of (
      [
        ['a', 3],
        ['a', 1],
        ['b', 1],
        ['c', 2],
      ] as const
    ).entries()) {
      turns.add({ index, id, left });
    }
    const order: number[] = [];
    for (let one = turns.current(); one; one = turns.current()) {
      order.push(one.id);
      one.left--;
      turns.pass(one.left === 0);
    }
    expect(order).toEqual([0, 2, 3, 0, 3, 0, 1]);
    expect(turns.has('a')).toBe(false);
  });

  it('in the queue: who asks about the index of a slow search waits for it, and nobody else', async () => {
    const queue = new RequestQueue();
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const slows = new Map<string, () => void>();
    const ask = (name: string, index: string, isUrgent = false): void =>
      queue.add({
        index,
        isUrgent,
        mayBeOvertaken: !isUrgent,
        begin: (slow) => {
          begun.push(name);
          slows.set(name, slow);
          return new Promise<void>((resolve) => ends.set(name, resolve));
        },
        refuse: () => undefined,
      });
    for (const name of ['a1', 'a2', 'a3']) ask(name, 'a');
    ask('a-write', 'a', true);
    for (const name of ['b1', 'b2', 'b3']) ask(name, 'b');
    expect(begun).toEqual(['a1', 'a2']);
    slows.get('a1')?.();
    expect(begun).toEqual(['a1', 'a2', 'b1', 'b2']);
    ends.get('b1')?.();
    await expect.poll(() => begun).toContain('b3');
    for (const name of ['a1', 'a2', 'b2', 'b3']) ends.get(name)?.();
    await expect.poll(() => begun.slice(5, 7)).toEqual(['a-write', 'a3']);
  });
});
