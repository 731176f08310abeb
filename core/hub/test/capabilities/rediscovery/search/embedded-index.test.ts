import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type EmbeddedIndexes,
  embeddedIndexes,
} from '../../../../dist/capabilities/rediscovery/search/embedded/embedded-indexes.js';
import { cursorOf, orderOf } from '../../../../src/capabilities/rediscovery/search/embedded/hit-order.js';
import { DIMENSIONS } from '../../../../src/capabilities/rediscovery/search/fields.js';
import { meaning } from './describe-search-engine.js';
import { aQuery, documentWith, someDocuments } from './documents.js';
import { ReferenceEngine } from './reference-engine.js';

const facets = [...DIMENSIONS.map(({ name: field }) => ({ field, top: 10 })), { field: 'status', top: 10 }];

function setFormat(path: string): void {
  using db = new DatabaseSync(path);
  db.exec('PRAGMA user_version = 3');
}

/** An answer without labels and cursors, which engines choose. */
async function answerOf(engine: Pick<ReferenceEngine, 'search'>, query: string): Promise<unknown> {
  const answer = await engine.search({ query: meaning(query), order: 'updated', first: 200, facets });
  return {
    ids: answer.hits.map(({ id }) => id),
    total: answer.total,
    facets: answer.facets.map((facet) => ({ ...facet, values: facet.values.map(({ key, count }) => [key, count]) })),
  };
}

