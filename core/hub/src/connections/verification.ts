import {
  type AccountIdentity,
  type CallContext,
  type CapabilityName,
  isHubError,
  type OpenConnection,
  type PermissionResult,
  type Plugin,
} from '@talentbridge/contracts';
import { callContext } from '../kernel/call-context.js';
import type { CapabilityModule, Check, TestCandidate, TestTarget } from '../kernel/capabilities.js';
import type { OrganizationScope } from '../kernel/persistence/organization-scope.js';
import type { VerificationReport } from './verification-report.js';

/** How long one verification call may take, in milliseconds. A person waits for the report. */
const CALL_LIMIT_MS = 30_000;

/** What is verified. */
export interface VerificationSubject {
  readonly scope: OrganizationScope;
  readonly connectionId: string;
  readonly plugin: Plugin;
  readonly capabilities: readonly CapabilityName[];
  readonly connection: OpenConnection;
  readonly testTarget?: TestTarget;
  readonly earlierTestCandidate?: TestCandidate;
}

/** What a verification answers: the report, and the account when the credentials opened one. */
export interface VerificationOutcome {
  readonly report: VerificationReport;
  readonly account?: AccountIdentity;
}

/**
 * Proves that a connection works and answers every check, not the first failure: connectivity, each permission that
 * the capabilities need, then each capability's own part.
 */
export async function verifyConnection(
  subject: VerificationSubject,
  modules: readonly CapabilityModule[],
): Promise<VerificationOutcome> {
  const { plugin, connection, capabilities } = subject;
  const parts = modules.filter(
    ({ name, comesAlongWith }) =>
      capabilities.includes(name) ||
      (plugin.capabilities.includes(name) && comesAlongWith?.some((other) => capabilities.includes(other))),
  );
  const along = parts.flatMap(({ name }) => (capabilities.includes(name) ? [] : [name]));
  const [connectivity, account] = await checkConnectivity(plugin, connection);
  const checks: Check[] = [connectivity];
  let testCandidate: TestCandidate | undefined;
  if (connectivity.status === 'FAILED') {
    checks.push(...skippedWithoutConnectivity(parts));
  } else {
    const told = parts.flatMap(({ name, tellsPermissions }) => (tellsPermissions ? [name] : []));
    const asked = capabilities.filter((name) => !told.includes(name));
    checks.push(...(await checkPermissions(connection, asked, along)));
    for (const module of parts) {
      const part = await module.verify({ ...subject, atsName: plugin.displayName });
      checks.push(...part.checks);
      testCandidate ??= part.testCandidate;
    }
  }
  const report: VerificationReport = {
    verifiedAt: new Date().toISOString(),
    checks,
    allGood: checks.every((check) => check.status !== 'FAILED'),
    complete: checks.every((check) => check.status !== 'SKIPPED'),
    ...(testCandidate ? { testCandidate } : {}),
  };
  return account ? { report, account } : { report };
}

async function checkConnectivity(plugin: Plugin, connection: OpenConnection): Promise<[Check, AccountIdentity?]> {
  const check = { id: 'connectivity', label: `${plugin.displayName} knows the credentials` };
  try {
    const account = await connection.identify(verificationContext());
    return [{ ...check, status: 'PASSED', ...(account.label ? { reason: account.label } : {}) }, account];
  } catch (error) {
    return [{ ...check, ...failedCheck(error) }];
  }
}

/** @param along Capabilities that come along: what they alone need is missed, and fails nothing. */
async function checkPermissions(
  connection: OpenConnection,
  capabilities: readonly CapabilityName[],
  along: readonly CapabilityName[],
): Promise<readonly Check[]> {
  const permissions = connection.capability('permissions');
  if (!permissions || capabilities.length + along.length === 0) return [];
  try {
    const results = await permissions.check(verificationContext(), [...capabilities, ...along]);
    if (along.length === 0 || !results.some(({ status }) => status === 'missing')) return results.map(permissionCheck);
    const needed = new Set(
      (await permissions.check(verificationContext(), capabilities)).map(({ permission }) => permission),
    );
    return results.map(permissionCheck).map((check, index) => {
      const dispensable = !needed.has(results[index]?.permission ?? '');
      return check.status === 'FAILED' && dispensable ? { ...check, status: 'WARNED' as const } : check;
    });
  } catch (error) {
    return [{ id: 'permissions', label: 'Permissions', ...failedCheck(error) }];
  }
}

function permissionCheck(result: PermissionResult): Check {
  const status = { granted: 'PASSED', missing: 'FAILED', unknown: 'UNKNOWN' } as const;
  return {
    id: `permission:${result.permission}`,
    label: result.label,
    status: status[result.status],
    ...(result.reason ? { reason: result.reason } : {}),
    ...(result.remedy ? { remedy: result.remedy } : {}),
  };
}

function skippedWithoutConnectivity(parts: readonly CapabilityModule[]): readonly Check[] {
  const reason = 'Nothing else can be asked until the credentials are accepted.';
  return [
    { id: 'permissions', label: 'Permissions', status: 'SKIPPED', reason },
    ...parts.map(({ name, displayName }): Check => ({ id: name, label: displayName, status: 'SKIPPED', reason })),
  ];
}

/** The check that an error stands for: a definite refusal failed, silence is unknown only where nothing depends on it. */
export function failedCheck(error: unknown): Pick<Check, 'status' | 'reason' | 'remedy' | 'lasting'> {
  if (!isHubError(error)) throw error;
  const remedies = {
    reconnect: 'Correct the credentials or the permissions in the ATS, then verify again.',
    retry: 'Wait a little and verify again.',
    skip: 'Correct what the reason names, then verify again.',
    fix: 'Report this to the author of the plugin.',
  };
  return {
    status: 'FAILED',
    reason: error.message,
    remedy: remedies[error.recovery],
    ...(error.recovery === 'reconnect' ? {} : { lasting: false as const }),
  };
}

/** A context for one call of a verification: an admin waits for it. */
export function verificationContext(): CallContext {
  return callContext('interactive', CALL_LIMIT_MS);
}
