import { randomUUID } from 'node:crypto';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { DiskFileStore, KeyRing, openHub } from '@talentbridge/hub';
import { pino } from 'pino';
import type { ClassType } from 'type-graphql';
import { resolverContainer } from '../../gateway/dist/application.js';
import { readConfiguration } from '../../gateway/dist/configuration.js';
import { GatewayContext, type OperationServices } from '../../gateway/dist/context.js';
import { loadDeployment, readDeploymentFile } from '../../gateway/dist/deployment-file.js';
import { untilTold } from '../../gateway/dist/operations/until-told.js';
import { buildGatewaySchema } from '../../gateway/dist/schema.js';
import { throwawayFolder } from '../support/throwaway-files.ts';

/*
 * What the gateway is measured against: the same schema, resolvers and hub on Apollo Server as it comes, with its own HTTP
 * server. It checks no token and no limits and writes no log; every caller is one admin. Started by gateway.bench.ts.
 */
const configuration = readConfiguration();
const { databaseUrl = '', encryptionKeys = '' } = configuration.hub;
const deployment = await loadDeployment(await readDeploymentFile(configuration.hub.deploymentFile), configuration.hub);
const hub = await openHub({
  databaseUrl,
  deployment,
  keys: KeyRing.parse(encryptionKeys),
  files: new DiskFileStore(throwawayFolder()),
  logger: pino({ level: 'silent' }),
});
const container = resolverContainer(hub);
const services: OperationServices = {
  openScope: (caller) => hub.scope(caller),
  instanceOf: <Instance extends object>(type: ClassType<Instance>) => container.get(type) as Instance,
};

/** Ends the database transaction of an operation, as the gateway does. */
const closing: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart() {
    return {
      async willSendResponse({ contextValue }) {
        await contextValue.close();
      },
    };
  },
};

const server = new ApolloServer<GatewayContext>({
  schema: await buildGatewaySchema({ container }),
  plugins: [closing, ...(process.env.CACHE_CONTROL === 'off' ? [ApolloServerPluginCacheControlDisabled()] : [])],
});
await startStandaloneServer(server, {
  listen: { host: configuration.host, port: configuration.port },
  context: async () =>
    new GatewayContext(
      { organizationId: process.env.ORGANIZATION_ID ?? '', userId: 'bench', roles: ['ADMIN'] },
      randomUUID(),
      new AbortController().signal,
      services,
    ),
});
await untilTold();
await server.stop();
await hub.close();