describe('an embedded index', () => {
  const open: { indexes: EmbeddedIndexes; directory: string }[] = [];
  const start = (directory = mkdtempSync(join(tmpdir(), 'search-')), shards = 2): EmbeddedIndexes => {
    const indexes = embeddedIndexes({ directory, shards });
    open.push({ indexes, directory });
    return indexes;
  };
  afterEach(async () => {
    for (const { indexes, directory } of open.splice(0)) {
      await indexes.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
  const bytesOf = (directory: string): string =>
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join();

  it('RED-6: what was found before is found anew where documents were written since', async () => {
    const indexes = start();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(someDocuments, fc.nat(20)), { minLength: 2, maxLength: 5 }),
        fc.array(aQuery, { minLength: 1, maxLength: 4 }),
        async (writes, queries) => {
          const name = `index-${++count}`;
          let engine = await indexes.open(name);
          const reference = new ReferenceEngine();
          for (const [index, [upserts, removed]] of writes.entries()) {
            const changes = { upserts, removals: [`d-${removed}`, `d-${removed + 1}`] };
            await Promise.all([engine.write(changes), reference.write(changes)]);
            for (const query of queries)
              expect(await answerOf(engine, query)).toEqual(await answerOf(reference, query));
            if (index !== 1) continue;
            await engine.close();
            engine = await indexes.open(name);
          }
          await engine.close();
          await indexes.remove(name);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('RED-6: a change does not wait behind a crowd of searches, and none of them waits for ever', async () => {
    const indexes = start();
    const [engine, neighbor] = [await indexes.open('people'), await indexes.open('others')];
    await engine.write({ upserts: [documentWith('d-0', { skill: ['Welding'] })] });
    const ended: string[] = [];
    const noted = (name: string, work: Promise<unknown>) => work.then(() => ended.push(name));
    const searched = (one: typeof engine, name: string, urgent = false) =>
      noted(name, one.search({ query: meaning('welding'), order: 'updated', first: 10, facets, urgent }));
    await Promise.all([
      ...Array.from({ length: 20 }, (_, number) => searched(engine, `s-${number}`)),
      ...Array.from({ length: 20 }, (_, number) => searched(neighbor, `n-${number}`)),
      noted('write', engine.write({ upserts: [documentWith('d-1', { skill: ['Welding'] })] })),
      searched(neighbor, 'urgent', true),
      ...Array.from({ length: 10 }, (_, number) => noted(`w-${number}`, neighbor.write({ mark: `${number}` }))),
    ]);
    // Two are under way, and whoever is overtaken has the next turn.
    expect(ended.indexOf('write')).toBeLessThanOrEqual(3);
    expect(ended.indexOf('urgent')).toBeLessThanOrEqual(5);
    expect(ended.filter((name) => /^[sw]-/.test(name)).slice(0, 8)).toEqual(
      expect.arrayContaining(['s-0', 's-1', 's-2', 'w-0', 'w-1']),
    );
    expect(ended.filter((name) => name.startsWith('w-'))).toEqual(Array.from({ length: 10 }, (_, at) => `w-${at}`));
    expect(await neighbor.mark()).toBe('9');
    expect((await engine.search({ query: meaning('welding'), order: 'updated', first: 10 })).total).toBe(2);
    // What waits is refused when the threads end, and nothing hangs.
    const left = Array.from({ length: 9 }, () =>
      engine.search({ query: meaning('welding'), order: 'updated', first: 1 }),
    );
    const outcomes = Promise.allSettled(left);
    await indexes.close();
    expect((await outcomes).map(({ status }) => status)).toContain('rejected');
  });

  it('RED-6: by relevance, who has the words in a current title comes first, and pages stay whole while others are written', async () => {
    const engine = await start().open('people');
    await engine.write({
      upserts: [
        documentWith('resume', { resume: ['once a welder'] }, { numbers: { updated: [9] } }),
        documentWith('skill', { skill: ['welder'] }),
        documentWith('title', { currentTitle: ['Senior welder'] }),
        documentWith('past', { pastTitle: ['welder'] }),
        documentWith('newer', { resume: ['a welder again'] }, { numbers: { updated: [10] } }),
      ],
    });
    const query = meaning('welder');
    const page = await engine.search({ query, order: 'relevance', first: 2 });
    expect(page).toMatchObject({ rankedBy: 'relevance', hits: [{ id: 'title' }, { id: 'skill' }], hasNextPage: true });
    await engine.write({ upserts: [documentWith('another', { currentTitle: ['welder'], skill: ['welder'] })] });
    const after = page.hits[1]?.cursor ?? '';
    const rest = await engine.search({ query, order: 'relevance', first: 10, after });
    expect(rest.hits.map(({ id }) => id)).toEqual(['past', 'newer', 'resume']);
    const filtered = await engine.search({ query: meaning('years:3'), order: 'relevance', first: 1 });
    expect(filtered.rankedBy).toBe('updated');
  });

  it('RED-6: more than 20,000 hits come by time, and a search goes on as it began', () => {
    const place = { score: 3, updated: 5, id: 'a' };
    const request = { query: meaning('welder'), order: 'relevance' } as const;
    expect([20_000, 20_001].map((total) => orderOf(request, total))).toEqual(['relevance', 'updated']);
    expect(orderOf({ ...request, after: cursorOf('relevance', place) }, 20_001)).toBe('relevance');
    expect(orderOf({ ...request, after: cursorOf('updated', place) }, 3)).toBe('updated');
  });

  it('RED-6: a restart finds everything, and knows the mark', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const first = start(directory);
    const before = await first.open('people');
    await before.write({ upserts: [documentWith('a', { skill: ['java'] }), documentWith('b', {})], mark: '3' });
    await first.close();
    const engine = await start(directory).open('people');
    expect(await engine.mark()).toBe('3');
    expect(await engine.countEach([meaning('java'), meaning('*')])).toEqual([1, 2]);
  });

  it('RED-6: a write that did not reach every shard is written again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const first = start(directory);
    const before = await first.open('people');
    await before.write({ upserts: [documentWith('a', {})], mark: '1' });
    await before.close();
    const files = readdirSync(join(directory, 'people')).filter((name) => name.endsWith('.sqlite'));
    const kept = files.map((name) => readFileSync(join(directory, 'people', name)));
    const again = await first.open('people');
    await again.write({ upserts: [documentWith('b', {}), documentWith('c', {})], mark: '2' });
    await first.close();
    writeFileSync(join(directory, 'people', files[0] ?? ''), kept[0] ?? '');
    const engine = await start(directory).open('people');
    expect(await engine.mark()).toBe('1');
    await engine.write({ upserts: [documentWith('b', {}), documentWith('c', {})], mark: '2' });
    expect(await engine.mark()).toBe('2');
    expect(await engine.countEach([meaning('*')])).toEqual([3]);
  });

  it.each([
    ['is none', (path: string) => writeFileSync(path, 'no database'.repeat(1000))],
    ['is cut off', (path: string) => truncateSync(path, 6_000)],
    ['is missing', (path: string) => rmSync(path)],
    ['is of an earlier format', setFormat],
  ])('RED-6: an index of which a file %s begins empty, and says that everything is to be written', async (_, spoil) => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const first = start(directory);
    const before = await first.open('people');
    await before.write({ upserts: [documentWith('a', {}), documentWith('b', {}), documentWith('c', {})], mark: '1' });
    await first.close();
    const [file] = readdirSync(join(directory, 'people'));
    spoil(join(directory, 'people', file ?? ''));
    const engine = await start(directory).open('people');
    expect(await engine.mark()).toBeUndefined();
    expect(await engine.countEach([meaning('*')])).toEqual([0]);
  });

  it('RED-6: damage that shows later fails one search; then the index is empty, says so, and can be filled again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const discarded: string[] = [];
    const indexes = embeddedIndexes({ directory, onDiscarded: (name) => discarded.push(name) });
    open.push({ indexes, directory });
    const before = await indexes.open('people');
    const upserts = Array.from({ length: 50 }, (_, index) => documentWith(`p-${index}`, { resume: ['welder'] }));
    await before.write({ upserts, mark: '1' });
    await before.close();
    const [file] = readdirSync(join(directory, 'people'));
    const db = new DatabaseSync(join(directory, 'people', file ?? ''), { defensive: false });
    db.exec("UPDATE person_text_data SET block = x'ffffffff' WHERE id > 10");
    db.close();
    const engine = await indexes.open('people');
    await expect(engine.countEach([meaning('welder')])).rejects.toThrow(/damaged/);
    expect(await engine.countEach([meaning('*')])).toEqual([0]);
    expect(await engine.mark()).toBeUndefined();
    await engine.write({ upserts, mark: '1' });
    expect(await engine.countEach([meaning('welder')])).toEqual([50]);
  });

  it('RED-6: another number of shards begins empty, and leaves nothing behind', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const first = start(directory, 3);
    await (await first.open('people')).write({ upserts: [documentWith('a', { name: ['Lovelace'] })], mark: '1' });
    await first.close();
    const engine = await start(directory, 1).open('people');
    expect(await engine.mark()).toBeUndefined();
    expect(await engine.countEach([meaning('*')])).toEqual([0]);
    expect(readdirSync(join(directory, 'people')).filter((name) => name.endsWith('-of-3.sqlite'))).toEqual([]);
  });

  it('RED-12: words of somebody who was removed leave the files', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const engine = await start(directory).open('people');
    const others = Array.from({ length: 200 }, (_, index) => documentWith(`other-${index}`, { resume: ['welder'] }));
    await engine.write({ upserts: others });
    await engine.write({
      upserts: [
        documentWith('gone-id', {
          name: ['Quirinalia Zyxt'],
          resume: ['likes xylomancy'],
          currentCompany: ['Zyxtworks'],
          diversity: ['faith: zyxtism'],
        }),
      ],
    });
    expect(bytesOf(directory)).toMatch(/xylomancy/);
    await engine.write({ removals: ['gone-id'] });
    await expect
      .poll(() => /gone-id|quirinalia|xylomancy|zyxt/i.exec(bytesOf(directory))?.[0], { timeout: 20_000 })
      .toBeUndefined();
    expect(await engine.countEach([meaning('welder')])).toEqual([200]);
  });

  it('RED-6: what is written over and over takes no more room, and is found as before', async () => {
    const engine = await start().open('people');
    const reference = new ReferenceEngine();
    const people = (round: number) =>
      Array.from({ length: 3_000 }, (_, index) =>
        documentWith(
          `p-${index}`,
          { skill: [`skill ${(index + round) % 7}`], name: [`number ${index}`] },
          { applications: [{ texts: { status: [index % 3 === round % 3 ? 'Rejected' : 'Active'] }, numbers: {} }] },
        ),
      );
    for (const round of [1, 2, 3, 4]) {
      for (const one of [engine, reference]) await one.write({ upserts: people(round).slice(round * 100) });
      for (const query of ['skill:"skill 3"', 'number NOT "number 7"', 'application(status:rejected)']) {
        expect(await answerOf(engine, query)).toEqual(await answerOf(reference, query));
      }
    }
  });

  it('RED-6: no write does much more than another, so that no search waits for one', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const indexes = start(directory, 1);
    const person = (number: number) => {
      const words = Array.from({ length: 400 }, (_, word) => `word${(number * 7_919 + word * word * 31) % 20_011}`);
      return documentWith(`d-${number}`, { resume: [words.join(' ')] });
    };
    let engine = await indexes.open('people');
    for (const first of [0, 100, 200, 300]) {
      await engine.write({ upserts: Array.from({ length: 100 }, (_, index) => person(first + index)) });
    }
    await engine.close();
    engine = await indexes.open('people');
    const log = join(directory, 'people', 'shard-1-of-1.sqlite-wal');
    const pages: number[] = [];
    for (let number = 400; number < 440; number++) {
      const before = number === 400 ? 0 : statSync(log).size;
      await engine.write({ upserts: [person(number)] });
      pages.push((statSync(log).size - before) / 4_096);
    }
    expect(Math.max(...pages)).toBeLessThan(130);
    // It is not put off either.
    expect(Math.min(...pages)).toBeGreaterThan(5);
  });

  it('RED-6: people who are written few by few are found like those who are written many at once', async () => {
    const engine = await start().open('people');
    const reference = new ReferenceEngine();
    const query = 'resume:welder NOT resume:"round 3"';
    for (let round = 1; round <= 32; round++) {
      const count = round % 12 === 0 ? 400 : 170;
      const upserts = Array.from({ length: count }, (_, index) =>
        documentWith(`p-${(round * 97 + index) % 2_500}`, {
          resume: [index % 3 === 0 ? 'baker' : 'welders', `round ${round % 5}`],
        }),
      );
      const changes = { upserts, removals: [`p-${round * 40}`] };
      for (const one of [engine, reference]) await one.write(changes);
      const answer = await answerOf(engine, query);
      if (round % 4 === 0) expect(answer).toEqual(await answerOf(reference, query));
    }
  });

  it('RED-8: somebody with 20,000 applications is found by each of them', async () => {
    const engine = await start().open('people');
    const applications = Array.from({ length: 20_000 }, (_, number) => ({
      texts: { job: [`Welder ${number}`], status: [number === 19_999 ? 'Hired' : 'Rejected'] },
      numbers: { applied: [number] },
    }));
    await engine.write({ upserts: [documentWith('busy', {}, { applications }), documentWith('other', {})] });
    const queries = [
      'application(job:"Welder 19999" status:hired)',
      'application(job:"Welder 19998" status:hired)',
      'job:"Welder 7" status:hired',
    ];
    expect(await engine.countEach(queries.map((query) => meaning(query)))).toEqual([1, 0, 1]);
  });

  it('RED-6: words that begin so are found, however short the beginning, as by looking at all of them', async () => {
    const indexes = start();
    let count = 0;
    const letters = fc.constantFrom('s', 't', 'r', 'é', '😀', '#', '東');
    const word = fc.string({ unit: letters, minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { minLength: 100, maxLength: 120 }),
        fc.array(fc.tuple(fc.nat(119), fc.array(word, { maxLength: 4 })), { maxLength: 6 }),
        fc.array(word, { minLength: 6, maxLength: 6 }),
        async (filled, changed, sought) => {
          const engine = await indexes.open(`index-${++count}`);
          const reference = new ReferenceEngine();
          const personOf = (words: readonly string[], id: number) =>
            documentWith(`d-${id}`, id % 2 === 0 ? { resume: [words.join(' ')] } : { skill: [...words] });
          const writes = [
            { upserts: filled.map(personOf) },
            { upserts: changed.map(([id, words]) => personOf(words, id)), removals: ['d-3', 'd-4'] },
          ];
          for (const changes of writes) {
            for (const one of [engine, reference]) await one.write(changes);
            for (const beginning of sought) {
              const query = { kind: 'text' as const, words: [beginning], quoted: false, prefix: true };
              expect(await engine.countEach([query])).toEqual(await reference.countEach([query]));
            }
          }
          await engine.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('RED-6: a thread that dies fails what it was asked, and is started again with everything', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const real = new URL('../../../../dist/capabilities/rediscovery/search/embedded/shard-worker.js', import.meta.url);
    const worker = join(directory, 'mortal.mjs');
    writeFileSync(
      worker,
      `import { parentPort } from 'node:worker_threads';
       parentPort.on('message', ({ index }) => { if (index === 'deadly') process.exit(1); });
       await import(${JSON.stringify(real.href)});`,
    );
    const indexes = embeddedIndexes({ directory, worker: pathToFileURL(worker) });
    open.push({ indexes, directory });
    const engine = await indexes.open('people');
    await engine.write({ upserts: [documentWith('a', { skill: ['java'] })], mark: '1' });
    await expect(indexes.open('deadly')).rejects.toThrow(/thread of the search engine ended/);
    expect(await engine.countEach([meaning('java')])).toEqual([1]);
    expect(await engine.mark()).toBe('1');
  });

  it('names, opens and removes indexes', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const indexes = start(directory);
    expect(await indexes.names()).toEqual([]);
    const engine = await indexes.open('people');
    await expect(indexes.open('people')).rejects.toThrow(/is open/);
    await expect(indexes.remove('people')).rejects.toThrow(/is open/);
    expect(await indexes.names()).toEqual(['people']);
    await engine.close();
    await expect(engine.search({ query: { kind: 'all' }, order: 'updated', first: 1 })).rejects.toThrow(/closed/);
    await indexes.remove('people');
    await indexes.remove('never-there');
    expect(existsSync(join(directory, 'people'))).toBe(false);
    await expect(indexes.open('../elsewhere')).rejects.toThrow(/name of an index/);
  });

  it('refuses files that another process has', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'search-'));
    const engine = await start(directory).open('people');
    await engine.write({ upserts: [documentWith('a', {})], mark: '1' });
    await expect(start(directory).open('people')).rejects.toThrow(/in use/);
    expect(await engine.countEach([meaning('*')])).toEqual([1]);
  });
});
