import { connectionById } from '../../connections/connection-repository.js';
import { NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import { isUuid } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { type UsableConnection, usableConnection } from './ledger/usable-connection.js';

/** Connections whose mirrors were found to be shown, by the transaction that found it. */
const found = new WeakMap<Transaction, Map<string, Promise<void>>>();

/**
 * Makes sure that the mirror of a connection may be shown: while Rediscovery is off its data is hidden, and nothing of it is
 * deleted. It is looked up once in a transaction, so that whatever shows something asks.
 * @throws NotFoundError when there is no such connection.
 * @throws CapabilityOffError when Rediscovery is off for the organization.
 * @throws WrongStateError when the connection was made without Rediscovery.
 */
export function requireShownMirror(tx: Transaction, entitlements: Entitlements, connectionId: string): Promise<void> {
  const known = found.get(tx) ?? new Map<string, Promise<void>>();
  found.set(tx, known);
  const shown = known.get(connectionId) ?? lookUp(tx, entitlements, connectionId);
  known.set(connectionId, shown);
  return shown;
}

async function lookUp(tx: Transaction, entitlements: Entitlements, connectionId: string): Promise<void> {
  const { pluginId, capabilities, name, status } = await connectionById(tx, connectionId);
  await entitlements.require(tx, pluginId, 'rediscovery');
  if (!capabilities.includes('rediscovery')) {
    throw new WrongStateError(status, `${name} was connected without Rediscovery. Edit it to add Rediscovery.`);
  }
}

/** A connection whose mirror is kept now. @throws NotFoundError, CapabilityOffError, WrongStateError */
export async function requireKeptMirror(
  tx: Transaction,
  entitlements: Entitlements,
  connectionId: string,
): Promise<UsableConnection> {
  if (!isUuid(connectionId)) throw new NotFoundError('connection', connectionId);
  const connection = await usableConnection(tx, entitlements, connectionId);
  if (!connection) throw new NotFoundError('connection', connectionId);
  await entitlements.require(tx, connection.pluginId, 'rediscovery');
  if (connection.unusable !== undefined) throw new WrongStateError(connection.status, connection.unusable);
  return connection;
}
