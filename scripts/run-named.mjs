/**
 * Runs one of test/bench, test/chaos or test/certify by its name: `npm run bench mirror`,
 * `npm run chaos kill-worker -- --seconds 20`.
 * Without a name it lists what there is.
 */
import { existsSync, globSync } from 'node:fs';
import { basename } from 'node:path';

const [kind = '', name, ...args] = process.argv.slice(2);
/** @param {string} name */
const fileOf = (name) => new URL(`../test/${kind}/${name}.${kind}.ts`, import.meta.url);

if (name && existsSync(fileOf(name))) {
  // The file sees the arguments that follow its name, as if it had been started by itself.
  process.argv.splice(2, process.argv.length, ...args);
  await import(fileOf(name).href);
} else {
  if (name) console.error(`There is no ${kind} named ${name}.`);
  const names = globSync(`*.${kind}.ts`, { cwd: new URL(`../test/${kind}/`, import.meta.url) });
  console.log(`npm run ${kind} NAME, where NAME is one of:`);
  for (const file of names.sort()) console.log(`  ${basename(file, `.${kind}.ts`)}`);
  process.exitCode = 1;
}
