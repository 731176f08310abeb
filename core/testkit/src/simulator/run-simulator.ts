import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Simulator } from './create-simulator.js';

/**
 * Runs a simulator as a process of its own: the whole of a plugin's `simulator/main.ts`.
 *
 * Takes `--port` and `--host`, prints one line of JSON (`{"name":…,"url":…}`) once it listens, and leaves with
 * code 0 on SIGTERM and SIGINT, or when whoever started it through a pipe is gone.
 */
export async function runSimulator(
  start: (options: { readonly port: number; readonly host: string }) => Promise<Simulator>,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: 'string', default: '0' }, host: { type: 'string', default: '127.0.0.1' } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port} is not a port.`);
  const simulator = await start({ port, host: values.host });
  const leave = (): void => {
    void simulator.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
  // A process that started it through a pipe may die without a word; the pipe ends with it.
  if (isPipe(0)) process.stdin.once('close', leave).resume();
  process.stdout.write(`${JSON.stringify({ name: simulator.name, url: simulator.url })}\n`);
}

function isPipe(descriptor: number): boolean {
  try {
    const kind = fstatSync(descriptor);
    return kind.isFIFO() || kind.isSocket();
  } catch {
    // Closed from the start: nobody holds it.
    return false;
  }
}
