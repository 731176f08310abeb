import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printTable, type Rounds } from './figures.ts';
import type { MeasuredProcess } from './measured-process.ts';
import type { OpenReport, SearchReport, UpsertReport } from './search-engine-process.ts';
import { askEngine, type LoadPlace, loadedEngine, loadedLucene, loadedPostgres, startEngine } from './search-loaded.ts';
import { MadeUpSearchDocuments } from './search-people.ts';
import { type MeasuredQuery, measuredQueries, ROUNDS_AT_MOST, refined, requestOf } from './search-queries.ts';
import type { Rival } from './search-rival.ts';
import { BareScan } from './search-scan.ts';

/**
 * `npm run bench -- search [--candidates 10000,100000] [--rounds 3, at most 5] [--lucene auto|FOLDER] [--postgres 10000] [--queries] [--keep FOLDER]`
 *
 * Thirty queries from selective to broad over made-up candidates with 3 to 6 kB of résumé each, while 20 upserts a second flow
 * in: hits, exact total and the top 10 of all 19 dimensions. `cold`: its clauses were never asked before. `refined`: the same
 * query with one more filter right after it. In the same run: reading the columns of the dimensions once (the limit),
 * PostgreSQL (jsonb and GROUP BY, up to so many candidates as `--postgres` says), and Lucene, where `--lucene` names a folder
 * with its jars. `--queries` shows every query. Files are in the page cache. `--keep` leaves what was loaded in a folder, for
 * the next run with it: a million take longer to load than to measure.
 */
