import { embeddedIndexes } from '../../core/hub/dist/capabilities/rediscovery/search/embedded/embedded-indexes.js';
import type {
  SearchAnswer,
  SearchEngine,
  SearchRequest,
} from '../../core/hub/dist/capabilities/rediscovery/search/search-engine.js';
import { MadeUpSearchDocuments } from './search-people.ts';

/*
 * The product's engine in a process of its own, so that its memory and processor time are its own. It makes the documents
 * itself: sending them would cost more than making them. Started by search.bench.ts with a folder in SEARCH_BENCH_DIR.
 */

/** What the process is asked. */
export type EngineOrder =
  | { readonly kind: 'open' }
  | { readonly kind: 'load'; readonly from: number; readonly to: number }
  | { readonly kind: 'search'; readonly request: SearchRequest }
  /** Writes people anew, one at a time, until it is told to stop. */
  | { readonly kind: 'startUpserts'; readonly perSecond: number; readonly people: number }
  | { readonly kind: 'stopUpserts' }
  | { readonly kind: 'close' };

/** How long opening took, and what it added to the memory. */
export interface OpenReport {
  readonly ms: number;
  readonly megabytes: number;
}

/** How long loading took, and what it added to the memory at most. */
export interface LoadReport {
  readonly seconds: number;
  readonly megabytes: number;
}

/** An answer, and how long it took. */
export interface SearchReport {
  readonly ms: number;
  readonly answer: SearchAnswer;
}

/** Of each upsert, how long it took until a search found it, in milliseconds. */
export interface UpsertReport {
  readonly visibleMs: readonly number[];
}

const BATCH = 250;
const SEED = 1;

const indexes = embeddedIndexes({ directory: process.env['SEARCH_BENCH_DIR'] ?? '' });
const documents = new MadeUpSearchDocuments(SEED);
const emptyMegabytes = megabytes();
const opening = open();
let upserts: { readonly stop: () => Promise<readonly number[]> } | undefined;

process.on('message', (order: EngineOrder | string) => {
  if (typeof order === 'string') return;
  void answer(order).then((report) =>
    process.send?.(report ?? {}, () => {
      // Ends by itself, so that a profile of it is written.
      if (order.kind === 'close') process.disconnect?.();
    }),
  );
});
// It waits for orders, and ends with the process that gives them.
process.channel?.ref();

async function open(): Promise<{ readonly engine: SearchEngine; readonly report: OpenReport }> {
  const begun = performance.now();
  const engine = await indexes.open('bench');
  return { engine, report: { ms: performance.now() - begun, megabytes: megabytes() - emptyMegabytes } };
}

async function answer(order: EngineOrder): Promise<object | undefined> {
  const { engine } = await opening;
  switch (order.kind) {
    case 'open':
      return (await opening).report;
    case 'load':
      return await load(engine, order.from, order.to);
    case 'search': {
      const begun = performance.now();
      const found = await engine.search(order.request);
      return { ms: performance.now() - begun, answer: found } satisfies SearchReport;
    }
    case 'startUpserts':
      upserts = startUpserts(engine, order.perSecond, order.people);
      return;
    case 'stopUpserts':
      return { visibleMs: (await upserts?.stop()) ?? [] } satisfies UpsertReport;
    case 'close':
      await engine.close();
      await indexes.close();
      return;
  }
}

async function load(engine: SearchEngine, from: number, to: number): Promise<LoadReport> {
  const begun = performance.now();
  let most = 0;
  let writing = Promise.resolve();
  for (let first = from; first < to; first += BATCH) {
    const length = Math.min(BATCH, to - first);
    // Made while those before are being written.
    const batch = Array.from({ length }, (_, index) => documents.document(first + index));
    await writing;
    writing = engine.write({ upserts: batch, mark: String(first + length) });
    most = Math.max(most, megabytes());
  }
  await writing;
  return { seconds: (performance.now() - begun) / 1_000, megabytes: Math.max(most, megabytes()) - emptyMegabytes };
}

function startUpserts(
  engine: SearchEngine,
  perSecond: number,
  people: number,
): { readonly stop: () => Promise<readonly number[]> } {
  const visibleMs: number[] = [];
  const pending = new Set<Promise<void>>();
  let count = 0;
  const upsert = async (): Promise<void> => {
    const number = (count++ * 7_919) % people;
    const document = documents.document(number, 1 + (count % 1_000));
    const marker = `upsert${process.pid}x${count}`;
    const begun = performance.now();
    await engine.write({ upserts: [{ ...document, texts: { ...document.texts, tag: [marker] } }] });
    const [found] = await engine.countEach([{ kind: 'text', words: [marker], quoted: true, prefix: false }]);
    visibleMs.push(performance.now() - begun);
    if (found !== 1) throw new Error('An upsert that was confirmed is not found.');
  };
  const timer = setInterval(() => {
    const one = upsert().finally(() => pending.delete(one));
    pending.add(one);
  }, 1_000 / perSecond);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      return visibleMs;
    },
  };
}

function megabytes(): number {
  return process.memoryUsage.rss() / 1_000_000;
}
