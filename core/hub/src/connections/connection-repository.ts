import { LockMode } from '@mikro-orm/postgresql';
import { NotFoundError, WrongStateError } from '../kernel/errors.js';
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

/**
 * A connection that is about to be changed. It stays locked until the transaction ends, so that of two who change it at
 * once the second sees what the first has done.
 * @throws NotFoundError as `connectionById` does.
 * @throws WrongStateError while it is being removed: nothing may bring it back.
 */
export async function connectionToChange(tx: Transaction, id: string): Promise<Connection> {
  const connection = isUuid(id)
    ? await tx.em.findOne(Connection, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true })
    : undefined;
  if (!connection || connection.status === 'REMOVED') throw new NotFoundError('connection', id);
  if (connection.status === 'REMOVING') {
    throw new WrongStateError(
      connection.status,
      `${connection.name} is being removed and cannot be changed any more. Add a new connection instead.`,
    );
  }
  return connection;
}

/** A connection of this organization, removed or not; `undefined` when there is none. */
export async function findConnection(tx: Transaction, id: string): Promise<Connection | undefined> {
  return isUuid(id) ? ((await tx.em.findOne(Connection, { id })) ?? undefined) : undefined;
}
