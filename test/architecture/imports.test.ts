import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { forbiddenImports } from '../../scripts/check-imports.mjs';

it('the repository keeps its import rules', async () => {
  expect(await forbiddenImports(fileURLToPath(new URL('../..', import.meta.url)))).toEqual([]);
});

// A rule whose pattern matches nothing forbids nothing, and says nothing. So each is shown to bite.
it.each([
  ['no-cycles', 'core/hub/src/a.ts', 'core/hub/src/b.ts'],
  ['contracts-import-zod-alone', 'core/contracts/src/a.ts', 'core/hub/src/b.ts'],
  ['plugin-host-imports-contracts-alone', 'core/plugin-host/src/a.ts', 'core/hub/dist/b.js'],
  ['hub-knows-no-edge', 'core/hub/src/a.ts', 'gateway/src/b.ts'],
  ['hub-knows-no-edge', 'core/hub/src/a.ts', 'plugins/acme/src/b.ts'],
  ['hub-knows-no-edge', 'core/hub/src/a.ts', 'core/testkit/dist/b.js'],
  ['core-knows-no-graphql', 'core/hub/src/a.ts', 'node_modules/graphql/index.js'],
  ['testkit-knows-contracts-and-host-alone', 'core/testkit/src/a.ts', 'core/hub/dist/b.js'],
  ['plugins-import-contracts-and-zod-alone', 'plugins/acme/src/a.ts', 'core/hub/dist/b.js'],
  ['plugins-import-contracts-and-zod-alone', 'plugins/acme/src/a.ts', 'core/testkit/dist/b.js'],
  ['plugins-import-contracts-and-zod-alone', 'plugins/acme/src/a.ts', 'plugins/other/src/b.ts'],
  ['simulators-are-independent', 'plugins/acme/simulator/a.ts', 'plugins/acme/src/b.ts'],
  ['simulators-know-the-testkit-alone', 'plugins/acme/simulator/a.ts', 'core/contracts/dist/b.js'],
  ['gateway-knows-no-plugin', 'gateway/src/a.ts', 'plugins/acme/dist/src/b.js'],
  ['schema-imports-no-workspace', 'schema/src/a.ts', 'core/contracts/dist/b.js'],
  ['capabilities-are-separate', 'core/hub/src/capabilities/export/a.ts', 'core/hub/src/capabilities/webhooks/b.ts'],
  ['kernel-knows-nothing-above', 'core/hub/src/kernel/jobs/a.ts', 'core/hub/src/capabilities/export/b.ts'],
  ['kernel-knows-nothing-above', 'core/hub/src/kernel/jobs/a.ts', 'core/hub/src/connections/b.ts'],
  ['connections-know-no-capability', 'core/hub/src/connections/a.ts', 'core/hub/src/capabilities/export/b.ts'],
  ['tests-are-not-imported', 'core/hub/src/a.ts', 'core/hub/test/b.ts'],
])('%s: %s may not import %s', async (rule, from, to) => {
  const importing = (target: string, source: string) => `import './${relative(dirname(source), target)}';`;
  expect(
    await rulesBrokenBy({
      [from]: importing(to, from),
      [to]: rule === 'no-cycles' ? importing(from, to) : 'export {};',
    }),
  ).toContain(rule);
});

it.each([
  ['no-orphans', { 'gateway/src/alone.ts': 'export {};' }],
  ['resolvable', { 'gateway/src/a.ts': "import './missing.js';" }],
  ['contracts-import-zod-alone', { 'core/contracts/src/a.ts': "import 'node:fs';" }],
  ['plugins-import-contracts-and-zod-alone', { 'plugins/acme/src/a.ts': "import 'node:http';" }],
  [
    'declared-dependencies',
    {
      'core/hub/src/a.ts': "import 'left-pad';",
      'core/hub/package.json': '{ "dependencies": {} }',
      'package.json': '{ "dependencies": { "left-pad": "*" } }',
      'node_modules/left-pad/package.json': '{ "main": "index.js" }',
      'node_modules/left-pad/index.js': '',
    },
  ],
])('%s: refuses %o', async (rule, files) => {
  expect(await rulesBrokenBy(files)).toContain(rule);
});

it.each([
  ['types', "import type { B } from '../../hub/src/b.js'; export type A = B;"],
  ['dynamic imports', "export const load = () => import('../../hub/src/b.js');"],
  ['files with `using`', "export async function f() { await using b = await import('../../hub/src/b.js'); return b; }"],
])('sees %s', async (_what, text) => {
  const broken = await rulesBrokenBy({ 'core/contracts/src/a.ts': text, 'core/hub/src/b.ts': 'export type B = 1;' });
  expect(broken).toContain('contracts-import-zod-alone');
});

/** The names of the rules that a repository of these files breaks. */
async function rulesBrokenBy(files: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'import-rules-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return (await forbiddenImports(folder)).map(({ rule }) => rule);
  } finally {
    await rm(folder, { recursive: true });
  }
}
