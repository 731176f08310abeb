import {
  type CallContext,
  isHubError,
  type NetworkIntegration,
  type NetworkNotice,
  type SystemConnectCapability,
} from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import { usableConnection } from '../../connections/usable-connection.js';
import { failedCheck, verificationContext } from '../../connections/verification.js';
import { callContext } from '../../kernel/call-context.js';
import type { CapabilityModule, Check, VerificationInput, VerificationPart } from '../../kernel/capabilities.js';
import type { JobTask } from '../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../kernel/jobs/lost-jobs.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { works } from './integrations.js';
import { readIntegrations, readNotice } from './network-answers.js';
import { SYSTEM_CONNECT } from './pair-standing.js';
import type { Pairs } from './pairs.js';
import { readAllSeats } from './seats.js';
import type { SystemConnectPart } from './system-connect-part.js';
import { systemConnectSchema } from './system-connect-schema.js';
import type { Watch } from './watch.js';

/** How long the plugin may take to read a notice, in milliseconds. */
const NOTICE_WITHIN_MS = 5_000;

/** What the module works with. */
export interface SystemConnectModuleParts {
  readonly entitlements: Entitlements;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly pairs: Pairs;
  readonly watch: Watch;
  readonly parts: readonly SystemConnectPart[];
  /** People were exported at a network: takes note of each, by what its notice says. Throws HubErrors as `noticed` does. */
  readonly exported?: (scope: OrganizationScope, connectionId: string, requestIds: readonly string[]) => Promise<void>;
}

/** System Connect, as the kernel and the connections know it. */
export class SystemConnectModule implements CapabilityModule {
  readonly name = SYSTEM_CONNECT.name;
  readonly displayName = SYSTEM_CONNECT.displayName;
  /** Whoever administers the network enables the integration after the connection is finished: until then it only warns. */
  readonly tellsPermissions = true;
  readonly schema = systemConnectSchema;

  constructor(private readonly parts: SystemConnectModuleParts) {}

  get tasks(): Readonly<Record<string, JobTask>> {
    return Object.assign({}, this.parts.watch.tasks, ...this.parts.parts.map(({ tasks }) => tasks));
  }

  get due(): readonly DueWork[] {
    return [this.parts.watch.due, ...this.parts.parts.flatMap(({ due }) => due)];
  }

  /**
   * What is switched on at the network, and whether anybody has a seat. Nothing of that fails a connection: the network lets its
   * administrators enable the integration only after the connection is finished, and has told where the hub is reached.
   */
  async verify({ connection, atsName }: VerificationInput): Promise<VerificationPart> {
    const capability = connection.capability('systemConnect');
    if (!capability) return { checks: [] };
    try {
      const integrations = readIntegrations(await capability.integrations(verificationContext()));
      return {
        checks: [...integrations.map(integrationCheck), await seatsCheck(capability, integrations, atsName)],
      };
    } catch (error) {
      return {
        checks: [{ id: 'systemConnect:integrations', label: `${atsName} can be asked`, ...unprovenCheck(error) }],
      };
    }
  }

  /** Has the work of pairs go on where it may; what may not ends by itself. */
  async reconsider(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
    for (const id of connectionIds) {
      if (await this.isUsableNetwork(tx, id)) await this.parts.watch.begin(tx, id);
      await this.parts.pairs.resume(tx, id);
    }
  }

  /** The pair of the connection ends, on whichever side it is. */
  async leave(tx: Transaction, connectionId: string): Promise<void> {
    await this.parts.watch.leave(tx, connectionId);
    await this.parts.pairs.leave(tx, connectionId);
  }

  /** What the network tells: that something was switched there, or that somebody was exported. */
  async noticed(scope: OrganizationScope, connectionId: string, ids: readonly string[]): Promise<void> {
    const capability = (await this.parts.opener.open(scope, connectionId)).capability('systemConnect');
    if (!capability) return;
    const notices: NetworkNotice[] = [];
    for (const id of ids) {
      notices.push(readNotice(await capability.readNotice(callContext('work', NOTICE_WITHIN_MS), id)));
    }
    if (notices.some(({ kind }) => kind === 'integrations')) await this.parts.watch.look(scope, connectionId, 'work');
    const requestIds = notices.flatMap((notice) => (notice.kind === 'export' ? [notice.requestId] : []));
    if (requestIds.length > 0) await this.parts.exported?.(scope, connectionId, requestIds);
  }

  /** Removes from the network what went there. */
  async leaveVendor(scope: OrganizationScope, connectionId: string): Promise<readonly string[]> {
    const left: string[] = [];
    for (const part of this.parts.parts) left.push(...((await part.leaveVendor?.(scope, connectionId)) ?? []));
    return left;
  }

  private async isUsableNetwork(tx: Transaction, connectionId: string): Promise<boolean> {
    const connection = await usableConnection(tx, this.parts.entitlements, connectionId, SYSTEM_CONNECT);
    return connection !== undefined && connection.unusable === undefined;
  }
}

function integrationCheck({ id, label, status, remedy }: NetworkIntegration): Check {
  const check = { id: `systemConnect:integration:${id}`, label: `${label} enabled` };
  if (status === 'enabled') return { ...check, status: 'PASSED' };
  const reasons = {
    missing: 'Nobody has asked for it at the network.',
    requested: 'The hub does its part once the connection is finished.',
    ready: 'An administrator of the network has not enabled it yet.',
    disabled: 'An administrator of the network has switched it off.',
  };
  return { ...check, status: 'WARNED', reason: reasons[status], ...(remedy === undefined ? {} : { remedy }) };
}

async function seatsCheck(
  capability: SystemConnectCapability,
  integrations: readonly NetworkIntegration[],
  atsName: string,
): Promise<Check> {
  const check = { id: 'systemConnect:seats', label: 'Recruiters have active seats' };
  if (!works('pull', integrations)) {
    return { ...check, status: 'WARNED', reason: `${atsName} shows its seats once that integration is enabled.` };
  }
  try {
    const contextOf = (): CallContext => verificationContext();
    const active = (await readAllSeats(atsName, capability, contextOf)).filter((seat) => seat.active).length;
    if (active > 0) return { ...check, status: 'PASSED', reason: `${active} active seat${active === 1 ? '' : 's'}.` };
    const reason = `${atsName} has no active seat under this contract.`;
    return { ...check, status: 'WARNED', reason, remedy: 'Give recruiters seats there, then verify again.' };
  } catch (error) {
    return { ...check, ...unprovenCheck(error) };
  }
}

/** Slowness proves nothing: the network is asked again all the time. */
function unprovenCheck(error: unknown): Pick<Check, 'status' | 'reason' | 'remedy' | 'lasting'> {
  const failed = failedCheck(error);
  return isHubError(error) && error.recovery === 'retry' ? { ...failed, status: 'UNKNOWN' } : failed;
}
