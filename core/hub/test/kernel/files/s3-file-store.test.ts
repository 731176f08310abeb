import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileMissingError, FileTooLargeError } from '../../../dist/kernel/files/file-store.js';
import { S3FileStore } from '../../../dist/kernel/files/s3-file-store.js';
import { S3_ACCOUNT, type S3Server, startS3 } from './s3-server.ts';

const MEBIBYTE = 1024 * 1024;

describe('CON-7: files in an object store that speaks S3', () => {
  let server: S3Server;
  let store: S3FileStore;

  beforeAll(async () => {
    server = await startS3();
  });
  beforeEach(() => {
    server.objects.clear();
    server.uploads.clear();
    server.requests.length = 0;
    server.before = () => undefined;
    store = new S3FileStore({ bucket: 'bucket', prefix: 'hub/files', endpoint: server.url, credentials: S3_ACCOUNT });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('stores a file in one request below its prefix, reads it and says its size and hash', async () => {
    const stored = await store.put('org/a/b', pieces('one ', 'two'));
    expect(stored).toEqual({ size: 7, sha256: createHash('sha256').update('one two').digest('hex') });
    expect(server.requests).toEqual(['PUT /bucket/hub/files/org/a/b']);
    expect(await textOf(await store.read('org/a/b'))).toBe('one two');
  });

  it('stores a file that is larger than a part, and puts it together', async () => {
    const { size, sha256 } = await store.put('org/large', chunks(70, MEBIBYTE));
    expect(size).toBe(70 * MEBIBYTE);
    const there = server.objects.get('/bucket/hub/files/org/large');
    expect(there && createHash('sha256').update(there).digest('hex')).toBe(sha256);
    expect(server.requests.filter((line) => line.startsWith('PUT'))).toHaveLength(3);
  });

  it('replaces a file, and keeps the one before when the new one breaks off or is too large', async () => {
    await store.put('org/a', pieces('before'));
    await expect(store.put('org/a', brokenOff())).rejects.toThrow('broke off');
    await expect(store.put('org/a', pieces('too', 'long'), { limit: 6 })).rejects.toBeInstanceOf(FileTooLargeError);
    await expect(store.put('org/a', chunks(70, MEBIBYTE), { limit: 60 * MEBIBYTE })).rejects.toBeInstanceOf(
      FileTooLargeError,
    );
    expect(server.uploads.size).toBe(0);
    expect(await textOf(await store.read('org/a'))).toBe('before');
    await store.put('org/a', pieces('after'));
    expect(await textOf(await store.read('org/a'))).toBe('after');
  });

  it('says of a file that is not there that it is missing', async () => {
    await expect(store.read('org/none')).rejects.toBeInstanceOf(FileMissingError);
  });

  it('deletes files, those below a path alone, and what a dead process left half', async () => {
    for (const key of ['org/x/a', 'org/x/b', 'org/x/c/d', 'org/x/e', 'org/x/f', 'org/xy', 'org/y']) {
      await store.put(key, pieces(key));
    }
    server.uploads.set('1|/bucket/hub/files/org/x/half', new Map());
    server.uploads.set('2|/bucket/hub/files/org/y/half', new Map());
    await store.delete(['org/x/a']);
    await store.delete(['org/x/b', 'org/y', 'org/none']);
    await store.delete([]);
    await store.deleteBelow('org/x');
    expect([...server.objects.keys()]).toEqual(['/bucket/hub/files/org/xy']);
    expect([...server.uploads.keys()]).toEqual(['2|/bucket/hub/files/org/y/half']);
    await store.deleteBelow('org/none');
  });

  it('fails when the store does, and stores nothing with a wrong key or for another region', async () => {
    const stranger = { ...S3_ACCOUNT, secretAccessKey: 'wrong' };
    const place = { bucket: 'bucket', endpoint: server.url };
    await expect(new S3FileStore({ ...place, credentials: stranger }).put('org/a', pieces('x'))).rejects.toThrow(
      'SignatureDoesNotMatch',
    );
    const elsewhere = new S3FileStore({ ...place, region: 'eu-central-1', credentials: S3_ACCOUNT });
    await expect(elsewhere.put('org/a', pieces('x'))).rejects.toThrow('SignatureDoesNotMatch');
    expect(server.objects.size).toBe(0);
    let calls = 0;
    server.before = () => {
      calls += 1;
      if (calls === 1) throw new Error('InternalError');
    };
    // A moment's failure is tried again.
    await store.put('org/a', pieces('x'));
    expect(server.objects.size).toBe(1);
  });

  it.each(['../secret', 'org/../../secret', '/etc', 'org//a', '', 'org/\0'])(
    'reaches no other key: %j',
    async (key) => {
      await expect(store.put(key, pieces('x'))).rejects.toBeInstanceOf(RangeError);
      await expect(store.deleteBelow(key)).rejects.toBeInstanceOf(RangeError);
    },
  );
});

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* chunks(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(size, index);
}

async function* brokenOff(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half');
  throw new Error('broke off');
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const chunk of content) read.push(chunk);
  return Buffer.concat(read).toString();
}
