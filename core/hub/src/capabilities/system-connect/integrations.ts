import type { CallContext, NetworkIntegration, NetworkService, SystemConnectCapability } from '@talentbridge/contracts';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { readIntegrations } from './network-answers.js';
import type { JobViewers } from './system-connect-model.js';

/** What has to be switched on at a network, as it stood when somebody looked last. */
export interface StoredIntegration extends Omit<NetworkIntegration, 'remedy'> {
  readonly remedy: string | null;
}

/** Who is to see jobs at a network, and what it was told of that last. */
export interface ViewersTold {
  readonly wanted: JobViewers;
  /** `null`: nothing yet. */
  readonly told: JobViewers | null;
}

/** How the integrations of a network stand. */
export interface PreparedIntegrations {
  readonly integrations: readonly NetworkIntegration[];
  /** Who sees jobs, as the network was told now. Absent: it was told nothing. */
  readonly toldNow?: JobViewers;
}

/**
 * Reads how the integrations of a network stand, and does the part of the ATS's side where somebody has asked for one, or others
 * are to see jobs than the network was told.
 * @param options `name`: of this installation, for the network's administrators.
 */
export async function readAndPrepare(
  capability: SystemConnectCapability,
  contextOf: () => CallContext,
  { name, viewers }: { readonly name: string; readonly viewers: ViewersTold },
): Promise<PreparedIntegrations> {
  const found = readIntegrations(await capability.integrations(contextOf()));
  const { wanted, told } = viewers;
  const waits = found.some(({ status }) => status === 'requested' || (status !== 'missing' && told !== wanted));
  if (!waits) return { integrations: found };
  await capability.prepare(contextOf(), { name, jobViewers: wanted === 'RECRUITERS' ? 'listed' : 'everybody' });
  return { integrations: readIntegrations(await capability.integrations(contextOf())), toldNow: wanted };
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
