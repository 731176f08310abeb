import type {
  AccountIdentity,
  CallContext,
  ExportCapability,
  FieldSet,
  FieldValue,
  Pace,
  PaceLimit,
  PermissionsCapability,
  Plugin,
  RediscoveryCapability,
  Secret,
  SystemConnectCapability,
  WebhooksCapability,
} from '@talentbridge/contracts';
import { readFields } from '@talentbridge/contracts';
import { openConnection, type RequestLogEntry } from '@talentbridge/plugin-host';
import { callContext } from '../builders/call-context.js';
import type { SimulatedAccount } from './simulated-account.js';
import { Witness } from './witness.js';

/** What a connection needs to know of its vendor. */
export type ConnectionTarget = Pick<SimulatedAccount, 'hostOverrides' | 'credentials' | 'settings'>;

/** How to open a connection. */
export interface StartConnectionOptions {
  /** Instead of the account's good ones. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Instead of the account's. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** One connection of a plugin under test, in the very host that it meets in production. */
export interface PluginConnection extends AsyncDisposable {
  readonly identify: (ctx: CallContext) => Promise<AccountIdentity>;
  readonly permissions: PermissionsCapability;
  /** Reading it fails when the plugin has no Export. */
  readonly exporter: ExportCapability;
  /** Reading it fails when the plugin has no Rediscovery. */
  readonly rediscovery: RediscoveryCapability;
  /** Reading it fails when the plugin has no Webhooks. */
  readonly webhooks: WebhooksCapability;
  /** Reading it fails when the plugin has no System Connect. */
  readonly systemConnect: SystemConnectCapability;
  /** A fresh one each time it is read: 30 seconds to go. */
  readonly ctx: CallContext;
  /** What an admin could read. */
  readonly requestLog: readonly RequestLogEntry[];
  /** The values of its secret credentials, and of what was concealed or revealed since. */
  readonly secrets: readonly string[];
  /** The placeholder of one more secret, as the hub makes it of the token of a callback address. */
  conceal(name: string, value: string): Secret;
  /** The value of a secret that the plugin was answered by the ATS. Fails when it is no placeholder of this connection. */
  reveal(secret: Secret): string;
  /** Fails when a secret crossed the border between hub and plugin, or reached the request log. */
  expectNoLeak(): void;
}

/**
 * Opens a connection as the hub would: credentials and settings are read against the plugin's fields, secrets become
 * placeholders, calls go through the guarded HTTP client, and only plain data passes.
 */
export async function startConnection(
  plugin: Plugin,
  target: ConnectionTarget,
  options: StartConnectionOptions = {},
): Promise<PluginConnection> {
  const settings = valuesOf('settings', plugin.settings, options.settings ?? target.settings ?? {});
  const credentials = valuesOf('credentials', plugin.credentials, options.credentials ?? target.credentials, settings);
  const requestLog: RequestLogEntry[] = [];
  const opened = openConnection(plugin, {
    credentials,
    settings,
    hostOverrides: target.hostOverrides,
    userAgent: 'TalentBridge-testkit/0.1',
    // Pauses between tries are the host's business and tested there: here they would only cost time.
    retry: { tries: 2, baseDelayMs: 1 },
    pace: withoutRates(plugin.pace(settings)),
    log: { record: (entry) => requestLog.push(entry) },
    checkCloneable: true,
  });
  const permissions = opened.capability('permissions');
  if (!permissions) throw new Error(`The plugin ${plugin.id} lacks the capability permissions.`);
  const exporter = opened.capability('export');
  const witness = new Witness();
  const watchedExporter = exporter && witness.watch('export', exporter);
  const rediscovery = opened.capability('rediscovery');
  const watchedRediscovery = rediscovery && witness.watch('rediscovery', rediscovery);
  const webhooks = opened.capability('webhooks');
  const watchedWebhooks = webhooks && witness.watch('webhooks', webhooks);
  const systemConnect = opened.capability('systemConnect');
  const watchedSystemConnect = systemConnect && witness.watch('systemConnect', systemConnect);
  const secrets = Object.entries(credentials).flatMap(([name, value]) =>
    plugin.credentials.fields[name]?.kind === 'secret' && typeof value === 'string' ? [value] : [],
  );
  const watched = witness.watch('plugin', { identify: (ctx: CallContext) => opened.identify(ctx) });
  return {
    identify: (ctx) => watched.identify(ctx),
    permissions: witness.watch('permissions', permissions),
    get exporter() {
      if (!watchedExporter) throw new Error(`The plugin ${plugin.id} has no Export.`);
      return watchedExporter;
    },
    get rediscovery() {
      if (!watchedRediscovery) throw new Error(`The plugin ${plugin.id} has no Rediscovery.`);
      return watchedRediscovery;
    },
    get webhooks() {
      if (!watchedWebhooks) throw new Error(`The plugin ${plugin.id} has no Webhooks.`);
      return watchedWebhooks;
    },
    get systemConnect() {
      if (!watchedSystemConnect) throw new Error(`The plugin ${plugin.id} has no System Connect.`);
      return watchedSystemConnect;
    },
    get ctx() {
      return callContext();
    },
    requestLog,
    secrets,
    conceal(name, value) {
      secrets.push(value);
      return opened.secrets.conceal(name, value);
    },
    reveal(secret) {
      const value = opened.secrets.reveal(secret);
      if (value === secret)
        throw new Error('The secret is no placeholder: `secretsAt` makes one of a value in an answer.');
      secrets.push(value);
      return value;
    },
    expectNoLeak: () => {
      witness.swear(secrets, requestLog);
    },
    [Symbol.asyncDispose]: () => opened.close(),
  };
}

/** What may be under way at once is a rule for plugins; keeping to a rate is the host's business, and would cost time. */
function withoutRates({ rate: _rate, eachLane, lanes, ...rest }: Pace): Pace {
  const without = ({ rate: _laneRate, ...limit }: PaceLimit): PaceLimit => limit;
  return {
    ...rest,
    ...(eachLane && { eachLane: without(eachLane) }),
    ...(lanes && {
      lanes: Object.fromEntries(Object.entries(lanes).map(([name, limit]) => [name, without(limit)])),
    }),
  };
}

function valuesOf(
  form: string,
  fields: FieldSet,
  entered: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, FieldValue>> = {},
): Readonly<Record<string, FieldValue>> {
  const outcome = readFields(fields, entered, { brand: 'TalentBridge', settings });
  if (outcome.ok) return outcome.values;
  const problems = outcome.problems.map(({ field, message }) => `${field}: ${message}`);
  throw new Error(`The subject's ${form} do not pass the plugin's own form. ${problems.join(' ')}`);
}
