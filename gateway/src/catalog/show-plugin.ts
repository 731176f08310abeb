import type { Plugin } from '@talentbridge/contracts';
import type { AvailabilityOf, Deployment } from '@talentbridge/hub';
import type { PluginType } from './plugin.type.js';
import { showCapabilities } from './show-availability.js';
import { showForm } from './show-form.js';
import { showRequirement } from './show-requirement.js';

/** Every system that can be connected, in the order of the deployment's configuration. */
export function showCatalog(deployment: Deployment, availabilityOf: AvailabilityOf): readonly PluginType[] {
  return deployment.plugins.all().map((plugin) => showPlugin(plugin, deployment, availabilityOf));
}

function showPlugin(plugin: Plugin, deployment: Deployment, availabilityOf: AvailabilityOf): PluginType {
  const { id, displayName, description, capabilities, requirements, contracts } = plugin;
  return {
    id,
    displayName,
    description,
    capabilities: showCapabilities(id, capabilities, availabilityOf),
    requirements: requirements.map((requirement) => showRequirement(requirement, deployment)),
    credentials: showForm(plugin.credentials, deployment.brand),
    settings: showForm(plugin.settings, deployment.brand),
    outgoingAddresses: deployment.outgoingAddresses,
    contracts,
  };
}
