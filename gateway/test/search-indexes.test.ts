import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { openSearchIndexes } from '../dist/search-indexes.js';

const logger = pino({ level: 'silent' });
const settings = { searchCacheBytes: 1_000_000, searchLimitMs: 5_000 };

describe('RED-12: the folder of search indexes', () => {
  it('is closed to everybody else on the machine, also where somebody made it before', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'test-search-indexes-'));
    await chmod(folder, 0o755);
    const indexes = await openSearchIndexes(logger, { ...settings, searchIndexDirectory: folder });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await indexes.close();
    await rm(folder, { recursive: true });
  });

  it('goes with its process, and what a killed one has left goes with the next that starts', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const left = join(tmpdir(), `talentbridge-search-${pid}-test`);
    const others = join(tmpdir(), `talentbridge-search-${process.ppid}-test`);
    for (const folder of [left, others]) await mkdir(folder);
    const indexes = await openSearchIndexes(logger, { ...settings, searchIndexDirectory: undefined });
    await expect(stat(left)).rejects.toThrow('ENOENT');
    expect((await stat(others)).isDirectory()).toBe(true);
    await indexes.close();
    await rm(others, { recursive: true });
  });
});
