import {
  type UsableConnection,
  type UsedCapability,
  usableConnection as usableFor,
} from '../../../connections/usable-connection.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';

export type { UsableConnection } from '../../../connections/usable-connection.js';

const REDISCOVERY: UsedCapability = { name: 'rediscovery', displayName: 'Rediscovery' };

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
export function usableConnection(
  tx: Transaction,
  entitlements: Entitlements,
  connectionId: string,
): Promise<UsableConnection | undefined> {
  return usableFor(tx, entitlements, connectionId, REDISCOVERY, 'share');
}
