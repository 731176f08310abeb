import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SearchEngine, SearchIndexes } from '../search-engine.js';
import { EmbeddedEngine } from './embedded-engine.js';
import { ShardThreads } from './shard-threads.js';

/** Where indexes lie, and what they may take. */
export interface EmbeddedIndexesOptions {
  /** A folder of this process alone. What lies there is personal data, and can be made again from the database. */
  readonly directory: string;
  /** Threads, and shards of each index. Default 2. Indexes that were written with another number begin empty. */
  readonly shards?: number;
  /**
   * What all open indexes together may keep in memory besides their columns, in bytes: half of it for what clauses found, half for pages
   * of their files. Those that were used last have most of it. Default 384 MiB.
   */
  readonly cacheBytes?: number;
  /** How long a search may take, in milliseconds, from when its turn comes; those of whoever keeps an index take as long as they need. Default: no limit. */
  readonly searchLimitMs?: number;
  /** Told of an index of which a file could not be read: it begins empty, and its mark says so. For the log. */
  readonly onDiscarded?: (name: string) => void;
  /** The compiled worker. Default: the one beside this file. */
  readonly worker?: URL;
}

/** Indexes in files and threads of this process. */
export interface EmbeddedIndexes extends SearchIndexes, AsyncDisposable {
  /** Ends the threads. Engines that are open fail from now on. */
  close(): Promise<void>;
}

/** An index of this name is open already. */
class SearchIndexOpenError extends Error {
  override readonly name = 'SearchIndexOpenError';
}

const DEFAULT_CACHE_BYTES = 384 * 1024 * 1024;

/** Search in this process: words in SQLite, everything else in columns in memory. */
export function embeddedIndexes(options: EmbeddedIndexesOptions): EmbeddedIndexes {
  const { directory, shards = 2, cacheBytes = DEFAULT_CACHE_BYTES, searchLimitMs = Infinity } = options;
  const worker = options.worker ?? new URL('./shard-worker.js', import.meta.url);
  const threads = new ShardThreads({ count: shards, worker, cacheBytes, searchLimitMs });
  const open = new Set<string>();
  const folderOf = (name: string): string => {
    if (!/^[A-Za-z0-9_-]+$/.test(name)) throw new RangeError('The name of an index is letters, digits, - and _.');
    if (open.has(name)) throw new SearchIndexOpenError(`The search index ${name} is open.`);
    return join(directory, name);
  };
  return {
    async open(name): Promise<SearchEngine> {
      const folder = folderOf(name);
      open.add(name);
      try {
        const engine = new EmbeddedEngine(name, folder, threads, {
          closed: () => open.delete(name),
          discarded: () => options.onDiscarded?.(name),
        });
        await engine.open();
        return engine;
      } catch (error) {
        open.delete(name);
        throw error;
      }
    },
    async remove(name) {
      await rm(folderOf(name), { recursive: true, force: true });
    },
    async names() {
      await mkdir(directory, { recursive: true });
      const entries = await readdir(directory, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    },
    close: () => threads.close(),
    [Symbol.asyncDispose]: () => threads.close(),
  };
}
