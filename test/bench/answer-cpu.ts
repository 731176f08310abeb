import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into a process before its own program (`node --import`): answers, over the channel to its parent, how much
 * processor time the process has used so far, and how long its event loop was held up since it was last asked. The
 * program itself knows nothing of it.
 */
const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

process.on('message', (message) => {
  if (message === 'cpu') process.send?.({ cpu: process.cpuUsage() });
  if (message === 'stalls') {
    // A timer that is on time counts as one interval.
    const beyond = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    process.send?.({ longestMs: beyond(delay.max), usualMs: beyond(delay.percentile(99.9)) });
    delay.reset();
  }
});
// Listening alone must not keep the process alive.
process.channel?.unref();
