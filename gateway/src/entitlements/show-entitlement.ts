import type { Deployment, EntitlementOverview } from '@talentbridge/hub';
import { showCapabilities } from '../catalog/show-availability.js';
import type { EntitlementType } from './entitlement.type.js';

/** What an organization may use. */
export function showEntitlement(
  organizationId: string,
  overview: EntitlementOverview,
  deployment: Deployment,
): EntitlementType {
  const { tier, integrationsEnabled, availabilityOf } = overview;
  return {
    organizationId,
    tier,
    integrationsEnabled,
    plugins: deployment.plugins.all().map(({ id, displayName, capabilities }) => {
      return { pluginId: id, displayName, capabilities: showCapabilities(id, capabilities, availabilityOf) };
    }),
  };
}
