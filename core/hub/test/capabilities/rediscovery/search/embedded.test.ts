import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { embeddedIndexes } from '../../../../dist/capabilities/rediscovery/search/embedded/embedded-indexes.js';
import { describeSearchEngine } from './describe-search-engine.js';

const directory = mkdtempSync(join(tmpdir(), 'search-'));
const indexes = embeddedIndexes({ directory });
let opened = 0;

afterAll(async () => {
  await indexes.close();
  rmSync(directory, { recursive: true, force: true });
});

describeSearchEngine('the embedded engine', async () => {
  const name = `index-${++opened}`;
  const engine = await indexes.open(name);
  return Object.assign(engine, {
    async [Symbol.asyncDispose]() {
      await engine.close();
      await indexes.remove(name);
    },
  });
});
