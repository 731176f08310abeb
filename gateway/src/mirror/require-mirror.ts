import {
  CapabilityOffError,
  type Hub,
  NotFoundError,
  type OrganizationScope,
  WrongStateError,
} from '@talentbridge/hub';

/**
 * Makes sure that the mirror of a connection may be shown: while Rediscovery is off its data is hidden, and nothing of it is
 * deleted.
 * @throws NotFoundError when there is no such connection.
 * @throws CapabilityOffError when Rediscovery is off for the organization.
 * @throws WrongStateError when the connection was made without Rediscovery.
 */
export async function requireMirror(hub: Hub, scope: OrganizationScope, connectionId: string): Promise<void> {
  const connection = await hub.connections.get(scope, connectionId);
  if (!connection) throw new NotFoundError('connection', connectionId);
  const { pluginId, capabilities, name, status } = connection;
  const { availabilityOf } = await hub.entitlements.overview(scope);
  const availability = availabilityOf(pluginId, 'rediscovery');
  if (!availability.on) {
    throw new CapabilityOffError(pluginId, 'rediscovery', availability.switchedOnBy, availability.reason);
  }
  if (!capabilities.includes('rediscovery')) {
    throw new WrongStateError(status, `${name} was connected without Rediscovery. Edit it to add Rediscovery.`);
  }
}
