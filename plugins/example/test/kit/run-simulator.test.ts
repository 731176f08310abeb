import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/simulator/main.js', import.meta.url));

let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

async function started(): Promise<{ readonly simulator: ChildProcess; readonly url: string }> {
  const simulator = spawn(process.execPath, [MAIN], { stdio: ['pipe', 'pipe', 'inherit'] });
  child = simulator;
  const [line] = await once(createInterface({ input: simulator.stdout }), 'line');
  const { url } = JSON.parse(String(line)) as { readonly url: string };
  return { simulator, url };
}

it('a simulator runs as a process of its own and says where', async () => {
  const { url } = await started();
  expect((await fetch(`${url}/_sim/state`)).status).toBe(200);
});

it('a simulator leaves when it is told to', async () => {
  const { simulator } = await started();
  simulator.kill('SIGTERM');
  expect(await once(simulator, 'exit')).toEqual([0, null]);
});

it('a simulator leaves with whoever started it, also when that one died without a word', async () => {
  const { simulator } = await started();
  simulator.stdin?.end();
  expect(await once(simulator, 'exit')).toEqual([0, null]);
});
