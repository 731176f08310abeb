import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@talentbridge/hub/embedded-postgres';

/** A program of ours in a process of its own, whose processor time can be read while it runs. */
export interface MeasuredProcess extends AsyncDisposable {
  /** All processor time so far, of all its threads, in microseconds. */
  cpu(): Promise<number>;
  /** How long its event loop was held up since this was last asked. */
  stalls(): Promise<Stalls>;
  /** Sends a message and answers the next one that comes back. For programs that answer messages. */
  ask<Answer>(message: object): Promise<Answer>;
}

/** What an event loop waited beyond its time, in milliseconds. */
export interface Stalls {
  readonly longestMs: number;
  /** All but one in a thousand were shorter. */
  readonly usualMs: number;
}

const PRELOADED = fileURLToPath(new URL('answer-cpu.ts', import.meta.url));
const MAIN = new URL('../../gateway/dist/main.js', import.meta.url);
const START_MS = 30_000;

/**
 * Starts a program. What it prints on standard output is thrown away. With BENCH_PROFILE_DIR set, it leaves a CPU profile in
 * that directory when it ends, for the developer tools of a browser; the figures are then not worth reading.
 */
export function startProcess(program: URL, environment: Readonly<Record<string, string>>): MeasuredProcess {
  const profiles = process.env.BENCH_PROFILE_DIR;
  const profiling = profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
  const child = spawn(process.execPath, ['--import', PRELOADED, ...profiling, fileURLToPath(program)], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ask = async <Answer>(message: object | string): Promise<Answer> => {
    if (hasEnded(child)) throw new Error(`${program.pathname} has ended.`);
    const ended = new AbortController();
    const onExit = (): void => ended.abort(new Error(`${program.pathname} ended before it answered.`));
    child.once('exit', onExit);
    const answer = once(child, 'message', { signal: ended.signal });
    child.send(message);
    try {
      return (await answer)[0] as Answer;
    } finally {
      child.off('exit', onExit);
    }
  };
  return {
    ask,
    async cpu() {
      const { cpu } = await ask<{ readonly cpu: NodeJS.CpuUsage }>('cpu');
      return cpu.user + cpu.system;
    },
    stalls: () => ask<Stalls>('stalls'),
    async [Symbol.asyncDispose]() {
      if (hasEnded(child)) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** A process of the product as it is deployed: gateway, worker, or both, by its environment. */
export async function startProduct(
  environment: Readonly<Record<string, string>>,
): Promise<MeasuredProcess & { readonly url: string }> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const started = startProcess(MAIN, { HOST: '127.0.0.1', PORT: new URL(url).port, ...environment });
  await answering(`${url}/ready`);
  return { ...started, url };
}

/** Waits until an address answers well. */
export async function answering(url: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const answer = await fetch(url, { headers }).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error(`${url} did not answer within ${START_MS / 1_000} s.`);
    await sleep(50);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
