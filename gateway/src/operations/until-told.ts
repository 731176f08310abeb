/** Waits until somebody tells the process to stop: Ctrl-C, or SIGTERM from whatever runs it. A second one ends it at once. */
export function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
