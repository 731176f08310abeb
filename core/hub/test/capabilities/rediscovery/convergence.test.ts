import { expect, it } from 'vitest';
import { syncChaos } from '../../../../../test/chaos/sync-chaos.ts';
import { freshDatabase } from '../../../../../test/support/postgres.ts';

it('RED-1, RED-2: whatever fails and changes meanwhile, once it is quiet the mirror is what the ATS holds, row by row', {
  timeout: 240_000,
}, async () => {
  const report = await syncChaos({ databaseUrl: await freshDatabase(), schedules: 6, candidates: 60, seed: 7 });
  expect(report.examples).toEqual([]);
  expect(report).toMatchObject({ differentAfterChanges: 0, different: 0 });
  expect(report.pagesLost).toBeLessThanOrEqual(report.mostPagesLost);
  expect(report.compared).toBeGreaterThan(500);
});
