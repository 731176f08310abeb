import { createHash, randomUUID } from 'node:crypto';
import { access, type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemErrorCode } from '../system-error.js';
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
    const place = this.placeOf(key);
    try {
      await access(place);
    } catch (error) {
      throw missingOr(error, key);
    }
    return contentOf(place, key);
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const place = this.placeOf(key);
      await rm(place, { force: true });
      for (const unfinished of await unfinishedOf(place)) await rm(unfinished, { force: true });
    }
  }

  async deleteBelow(path: string): Promise<void> {
    await rm(this.placeOf(path), { force: true, recursive: true });
  }

  private placeOf(key: string): string {
    return join(this.folder, ...segmentsOf(key));
  }
}

/** Opened by the first look: whoever never looks leaves nothing open. */
async function* contentOf(place: string, key: string): AsyncGenerator<Uint8Array> {
  let file: FileHandle;
  try {
    file = await open(place, 'r');
  } catch (error) {
    throw missingOr(error, key);
  }
  try {
    yield* file.createReadStream({ autoClose: false });
  } finally {
    await file.close();
  }
}

function missingOr(error: unknown, key: string): unknown {
  return systemErrorCode(error) === 'ENOENT' ? new FileMissingError(key, { cause: error }) : error;
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

/** What processes left that died while they wrote this file. */
async function unfinishedOf(place: string): Promise<readonly string[]> {
  try {
    const names = await readdir(dirname(place));
    const ours = names.filter((name) => name.startsWith(`${basename(place)}.`) && name.endsWith('.part'));
    return ours.map((name) => join(dirname(place), name));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
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
