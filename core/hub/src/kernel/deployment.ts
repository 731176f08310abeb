import type { CapabilityName, FieldValue, Pace, Plugin } from '@talentbridge/contracts';
import type { PluginRegistry } from '@talentbridge/plugin-host';

/** What an organization can have bought. */
export const TIERS = ['ESSENTIAL', 'PROFESSIONAL', 'ENTERPRISE'] as const;

/** One license tier. */
export type Tier = (typeof TIERS)[number];

/** Which capabilities of which plugins a tier opens; `*` stands for all plugins or all capabilities. */
export type TierGrants = Readonly<Record<string, readonly (CapabilityName | '*')[]>>;

/** What the operator of a deployment decides. Nothing in it is a secret. */
export interface Deployment {
  /** The name under which the product presents itself, and the source name it writes into an ATS. */
  readonly brand: string;
  /** The domain of placeholder addresses. */
  readonly dummyEmailDomain: string;
  readonly plugins: PluginRegistry;
  readonly tiers: Readonly<Record<Tier, TierGrants>>;
  /** The tier of an organization for which the operator set none. */
  readonly defaultTier: Tier;
  /** Outgoing addresses, for vendors that keep an allow-list. */
  readonly outgoingAddresses: readonly string[];
  /** Where a host is really reached: simulators. Host to origin, `api.vendor.example` to `http://127.0.0.1:4100`. */
  readonly hostOverrides: Readonly<Record<string, string>>;
  /** By plugin id: how fast its ATS may be asked, instead of what the plugin declares. `{}`: 8 requests at once in each process. */
  readonly pace?: Readonly<Record<string, Pace>>;
}

/** The plugin of this id, or `undefined` when the deployment does not have it: stored ids can outlive their plugin. */
export function installedPlugin(deployment: Deployment, id: string): Plugin | undefined {
  return deployment.plugins.has(id) ? deployment.plugins.get(id) : undefined;
}

/** How fast the ATS of a plugin may be asked by a connection with these settings: the operator's word, then the plugin's. */
export function paceOf(deployment: Deployment, plugin: Plugin, settings: Readonly<Record<string, FieldValue>>): Pace {
  const { pace = {} } = deployment;
  return (Object.hasOwn(pace, plugin.id) ? pace[plugin.id] : undefined) ?? plugin.pace(settings);
}
