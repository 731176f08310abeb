import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../configuration.js';

/** A vendor simulator, as the deployment file names it. */
export interface SimulatorEntry {
  /** The plugin's package; its simulator is beside it. */
  readonly plugin: string;
  /** The vendor's hosts that it stands in for. */
  readonly hosts: readonly string[];
  readonly arguments: readonly string[];
  /** What a person needs to connect to it. */
  readonly hint?: string | undefined;
}

/** A simulator that runs as a process of its own. */
export interface RunningSimulator {
  readonly name: string;
  readonly plugin: string;
  readonly hosts: readonly string[];
  readonly url: string;
  readonly hint: string | undefined;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/**
 * Starts simulators, each as a process of its own, as a vendor would be.
 * @throws ConfigurationError when one does not start; those that did are stopped again.
 */
export async function startSimulators(entries: readonly SimulatorEntry[]): Promise<readonly RunningSimulator[]> {
  const started = await Promise.allSettled(entries.map(startSimulator));
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await Promise.all(running.map((simulator) => simulator.stop()));
    throw failed.reason;
  }
  return running;
}

async function startSimulator(entry: SimulatorEntry): Promise<RunningSimulator> {
  const main = fileURLToPath(new URL('./main.js', import.meta.resolve(`${entry.plugin}/simulator`)));
  const child = spawn(process.execPath, [main, ...entry.arguments], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = `${complaint}${text}`.slice(-2_000);
  });
  const timeout = AbortSignal.timeout(START_MS);
  const firstLine = once(createInterface({ input: child.stdout }), 'line', { signal: timeout });
  const exited = once(child, 'exit', { signal: timeout });
  firstLine.catch(() => undefined);
  exited.catch(() => undefined);
  const line = await Promise.race([firstLine.then(([text]) => String(text)), exited.then(() => undefined)]).catch(
    () => undefined,
  );
  if (line === undefined) {
    await stop(child);
    throw new ConfigurationError(
      `The simulator of ${entry.plugin} did not start${timeout.aborted ? ` within ${START_MS / 1_000} s` : ''}. ${complaint.trim().split('\n').at(-1) ?? ''}`,
    );
  }
  const { name, url } = JSON.parse(line) as { readonly name: string; readonly url: string };
  return { name, url, plugin: entry.plugin, hosts: entry.hosts, hint: entry.hint, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await exited;
  clearTimeout(hard);
}
