import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';

/** A connection whose mirror may be kept, or why it may not. */
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

/** Names an account of an ATS, whichever connection leads to it. */
export function accountKeyOf({ pluginId, accountId }: Pick<UsableConnection, 'pluginId' | 'accountId'>): string {
  return `${pluginId}/${accountId}`;
}

/** Whether the mirror of a connection may be kept now. */
export async function isUsable(tx: Transaction, entitlements: Entitlements, connectionId: string): Promise<boolean> {
  const connection = await usableConnection(tx, entitlements, connectionId);
  return connection !== undefined && connection.unusable === undefined;
}

/**
 * A connection with the answer whether its mirror may be kept now, locked against changes until the transaction ends.
 * `undefined`: there is no such connection, or it is on its way out.
 */
export async function usableConnection(
  tx: Transaction,
  entitlements: Entitlements,
  connectionId: string,
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
     from talentbridge.connection c where ${tx.own('c')} and c.id = $1 for share`,
    [connectionId],
  );
  if (!row || row.status === 'REMOVING' || row.status === 'REMOVED') return undefined;
  const { capabilities, attentionReason, verified, ...connection } = row;
  const availability = (await entitlements.availabilities(tx))(connection.pluginId, 'rediscovery');
  const unusable = !availability.on
    ? availability.reason
    : !capabilities.includes('rediscovery')
      ? `${connection.name} was connected without Rediscovery. Edit it to add Rediscovery.`
      : connection.status !== 'CONNECTED'
        ? (attentionReason ?? `${connection.name} is not connected.`)
        : verified
          ? undefined
          : `${connection.name} was edited and is not verified yet.`;
  return unusable === undefined ? connection : { ...connection, unusable };
}
