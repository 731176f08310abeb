import { CredentialsRejectedError, PluginFaultError } from '@talentbridge/contracts';
import type { SecretPlaceholders } from '../secrets/secret-placeholders.js';

/** What is needed to judge a request of one connection, and to put its secrets in. */
export interface RequestGuard {
  readonly pluginId: string;
  readonly atsName: string;
  /** The hosts that may be called. */
  readonly hosts: ReadonlySet<string>;
  /** Origins that replace hosts, by host. */
  readonly overrides: ReadonlyMap<string, string>;
  readonly secrets: SecretPlaceholders;
  readonly userAgent: string;
}

/** A request that the plugin should not have made. `fault` follows "Plugin x". */
export function requestFault(guard: RequestGuard, fault: string): PluginFaultError {
  return new PluginFaultError(guard.pluginId, guard.secrets.redact(fault));
}

/** A credential that cannot be sent at all: whoever entered it must look at it, not the plugin's author. */
export function unsendableCredential(guard: RequestGuard, reason: string): CredentialsRejectedError {
  return new CredentialsRejectedError(guard.atsName, reason);
}
