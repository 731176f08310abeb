import { describe, expect, it } from 'vitest';
import { exportChaos, holds } from '../chaos/export-chaos.ts';
import { pluginSetUp } from '../support/plugin-set-up.ts';
import { freshDatabase } from '../support/postgres.ts';

// The short form of `npm run chaos -- export`, which kills fifty times.
describe('EXP-12: an export whose worker is killed with SIGKILL', () => {
  it.each(['jobscore', 'unaskable'])(
    'resumes, loses nobody and creates nobody twice (%s)',
    { timeout: 120_000 },
    async (name) => {
      const setUp = pluginSetUp(name);
      const report = await exportChaos({
        databaseUrl: await freshDatabase(),
        setUp,
        kills: 3,
        candidates: 45,
        // Slow enough that the export lasts until the last kill, also when this process stands still meanwhile.
        latencyMs: 100,
        takeoverSeconds: 1,
      });
      expect(report.kills).toBe(3);
      expect(holds(report, setUp), JSON.stringify(report)).toBe(true);
    },
  );
});
