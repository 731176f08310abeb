import type { Entitlements } from '../../../../kernel/organizations/entitlements.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';

/** The connections of an organization with a mirror, by whether Rediscovery is on for them. */
export interface MirroredConnections {
  readonly shown: readonly string[];
  /** Kept, shown to nobody, and left alone until Rediscovery is on again. */
  readonly hidden: readonly string[];
}

/** Which mirrors of the organization are shown. */
export async function mirroredConnections(tx: Transaction, entitlements: Entitlements): Promise<MirroredConnections> {
  const rows = await tx.rows<{ id: string; pluginId: string; capabilities: readonly string[] }>(
    `select c.id, c.plugin_id as "pluginId", c.capabilities from talentbridge.connection c
     where ${tx.own('c')} and c.status not in ('REMOVING', 'REMOVED')
       and exists (select from talentbridge.mirror_state s where ${tx.own('s')} and s.connection_id = c.id)
     order by c.id`,
  );
  const availabilityOf = await entitlements.availabilities(tx);
  const isShown = ({ pluginId, capabilities }: (typeof rows)[number]): boolean =>
    capabilities.includes('rediscovery') && availabilityOf(pluginId, 'rediscovery').on;
  const shown = rows.filter(isShown).map(({ id }) => id);
  return { shown, hidden: rows.map(({ id }) => id).filter((id) => !shown.includes(id)) };
}
