import type { Hub, OrganizationScope } from '@talentbridge/hub';

/**
 * Makes sure that what belongs to the mirror of a connection and is not read through `hub.mirror` may be shown: while Rediscovery
 * is off its data is hidden, and nothing of it is deleted.
 * @throws NotFoundError, CapabilityOffError, WrongStateError
 */
export function requireMirror(hub: Pick<Hub, 'mirror'>, scope: OrganizationScope, connectionId: string): Promise<void> {
  return hub.mirror.requireShown(scope, connectionId);
}
