import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedIndexes, type SearchIndexes } from '@talentbridge/hub';

/** Indexes of this process, and how they end. */
export type OpenedSearchIndexes = SearchIndexes & { close(): Promise<void> };

/**
 * The embedded search indexes of this process.
 * @param directory A folder of this process alone. Absent: one that is deleted when they are closed.
 */
export async function openSearchIndexes(directory?: string): Promise<OpenedSearchIndexes> {
  if (directory !== undefined) {
    // Personal data: nobody else on the machine reads it.
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return embeddedIndexes({ directory });
  }
  const folder = await mkdtemp(join(tmpdir(), 'talentbridge-search-'));
  const indexes = embeddedIndexes({ directory: folder });
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
