import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What may name a plugin: the configuration of the deployment, npm's record, and the scaffold, which copies the example. */
const allowed = ['deployment.json', 'package-lock.json', 'scripts/new-plugin.mjs'];

it('a plugin is its folder and a line of configuration: nothing else refers to one', () => {
  const plugins = globSync('plugins/*/package.json', { cwd: root }).map((file) => {
    const { name } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { name: string };
    return { name, folder: file.replace(/\/package\.json$/, '') };
  });
  expect(plugins.length).toBeGreaterThan(0);

  const files = globSync(['*.{json,ts,cjs,mjs,yml}', '{core,gateway,schema,scripts}/**/*.{ts,tsx,mjs,json,yml}'], {
    cwd: root,
    exclude: ['**/node_modules/**', '**/dist/**'],
  }).filter((file) => !allowed.includes(file));
  expect(files).toContain('tsconfig.json');
  const references = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return plugins
      .filter(({ name, folder }) => text.includes(name) || text.includes(folder))
      .map(({ folder }) => `${file} refers to ${folder}`);
  });
  expect(references).toEqual([]);
});
