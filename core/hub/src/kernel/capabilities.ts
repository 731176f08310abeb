import type { CapabilityName, OpenConnection } from '@talentbridge/contracts';
import type { JobTask } from './jobs/job-runner.js';
import type { DueWork } from './jobs/lost-jobs.js';
import type { SchemaStep } from './persistence/migrate.js';
import type { OrganizationScope } from './persistence/organization-scope.js';
import type { Transaction } from './persistence/transaction.js';

/** Comes along with every other capability by itself: nobody chooses, buys or switches it. */
export function comesAlong(capability: CapabilityName): boolean {
  return capability === 'permissions' || capability === 'webhooks';
}

/** What became of one check. `UNKNOWN`: it could not be proven. `SKIPPED`: it was not tried, and `reason` says why. */
export type CheckStatus = 'PASSED' | 'WARNED' | 'FAILED' | 'UNKNOWN' | 'SKIPPED';

/** One line of a verification report. */
export interface Check {
  /** Stable: `connectivity`, `permission:jobs.read`, `export:source`. */
  readonly id: string;
  /** What is checked, as a phrase. */
  readonly label: string;
  readonly status: CheckStatus;
  /** The vendor's reason, or why it was skipped. */
  readonly reason?: string;
  /** What an admin does about it. */
  readonly remedy?: string;
  /** `false`: it failed by silence or by what was chosen for this verification. Default: the connection is broken. */
  readonly lasting?: false;
}

/** The test candidate that a verification left in the ATS for the admin to look at. */
export interface TestCandidate {
  readonly name: string;
  readonly remoteId: string;
  readonly remoteUrl?: string;
  /** The one of an earlier verification was used again. */
  readonly reused: boolean;
}

/** Where the test candidate goes. */
export type TestTarget = { readonly kind: 'prospect' } | { readonly kind: 'job'; readonly jobRemoteId: string };

/** What a capability's own part of a verification is given. */
export interface VerificationInput {
  readonly scope: OrganizationScope;
  readonly connectionId: string;
  readonly atsName: string;
  readonly connection: OpenConnection;
  /** Absent: the admin has not chosen yet. */
  readonly testTarget?: TestTarget;
  /** The test candidate of the verification before this one. */
  readonly earlierTestCandidate?: TestCandidate;
}

/** What a capability's own part of a verification answers. */
export interface VerificationPart {
  readonly checks: readonly Check[];
  readonly testCandidate?: TestCandidate;
}

/**
 * A capability as the kernel and `connections` know it: one entry of a list. Each has its engine, its jobs, its tables
 * and its part of verification in a folder of its own; adding one touches no other.
 */
export interface CapabilityModule {
  readonly name: CapabilityName;
  /** For people. */
  readonly displayName: string;
  /** It is part of every connection that has one of these, where the plugin has both. Absent: it is chosen by itself. */
  readonly comesAlongWith?: readonly CapabilityName[];
  /** Its part of a verification says what its permissions lack, and what follows from that: nobody else asks for them. */
  readonly tellsPermissions?: true;
  readonly schema: readonly SchemaStep[];
  readonly tasks: Readonly<Record<string, JobTask>>;
  /** What would lie for ever without its job. Absent: nobody looks whether jobs are there. */
  readonly due?: readonly DueWork[];
  /** Its part of a verification. Never throws for what the vendor does: that is a failed or unknown check. */
  verify(input: VerificationInput): Promise<VerificationPart>;
  /** Something about this connection changed (status, entitlement): pauses or resumes work accordingly. */
  reconsider(tx: Transaction, connectionIds: readonly string[]): Promise<void>;
  /** The connection is going: stops its work in this transaction. What others must keep for audit stays. */
  leave(tx: Transaction, connectionId: string): Promise<void>;
  /**
   * What the ATS's events say to this capability, by the ids of their notices: once at least, in any order. Throws HubErrors as
   * whoever reads records does: then the events wait and are tried again. Absent: events say nothing to it. Present: webhooks come
   * along with it.
   */
  noticed?(scope: OrganizationScope, connectionId: string, ids: readonly string[]): Promise<void>;
  /** Undoes what was set up at the vendor. Answers, as sentences, what was left behind there. */
  leaveVendor?(scope: OrganizationScope, connectionId: string): Promise<readonly string[]>;
}
