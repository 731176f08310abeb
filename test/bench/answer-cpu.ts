/**
 * Loaded into a process before its own program (`node --import`): answers, over the channel to its parent, how much
 * processor time the process has used so far. The program itself knows nothing of it.
 */
process.on('message', (message) => {
  if (message === 'cpu') process.send?.({ cpu: process.cpuUsage() });
});
// Listening alone must not keep the process alive.
process.channel?.unref();
