import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedIndexes, type SearchIndexes } from '@talentbridge/hub';
import type { Logger } from 'pino';
import type { HubConfiguration } from './configuration.js';

/** Indexes of this process, and how they end. */
export type OpenedSearchIndexes = SearchIndexes & { close(): Promise<void> };

/** What the folders begin with that go with their process, before its id. */
const TEMPORARY = 'talentbridge-search-';

/** How the indexes of a process are kept. */
export type SearchIndexConfiguration = Pick<
  HubConfiguration,
  'searchIndexDirectory' | 'searchCacheBytes' | 'searchLimitMs'
>;

/** The embedded search indexes of this process: in the folder that is configured, or in one that is deleted when they are closed. */
export async function openSearchIndexes(
  logger: Logger,
  { searchIndexDirectory: directory, searchCacheBytes: cacheBytes, searchLimitMs }: SearchIndexConfiguration,
): Promise<OpenedSearchIndexes> {
  const onDiscarded = (index: string): void =>
    logger.warn({ index }, 'a search index could not be read; it is made anew from the database');
  if (directory !== undefined) {
    await mkdir(directory, { recursive: true });
    // Personal data: nobody else on the machine reads it, also where somebody made the folder before.
    await chmod(directory, 0o700).catch(() =>
      logger.warn('the folder of search indexes belongs to another user: see to it that nobody else reads it'),
    );
    return embeddedIndexes({ directory, cacheBytes, searchLimitMs, onDiscarded });
  }
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), `${TEMPORARY}${process.pid}-`));
  const indexes = embeddedIndexes({ directory: folder, cacheBytes, searchLimitMs, onDiscarded });
  return {
    open: (name) => indexes.open(name),
    remove: (name) => indexes.remove(name),
    names: () => indexes.names(),
    close: async () => {
      await indexes.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Deletes what killed processes have left: it is personal data, and nobody takes out of it who is erased. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(TEMPORARY) ? /^\d+(?=-)/.exec(name.slice(TEMPORARY.length))?.[0] : undefined;
    if (pid === undefined || isRunning(Number(pid))) continue;
    // Another user's is left to a process of theirs.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
