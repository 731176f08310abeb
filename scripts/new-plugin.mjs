/**
 * Starts a plugin: `npm run new-plugin acme`, or `npm run new-plugin acme -- --name "Acme Recruiting" --host api.acme.com`.
 *
 * Copies plugins/example under a new name, adds the package to deployment.json and links the workspace. Core and
 * gateway are not touched. `--root` works on another checkout; `--no-install` leaves package-lock.json alone.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What stays behind: results of a build, and the tests that use the example to test the kit itself. */
const NOT_COPIED = ['dist', 'node_modules', join('test', 'kit')];

const DEFAULT_PLUGINS = ['@talentbridge/plugin-jobscore', '@talentbridge/plugin-example'];

/** A problem that the author can mend. */
class Refused extends Error {}

/** @param {readonly string[]} args */
function main(args) {
  const { values, positionals } = readArguments(args);
  const root = values.root ?? fileURLToPath(new URL('..', import.meta.url));
  const id = checkedId(positionals, root);
  const displayName = values.name ?? titleOf(id);
  const host = values.host ?? `api.${id}.test`;
  if (!/^[^\p{Cc}'"`\\$]{2,60}$/u.test(displayName)) {
    throw new Refused(`--name must be 2 to 60 characters without quotes, backslashes and dollar signs.`);
  }
  if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(host)) {
    throw new Refused(`--host must be a host name in lower case, such as api.${id}.com: ${host} is none.`);
  }

  const folder = join(root, 'plugins', id);
  copyExample(root, folder, { id, displayName, host });
  addToDeployment(root, packageName(id));
  const linked = link(root, id, values['no-install']);
  format(root, folder);

  console.log(`plugins/${id} is a working plugin for "${displayName}" (${host}), with a simulated vendor.${linked}

Next steps:
  1. npm run build
  2. npx vitest run plugins/${id}     the conformance suite: everything passes, because it is still the example
  3. Describe the vendor's API in plugins/${id}/README.md, then change simulator/ to speak it
  4. Change src/client.ts and src/mapping.ts until the suite passes again
  5. node scripts/plugin-table.mjs     adds the plugin to the table in plugins/README.md

plugins/README.md explains every step. The package is in deployment.json: npm start offers it.`);
}

/** @param {readonly string[]} args */
function readArguments(args) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        host: { type: 'string' },
        root: { type: 'string' },
        'no-install': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {readonly string[]} positionals
 * @param {string} root
 */
function checkedId(positionals, root) {
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0) throw new Refused('Name one plugin: npm run new-plugin acme');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length < 2 || id.length > 40) {
    throw new Refused(
      `${JSON.stringify(id)} cannot name a plugin. Take 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter: acme, acme-recruiting.`,
    );
  }
  if (existsSync(join(root, 'plugins', id)))
    throw new Refused(`There is a plugins/${id} already. Choose another name.`);
  if (readDeployment(root).plugins.includes(packageName(id))) {
    throw new Refused(`deployment.json lists ${packageName(id)} already. Choose another name, or take that line out.`);
  }
  return id;
}

/** @param {string} id */
function packageName(id) {
  return `@talentbridge/plugin-${id}`;
}

/** @param {string} id */
function titleOf(id) {
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {{ id: string, displayName: string, host: string }} plugin
 */
function copyExample(root, folder, plugin) {
  const example = join(root, 'plugins', 'example');
  try {
    cpSync(example, folder, {
      recursive: true,
      filter: (source) =>
        !NOT_COPIED.some((left) => relative(example, source) === left) && !source.endsWith('.tsbuildinfo'),
    });
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      writeFileSync(file, renamed(readFileSync(file, 'utf8'), plugin));
    }
    introduce(join(folder, 'README.md'));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true }); // Half a plugin would block the name.
    throw error;
  }
}

/**
 * What stands before the first section of the README speaks of the example itself.
 * @param {string} readme
 */
function introduce(readme) {
  const text = readFileSync(readme, 'utf8');
  const [title] = text.split('\n', 1);
  const introduction = `Made from plugins/example: the API below is the example's, until it is replaced by the vendor's.
[How to write a plugin](../README.md) explains every step.`;
  writeFileSync(readme, `${title}\n\n${introduction}\n${text.slice(text.indexOf('\n## '))}`);
}

/**
 * Every form of the example's names in one pass, so that nothing is replaced twice.
 * @param {string} text
 * @param {{ id: string, displayName: string, host: string }} plugin
 */
function renamed(text, { id, displayName, host }) {
  const pascal = id.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
  /** @type {Record<string, string>} */
  const names = {
    'api.example-ats.test': host,
    'example-ats': id,
    'Example ATS': displayName,
    'example-key': `${id}-key`,
    'plugin-example': `plugin-${id}`,
    'plugins/example': `plugins/${id}`,
    "id: 'example'": `id: '${id}'`,
    Example: pascal,
    example: pascal.charAt(0).toLowerCase() + pascal.slice(1),
  };
  const forms =
    /api\.example-ats\.test|example-ats|Example ATS|plugin-example|plugins\/example|id: 'example'|example-key|Example(?=[A-Z])|\bexample(?=[A-Z])/g;
  return text.replace(forms, (form) => names[form] ?? form);
}

/**
 * @param {string} root
 * @returns {{ plugins: string[] } & Record<string, unknown>}
 */
function readDeployment(root) {
  const file = join(root, 'deployment.json');
  if (!existsSync(file)) return { plugins: [...DEFAULT_PLUGINS] };
  const deployment = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(deployment?.plugins)) {
    throw new Refused('deployment.json has no list "plugins". Add one: { "plugins": [] }');
  }
  return deployment;
}

/**
 * @param {string} root
 * @param {string} name
 */
function addToDeployment(root, name) {
  const deployment = readDeployment(root);
  deployment.plugins.push(name);
  writeFileSync(join(root, 'deployment.json'), `${JSON.stringify(deployment, null, 2)}\n`);
}

/**
 * Makes the package resolvable, without the network: everything that it needs is installed already.
 * @param {string} root
 * @param {string} id
 * @param {boolean} withoutNpm
 */
function link(root, id, withoutNpm) {
  if (!withoutNpm) {
    const [command, ...npm] = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const options = ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status } = spawnSync(command, [...npm, ...options], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status === 0) return '';
  }
  const scope = join(root, 'node_modules', '@talentbridge');
  mkdirSync(scope, { recursive: true });
  const place = join(scope, `plugin-${id}`);
  if (!existsSync(place)) symlinkSync(['..', '..', 'plugins', id].join(sep), place, 'junction');
  return '\nIt is linked by hand: run `npm install` when you are online, so that package-lock.json knows it.';
}

/**
 * Other names sort and wrap differently. Without the formatter installed the files are as good, but fail the lint.
 * @param {string} root
 * @param {string} folder
 */
function format(root, folder) {
  const formatter = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  if (existsSync(formatter)) spawnSync(process.execPath, [formatter, 'check', '--write', folder], { cwd: root });
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
