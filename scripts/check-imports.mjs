/** Checks who imports whom against .dependency-cruiser.cjs: part of `npm test`. */
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import configuration from '../.dependency-cruiser.cjs';

const sources = ['{core,plugins}/*/src', 'plugins/*/simulator', '{gateway,schema}/src'];

/**
 * @param {string} folder The root of a repository laid out as ours.
 * @returns {Promise<{ rule: string, from: string, to: string, comment: string }[]>} every import that breaks a rule.
 */
export async function forbiddenImports(folder) {
  const { options, ...ruleSet } = configuration;
  const { output } = await cruise(globSync(sources, { cwd: folder }), {
    ...options,
    ruleSet,
    validate: true,
    baseDir: folder,
  });
  if (typeof output === 'string')
    throw new Error('dependency-cruiser answered with text, where an object was expected');
  return output.summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    from,
    to: cycle ? cycle.map(({ name }) => name).join(' -> ') : to,
    comment: ruleSet.forbidden?.find(({ name }) => name === rule.name)?.comment ?? '',
  }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = await forbiddenImports(fileURLToPath(new URL('..', import.meta.url)));
  for (const { rule, from, to, comment } of violations) console.error(`${from} -> ${to}\n  ${rule}: ${comment}`);
  if (violations.length > 0) process.exitCode = 1;
}
