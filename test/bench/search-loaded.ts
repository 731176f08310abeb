import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileLucene, LuceneRival } from './lucene-rival.ts';
import { type MeasuredProcess, startProcess } from './measured-process.ts';
import { startPostgresRival } from './postgres-rival.ts';
import type { EngineOrder, LoadReport } from './search-engine-process.ts';
import { MadeUpSearchDocuments } from './search-people.ts';
import type { Rival } from './search-rival.ts';

/** What loading took. */
export interface LoadFigures {
  readonly perSecond: number;
  /** For each second of processor time, of all threads. */
  readonly perCore: number;
  /** What it added to the memory at most. */
  readonly megabytes: number;
}

/** Where indexes of made-up people are loaded to. */
export interface LoadPlace {
  readonly people: number;
  readonly seed: number;
  /** Goes away with the run. */
  readonly directory: string;
  /** Stays, and saves the next run the loading. What is loaded is then measured on a copy, since measuring writes. */
  readonly keep: string | undefined;
}

/** What a folder with a loaded index has. */
const INDEX = 'index';
const FIGURES = 'figures.json';

/** The product's engine on an index, in a process of its own. */
export function startEngine(index: string): MeasuredProcess {
  return startProcess(new URL('search-engine-process.ts', import.meta.url), { SEARCH_BENCH_DIR: index });
}

/** Asks that process. */
export function askEngine<Report>(engine: MeasuredProcess, order: EngineOrder): Promise<Report> {
  return engine.ask<Report>(order);
}

/** The folder of an index of the product's engine with all people, filled by a process that has ended. */
export async function loadedEngine(place: LoadPlace): Promise<LoadFigures & { index: string; bytes: number }> {
  const folder = await filled('embedded', place, async (part) => {
    await writeFile(join(part, FIGURES), JSON.stringify(await load(place.people, join(part, INDEX))));
  });
  const index = join(folder, INDEX);
  const figures = JSON.parse(await readFile(join(folder, FIGURES), 'utf8')) as LoadFigures;
  return { ...figures, index, bytes: await sizeOf(index) };
}

/**
 * Lucene with all people, in a process that did not load them.
 * @param jars As `compileLucene` takes it.
 * @returns Why there is none, where something is missing.
 */
export async function loadedLucene(jars: string, place: LoadPlace): Promise<Rival | string> {
  const program = compileLucene(jars, place.directory);
  if ('missing' in program) return program.missing;
  const folder = await filled('lucene', place, async (part) => {
    await using lucene = new LuceneRival(program, join(part, INDEX));
    await upsertAll(lucene, place);
  });
  const lucene = new LuceneRival(program, join(folder, INDEX));
  await lucene.loaded();
  return lucene;
}

/** PostgreSQL with all people, which is never kept. */
export async function loadedPostgres(place: LoadPlace): Promise<Rival> {
  const postgres = await startPostgresRival();
  await upsertAll(postgres, place);
  return postgres;
}

async function upsertAll(rival: Rival, { people, seed }: LoadPlace): Promise<void> {
  const documents = new MadeUpSearchDocuments(seed);
  for (let number = 0; number < people; number++) await rival.upsert(documents.document(number));
  await rival.loaded();
}

async function filled(name: string, place: LoadPlace, fill: (folder: string) => Promise<void>): Promise<string> {
  const home = join(place.keep ?? place.directory, `${name}-${place.people}`);
  if (!existsSync(home)) {
    const part = `${home}.part`;
    await rm(part, { recursive: true, force: true });
    await mkdir(join(part, INDEX), { recursive: true });
    await fill(part);
    await rename(part, home);
  }
  if (place.keep === undefined) return home;
  const copy = join(place.directory, name);
  await cp(home, copy, { recursive: true });
  return copy;
}

async function load(people: number, index: string): Promise<LoadFigures> {
  await using engine = startEngine(index);
  await askEngine(engine, { kind: 'open' });
  const before = await engine.cpu();
  const { seconds, megabytes } = await askEngine<LoadReport>(engine, { kind: 'load', from: 0, to: people });
  const cpuSeconds = ((await engine.cpu()) - before) / 1e6;
  await askEngine(engine, { kind: 'close' });
  return { perSecond: people / seconds, perCore: people / cpuSeconds, megabytes };
}

async function sizeOf(directory: string): Promise<number> {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
