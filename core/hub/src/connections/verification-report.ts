import type { Check, TestCandidate } from '../kernel/capabilities.js';

/** All that a verification found. */
export interface VerificationReport {
  /** ISO 8601, UTC. */
  readonly verifiedAt: string;
  readonly checks: readonly Check[];
  /** Nothing failed. What could not be proven stands among the checks as unknown. */
  readonly allGood: boolean;
  /** Every part that finishing needs was tried; `false` while the test candidate still waits for its target. */
  readonly complete: boolean;
  readonly testCandidate?: TestCandidate;
}
