import type { CapabilityName } from '@talentbridge/contracts';
import { type Availability, type AvailabilityOf, comesAlong } from '@talentbridge/hub';
import type { AvailabilityType, PluginCapability } from './availability.type.js';

/** The capabilities of a plugin, each with its availability. */
export function showCapabilities(
  pluginId: string,
  capabilities: readonly CapabilityName[],
  availabilityOf: AvailabilityOf,
): readonly PluginCapability[] {
  return capabilities.map((capability) => showCapability(capability, availabilityOf(pluginId, capability)));
}

/** One capability and its availability. */
export function showCapability(capability: CapabilityName, availability: Availability): PluginCapability {
  return { capability, comesAlong: comesAlong(capability), availability: showAvailability(availability) };
}

function showAvailability(availability: Availability): AvailabilityType {
  if (availability.on) return { on: true };
  return { on: false, reason: availability.reason, switchedOnBy: availability.switchedOnBy };
}
