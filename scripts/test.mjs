/**
 * Everything that must hold before a change lands: `npm test`. The quick checks come first, and the first that fails ends
 * the run. With arguments, only Vitest runs, and gets them: `npm test -- core/hub`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const results = 'temp/test-results.json';

const checks = [
  {
    name: 'Lock file',
    command: ['node', 'scripts/check-lock.mjs'],
    remedy: '`node scripts/check-lock.mjs --fix` adds them.',
  },
  {
    name: 'Format and lint',
    command: ['biome', 'check', '--error-on-warnings'],
    remedy: '`npm run format` mends what can be mended by itself.',
  },
  { name: 'Types of tests and scripts', command: ['tsc', '-p', 'test'], remedy: 'The compiler names file and line.' },
  {
    name: 'Import rules',
    command: ['node', 'scripts/check-imports.mjs'],
    remedy: 'The rules are in .dependency-cruiser.cjs.',
  },
  {
    name: 'Dead code',
    command: ['knip', '--no-progress', '--no-config-hints'],
    remedy: 'Remove what nobody uses, or use it.',
  },
  { name: 'GraphQL schema', command: ['node', 'scripts/check-schema.mjs'], remedy: '`npm run schema` writes it anew.' },
  {
    name: 'Typed operations',
    command: ['graphql-codegen', '--config', 'codegen.yml', '--check', '--silent'],
    remedy: '`npm run schema` writes them anew.',
  },
  {
    name: 'Contract report',
    command: ['node', 'scripts/api-report.mjs', '--check'],
    remedy: '`npm run api-report` writes it anew.',
  },
];

/**
 * Runs a program of node_modules/.bin, or of this repository, in the repository's root.
 *
 * @param {string[]} command
 */
function succeeds([program = '', ...args]) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) console.error(`${program} could not be started: ${error.message}. Run the tests with \`npm test\`.`);
  return status === 0;
}

const only = process.argv.slice(2);
if (only.length === 0) {
  for (const { name, command, remedy } of checks) {
    const started = performance.now();
    if (!succeeds(command)) {
      console.error(`\n${name}: failed. ${remedy} No test was run.`);
      process.exit(1);
    }
    console.log(`${name}: ok (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  }
}

rmSync(root + results, { force: true });
const passed = succeeds([
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${results}`,
  ...only,
]);
if (existsSync(root + results)) {
  const counts = JSON.parse(readFileSync(root + results, 'utf8'));
  // A file that cannot be loaded fails without a failed test in it.
  const failed = counts.numFailedTests || (passed ? 0 : 1);
  console.log(`\n${counts.numPassedTests} passed, ${failed} failed, ${counts.numPendingTests} skipped`);
}
process.exitCode = passed ? 0 : 1;
