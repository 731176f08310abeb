import type { CheckName } from './checks/index.js';
import type { SimulatedAccount } from './simulated-account.js';

/**
 * What the conformance suite needs to know about a plugin under test: how to start its simulated vendor, and how to
 * look at that vendor without knowing its API.
 */
export interface PluginSubject {
  /** Starts a vendor of its own for one check, with one account, at least one open job, and no candidates. */
  start(): Promise<SimulatedAccount>;
  /**
   * Checks that do not fit this vendor, each with the reason. A skipped check is run all the same: when it passes, the
   * suite asks to take it off the list.
   */
  readonly skips?: Readonly<Partial<Record<CheckName, string>>>;
}
