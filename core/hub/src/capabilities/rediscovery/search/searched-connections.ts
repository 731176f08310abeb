import { CapabilityOffError } from '../../../kernel/errors.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';

/**
 * The connections whose candidates may be searched: those whose mirrors are shown.
 * @throws CapabilityOffError when Rediscovery is off for all that have it.
 */
export async function searchedConnections(tx: Transaction, entitlements: Entitlements): Promise<readonly string[]> {
  const connections = await tx.rows<{ id: string; pluginId: string; capabilities: readonly string[] }>(
    `select c.id, c.plugin_id as "pluginId", c.capabilities from talentbridge.connection c
     where ${tx.own('c')} and c.status not in ('REMOVING', 'REMOVED')`,
  );
  const mirrored = connections.filter(({ capabilities }) => capabilities.includes('rediscovery'));
  const availabilityOf = await entitlements.availabilities(tx);
  const shown = mirrored.filter(({ pluginId }) => availabilityOf(pluginId, 'rediscovery').on);
  const [first] = mirrored;
  if (first && shown.length === 0) {
    const { pluginId } = first;
    const availability = availabilityOf(pluginId, 'rediscovery');
    if (!availability.on) {
      throw new CapabilityOffError(pluginId, 'rediscovery', availability.switchedOnBy, availability.reason);
    }
  }
  return shown.map(({ id }) => id);
}
