import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createDatabase,
  type EmbeddedPostgres,
  hasEmbeddedDatabase,
  runningEmbeddedPostgres,
  startEmbeddedPostgres,
  temporaryDataDirectory,
} from '@talentbridge/hub/embedded-postgres';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

let dataDirectory: string;

beforeAll(async () => {
  dataDirectory = await temporaryDataDirectory();
});

afterAll(() => rm(dataDirectory, { recursive: true }));

const start = () => startEmbeddedPostgres({ dataDirectory, durable: false });

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

it('keeps its data over a restart', async () => {
  {
    await using server = await start();
    await query(server.url, "CREATE TABLE kept AS SELECT 'still here' AS value");
  }
  await using server = await start();
  expect(await query(server.url, 'SELECT value FROM kept')).toEqual(['still here']);
});

it('refuses the wrong password', async () => {
  await using server = await start();
  const url = new URL(server.url);
  url.password = 'guessed';
  await expect(query(url.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
});

it('makes databases, also as copies', async () => {
  await using server = await start();
  const original = await createDatabase(server.url, 'original');
  await query(original, 'CREATE TABLE copied AS SELECT 7 AS value');
  const copy = await createDatabase(server.url, 'a "copy"', 'original');
  expect(await query(copy, 'SELECT value FROM copied')).toEqual([7]);
});

it('says what to do when the data directory is in use', async () => {
  await using server = await start();
  await expect(start()).rejects.toMatchObject({
    code: 'ALREADY_RUNNING',
    message: expect.stringContaining(`process ${process.pid} of TalentBridge`),
  });
  expect(await query(server.url, 'SELECT 1')).toEqual([1]);
});

it('tells other commands where the running server is, and that none runs', async () => {
  expect(await runningEmbeddedPostgres(dataDirectory)).toBeUndefined();
  await using server = await start();
  expect(await runningEmbeddedPostgres(dataDirectory)).toBe(server.url);
  expect(await hasEmbeddedDatabase(dataDirectory)).toBe(true);
  expect(await hasEmbeddedDatabase(join(dataDirectory, 'elsewhere'))).toBe(false);
});

it('says why PostgreSQL does not start', async () => {
  await using server = await start();
  const other = await temporaryDataDirectory();
  const { port } = new URL(server.url);
  await expect(
    startEmbeddedPostgres({ dataDirectory: other, port: Number(port), durable: false }),
  ).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringContaining('Address already in use'),
  });
  await rm(other, { recursive: true });
});

it('is not blocked by a lock file whose process number now belongs to something else', async () => {
  {
    await using _server = await start();
  }
  const lock = join(dataDirectory, 'cluster', 'postmaster.pid');
  await writeFile(lock, `${process.pid}\n${join(dataDirectory, 'cluster')}\n`);
  await using server = await start();
  expect(await query(server.url, 'SELECT 1')).toEqual([1]);
});

it.each(['SIGKILL', 'SIGTERM'] as const)(
  'starts again after a process ended by %s left its server behind',
  async (signal) => {
    const script = `
    import { startEmbeddedPostgres } from '@talentbridge/hub/embedded-postgres';
    const server = await startEmbeddedPostgres({ dataDirectory: process.argv[1], durable: false });
    console.log(server.url);
    setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDirectory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [firstOutput] = await once(child.stdout, 'data');
    const leftBehind = String(firstOutput).trim();
    await query(leftBehind, 'CREATE TABLE IF NOT EXISTS written AS SELECT 1');

    child.kill(signal);
    await once(child, 'exit');

    await using server: EmbeddedPostgres = await start();
    expect(await query(server.url, 'SELECT count(*)::int FROM written')).toEqual([1]);
    await expect(query(leftBehind, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  },
);

it('stops by itself when its process is killed', async () => {
  const script = `
    import { startEmbeddedPostgres } from '@talentbridge/hub/embedded-postgres';
    await startEmbeddedPostgres({ dataDirectory: process.argv[1], durable: false });
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDirectory]);
  await once(child, 'exit');
  const lock = join(dataDirectory, 'cluster', 'postmaster.pid');
  await expect
    .poll(
      () =>
        readFile(lock).then(
          () => 'running',
          () => 'stopped',
        ),
      { timeout: 10_000 },
    )
    .toBe('stopped');
});
