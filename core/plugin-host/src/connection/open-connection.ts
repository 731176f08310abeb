import {
  type AccountIdentity,
  type CallContext,
  type CapabilityContracts,
  type CapabilityName,
  type FieldValue,
  type HttpClient,
  type OpenConnection,
  type Pace,
  type Plugin,
  PluginFaultError,
  type Secret,
} from '@talentbridge/contracts';
import { systemClock } from '../clock.js';
import type { CircuitState } from '../http/circuit-breaker.js';
import { createGuardedHttp, type GuardedHttp, type GuardedHttpOptions } from '../http/guarded-http.js';
import { LocalPacer } from '../http/local-pacer.js';
import type { KnownQuota } from '../http/quota-keeper.js';
import { allowedHosts } from '../loading/allowed-hosts.js';
import { SecretPlaceholders } from '../secrets/secret-placeholders.js';
import { asHubError, type CallGuard, guardMethods } from './guarded-calls.js';
import { notPlainAt } from './plain-data.js';

/** What a connection is opened with: the values of its forms, and how it may use the network. */
export interface OpenConnectionOptions
  extends Omit<GuardedHttpOptions, 'pluginId' | 'atsName' | 'hosts' | 'secrets' | 'quota'> {
  /** As `readFields` gave them. Those of the kind `secret` never reach the plugin. */
  readonly credentials: Readonly<Record<string, FieldValue>>;
  /** As `readFields` gave them. */
  readonly settings: Readonly<Record<string, FieldValue>>;
  /**
   * How fast the vendor may be asked. Default: what the plugin declares. A `pacer` keeps to it across processes; without
   * one, this process does by itself.
   */
  readonly pace?: Pace;
  /**
   * Copies requests and answers on their way, and refuses what is not plain data: proof that the plugin could run in a
   * process of its own. Default `false`; the conformance suites say `true`.
   */
  readonly checkCloneable?: boolean;
}

/** A connection that is open. Close it when it is no longer needed. */
export interface OpenedConnection extends OpenConnection {
  /** Whether the vendor is being spared at the moment. */
  readonly circuit: CircuitState;
  /** How fast the vendor may be asked. */
  readonly pace: Pace;
  /** What the vendor said of its quota. `undefined`: it has none, or has not told yet. */
  readonly quota: KnownQuota | undefined;
  /** The secrets of this connection: `redact` what is about to be logged or shown. */
  readonly secrets: SecretPlaceholders;
  /** Ends what is under way and lets go of the sockets. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a connection of a plugin. Nothing is sent yet.
 *
 * Calls end at their deadline, and throw errors of the hub alone: whatever else a plugin throws becomes a
 * `PluginFaultError` with the original as its cause. No error has a secret in it.
 * @throws PluginFaultError when the plugin's `connect` throws.
 */
export function openConnection(plugin: Plugin, options: OpenConnectionOptions): OpenedConnection {
  const { credentials, settings, checkCloneable = false, pace = plugin.pace(settings), ...httpOptions } = options;
  const secrets = new SecretPlaceholders();
  const guard: CallGuard = {
    pluginId: plugin.id,
    atsName: plugin.displayName,
    secrets,
    clock: options.clock ?? systemClock,
    checkCloneable,
  };
  const http = createGuardedHttp({
    pacer: new LocalPacer(pace, options.clock),
    quota: pace.quota,
    ...httpOptions,
    pluginId: plugin.id,
    atsName: plugin.displayName,
    hosts: allowedHosts(plugin, settings),
    secrets,
  });
  try {
    const concealed = concealSecrets(plugin, credentials, secrets);
    const connection = plugin.open({ credentials: concealed, settings, http: httpForPlugin(guard, http) });
    return new GuardedConnection(connection, guard, http, pace);
  } catch (error) {
    // Nobody will close what is not handed out.
    void http.close();
    throw asHubError(guard, 'connect', error);
  }
}

class GuardedConnection implements OpenedConnection {
  readonly #connection: OpenConnection;
  readonly #guard: CallGuard;
  readonly #http: GuardedHttp;
  readonly #capabilities = new Map<CapabilityName, unknown>();

  constructor(
    connection: OpenConnection,
    guard: CallGuard,
    http: GuardedHttp,
    readonly pace: Pace,
  ) {
    this.#connection = connection;
    this.#guard = guard;
    this.#http = http;
  }

  get circuit(): CircuitState {
    return this.#http.circuit;
  }

  get quota(): KnownQuota | undefined {
    return this.#http.quota;
  }

  get secrets(): SecretPlaceholders {
    return this.#guard.secrets;
  }

  async identify(ctx: CallContext): Promise<AccountIdentity> {
    const guarded = guardMethods(this.#guard, { identify: (given: CallContext) => this.#connection.identify(given) });
    return guarded.identify(ctx);
  }

  capability<Name extends CapabilityName>(name: Name): CapabilityContracts[Name] | undefined {
    if (!this.#capabilities.has(name)) this.#capabilities.set(name, this.#open(name));
    return this.#capabilities.get(name) as CapabilityContracts[Name] | undefined;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(name: CapabilityName): unknown {
    try {
      const capability = this.#connection.capability(name);
      return capability && guardMethods(this.#guard, capability);
    } catch (error) {
      throw asHubError(this.#guard, `opening the capability ${name}`, error);
    }
  }
}

/** The plugin gets no more than `send`, not the client that it belongs to. */
function httpForPlugin(guard: CallGuard, http: GuardedHttp): HttpClient {
  if (!guard.checkCloneable) return { send: (ctx, request) => http.send(ctx, request) };
  return {
    async send(ctx, request) {
      const problem = notPlainAt(request, 'request');
      if (problem !== undefined) throw new PluginFaultError(guard.pluginId, `sent no plain data: ${problem}`);
      return structuredClone(await http.send(ctx, structuredClone(request)));
    },
  };
}

function concealSecrets(
  plugin: Plugin,
  credentials: Readonly<Record<string, FieldValue>>,
  secrets: SecretPlaceholders,
): Readonly<Record<string, FieldValue | Secret>> {
  return Object.fromEntries(
    Object.entries(credentials).map(([name, value]) => {
      const isSecret = plugin.credentials.fields[name]?.kind === 'secret';
      return [name, isSecret && typeof value === 'string' ? secrets.conceal(name, value) : value];
    }),
  );
}
