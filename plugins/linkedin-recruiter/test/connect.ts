import { type PluginConnection, startConnection } from '@talentbridge/testkit';
import { type LinkedInSimulatorOptions, SIMULATED_APPLICATIONS } from '../simulator/index.js';
import plugin from '../src/index.js';
import { CONTRACT, enable, ORGANIZATION, type StartedLinkedIn, start } from './start-linkedin.js';

/** The credentials of the first customer, as an admin enters them. */
export const CREDENTIALS = {
  childClientId: SIMULATED_APPLICATIONS.exampleco.clientId,
  childClientSecret: SIMULATED_APPLICATIONS.exampleco.clientSecret,
  organizationUrn: ORGANIZATION,
  contractUrn: CONTRACT,
};

/** A simulator, and the plugin connected to it as the first customer. */
export interface Connected extends StartedLinkedIn {
  readonly connection: PluginConnection;
}

/** The hosts of the manifest, at the simulator. */
export function hostsAt(url: string): Readonly<Record<string, string>> {
  return { 'www.linkedin.com': url, 'api.linkedin.com': url };
}

/** Starts a simulator where nothing is set up, and connects the plugin. */
export async function connect(options: LinkedInSimulatorOptions = {}): Promise<Connected> {
  const linkedIn = await start(options);
  const target = { hostOverrides: hostsAt(linkedIn.simulator.url), credentials: CREDENTIALS };
  const connection = await startConnection(plugin, target);
  return {
    ...linkedIn,
    connection,
    async [Symbol.asyncDispose]() {
      connection.expectNoLeak();
      await connection[Symbol.asyncDispose]();
      await linkedIn[Symbol.asyncDispose]();
    },
  };
}

/** The same, with everything enabled. */
export async function connectEnabled(options: LinkedInSimulatorOptions = {}): Promise<Connected> {
  const connected = await connect(options);
  await enable(connected, 'http://127.0.0.1:9/hooks/exampleco');
  return connected;
}
