import type { CapabilityName } from '@talentbridge/contracts';
import type { Entitlements } from '../kernel/organizations/entitlements.js';
import type { Transaction } from '../kernel/persistence/transaction.js';

/** A connection whose work of one capability may go on, or why it may not. */
export interface UsableConnection {
  readonly id: string;
  readonly name: string;
  readonly pluginId: string;
  readonly accountId: string;
  readonly status: string;
  readonly credentialVersion: number;
  /** As a sentence. Absent: it is usable. */
  readonly unusable?: string;
}

/** A capability that a connection is to be used for. */
export interface UsedCapability {
  readonly name: CapabilityName;
  /** For people. */
  readonly displayName: string;
}

/**
 * A connection with the answer whether a capability of it may work now. `undefined`: there is no such connection, or it is on its way out.
 *
 * @param lock `share`: it stays as it is until the transaction ends, which has to be one that writes.
 */
export async function usableConnection(
  tx: Transaction,
  entitlements: Entitlements,
  connectionId: string,
  capability: UsedCapability,
  lock?: 'share',
): Promise<UsableConnection | undefined> {
  const row = await tx.row<
    Omit<UsableConnection, 'unusable'> & {
      readonly capabilities: readonly string[];
      readonly attentionReason: string | null;
      readonly verified: boolean;
    }
  >(
    `select c.id, c.name, c.plugin_id as "pluginId", coalesce(c.account_id, c.id::text) as "accountId", c.status,
       c.credential_version as "credentialVersion", c.capabilities, c.attention_reason as "attentionReason",
       c.verification is not null as verified
     from talentbridge.connection c where ${tx.own('c')} and c.id = $1 ${lock ? 'for share' : ''}`,
    [connectionId],
  );
  if (!row || row.status === 'REMOVING' || row.status === 'REMOVED') return undefined;
  const { capabilities, attentionReason, verified, ...connection } = row;
  const { name, displayName } = capability;
  const availability = (await entitlements.availabilities(tx))(connection.pluginId, name);
  const unusable = !availability.on
    ? availability.reason
    : !capabilities.includes(name)
      ? `${connection.name} was connected without ${displayName}. Edit it to add ${displayName}.`
      : connection.status !== 'CONNECTED'
        ? (attentionReason ?? `${connection.name} is not connected.`)
        : verified
          ? undefined
          : `${connection.name} was edited and is not verified yet.`;
  return unusable === undefined ? connection : { ...connection, unusable };
}