const { values } = parseArgs({
  options: {
    candidates: { type: 'string', default: '10000,100000' },
    rounds: { type: 'string', default: '3' },
    lucene: { type: 'string' },
    postgres: { type: 'string', default: '10000' },
    queries: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});
const SEED = 1;
const UPSERTS_PER_SECOND = 20;
const ROUNDS = Math.min(Number(values.rounds), ROUNDS_AT_MOST);
/** Queries that no measured round asks. */
const ROUND_TO_COMPARE = ROUNDS_AT_MOST;

/** What one engine took, query by query. */
interface Times {
  readonly name: string;
  readonly cold: number[];
  readonly refined: number[];
}

const loads: string[][] = [];
const searches: string[][] = [];
if (values.keep !== undefined) await mkdir(values.keep, { recursive: true });
for (const size of values.candidates.split(',').map(Number)) {
  const directory = await mkdtemp(join(values.keep ?? tmpdir(), 'search-bench-'));
  try {
    await measure(size, directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
console.log('\nThe embedded engine, two threads\n');
printTable(
  [
    'candidates',
    'upserts/s',
    'a core',
    'bytes each',
    'MB loading',
    'opens in ms',
    'MB serving',
    'visible p50 ms',
    'p99',
  ],
  loads,
);
console.log('\nMilliseconds of a search\n');
printTable(
  [
    '',
    'candidates',
    'cold p50',
    'p95',
    'refined p50',
    'p95',
    'refined p95 / scan',
    "cold p95 / engine's",
    "refined p95 / engine's",
  ],
  searches,
);

async function measure(size: number, directory: string): Promise<void> {
  const place = { people: size, seed: SEED, directory, keep: values.keep };
  const { index, bytes, perSecond, perCore, megabytes } = await loadedEngine(place);
  await using stack = new AsyncDisposableStack();
  const rivals = await startRivals(place);
  for (const rival of rivals) stack.use(rival);
  await using engine = startEngine(index);
  const opened = await askEngine<OpenReport>(engine, { kind: 'open' });
  const scan = new BareScan();
  const documents = new MadeUpSearchDocuments(SEED);
  for (let number = 0; number < size; number++) scan.add(documents.document(number));
  for (const rival of rivals) await compare(engine, rival, size);

  const scans: number[] = [];
  const times: Times[] = ['embedded', ...rivals.map(({ name }) => name)].map((name) => ({
    name,
    cold: [],
    refined: [],
  }));
  const visibleMs: number[] = [];
  const rows: string[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const queries = measuredQueries(round);
    await askEngine(engine, { kind: 'startUpserts', perSecond: UPSERTS_PER_SECOND, people: size });
    const next: MeasuredQuery[] = [];
    for (const [index, query] of queries.entries()) {
      const scanMs = scan.run();
      const first = await search(engine, query);
      next.push(refined(query, first.answer.facets, index));
      const second = await search(engine, next.at(-1) ?? query);
      scans.push(scanMs);
      times[0]?.cold.push(first.ms);
      times[0]?.refined.push(second.ms);
      const { total, rankedBy } = first.answer;
      rows.push(
        [query.text.slice(0, 50), total, first.ms, second.answer.total, second.ms, scanMs, rankedBy].map(shown),
      );
    }
    visibleMs.push(...(await askEngine<UpsertReport>(engine, { kind: 'stopUpserts' })).visibleMs);
    for (const [place, rival] of rivals.entries()) {
      const flow = startFlow(rival, size);
      for (const [index, query] of queries.entries()) {
        const first = await rival.search(requestOf(query));
        const second = await rival.search(requestOf(next[index] ?? query));
        if (first) times[place + 1]?.cold.push(first.ms);
        if (second) times[place + 1]?.refined.push(second.ms);
      }
      await flow.stop();
    }
  }
  if (values.queries) printTable(['query', 'hits', 'cold', 'refined hits', 'refined', 'scan', 'order'], rows);
  loads.push(
    [
      size,
      perSecond,
      perCore,
      bytes / size,
      megabytes,
      opened.ms,
      opened.megabytes,
      part(visibleMs, 0.5),
      part(visibleMs, 0.99),
    ].map((value) => shown(Math.round(value))),
  );
  const limit = part(scans, 0.5);
  const ours = times[0];
  searches.push(['bare scan', size, limit, part(scans, 0.95), '', '', '', '', ''].map(shown));
  for (const { name, cold, refined: again } of times) {
    searches.push(
      [
        name,
        size,
        part(cold, 0.5),
        part(cold, 0.95),
        part(again, 0.5),
        part(again, 0.95),
        part(again, 0.95) / limit,
        part(cold, 0.95) / part(ours?.cold ?? [], 0.95),
        part(again, 0.95) / part(ours?.refined ?? [], 0.95),
      ].map(shown),
    );
  }
  await askEngine(engine, { kind: 'close' });
}

function search(engine: MeasuredProcess, query: MeasuredQuery): Promise<SearchReport> {
  return askEngine(engine, { kind: 'search', request: requestOf(query) });
}

/** With all people in them. */
async function startRivals(place: LoadPlace): Promise<readonly Rival[]> {
  const rivals: Rival[] = [];
  if (place.people <= Number(values.postgres)) rivals.push(await loadedPostgres(place));
  if (values.lucene !== undefined) {
    const lucene = await loadedLucene(values.lucene, place);
    if (typeof lucene === 'string') console.log(`Without Lucene: ${lucene}.`);
    else rivals.push(lucene);
  }
  return rivals;
}

/** Asks both the same before anything changes, and says where they differ. */
async function compare(engine: MeasuredProcess, rival: Rival, size: number): Promise<void> {
  let [same, asked] = [0, 0];
  for (const query of measuredQueries(ROUND_TO_COMPARE)) {
    const theirs = await rival.search(requestOf(query));
    if (!theirs) continue;
    asked++;
    const ours = (await search(engine, query)).answer;
    const differing = ours.facets.find(
      ({ field, values: top }) => `${top.map(({ count }) => count)}` !== `${theirs.counts.get(field) ?? []}`,
    );
    if (ours.total === theirs.total && !differing) same++;
    else
      console.log(
        `${rival.name} differs: ${query.text}: ${theirs.total}, not ${ours.total}; ${differing?.field ?? ''}`,
      );
  }
  console.log(
    `${size.toLocaleString('en')} candidates: ${rival.name} finds and counts the same in ${same} of ${asked} queries.`,
  );
}

/** Writes people anew into a rival until it is told to stop. */
function startFlow(rival: Rival, people: number): { readonly stop: () => Promise<void> } {
  const documents = new MadeUpSearchDocuments(SEED);
  let count = 0;
  let writing = Promise.resolve();
  const timer = setInterval(() => {
    const document = documents.document((count++ * 7_919) % people, 1 + count);
    writing = writing.then(() => rival.upsert(document));
  }, 1_000 / UPSERTS_PER_SECOND);
  return {
    stop: async () => {
      clearInterval(timer);
      await writing;
    },
  };
}

/** The value that such a part of all does not exceed. */
function part(all: Rounds, of: number): number {
  return all.toSorted((one, other) => one - other)[Math.ceil(all.length * of) - 1] ?? Number.NaN;
}

function shown(value: number | string): string {
  if (typeof value === 'string') return value;
  return value.toLocaleString('en', { maximumFractionDigits: Number.isInteger(value) ? 0 : 1 });
}
