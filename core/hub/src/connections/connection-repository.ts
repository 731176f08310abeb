import { NotFoundError } from '../kernel/errors.js';
import { isUuid } from '../kernel/persistence/organization-scope.js';
import type { Transaction } from '../kernel/persistence/transaction.js';
import { Connection } from './connection.entity.js';

/**
 * A connection of this organization.
 * @throws NotFoundError when there is none, or it was removed, or the id is none at all.
 */
export async function connectionById(tx: Transaction, id: string): Promise<Connection> {
  const connection = await findConnection(tx, id);
  if (!connection || connection.status === 'REMOVED') throw new NotFoundError('connection', id);
  return connection;
}

/** A connection of this organization, removed or not; `undefined` when there is none. */
export async function findConnection(tx: Transaction, id: string): Promise<Connection | undefined> {
  return isUuid(id) ? ((await tx.em.findOne(Connection, { id })) ?? undefined) : undefined;
}
