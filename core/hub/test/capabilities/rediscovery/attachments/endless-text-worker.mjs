import { parentPort } from 'node:worker_threads';

/** Stands in for the worker that reads texts, and does what it is told to. */
parentPort?.on('message', ({ bytes }) => {
  const what = new TextDecoder().decode(bytes);
  const kept = [];
  if (what === 'exit') process.exit(3);
  if (what === 'throw') throw new Error('thrown');
  while (what === 'endless') kept.length = 0;
  while (what === 'heap') kept.push({ what, more: Array.from({ length: 100 }, () => ({})) });
  while (what === 'buffers') kept.push(new Uint8Array(1_048_576).fill(1));
  parentPort?.postMessage({ state: 'READ', text: what });
});
