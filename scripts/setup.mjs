/**
 * Makes a bare clone runnable: `npm start` and `npm test` call this first. It installs the locked dependencies when they
 * are missing or outdated, compiles what changed, and says nothing when there is nothing to do.
 *
 * Runs on the oldest Node the repository admits with nothing installed, so it imports Node's own modules only.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { build, pinnedNode, root, StepFailed } from './build.mjs';

/**
 * Whether node_modules holds what package-lock.json says. npm keeps its own record of what it installed, written last; the
 * two are compared by content, because a checkout changes times and an interrupted installation leaves no record.
 */
function isInstalled() {
  const record = new URL('node_modules/.package-lock.json', root);
  if (!existsSync(pinnedNode) || !existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    // An optional package is left out on the platforms it is not made for.
    if (!found) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

function install() {
  console.log('Installing dependencies (the first time, and whenever package-lock.json has changed) ...');
  // npm passes its own location to scripts; called without npm, this falls back to the one in PATH.
  const [command, ...npm] = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  // Development dependencies hold the compiler, so NODE_ENV=production must not leave them out.
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync(command, [...npm, ...options], { cwd: root, stdio: 'inherit' });
  if (error)
    throw new StepFailed(`npm could not be started (${error.message}).`, 'Install Node.js 20 or newer with its npm.');
  if (status !== 0) {
    throw new StepFailed(
      '`npm ci` failed; its own message is above.',
      'If it names package-lock.json, run `npm install`; else check that the npm registry answers and the disk has 2 GB free.',
    );
  }
  if (spawnSync(pinnedNode, ['--version']).status !== 0) {
    throw new StepFailed(
      'the pinned Node.js did not arrive.',
      'Its package fetches it in an install script: allow those (`npm config set ignore-scripts false`), delete node_modules and run the command again.',
    );
  }
}

try {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new StepFailed(
      `this is Node.js ${process.versions.node}.`,
      'Install Node.js 20 or newer; the version the product runs on comes with `npm ci`.',
    );
  }
  if (!isInstalled()) install();
  build();
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  console.error(`\nSet-up stopped: ${error.message}\n${error.remedy}`);
  process.exitCode = 1;
}
