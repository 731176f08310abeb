import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Deployment, TIERS } from '@talentbridge/hub';
import { loadPlugin, PluginRegistry } from '@talentbridge/plugin-host';
import { z } from 'zod';
import { ConfigurationError, type HubConfiguration } from './configuration.js';

const grants = z.record(
  z.string(),
  z.array(z.enum(['*', 'permissions', 'export', 'rediscovery', 'webhooks', 'systemConnect'])),
);

const limit = z.strictObject({
  concurrency: z.int().positive().exactOptional(),
  rate: z.strictObject({ requests: z.int().positive(), perMs: z.int().positive() }).exactOptional(),
});
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9a-z-]+$/, 'must be the name of a header in lower case');
const share = z.number().min(0).max(1);

const pace = limit.extend({
  eachLane: limit.exactOptional(),
  lanes: z.record(z.string(), limit).exactOptional(),
  quota: z
    .strictObject({
      limitHeader: headerName,
      remainingHeader: headerName,
      resetHeader: headerName,
      keep: z.strictObject({ work: share.exactOptional(), background: share.exactOptional() }).exactOptional(),
    })
    .exactOptional(),
});

const deploymentFile = z.strictObject({
  /** Package names, in the order of the catalogue. Installing a plugin is a line here. */
  plugins: z.array(z.string().min(1)),
  defaultTier: z.enum(TIERS).default('ENTERPRISE'),
  /** Which capabilities of which plugins each tier opens; `*` stands for all. */
  tiers: z.strictObject({ ESSENTIAL: grants, PROFESSIONAL: grants, ENTERPRISE: grants }).optional(),
  /** Addresses that requests to vendors come from, for their allow-lists. */
  outgoingAddresses: z.array(z.string()).default([]),
  /** Where a host is really reached. Simulators only: such a host may be a local address without TLS. */
  hostOverrides: z.record(z.string(), z.url()).default({}),
  /** By plugin id: how fast its ATS may be asked, instead of what the plugin declares. For whoever has bought more. */
  pace: z.record(z.string(), pace).exactOptional(),
  /** What `npm start` brings up beside the gateway. */
  demo: z
    .strictObject({
      simulators: z
        .array(
          z.strictObject({
            plugin: z.string(),
            hosts: z.array(z.string()).min(1),
            arguments: z.array(z.string()).default([]),
            /** What a person needs to connect to it, such as the key it knows. */
            hint: z.string().optional(),
          }),
        )
        .default([]),
      /** The folder of sample data. */
      samples: z.string().optional(),
    })
    .default({ simulators: [] }),
});

/** The file that says what a deployment consists of. */
export type DeploymentFile = z.infer<typeof deploymentFile>;

const EVERYTHING = { '*': ['*' as const] };

/** @throws ConfigurationError that names every problem of the file. */
export async function readDeploymentFile(path: string): Promise<DeploymentFile> {
  const place = resolve(path);
  let text: string;
  try {
    text = await readFile(place, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`The deployment file ${path} cannot be read. DEPLOYMENT_FILE names it.`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`The deployment file ${path} is not JSON.`, { cause });
  }
  const read = deploymentFile.safeParse(value);
  if (!read.success) {
    const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigurationError(`The deployment file ${path} does not fit. ${problems.join('. ')}`);
  }
  return read.data;
}

/**
 * Loads the plugins of a deployment and puts together what the operator decided.
 * @throws HubError of the kind `fix` when a plugin cannot be loaded or was built for other contracts.
 */
export async function loadDeployment(
  file: DeploymentFile,
  configuration: Pick<HubConfiguration, 'brand' | 'dummyEmailDomain'>,
): Promise<Deployment> {
  const plugins = await Promise.all(file.plugins.map((name) => loadPlugin(name, (specifier) => import(specifier))));
  return {
    brand: configuration.brand,
    dummyEmailDomain: configuration.dummyEmailDomain,
    plugins: new PluginRegistry(plugins),
    tiers: file.tiers ?? { ESSENTIAL: EVERYTHING, PROFESSIONAL: EVERYTHING, ENTERPRISE: EVERYTHING },
    defaultTier: file.defaultTier,
    outgoingAddresses: file.outgoingAddresses,
    hostOverrides: file.hostOverrides,
    ...(file.pace ? { pace: file.pace } : {}),
  };
}
