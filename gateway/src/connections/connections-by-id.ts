import type { Hub, OrganizationScope } from '@talentbridge/hub';
import type { ConnectionType } from './connection.type.js';
import { showConnection } from './show-connection.js';

/** Connections that other records refer to, as the schema shows them: removed ones too. */
export async function connectionsById(
  hub: Hub,
  scope: OrganizationScope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ConnectionType>> {
  const { availabilityOf } = await hub.entitlements.overview(scope);
  const connections = await hub.connections.manyForHistory(scope, ids);
  const surroundings = { deployment: hub.deployment, availabilityOf };
  return new Map([...connections].map(([id, connection]) => [id, showConnection(connection, surroundings)]));
}
