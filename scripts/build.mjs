/**
 * Compiles every workspace, only what changed: `npm run build`. Also the last step of the set-up, so it imports Node's own
 * modules only and runs on the oldest Node the repository admits.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = new URL('..', import.meta.url);

/** The Node.js that everything of ours runs on: a dependency, whatever the machine has. */
export const pinnedNode = fileURLToPath(
  new URL(process.platform === 'win32' ? 'node_modules/node/bin/node.exe' : 'node_modules/node/bin/node', root),
);

/** A step that failed: the message says what happened, the remedy what to do. */
export class StepFailed extends Error {
  /**
   * @param {string} happened
   * @param {string} remedy
   */
  constructor(happened, remedy) {
    super(happened);
    this.remedy = remedy;
  }
}

/** @returns {string[]} the plugins' folders; found, not listed, so that removing one leaves nothing to edit. */
export function pluginFolders() {
  return readdirSync(new URL('plugins/', root))
    .map((name) => `plugins/${name}`)
    .filter((folder) => existsSync(new URL(`${folder}/tsconfig.json`, root)));
}

/** What bundles the pages for browsers; each finds out by itself whether it has anything to do. */
const bundlers = ['gateway/graphiql/build.mjs'];

/** Compiles and bundles what changed. Takes half a second when nothing did. */
export function build() {
  run('the compiler reports errors; they are above.', 'node_modules/typescript/bin/tsc', '-b', '.', ...pluginFolders());
  for (const bundler of bundlers) run(`${bundler} failed; its own message is above.`, bundler);
}

/**
 * @param {string} failure What happened, should the program fail.
 * @param {string} program A file of ours or of a package, for the pinned Node.
 * @param {string[]} args
 */
function run(failure, program, ...args) {
  const { status } = spawnSync(pinnedNode, [fileURLToPath(new URL(program, root)), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new StepFailed(failure, 'Mend that and run the command again.');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    build();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`\n${error.message} ${error.remedy}`);
    process.exitCode = 1;
  }
}
