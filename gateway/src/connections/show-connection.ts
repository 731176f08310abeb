import type { Plugin } from '@talentbridge/contracts';
import {
  type AvailabilityOf,
  type Connection,
  type Deployment,
  installedPlugin,
  requirementsOf,
  setupStepOf,
} from '@talentbridge/hub';
import { asEntered } from '../catalog/as-entered.js';
import { showCapabilities } from '../catalog/show-availability.js';
import { showFields } from '../catalog/show-form.js';
import { showRequirement } from '../catalog/show-requirement.js';
import type { ConnectionType } from './connection.type.js';
import { showVerification } from './show-verification.js';

/** What a connection looks like depends on these, too. */
export interface ConnectionSurroundings {
  readonly deployment: Deployment;
  readonly availabilityOf: AvailabilityOf;
}

type PartsOfPlugin = Pick<ConnectionType, 'plugin' | 'setupStep' | 'requirements' | 'credentials' | 'settings'>;

/** A connection of the hub. Nothing of its credentials but their names is known here. */
export function showConnection(
  connection: Connection,
  { deployment, availabilityOf }: ConnectionSurroundings,
): ConnectionType {
  const { id, name, status, pluginId, capabilities, verification, leftBehind, createdAt, updatedAt } = connection;
  const plugin = installedPlugin(deployment, pluginId);
  return {
    id,
    name,
    status,
    attentionReason: connection.attentionReason ?? undefined,
    capabilities: showCapabilities(pluginId, capabilities, availabilityOf),
    requirementsAcknowledgedAt: connection.requirementsAcknowledgedAt ?? undefined,
    outgoingAddresses: deployment.outgoingAddresses,
    accountLabel: connection.accountLabel ?? undefined,
    lastVerification: verification ? showVerification(verification) : undefined,
    leftBehind,
    createdAt,
    updatedAt,
    ...(plugin ? partsOf(plugin, connection, deployment) : withoutPlugin(pluginId)),
  };
}

function partsOf(plugin: Plugin, connection: Connection, deployment: Deployment): PartsOfPlugin {
  const { brand } = deployment;
  return {
    plugin: { id: plugin.id, displayName: plugin.displayName, installed: true },
    setupStep: setupStepOf(plugin, connection),
    requirements: requirementsOf(plugin, connection).map((requirement) => showRequirement(requirement, deployment)),
    credentials: showFields(plugin.credentials, brand).map((field) => {
      return { field, isSet: connection.credentialNames.includes(field.name) };
    }),
    settings: showFields(plugin.settings, brand).map((field) => {
      const value = connection.settings[field.name];
      return { field, value: value === undefined ? undefined : asEntered(value) };
    }),
  };
}

function withoutPlugin(pluginId: string): PartsOfPlugin {
  return {
    plugin: { id: pluginId, displayName: pluginId, installed: false },
    requirements: [],
    credentials: [],
    settings: [],
  };
}
