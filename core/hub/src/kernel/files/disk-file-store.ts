import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileMissingError, type FileStore, FileTooLargeError, type StoredFile, segmentsOf } from './file-store.js';

/** Files below a folder of this machine, or of a share that all processes see under the same path. */
export class DiskFileStore implements FileStore {
  /** @param folder Made when it is missing. */
  constructor(private readonly folder: string) {}

  async put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    { limit = Number.POSITIVE_INFINITY }: { readonly limit?: number } = {},
  ): Promise<StoredFile> {
    const place = this.placeOf(key);
    await mkdir(dirname(place), { recursive: true });
    // Beside its place, so that the renaming stays within one file system.
    const unfinished = `${place}.${randomUUID()}.part`;
    try {
      const stored = await write(unfinished, content, limit);
      await rename(unfinished, place);
      await flushFolder(dirname(place));
      return stored;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array>> {
    let file: FileHandle;
    try {
      file = await open(this.placeOf(key), 'r');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw new FileMissingError(key, { cause });
      throw cause;
    }
    return createReadStream('', { fd: file });
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) await rm(this.placeOf(key), { force: true });
  }

  async deleteBelow(path: string): Promise<void> {
    await rm(this.placeOf(path), { force: true, recursive: true });
  }

  private placeOf(key: string): string {
    return join(this.folder, ...segmentsOf(key));
  }
}

async function write(path: string, content: AsyncIterable<Uint8Array>, limit: number): Promise<StoredFile> {
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of content) {
      size += chunk.byteLength;
      if (size > limit) throw new FileTooLargeError(limit);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    return { size, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

/** The name of a renamed file is as durable as its folder. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
