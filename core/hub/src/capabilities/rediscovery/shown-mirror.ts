import { connectionById } from '../../connections/connection-repository.js';
import { WrongStateError } from '../../kernel/errors.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';

/**
 * Makes sure that the mirror of a connection may be shown: while Rediscovery is off its data is hidden, and nothing of it is
 * deleted.
 * @throws NotFoundError when there is no such connection.
 * @throws CapabilityOffError when Rediscovery is off for the organization.
 * @throws WrongStateError when the connection was made without Rediscovery.
 */
export async function requireShownMirror(
  tx: Transaction,
  entitlements: Entitlements,
  connectionId: string,
): Promise<void> {
  const { pluginId, capabilities, name, status } = await connectionById(tx, connectionId);
  await entitlements.require(tx, pluginId, 'rediscovery');
  if (!capabilities.includes('rediscovery')) {
    throw new WrongStateError(status, `${name} was connected without Rediscovery. Edit it to add Rediscovery.`);
  }
}
