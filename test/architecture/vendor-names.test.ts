import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vendors = /jobscore|icims|smartrecruiters|jobdiva|greenhouse|\blever\b|ashby/i;

it('neither core nor gateway names a vendor: they know what a plugin declares, never which one it is', () => {
  const sources = globSync('{core/*,gateway}/{src,console,wizard}/**/*.{ts,tsx,css,html,graphql,json,sql}', {
    cwd: root,
    exclude: (path) => ['node_modules', 'dist', 'test'].includes(basename(path)),
  });
  expect(sources.length).toBeGreaterThan(10);
  const named = sources.filter((path) => vendors.test(path) || vendors.test(readFileSync(join(root, path), 'utf8')));
  expect(named).toEqual([]);
});
