import type { ExportCapability } from './capabilities/export.js';
import type { CapabilityName } from './capabilities/name.js';
import type { PermissionsCapability, Requirement } from './capabilities/permissions.js';
import type { RediscoveryCapability } from './capabilities/rediscovery.js';
import type { SystemConnectCapability } from './capabilities/system-connect.js';
import type { WebhooksCapability } from './capabilities/webhooks.js';
import type { CallContext } from './context.js';
import type { FieldDefinition, FieldSet, FieldValue } from './fields.js';
import type { HttpClient } from './http.js';
import type { Pace } from './pace.js';
import type { Secret } from './secret.js';

/** The version of these contracts. A plugin names the range it was built for; the hub refuses any other. */
export const CONTRACTS_VERSION = '1.0.0';

/**
 * What each capability looks like from the hub's side. A new capability is one more line here, and its contract in a
 * file of its own.
 */
export interface CapabilityContracts extends Record<CapabilityName, unknown> {
  readonly permissions: PermissionsCapability;
  readonly export: ExportCapability;
  readonly rediscovery: RediscoveryCapability;
  readonly webhooks: WebhooksCapability;
  readonly systemConnect: SystemConnectCapability;
}

type Fields = Readonly<Record<string, FieldDefinition>>;

type ValueOf<Definition extends FieldDefinition> = Definition['kind'] extends 'secret'
  ? Secret
  : Definition['kind'] extends 'switch'
    ? boolean
    : Definition['kind'] extends 'urlList'
      ? readonly string[]
      : string;

type IsOptional<Definition extends FieldDefinition> = Definition extends {
  readonly default: NonNullable<FieldDefinition['default']>;
}
  ? false
  : Definition extends { readonly required: false }
    ? true
    : false;

/** The values of a form as the plugin gets them; optional fields without default may be absent. */
export type ValuesOf<Set extends FieldSet<Fields>> = {
  readonly [Name in keyof Set['fields']]:
    | ValueOf<Set['fields'][Name]>
    | (IsOptional<Set['fields'][Name]> extends true ? undefined : never);
};

/** Hosts that a plugin may call: always, or while a `choice` setting has a certain value (a region). */
export type HostRule =
  | string
  | { readonly setting: string; readonly hosts: Readonly<Record<string, readonly string[]>> };

/** The account behind a set of credentials. */
export interface AccountIdentity {
  /**
   * Tells one account of the ATS from another, and stays the same when credentials change. It decides what "already
   * exported there" means.
   */
  readonly accountId: string;
  /** For people: "Example Co". Absent: the ATS names none. */
  readonly label?: string;
}

/** What `connect` is given: everything a plugin may know of one connection. */
export interface ConnectInput<Credentials extends FieldSet<Fields>, Settings extends FieldSet<Fields>> {
  readonly credentials: ValuesOf<Credentials>;
  readonly settings: ValuesOf<Settings>;
  readonly http: HttpClient;
}

/** All that a plugin says of itself. */
export interface PluginDefinition<Client, Credentials extends FieldSet<Fields>, Settings extends FieldSet<Fields>> {
  /** Lower case, digits and hyphens; names the plugin for ever. */
  readonly id: string;
  readonly displayName: string;
  /** One sentence for the catalogue. */
  readonly description: string;
  /** The range of contract versions it was built for, such as `^1.0.0`. */
  readonly contracts: string;
  readonly hosts: readonly HostRule[];
  readonly credentials: Credentials;
  readonly settings: Settings;
  /** What to set up in the ATS first. Empty: the wizard leaves the step out. */
  readonly requirements: readonly Requirement[];
  /** How fast the ATS may be asked. Absent: 8 requests at once in each process. */
  readonly pace?: Pace | ((settings: ValuesOf<Settings>) => Pace);
  /** Makes the client of one connection. No input or output happens here. */
  readonly connect: (input: ConnectInput<Credentials, Settings>) => Client;
  /**
   * Proves that the credentials are known, and whose account they open.
   * @throws CredentialsRejectedError
   */
  readonly identify: (client: Client, ctx: CallContext) => Promise<AccountIdentity>;
  /** One entry per capability that the plugin has; `permissions` is never missing. */
  readonly capabilities: {
    readonly permissions: (client: Client) => PermissionsCapability;
  } & { readonly [Name in Exclude<CapabilityName, 'permissions'>]?: (client: Client) => CapabilityContracts[Name] };
}

/** A plugin as the hub holds it: the types of its client and fields are its own business. */
export interface Plugin {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly contracts: string;
  readonly hosts: readonly HostRule[];
  readonly credentials: FieldSet;
  readonly settings: FieldSet;
  readonly requirements: readonly Requirement[];
  /** Names of the capabilities, `permissions` included. */
  readonly capabilities: readonly CapabilityName[];
  /** How fast the ATS may be asked by a connection with these settings. */
  pace(settings: Readonly<Record<string, FieldValue>>): Pace;
  /** Opens one connection. The values have been read against the plugin's own fields. */
  open(input: OpenInput): OpenConnection;
}

/** What the hub opens a connection with. */
export interface OpenInput {
  readonly credentials: Readonly<Record<string, FieldValue | Secret>>;
  readonly settings: Readonly<Record<string, FieldValue>>;
  readonly http: HttpClient;
}

/** One connection of a plugin, ready to be called. */
export interface OpenConnection {
  identify(ctx: CallContext): Promise<AccountIdentity>;
  /** The capability, or `undefined` when the plugin does not have it. */
  capability<Name extends CapabilityName>(name: Name): CapabilityContracts[Name] | undefined;
}

/**
 * Declares a plugin. A plugin is a value: importing it changes nothing in the world, and this one call says
 * everything about it. Make it the default export of the package.
 */
export function definePlugin<
  Client,
  const Credentials extends FieldSet<Fields>,
  const Settings extends FieldSet<Fields>,
>(definition: PluginDefinition<Client, Credentials, Settings>): Plugin {
  const { connect, identify, capabilities, pace, ...manifest } = definition;
  return {
    ...manifest,
    capabilities: (Object.keys(capabilities) as CapabilityName[]).filter((name) => capabilities[name] !== undefined),
    pace(settings) {
      return (typeof pace === 'function' ? pace(settings as ValuesOf<Settings>) : pace) ?? {};
    },
    open({ credentials, settings, http }) {
      // The hub read both against these very fields, so their shape is what the definition promises.
      const client = connect({
        credentials: credentials as ValuesOf<Credentials>,
        settings: settings as ValuesOf<Settings>,
        http,
      });
      const opened = new Map<CapabilityName, unknown>();
      return {
        identify: (ctx) => identify(client, ctx),
        capability<Name extends CapabilityName>(name: Name) {
          if (!opened.has(name)) opened.set(name, capabilities[name]?.(client));
          return opened.get(name) as CapabilityContracts[Name] | undefined;
        },
      };
    },
  };
}
