import type { CallContext, NetworkIntegration, NetworkService, SystemConnectCapability } from '@talentbridge/contracts';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { readIntegrations } from './network-answers.js';

/** What has to be switched on at a network, as it stood when somebody looked last. */
export interface StoredIntegration extends Omit<NetworkIntegration, 'remedy'> {
  readonly remedy: string | null;
}

/**
 * Reads how the integrations of a network stand, and does the part of the ATS's side where somebody has asked for one.
 * @param name Of this installation, for the network's administrators.
 */
export async function readAndPrepare(
  capability: SystemConnectCapability,
  contextOf: () => CallContext,
  name: string,
): Promise<readonly NetworkIntegration[]> {
  const found = readIntegrations(await capability.integrations(contextOf()));
  if (!found.some(({ status }) => status === 'requested')) return found;
  await capability.prepare(contextOf(), { name });
  return readIntegrations(await capability.integrations(contextOf()));
}

/** The integrations of a network, in the order in which it tells them. */
export function storedIntegrations(tx: Transaction, connectionId: string): Promise<readonly StoredIntegration[]> {
  return tx.rows<StoredIntegration>(
    `select i.integration_id as id, i.label, i.status, i.carries, i.remedy from talentbridge.network_integration i
     where ${tx.own('i')} and i.connection_id = $1 order by i.position`,
    [connectionId],
  );
}

/** Stores how the integrations of a network stand. @returns Whether any of them stands otherwise than before. */
export async function storeIntegrations(
  tx: Transaction,
  connectionId: string,
  found: readonly NetworkIntegration[],
): Promise<boolean> {
  const unique = [...new Map(found.map((one) => [one.id, one])).values()];
  const now = unique.map(({ remedy, ...one }): StoredIntegration => ({ ...one, remedy: remedy ?? null }));
  const before = await storedIntegrations(tx, connectionId);
  if (JSON.stringify(now.map(inOrder)) === JSON.stringify(before.map(inOrder))) return false;
  await tx.rows(`delete from talentbridge.network_integration i where ${tx.own('i')} and i.connection_id = $1`, [
    connectionId,
  ]);
  await tx.rows(
    `insert into talentbridge.network_integration
       (organization_id, connection_id, integration_id, position, label, status, carries, remedy)
     select $1, $2, e->>'id', place, e->>'label', e->>'status',
       array(select jsonb_array_elements_text(e->'carries')), e->>'remedy'
     from jsonb_array_elements($3::jsonb) with ordinality as given (e, place)`,
    [tx.organizationId, connectionId, JSON.stringify(now)],
  );
  return true;
}

/** Whether a service works: one of those that carry it is enabled. */
export function works(
  service: NetworkService,
  integrations: readonly Pick<NetworkIntegration, 'carries' | 'status'>[],
): boolean {
  return integrations.some(({ carries, status }) => status === 'enabled' && carries.includes(service));
}

function inOrder({ id, label, status, carries, remedy }: StoredIntegration): readonly unknown[] {
  return [id, label, status, carries, remedy];
}
