/**
 * Checks that package-lock.json names the optional packages of every platform: `npm ci` refuses a lock file that leaves one
 * out. npm itself does leave them out when it writes the file on a machine where it cannot get them, so `--fix` adds what
 * is missing. Such an entry has no checksum; npm adds it when it next can.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string> }} Entry
 */

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
/** @type {Record<string, Entry>} */
const packages = lock.packages;

/** @type {Record<string, Entry>} */
const missing = {};
for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(path, name)) continue;
    const { cpu, libc, os } = platformOf(name);
    // Keys in the order npm writes them.
    const entry = {
      version,
      ...(cpu && { cpu }),
      ...(dev && { dev }),
      ...(libc && { libc }),
      optional: true,
      ...(os && { os }),
    };
    missing[`node_modules/${name}`] = entry;
  }
}

if (process.argv.includes('--fix')) {
  const inOrder = Object.entries({ ...packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(inOrder) }, null, 2)}\n`);
} else if (Object.keys(missing).length > 0) {
  console.error(`package-lock.json leaves out ${Object.keys(missing).join(', ')}.`);
  process.exitCode = 1;
}

/**
 * Whether a package finds another the way Node looks for it: in its own node_modules and those of all folders above.
 *
 * @param {string} path
 * @param {string} name
 */
function isLocked(path, name) {
  for (let folder = path; ; folder = folder.replace(/(^|\/)[^/]*$/, '')) {
    if (`${folder && `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}

/**
 * What a package that carries a program for one platform runs on, by its name: npm skips it elsewhere.
 *
 * @param {string} name
 * @returns {Entry}
 */
function platformOf(name) {
  const cpu = /\b(arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64|mips64el)\b/.exec(name)?.[1];
  const libc = /-(gnu|musl)/.exec(name)?.[1]?.replace('gnu', 'glibc');
  const os = /\b(android|darwin|freebsd|linux|openharmony|win32)\b/.exec(name)?.[1];
  return { ...(cpu && { cpu: [cpu] }), ...(libc && os === 'linux' && { libc: [libc] }), ...(os && { os: [os] }) };
}
