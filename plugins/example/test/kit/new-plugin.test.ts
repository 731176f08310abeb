import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const checkouts: string[] = [];

afterEach(() => {
  for (const checkout of checkouts.splice(0)) rmSync(checkout, { recursive: true, force: true });
});

/** A checkout with the example alone. It lies inside the repository, so that its packages are found. */
function checkout(): string {
  mkdirSync(join(repository, 'temp'), { recursive: true });
  const root = mkdtempSync(join(repository, 'temp', 'new-plugin-'));
  checkouts.push(root);
  for (const part of ['plugins/example/src', 'plugins/example/simulator', 'plugins/example/test']) {
    cpSync(join(repository, part), join(root, part), { recursive: true });
  }
  for (const file of ['package.json', 'tsconfig.json', 'README.md']) {
    cpSync(join(repository, 'plugins/example', file), join(root, 'plugins/example', file));
  }
  cpSync(join(repository, 'tsconfig.base.json'), join(root, 'tsconfig.base.json'));
  symlinkSync(join(repository, 'core'), join(root, 'core'));
  return root;
}

function newPlugin(root: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  const script = join(repository, 'scripts/new-plugin.mjs');
  return spawnSync(process.execPath, [script, ...args, '--root', root, '--no-install'], { encoding: 'utf8' });
}

it('PLG-2: makes a package that compiles and passes the conformance suite as it is', { timeout: 120_000 }, () => {
  const root = checkout();
  const made = newPlugin(root, 'acme-hire', '--name', 'Acme & Co Hiring', '--host', 'api.acme-hire.example');
  expect(made.stderr).toBe('');
  expect(made.stdout).toContain('Next steps');

  const plugin = join(root, 'plugins/acme-hire');
  const index = readFileSync(join(plugin, 'src/index.ts'), 'utf8');
  expect(index).toContain("id: 'acme-hire'");
  expect(index).toContain("displayName: 'Acme & Co Hiring'");
  expect(index).toContain("hosts: ['api.acme-hire.example']");
  expect(index).toContain('new AcmeHireClient(');
  expect(JSON.parse(readFileSync(join(plugin, 'package.json'), 'utf8'))).toMatchObject({
    name: '@talentbridge/plugin-acme-hire',
  });
  expect(JSON.parse(readFileSync(join(root, 'deployment.json'), 'utf8')).plugins.at(-1)).toBe(
    '@talentbridge/plugin-acme-hire',
  );
  expect(existsSync(join(root, 'node_modules/@talentbridge/plugin-acme-hire/src/index.ts'))).toBe(true);
  expect(existsSync(join(plugin, 'test/kit'))).toBe(false);

  for (const file of ['src/export.ts', 'src/mapping.ts', 'simulator/index.ts', 'README.md']) {
    const text = readFileSync(join(plugin, file), 'utf8');
    expect(text, file).not.toMatch(/Example[A-Z]|example[A-Z]|Example ATS|example-ats/);
  }

  const compiler = join(repository, 'node_modules/typescript/bin/tsc');
  const compiled = spawnSync(process.execPath, [compiler, '-p', plugin, '--noEmit'], { encoding: 'utf8' });
  expect(compiled).toMatchObject({ status: 0, stdout: '' });

  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const { VITEST: _running, ...env } = process.env;
  const results = join(root, 'results.json');
  const options = ['--root', root, '--reporter=json', `--outputFile=${results}`];
  const tested = spawnSync(process.execPath, [vitest, 'run', 'plugins/acme-hire', ...options], { cwd: root, env });
  expect(tested.status, String(tested.stderr)).toBe(0);
  const report = JSON.parse(readFileSync(results, 'utf8'));
  expect(report).toMatchObject({ success: true, numFailedTests: 0 });
  expect(report.numPassedTests).toBeGreaterThan(40);
});

it('PLG-2: refuses a name that is bad or taken, and says which would do', () => {
  const root = checkout();
  for (const [name, reason] of [
    ['Acme', 'cannot name a plugin'],
    ['4you', 'cannot name a plugin'],
    ['a--b', 'cannot name a plugin'],
    ['../evil', 'cannot name a plugin'],
    ['a', 'cannot name a plugin'],
    ['example', 'There is a plugins/example already'],
    ['jobscore', 'deployment.json lists @talentbridge/plugin-jobscore already'],
  ] as const) {
    const refused = newPlugin(root, name);
    expect(refused.status, name).toBe(1);
    expect(refused.stderr, name).toContain(reason);
  }
  expect(newPlugin(root).stderr).toContain('npm run new-plugin acme');
  expect(newPlugin(root, 'acme', '--host', 'https://acme.com').stderr).toContain('must be a host name');
  expect(newPlugin(root, 'acme', '--name', "Ac'me").stderr).toContain('without quotes');
  expect(existsSync(join(root, 'plugins/acme'))).toBe(false);
  expect(existsSync(join(root, 'deployment.json'))).toBe(false);
});

it('PLG-2: adds its line to a deployment and leaves the rest of the file alone', () => {
  const root = checkout();
  newPlugin(root, 'acme');
  newPlugin(root, 'globex');
  expect(JSON.parse(readFileSync(join(root, 'deployment.json'), 'utf8')).plugins.slice(-2)).toEqual([
    '@talentbridge/plugin-acme',
    '@talentbridge/plugin-globex',
  ]);
});
