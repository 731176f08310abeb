import {
  type CallContext,
  type CapabilityName,
  CredentialsRejectedError,
  type NetworkIntegration,
  PermissionMissingError,
  type PermissionResult,
  type PermissionsCapability,
} from '@talentbridge/contracts';
import type { LinkedInApi } from './client.js';
import { Integrations } from './integrations.js';
import type { RecruiterActivity } from './recruiter.js';

const SEATS = { permission: 'seats.read', label: 'List the seats of the contract' };

/** The integration that notifications belong to (LinkedIn sheet §3.2). */
const NOTIFYING = 'one-click-export';

const WORDS: Readonly<Record<Exclude<NetworkIntegration['status'], 'enabled'>, string>> = {
  missing: 'Nobody has asked for it.',
  requested: 'It was asked for, and is not prepared yet.',
  ready: 'It waits for an administrator of Recruiter.',
  disabled: 'It is switched off in Recruiter.',
};

/** The rights of a connection: each part of the integration that is enabled, and a seat that can be asked for. */
export function linkedInPermissions(
  api: LinkedInApi,
  integrations: Integrations,
  activity: RecruiterActivity,
): PermissionsCapability {
  return {
    async check(ctx, capabilities) {
      try {
        await api.signIn(ctx);
      } catch (error) {
        // An outage is told for each permission.
        if (error instanceof CredentialsRejectedError) throw error;
      }
      const connecting = capabilities.includes('systemConnect');
      const parts = await partsOf(integrations, ctx);
      const needed = parts.filter(({ permission }) => connecting || isNotifying(permission, capabilities));
      return connecting ? [...needed, await seatsOf(activity, ctx)] : needed;
    },
  };
}

function isNotifying(permission: string, capabilities: readonly CapabilityName[]): boolean {
  return permission === NOTIFYING && capabilities.includes('webhooks');
}

async function partsOf(integrations: Integrations, ctx: CallContext): Promise<readonly PermissionResult[]> {
  try {
    return (await integrations.all(ctx)).map(permissionOf);
  } catch (error) {
    const reason = reasonOf(error);
    return Integrations.known.map(({ id, label }) => ({ permission: id, label, status: 'unknown', reason }));
  }
}

function permissionOf({ id, label, status, remedy }: NetworkIntegration): PermissionResult {
  if (status === 'enabled') return { permission: id, label, status: 'granted' };
  const why = { reason: WORDS[status], ...(remedy === undefined ? {} : { remedy }) };
  return { permission: id, label, status: 'missing', ...why };
}

async function seatsOf(activity: RecruiterActivity, ctx: CallContext): Promise<PermissionResult> {
  try {
    const { seats } = await activity.seats(ctx, {});
    if (seats.some(({ active }) => active)) return { ...SEATS, status: 'granted' };
    const remedy = 'Give at least one person a seat of this Recruiter contract, and see that it is active.';
    return { ...SEATS, status: 'missing', reason: 'No seat of the contract is active.', remedy };
  } catch (error) {
    // The integration that hands out seats has a line of its own.
    const isOff = error instanceof PermissionMissingError;
    const reason = isOff ? 'LinkedIn tells seats once "Seats, InMails and notes" is enabled.' : reasonOf(error);
    return { ...SEATS, status: 'unknown', reason };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'It could not be asked.';
}
