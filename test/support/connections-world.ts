import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Plugin } from '@talentbridge/contracts';
import { type Deployment, DiskFileStore, type Hub, KeyRing, openHub, type Role } from '@talentbridge/hub';
import example from '@talentbridge/plugin-example';
import { type ExampleSimulator, startSimulator } from '@talentbridge/plugin-example/simulator';
import { PluginRegistry } from '@talentbridge/plugin-host';
import { container } from 'tsyringe';
import { HUB } from '../../gateway/src/hub-token.js';
import { createLogger } from '../../gateway/src/operations/logging.js';
import { type ResolverClass, resolvers } from '../../gateway/src/resolvers.js';
import { type Answer, startTestGateway } from '../../gateway/test/support/test-gateway.js';
import type { LookedInto } from './looked-into.ts';
import { freshDatabase } from './postgres.ts';
import { throwawayFolder } from './throwaway-files.ts';

/** A whole deployment: database, hub, gateway, and a simulated vendor. */
export interface World extends AsyncDisposable {
  readonly hub: Hub;
  readonly vendor: ExampleSimulator;
  readonly databaseUrl: string;
  /** @param id Default: a new organization that nobody has used yet. */
  organization(id?: string): Organization;
  /** Everything that hub and gateway have logged. */
  log(): string;
}

/** One organization's users, as clients of the API. */
export interface Organization {
  readonly id: string;
  /** Sends an operation as a user of this role. */
  ask(role: Role, operation: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** The single field of an operation that must not have failed. */
  field(role: Role, operation: string, variables?: Readonly<Record<string, unknown>>): Promise<LookedInto>;
  /** Every answer that its users got, as text. */
  readonly answers: readonly string[];
}

/** Another process of the same deployment may have other plugins. */
export interface WorldOptions {
  readonly databaseUrl?: string;
  readonly plugins?: readonly Plugin[];
}

/** Tiers: the small one opens nothing, the middle one the example, the large one everything. */
const TIERS: Deployment['tiers'] = {
  ESSENTIAL: {},
  PROFESSIONAL: { example: ['export'] },
  ENTERPRISE: { '*': ['*'] },
};

/** Starts a deployment for one test file. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const databaseUrl = options.databaseUrl ?? (await freshDatabase());
  const vendor = await startSimulator();
  const lines: string[] = [];
  const output = new PassThrough();
  output.on('data', (line) => lines.push(String(line)));
  const hub = await openHub({
    databaseUrl,
    deployment: {
      brand: 'Acme Talent',
      dummyEmailDomain: 'acme.example',
      plugins: new PluginRegistry(options.plugins ?? [example]),
      tiers: TIERS,
      defaultTier: 'PROFESSIONAL',
      outgoingAddresses: ['192.0.2.10', '192.0.2.11'],
      hostOverrides: { 'api.example-ats.test': vendor.url },
    },
    keys: KeyRing.parse(`test:${randomBytes(32).toString('base64')}`),
    files: new DiskFileStore(throwawayFolder()),
    logger: createLogger('debug', output),
  });
  await hub.startWorker();
  const services = container.createChildContainer();
  services.registerInstance(HUB, hub);
  const gateway = await startTestGateway(
    {},
    {
      resolvers,
      container: { get: (resolver: ResolverClass) => services.resolve<object>(resolver as new () => object) },
      openScope: (caller) => hub.scope(caller),
    },
  );

  return {
    hub,
    vendor,
    databaseUrl,
    log: () => lines.join('') + gateway.log(),
    organization(id = randomUUID()) {
      const answers: string[] = [];
      const ask: Organization['ask'] = async (role, operation, variables) => {
        const issued = await gateway.gateway.issuer?.issue({ organizationId: id, userId: `${role}-1`, roles: [role] });
        const answer = await gateway.ask(operation, {
          token: issued?.token ?? null,
          ...(variables ? { variables } : {}),
        });
        answers.push(answer.text);
        return answer;
      };
      return {
        id,
        answers,
        ask,
        async field(role, operation, variables) {
          const { data, errors } = await ask(role, operation, variables);
          if (errors || !data) throw new Error(`${operation} failed: ${JSON.stringify(errors)}`);
          return Object.values(data)[0];
        },
      };
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await hub.close();
      await vendor.close();
    },
  };
}
