import { PluginCapability } from '../catalog/availability.type.js';
import { resultUnion } from '../errors/user-error.type.js';
import { EntitlementType } from './entitlement.type.js';

/** Answer of `setCapability`. */
export const SetCapabilityResult = resultUnion(
  'SetCapabilityResult',
  () => PluginCapability,
  'PluginCapability',
  'The capability as it can be used from now on, or why it was not switched.',
);

/** Answer of `setEntitlement`. */
export const SetEntitlementResult = resultUnion(
  'SetEntitlementResult',
  () => EntitlementType,
  'Entitlement',
  'What the organization may use from now on, or why nothing was changed.',
);
