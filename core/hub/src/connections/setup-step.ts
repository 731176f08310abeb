import type { Plugin, Requirement } from '@talentbridge/contracts';
import type { Connection } from './connection.entity.js';

/** What comes next while a connection is added. Choosing capabilities came first, with its creation. */
export const SETUP_STEPS = ['REQUIREMENTS', 'CREDENTIALS', 'VERIFY', 'FINISH', 'DONE'] as const;

/** One step of adding a connection. */
export type SetupStep = (typeof SETUP_STEPS)[number];

/** The requirements of the capabilities that this connection has. */
export function requirementsOf(plugin: Plugin, connection: Pick<Connection, 'capabilities'>): readonly Requirement[] {
  return plugin.requirements.filter((requirement) =>
    requirement.capabilities.some((capability) => connection.capabilities.includes(capability)),
  );
}

/** Where adding a connection stands. It follows from what is stored, so that it can be left and taken up at any time. */
export function setupStepOf(plugin: Plugin, connection: Connection): SetupStep {
  if (connection.status !== 'SETUP') return 'DONE';
  if (!connection.requirementsAcknowledgedAt && requirementsOf(plugin, connection).length > 0) return 'REQUIREMENTS';
  if (connection.credentialVersion === 0) return 'CREDENTIALS';
  const { verification } = connection;
  return verification?.allGood && verification.complete ? 'FINISH' : 'VERIFY';
}
