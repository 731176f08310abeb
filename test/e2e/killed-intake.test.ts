import { describe, expect, it } from 'vitest';
import { intakeHolds, webhookChaos } from '../chaos/webhooks-chaos.ts';

// The short form of `npm run chaos -- webhooks`, which kills twenty times at 500 events a second.
describe('RED-11: intake stores before it acknowledges', () => {
  it.each(['gateway', 'database'] as const)(
    'so that no acknowledged event is missing where the %s is killed',
    { timeout: 600_000 },
    async (victim) => {
      const report = await webhookChaos({ victim, kills: 3, rate: 100 });
      expect(intakeHolds(report), JSON.stringify(report)).toBe(true);
    },
  );
});
