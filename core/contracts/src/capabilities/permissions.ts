import type { CallContext } from '../context.js';
import type { CapabilityName } from './name.js';

/** Something that must be set up in the ATS before connecting. An admin reads it first and says "I'm ready". */
export interface Requirement {
  /** Stable within the plugin, such as `source-database`. */
  readonly id: string;
  readonly title: string;
  /** The steps in the ATS, as plain sentences. */
  readonly steps: readonly string[];
  /** The ATS admits known addresses alone: the hub's outgoing addresses are shown with the steps. */
  readonly allowList?: true;
  /** Capabilities that need it. */
  readonly capabilities: readonly CapabilityName[];
}

/** Whether the ATS lets these credentials do one thing. */
export interface PermissionResult {
  /** Stable within the plugin, such as `jobs.read`. */
  readonly permission: string;
  /** What it allows, as a phrase: "List jobs". */
  readonly label: string;
  /** `unknown`: it can only be told by doing it, or the ATS did not answer. */
  readonly status: 'granted' | 'missing' | 'unknown';
  /** The vendor's reason, or why it is unknown. Without secrets. */
  readonly reason?: string;
  /** What an admin does about it. Expected when `missing`. */
  readonly remedy?: string;
}

/** Permissions: which rights a connection has in the ATS. Every plugin has this capability. */
export interface PermissionsCapability {
  /**
   * Proves, without writing anything, each permission that the given capabilities need. One failing check never hides
   * another: a permission that could not be asked about is `unknown`.
   * @throws CredentialsRejectedError when the ATS does not know the credentials, so that nothing could be asked.
   */
  check(ctx: CallContext, capabilities: readonly CapabilityName[]): Promise<readonly PermissionResult[]>;
}
