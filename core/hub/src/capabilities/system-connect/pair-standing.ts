import type { NetworkService } from '@talentbridge/contracts';
import { type UsableConnection, type UsedCapability, usableConnection } from '../../connections/usable-connection.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { SystemPair } from './system-connect-model.js';

/** What the network's side of a pair works with. */
export const SYSTEM_CONNECT: UsedCapability = { name: 'systemConnect', displayName: 'System Connect' };

/** What the ATS's side of a pair works with. */
export const REDISCOVERY: UsedCapability = { name: 'rediscovery', displayName: 'Rediscovery' };

/** What people are added to the ATS with. */
export const EXPORT: UsedCapability = { name: 'export', displayName: 'Export' };

/** What may be done for a pair now. */
export type PairStanding =
  /** There is no such pair. */
  | { readonly kind: 'NONE' }
  /** One of its connections cannot be used: what is to be done waits. */
  | { readonly kind: 'PAUSED'; readonly pair: SystemPair; readonly reason: string }
  | {
      readonly kind: 'WORKING';
      readonly pair: SystemPair;
      readonly network: UsableConnection;
      readonly ats: UsableConnection;
      /** What is switched on at the network, as far as it is known. What is not in here rests. */
      readonly enabled: ReadonlySet<NetworkService>;
    };

/** The columns of a `SystemPair`, of a table that is called `p`. */
export const PAIR_COLUMNS = `p.connection_id as "connectionId", p.ats_connection_id as "atsConnectionId",
  p.missing_email as "missingEmail", p.job_viewers as "jobViewers", p.created_by as "createdBy", p.created_at as "createdAt"`;

/**
 * The pair that a connection belongs to, on either side.
 *
 * @param lock `share`: nobody parts it until the transaction ends, which has to be one that writes. `update`: nobody else writes
 *   anything of it either.
 */
export function pairOf(
  tx: Transaction,
  connectionId: string,
  lock?: 'share' | 'update',
): Promise<SystemPair | undefined> {
  return tx.row<SystemPair>(
    `select ${PAIR_COLUMNS} from talentbridge.system_pair p
     where ${tx.own('p')} and (p.connection_id = $1 or p.ats_connection_id = $1) ${lock ? `for ${lock}` : ''}`,
    [connectionId],
  );
}

/**
 * What may be done for the pair of a network connection now. @param lock `share`: pair and connections stay as they are until
 * the transaction ends, which has to be one that writes.
 */
export async function pairStanding(
  tx: Transaction,
  entitlements: Entitlements,
  connectionId: string,
  lock?: 'share',
): Promise<PairStanding> {
  const found = await pairOf(tx, connectionId);
  if (found?.connectionId !== connectionId) return { kind: 'NONE' };
  const network = await usableConnection(tx, entitlements, found.connectionId, SYSTEM_CONNECT, lock);
  const ats = await usableConnection(tx, entitlements, found.atsConnectionId, REDISCOVERY, lock);
  if (!network || !ats) return { kind: 'NONE' };
  // The connections first, as whoever removes one has them: the pair may have been parted, or made anew, meanwhile.
  const pair = lock ? await pairOf(tx, connectionId, lock) : found;
  if (pair?.atsConnectionId !== found.atsConnectionId) return { kind: 'NONE' };
  const reason = network.unusable ?? ats.unusable;
  if (reason !== undefined) return { kind: 'PAUSED', pair, reason };
  return { kind: 'WORKING', pair, network, ats, enabled: await enabledServices(tx, connectionId) };
}

/** For what a user does with what came from a network. @throws CapabilityOffError while System Connect is off. */
export async function requireOn(tx: Transaction, entitlements: Entitlements, connectionId: string): Promise<void> {
  const connection = await tx.row<{ pluginId: string }>(
    `select c.plugin_id as "pluginId" from talentbridge.connection c where ${tx.own('c')} and c.id = $1`,
    [connectionId],
  );
  if (connection) await entitlements.require(tx, connection.pluginId, SYSTEM_CONNECT.name);
}

/** What is switched on at the network, as it stood when somebody looked last. */
async function enabledServices(tx: Transaction, connectionId: string): Promise<ReadonlySet<NetworkService>> {
  const rows = await tx.rows<{ service: NetworkService }>(
    `select distinct unnest(i.carries) as service from talentbridge.network_integration i
     where ${tx.own('i')} and i.connection_id = $1 and i.status = 'enabled'`,
    [connectionId],
  );
  return new Set(rows.map(({ service }) => service));
}
