import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskFileStore } from '../../../src/kernel/files/disk-file-store.js';
import { FileMissingError, FileTooLargeError } from '../../../src/kernel/files/file-store.js';

describe('files on disk', () => {
  let folder: string;
  let store: DiskFileStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'talentbridge-files-'));
    store = new DiskFileStore(folder);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('stores a file, replaces it and says what it stored', async () => {
    await store.put('one/attachments/a', pieces('first'));
    const stored = await store.put('one/attachments/a', pieces('se', 'cond'));
    expect(stored).toEqual({
      size: 6,
      sha256: '16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4',
    });
    expect(await textOf(await store.read('one/attachments/a'))).toBe('second');
  });

  it('stores nothing of a file that is too large or breaks off', async () => {
    await expect(store.put('one/a', pieces('12345', '67890'), { limit: 9 })).rejects.toBeInstanceOf(FileTooLargeError);
    await expect(store.put('one/a', brokenOff())).rejects.toThrow('broke off');
    await expect(store.read('one/a')).rejects.toBeInstanceOf(FileMissingError);
    expect(await readdir(join(folder, 'one'))).toEqual([]);
  });

  it('deletes files and whole folders, also those that are gone already', async () => {
    for (const key of ['one/x/a', 'one/x/b', 'one/y/c']) await store.put(key, pieces(key));
    await store.delete(['one/y/c', 'one/y/never']);
    await store.deleteBelow('one/x');
    await store.deleteBelow('one/x');
    for (const key of ['one/x/a', 'one/x/b', 'one/y/c']) {
      await expect(store.read(key)).rejects.toBeInstanceOf(FileMissingError);
    }
  });

  it('deletes what a process left that died while it wrote the file, and leaves nothing open that nobody looks at', async () => {
    await store.put('one/a', pieces('whole'));
    await writeFile(join(folder, 'one', 'a.1234.part'), 'half');
    await writeFile(join(folder, 'one', 'ab.1234.part'), 'another one');
    await store.read('one/a');
    await store.delete(['one/a', 'none/at-all']);
    expect(await readdir(join(folder, 'one'))).toEqual(['ab.1234.part']);
  });

  it.each(['../secret', 'one/../../secret', '/etc/passwd', 'one//a', '', 'one/.', 'one/\0'])(
    'reaches nothing outside its folder: %j',
    async (key) => {
      await expect(store.put(key, pieces('x'))).rejects.toBeInstanceOf(RangeError);
      await expect(store.deleteBelow(key)).rejects.toBeInstanceOf(RangeError);
    },
  );
});

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* brokenOff(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half');
  throw new Error('broke off');
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
