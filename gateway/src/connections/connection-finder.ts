import type { Hub, OrganizationScope } from '@talentbridge/hub';
import { batched } from '../graphql/batched.js';
import type { ConnectionType } from './connection.type.js';
import { showConnection } from './show-connection.js';

/**
 * Finds the connection that a record refers to, as the schema shows it: removed ones too. What the fields of one operation ask
 * at the same moment is asked together.
 * @throws Error when there is none, which cannot be: rows of connections that were removed stay.
 */
export function connectionFinder(hub: () => Hub): (scope: OrganizationScope, id: string) => Promise<ConnectionType> {
  const find = batched((scope, ids: readonly string[]) => connectionsById(hub(), scope, ids));
  return async (scope, id) => {
    const connection = await find(scope, id);
    if (!connection) throw new Error('A record refers to a connection that is not there.');
    return connection;
  };
}

async function connectionsById(
  hub: Hub,
  scope: OrganizationScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ConnectionType>> {
  const { availabilityOf } = await hub.entitlements.overview(scope);
  const connections = await hub.connections.manyForHistory(scope, ids);
  const surroundings = { deployment: hub.deployment, availabilityOf };
  return new Map([...connections].map(([id, connection]) => [id, showConnection(connection, surroundings)]));
}
