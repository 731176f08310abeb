/**
 * Writes the table of plugins and capabilities into plugins/README.md, from the manifests of the compiled plugins.
 * `--check` writes nothing and fails when the table does not say what the manifests say.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const plugins = new URL('../plugins/', import.meta.url);
const readme = new URL('README.md', plugins);
const BEGIN = '<!-- plugin-table: written by scripts/plugin-table.mjs -->';
const HEAD = ['Plugin', 'Capabilities', 'Set-up in the ATS', 'Hosts'];
const END = '<!-- /plugin-table -->';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const folders = readdirSync(plugins).filter((name) => existsSync(new URL(`${name}/package.json`, plugins)));
const rows = await Promise.all(folders.sort().map(rowOf));
const text = readFileSync(readme, 'utf8');
const begin = text.indexOf(BEGIN) + BEGIN.length;
const end = text.indexOf(END);
if (end < begin) fail(`plugins/README.md lacks the lines ${BEGIN} and ${END}.`);

if (values.check) {
  // Rows of plugins whose folder is gone do no harm: removing a plugin must break nothing else.
  const written = new Set(text.slice(begin, end).split('\n').map(unpadded));
  const missing = rows.map((cells) => unpadded(line(cells))).filter((row) => !written.has(row));
  if (missing.length > 0) fail(`plugins/README.md lacks:\n${missing.join('\n')}\nRun node scripts/plugin-table.mjs.`);
} else {
  writeFileSync(readme, `${text.slice(0, begin)}\n\n${table([HEAD, ...rows])}\n\n${text.slice(end)}`);
}

/**
 * Padded as the formatter would.
 * @param {string[][]} lines
 */
function table(lines) {
  const widths = HEAD.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  const [head = [], ...body] = lines;
  return [head, rule, ...body]
    .map((cells) => line(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0))))
    .join('\n');
}

/** @param {string[]} cells */
function line(cells) {
  return `| ${cells.join(' | ')} |`;
}

/** @param {string} row */
function unpadded(row) {
  return row.replaceAll(/ +/g, ' ').trim();
}

/** @param {string} name */
async function rowOf(name) {
  const compiled = new URL(`${name}/dist/src/index.js`, plugins);
  if (!existsSync(compiled)) fail(`plugins/${name} is not compiled. Run npm run build.`);
  const { default: plugin } = await import(compiled.href);
  const capabilities = plugin.capabilities.filter((/** @type {string} */ each) => each !== 'permissions');
  const setUp = plugin.requirements.map((/** @type {{ title: string }} */ { title }) => title);
  const cells = [
    `[${plugin.displayName}](${name}/README.md)`,
    ['permissions', ...capabilities].join(', '),
    setUp.join('; ') || 'none',
    plugin.hosts.flatMap(hostsOf).join(', '),
  ];
  return cells.map((cell) => cell.replaceAll('|', '\\|'));
}

/** @param {string | { hosts: Record<string, string[]> }} rule */
function hostsOf(rule) {
  return typeof rule === 'string' ? [rule] : Object.values(rule.hosts).flat();
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
