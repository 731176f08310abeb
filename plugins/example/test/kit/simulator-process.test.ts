import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('../../dist/simulator/main.js', import.meta.url));

it('OPS-1: a simulator runs as a process of its own, says where, and leaves when it is told', async () => {
  const simulator = spawn(process.execPath, [main, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(simulator.stdout), 'line');
  const { name, url } = JSON.parse(String(line));
  expect(name).toBe('Example ATS');
  expect((await fetch(`${url}/v1/me`)).status).toBe(401);
  expect(await (await fetch(`${url}/_sim`)).text()).toContain('Example ATS simulator');

  // A request that hangs must not keep it from leaving.
  await fetch(`${url}/_sim/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault: { kind: 'hang' } }),
  });
  const hanging = fetch(`${url}/v1/me`).catch(() => 'broken off');
  const exit = once(simulator, 'exit');
  simulator.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(await hanging).toBe('broken off');
});

it('OPS-1: a simulator leaves with whoever started it, also when that one died without a word', async () => {
  const simulator = spawn(process.execPath, [main, '--port', '0'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(createInterface(simulator.stdout), 'line');
  const exit = once(simulator, 'exit');
  simulator.stdin.end();
  expect(await exit).toEqual([0, null]);
});
