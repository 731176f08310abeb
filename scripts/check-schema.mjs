/**
 * Checks that schema/schema.graphql is what the gateway serves, and that no client of the last version breaks: part of
 * `npm test`. The last version is the one on main; on main itself, the one before this commit.
 *
 * A break that is meant is written, as this script words it, into schema/accepted-breaks.txt in the commit that makes it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, findBreakingChanges } from 'graphql';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = 'schema/schema.graphql';

const served = execFileSync(process.execPath, ['gateway/dist/emit-schema.js'], { cwd: root, encoding: 'utf8' });
const committed = existsSync(root + path) ? readFileSync(root + path, 'utf8') : '';
if (served !== committed) {
  console.error(`${path} is not what the gateway serves. Run \`npm run schema\` and review its diff.`);
  process.exit(1);
}

const last = lastVersion();
if (last !== undefined) {
  const accepted = existsSync(`${root}schema/accepted-breaks.txt`)
    ? readFileSync(`${root}schema/accepted-breaks.txt`, 'utf8').split('\n')
    : [];
  const breaks = findBreakingChanges(buildSchema(last), buildSchema(served)).filter(
    ({ description }) => !accepted.includes(description),
  );
  for (const { description } of breaks) console.error(description);
  if (breaks.length > 0) {
    console.error('Clients of the last version break. Deprecate instead, or accept it in schema/accepted-breaks.txt.');
    process.exitCode = 1;
  }
}

/** @returns {string | undefined} nothing where git knows no earlier version, as in a download or a shallow clone. */
function lastVersion() {
  const branch = git('rev-parse', '--abbrev-ref', 'HEAD')?.trim();
  if (branch !== 'main') {
    const fork = git('merge-base', 'HEAD', 'main')?.trim() ?? git('merge-base', 'HEAD', 'origin/main')?.trim();
    return fork && git('show', `${fork}:${path}`);
  }
  const head = git('show', `HEAD:${path}`);
  return head === committed ? git('show', `HEAD^:${path}`) : head;
}

/** @param {string[]} args */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
