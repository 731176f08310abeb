import { randomBytes, randomUUID } from 'node:crypto';
import { DiskFileStore, type Hub, KeyRing, type OrganizationScope, openHub } from '@talentbridge/hub';
import { pino } from 'pino';
import { loadDeployment } from '../../gateway/dist/deployment-file.js';
import type { PluginSetUp } from './plugin-set-up.ts';
import { throwawayFolder } from './throwaway-files.ts';

/** A hub without workers, an organization in it, and a connection of that organization that is connected. */
export interface ConnectedHub extends AsyncDisposable {
  readonly hub: Hub;
  readonly scope: OrganizationScope;
  readonly organizationId: string;
  readonly connectionId: string;
  /** The notation of the configuration, for other processes on the same database. */
  readonly encryptionKeys: string;
}

/** How a hub is connected. */
export interface ConnectHubOptions {
  /** Keep to the plugin's declared pace. Default `false`: as fast as the simulated vendor answers. */
  readonly paced?: boolean;
}

/** Opens a hub on a migrated database and connects a plugin to its simulator, as an admin would. */
export async function connectHub(
  databaseUrl: string,
  setUp: PluginSetUp,
  simulatorUrl: string,
  { paced = false }: ConnectHubOptions = {},
): Promise<ConnectedHub> {
  const encryptionKeys = `test:${randomBytes(32).toString('base64')}`;
  const deployment = await loadDeployment(
    {
      plugins: [setUp.specifier],
      defaultTier: 'ENTERPRISE',
      outgoingAddresses: [],
      hostOverrides: { [setUp.host]: simulatorUrl },
      ...(paced ? {} : { pace: { [setUp.pluginId]: {} } }),
      demo: { simulators: [] },
    },
    { brand: 'SeekOut', dummyEmailDomain: 'seekout.example.com' },
  );
  const hub = await openHub({
    databaseUrl,
    deployment,
    keys: KeyRing.parse(encryptionKeys),
    files: new DiskFileStore(throwawayFolder()),
    logger: pino({ level: process.env.TB_LOG ?? 'silent' }),
  });
  const organizationId = randomUUID();
  const scope = hub.scope({ organizationId, userId: 'test', roles: ['ADMIN', 'RECRUITER'] });
  const connection = await hub.connections.create(scope, { pluginId: setUp.pluginId, capabilities: ['export'] });
  await hub.connections.acknowledgeRequirements(scope, connection.id);
  const { report } = await hub.connections.submitCredentials(scope, {
    connectionId: connection.id,
    credentials: setUp.credentials,
    testTarget: { kind: 'prospect' },
  });
  if (!report.allGood || !report.complete) {
    throw new Error(
      `The connection is not all good: ${JSON.stringify(report.checks.filter((check) => check.status !== 'PASSED'))}`,
    );
  }
  await hub.connections.finish(scope, connection.id);
  return {
    hub,
    scope,
    organizationId,
    connectionId: connection.id,
    encryptionKeys,
    async [Symbol.asyncDispose]() {
      await scope.close();
      await hub.close();
    },
  };
}
