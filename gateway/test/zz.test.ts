import { it } from 'vitest';
import { startExportWorld } from './support/export-world.js';
const R = '{ id kind trigger status statusReason pages requests createdAt startedAt finishedAt }';
it('x', async () => {
  const world = await startExportWorld();
  const PROGRESS = `subscription ($id: ID!) { syncProgress(connectionId: $id) ${R} }`;
  const within = async (p: Promise<unknown>, ms: number) => Promise.race([p, new Promise((r) => setTimeout(() => r('LATE'), ms))]);
  for (let i = 0; i < 120; i += 1) {
    const org = await world.organization({ capabilities: ['EXPORT', 'REDISCOVERY'] });
    const id = org.connectionId;
    const f = await within(org.follow(PROGRESS, { id }), 8000);
    const show = async (what: string) => {
      console.log(i, what, JSON.stringify(await org.ask(`query ($id: ID!) { syncRuns(connectionId: $id) { nodes ${R} } mirror(connectionId: $id) { completeAt nextDueAt } }`, { id })));
    };
    if (f === 'LATE') { await show('follow'); continue; }
    const s = await org.ask(`mutation ($id: ID!) { startSync(connectionId: $id, kind: CHANGES) { __typename ... on UserError { message } ... on SyncStarted { syncRun { id } } } }`, { id }, 'ADMIN');
    if (!s.data.startSync.syncRun) { console.log(i, JSON.stringify(s)); await show('start'); continue; }
    const t = Date.now();
    for (;;) {
      const { data } = await org.ask(`query ($id: ID!) { syncRun(id: $id) ${R} }`, { id: s.data.startSync.syncRun.id });
      if (!['QUEUED', 'RUNNING'].includes(data.syncRun.status)) break;
      if (Date.now() - t > 8000) { await show('synced'); await new Promise((r) => setTimeout(r, 15000)); await show('later'); break; }
      await new Promise((r) => setTimeout(r, 25));
    }
  }
  await world[Symbol.asyncDispose]();
}, 590000);
