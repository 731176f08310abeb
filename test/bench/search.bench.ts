import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SearchRequest } from '../../core/hub/dist/capabilities/rediscovery/search/search-engine.js';
import { printTable } from './figures.ts';
import { startProcess } from './measured-process.ts';
import type { EngineOrder, LoadReport, OpenReport, SearchReport, UpsertReport } from './search-engine-process.ts';
import { MadeUpSearchDocuments } from './search-people.ts';
import { measuredQueries, refined, requestOf } from './search-queries.ts';
import { BareScan } from './search-scan.ts';

const { values } = parseArgs({
  options: {
    candidates: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '2' },
    queries: { type: 'boolean', default: false },
  },
});

const SEED = 1;
for (const size of values.candidates.split(',').map(Number)) {
  const directory = await mkdtemp(join(tmpdir(), 'search-bench-'));
  try {
    await measure(size, directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function measure(size: number, directory: string) {
  const start = () => startProcess(new URL('search-engine-process.ts', import.meta.url), { SEARCH_BENCH_DIR: directory });
  {
    await using engine = start();
    const before = await engine.cpu();
    const load = await engine.ask<LoadReport>({ kind: 'load', from: 0, to: size } satisfies EngineOrder);
    const cpu = ((await engine.cpu()) - before) / 1e6;
    await engine.ask({ kind: 'close' } satisfies EngineOrder);
    console.log({ size, ...load, perSecond: size / load.seconds, perCore: size / cpu, bytes: (await sizeOf(directory)) / size });
  }
  await using engine = start();
  console.log(await engine.ask<OpenReport>({ kind: 'open' } satisfies EngineOrder));
  const search = (request: SearchRequest) => engine.ask<SearchReport>({ kind: 'search', request } satisfies EngineOrder);
  const made = new MadeUpSearchDocuments(SEED);
  const scan = new BareScan(Array.from({ length: size }, (_, number) => number).values().map((number) => made.document(number)));
  for (let i = 0; i < 5; i++) scan.run();
  await engine.ask({ kind: 'startUpserts', perSecond: 20, people: size } satisfies EngineOrder);
  const rows: string[][] = [];
  const [cold, again, scans]: number[][] = [[], [], []];
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [index, query] of measuredQueries(round).entries()) {
      const scanMs = scan.run();
      const first = await search(requestOf(query));
      const next = refined(query, first.answer.facets, index);
      const second = await search(requestOf(next));
      cold.push(first.ms); again.push(second.ms); scans.push(scanMs);
      rows.push([query.text.slice(0, 60), String(first.answer.total), first.ms.toFixed(1), String(second.answer.total), second.ms.toFixed(1), scanMs.toFixed(1), first.answer.rankedBy]);
    }
  }
  const { visibleMs } = await engine.ask<UpsertReport>({ kind: 'stopUpserts' } satisfies EngineOrder);
  if (values.queries) printTable(['query', 'total', 'cold', 'refined total', 'refined', 'scan', 'ranked'], rows);
  const p = (all: number[], part: number) => all.toSorted((a, b) => a - b)[Math.floor(all.length * part)]?.toFixed(1);
  console.log({ coldP50: p(cold, 0.5), coldP95: p(cold, 0.95), refP50: p(again, 0.5), refP95: p(again, 0.95), scan: p(scans, 0.5), visibleP50: p([...visibleMs], 0.5), visibleP99: p([...visibleMs], 0.99), upserts: visibleMs.length });
  await engine.ask({ kind: 'close' } satisfies EngineOrder);
}

async function sizeOf(directory: string): Promise<number> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
