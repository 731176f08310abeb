/**
 * Writes what the compiled plugins declare into the tables that readers look at: plugins and capabilities into
 * plugins/README.md, plugin by field sent (EXP-11) into README.md. `--check` writes nothing and fails when a table does not
 * say what the declarations say.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readFields } from '@talentbridge/contracts';

/**
 * @typedef {import('@talentbridge/contracts').Plugin} Plugin
 * @typedef {import('@talentbridge/contracts').ExportField} ExportField
 * @typedef {{ readonly folder: string, readonly plugin: Plugin }} Found
 */

const plugins = new URL('../plugins/', import.meta.url);
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const folders = readdirSync(plugins).filter((name) => existsSync(new URL(`${name}/src/index.ts`, plugins)));
const found = await Promise.all(folders.sort().map(pluginOf));

put('plugins/README.md', 'plugin-table', [
  ['Plugin', 'Capabilities', 'Set-up in the ATS', 'Hosts'],
  ...found.map(pluginRow),
]);
put('README.md', 'field-table', fieldTable());

/**
 * @param {string} file
 * @param {string} name of the pair of comments that the table stands between
 * @param {string[][]} lines the head first
 */
function put(file, name, lines) {
  const path = new URL(`../${file}`, import.meta.url);
  const open = `<!-- ${name}: written by scripts/plugin-table.mjs -->`;
  const close = `<!-- /${name} -->`;
  const text = readFileSync(path, 'utf8');
  const begin = text.indexOf(open) + open.length;
  const end = text.indexOf(close);
  if (end < begin) fail(`${file} lacks the lines ${open} and ${close}.`);
  const cells = lines.map((line) => line.map((cell) => cell.replaceAll('|', '\\|')));
  if (!values.check) {
    writeFileSync(path, `${text.slice(0, begin)}\n\n${table(cells)}\n\n${text.slice(end)}`);
    return;
  }
  // Rows of plugins whose folder is gone do no harm: removing a plugin must break nothing else.
  const written = new Set(text.slice(begin, end).split('\n').map(unpadded));
  const missing = cells.map((line) => unpadded(row(line))).filter((line) => !written.has(line));
  if (missing.length > 0) fail(`${file} lacks:\n${missing.join('\n')}\nRun node scripts/plugin-table.mjs.`);
}

/** @param {Found} found */
function pluginRow({ folder, plugin }) {
  const capabilities = plugin.capabilities.filter((each) => each !== 'permissions');
  return [
    `[${plugin.displayName}](${folder}/README.md)`,
    ['permissions', ...capabilities].join(', '),
    plugin.requirements.map(({ title }) => title).join('; ') || 'none',
    plugin.hosts.flatMap((rule) => (typeof rule === 'string' ? [rule] : Object.values(rule.hosts).flat())).join(', '),
  ];
}

/** One line for each plugin that exports, one column for each field that any of them sends. */
function fieldTable() {
  const exporters = found.flatMap(({ plugin }) => {
    const fields = exportFields(plugin);
    return fields ? [{ name: plugin.displayName, fields }] : [];
  });
  const names = /** @type {const} */ ([
    ['firstName', 'First name'],
    ['lastName', 'Last name'],
    ['emails', 'Emails'],
    ['phones', 'Phones'],
    ['address', 'Address'],
    ['socialUrls', 'Social URLs'],
    ['workExperience', 'Work experience'],
    ['education', 'Education'],
    ['tags', 'Tags'],
    ['source', 'Source'],
    ['resume', 'Résumé'],
  ]);
  return [
    ['', ...names.map(([, label]) => label)],
    ...exporters.map(({ name, fields }) => [
      name,
      ...names.map(([id]) => cellOf(fields.find((each) => each.name === id))),
    ]),
  ];
}

/** @param {ExportField | undefined} field */
function cellOf(field) {
  if (!field) return '–';
  const { required, maxCount, maxLength, parts, datePrecision, networks } = field;
  const limits = [
    ...(required ? ['required'] : []),
    ...(maxCount === undefined ? [] : [`at most ${maxCount}`]),
    ...(maxLength === undefined ? [] : [`${maxLength} characters`]),
    ...(parts === undefined ? [] : [parts.join(', ')]),
    ...(networks === undefined ? [] : [networks.join(', ')]),
    ...(datePrecision === undefined ? [] : [`dates by ${datePrecision}`]),
  ];
  return limits.join('; ') || 'yes';
}

/**
 * What a connection sends whose settings were left as they are.
 * @param {Plugin} plugin
 */
function exportFields(plugin) {
  const settings = readFields(plugin.settings, {}, { brand: 'the brand' });
  if (!settings.ok) throw new Error(`The settings of ${plugin.id} have no complete defaults.`);
  const credentials = Object.fromEntries(
    Object.entries(plugin.credentials.fields).map(([name, { kind }]) => [name, kind === 'urlList' ? [] : '0']),
  );
  const http = { send: () => Promise.reject(new Error('Nothing is sent here.')) };
  return plugin.open({ credentials, settings: settings.values, http }).capability('export')?.fields;
}

/**
 * Padded as the formatter would.
 * @param {string[][]} lines
 */
function table(lines) {
  const [head = [], ...body] = lines;
  const widths = head.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [head, rule, ...body]
    .map((cells) => row(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0))))
    .join('\n');
}

/** @param {string[]} cells */
function row(cells) {
  return `| ${cells.join(' | ')} |`;
}

/** @param {string} line */
function unpadded(line) {
  return line.replaceAll(/ +/g, ' ').trim();
}

/**
 * @param {string} folder
 * @returns {Promise<Found>}
 */
async function pluginOf(folder) {
  const compiled = new URL(`${folder}/dist/src/index.js`, plugins);
  if (!existsSync(compiled)) fail(`plugins/${folder} is not compiled. Run npm run build.`);
  const { default: plugin } = await import(compiled.href);
  return { folder, plugin };
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
