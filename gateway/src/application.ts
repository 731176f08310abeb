import 'reflect-metadata';
import { type Deployment, type Hub, type HubOptions, migrateHub, openHub, type SearchIndexes } from '@talentbridge/hub';
import type { Logger } from 'pino';
import { container } from 'tsyringe';
import { ConfigurationError, type GatewayConfiguration } from './configuration.js';
import { registerNetworkPage } from './demo/network-page.js';
import { readEncryptionKeys } from './encryption-keys.js';
import { openFileStore } from './file-store.js';
import { registerFileRoutes } from './files/file-routes.js';
import { HUB } from './hub-token.js';
import { processRegistry } from './operations/gateway-metrics.js';
import { HubMetrics } from './operations/hub-metrics.js';
import { type ResolverClass, resolvers } from './resolvers.js';
import type { ResolverContainer } from './schema.js';
import { openSearchIndexes } from './search-indexes.js';
import { createGateway, type Gateway, type GatewayOptions } from './server.js';
import { registerWebhookRoutes } from './webhooks/webhook-routes.js';

/** What an application is put together from. */
export interface ApplicationOptions {
  readonly configuration: GatewayConfiguration;
  readonly deployment: Deployment;
  readonly logger: Logger;
  readonly development?: GatewayOptions['development'];
  /** Vendors are simulated on this machine: they reach the gateway where it listens, unless PUBLIC_URL says otherwise. Default `false`. */
  readonly vendorsAreLocal?: boolean;
  /** Whom contact data is asked from. Default: what the host platform has stored with the profiles. */
  readonly contactSource?: HubOptions['contactSource'];
  /** Where people are searched. Default: embedded indexes in the folder of the configuration. */
  readonly searchIndexes?: SearchIndexes;
  /** Connections of the hub's pool. Default: that of `openHub`. */
  readonly poolSize?: HubOptions['poolSize'];
  /** For the tests that prove each wall between organizations alone. */
  readonly isolation?: HubOptions['isolation'];
}

/** A hub with its gateway. */
export interface Application {
  readonly hub: Hub;
  readonly gateway: Gateway;
  /** Stops the gateway first, then the jobs, then the database. */
  close(): Promise<void>;
}

/** Puts hub and gateway together: migrates the database, opens the hub, starts its worker. Does not listen yet. */
export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const { configuration, deployment, logger } = options;
  const { databaseUrl, encryptionKeys, fileStore, fileStorePlace, worker } = configuration.hub;
  if (databaseUrl === undefined || encryptionKeys === undefined || fileStore === undefined) {
    throw new ConfigurationError(
      'DATABASE_URL, ENCRYPTION_KEYS and FILE_STORE are needed. They are documented in gateway/README.md.',
    );
  }
  const keys = readEncryptionKeys(encryptionKeys);
  const files = await openFileStore(fileStore, fileStorePlace);
  await migrateHub(databaseUrl);
  const registry = processRegistry();
  const metrics = new HubMetrics(registry);
  let gatewayUrl = (): string => '';
  const search = options.searchIndexes ?? (await openSearchIndexes(logger, configuration.hub));
  const hub = await openHub({
    databaseUrl,
    deployment,
    keys,
    files,
    fetchFiles: configuration.hub.fetchFiles,
    sync: configuration.hub.sync,
    searchIndexes: search,
    search: { smallGroup: configuration.hub.smallGroupLimit, mostOpen: configuration.hub.searchOpenLimit },
    logger,
    telemetry: metrics,
    ...publicUrlOf(options, () => gatewayUrl()),
    ...(options.contactSource ? { contactSource: options.contactSource } : {}),
    ...(options.poolSize === undefined ? {} : { poolSize: options.poolSize }),
    ...(options.isolation ? { isolation: options.isolation } : {}),
  });
  metrics.showWaitingEvents(registry, () => hub.webhooks.waiting());
  try {
    const gateway = await createGateway({
      configuration,
      logger,
      registry,
      container: resolverContainer(hub),
      openScope: (caller) => hub.scope(caller),
      isReady: () => hub.isReady(),
      routes: async (app, services) => {
        await registerFileRoutes(app, { ...services, hub, importLimit: configuration.importLimit });
        await registerWebhookRoutes(app, { hub, telemetry: metrics });
        if (configuration.environment === 'development') registerNetworkPage(app, deployment);
      },
      ...(options.development ? { development: options.development } : {}),
    });
    gatewayUrl = () => gateway.url;
    if (worker.enabled) await hub.startWorker({ concurrency: worker.concurrency, takeoverMs: worker.takeoverMs });
    return {
      hub,
      gateway,
      close: async () => {
        await gateway.close();
        await hub.close();
        await search.close?.();
      },
    };
  } catch (error) {
    await hub.close();
    await search.close?.();
    throw error;
  }
}

/** Where vendors reach the application; it may be known only once the gateway listens. */
function publicUrlOf(
  { configuration: { publicUrl }, vendorsAreLocal = false }: ApplicationOptions,
  listensAt: () => string,
): Pick<HubOptions, 'publicUrl'> {
  if (publicUrl !== undefined) return { publicUrl: () => publicUrl };
  return vendorsAreLocal ? { publicUrl: () => listensAt() || undefined } : {};
}

/** The container of one application: several can live in one process, in tests. */
export function resolverContainer(hub: Hub): ResolverContainer {
  const own = container.createChildContainer();
  own.registerInstance(HUB, hub);
  const instances = new Map<ResolverClass, object>(
    resolvers.map((resolver) => [resolver, own.resolve<object>(resolver as new () => object)]),
  );
  return {
    get: (resolver) => {
      const instance = instances.get(resolver);
      if (!instance) throw new Error(`No resolver ${resolver.name} is among the resolvers.`);
      return instance;
    },
  };
}
