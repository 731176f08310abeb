import type { FieldValue } from '@talentbridge/contracts';
import { type OpenedConnection, openConnection } from '@talentbridge/plugin-host';
import { type Deployment, installedPlugin, paceOf } from '../kernel/deployment.js';
import { NotFoundError, WrongStateError } from '../kernel/errors.js';
import type { Paces } from '../kernel/pace/paces.js';
import type { OrganizationScope } from '../kernel/persistence/organization-scope.js';
import type { Telemetry } from '../kernel/telemetry.js';
import { connectionById } from './connection-repository.js';
import type { CredentialStore } from './credential-store.js';
import type { RequestLog } from './request-log.js';

/** Connections that a process keeps open at most; the one unused for longest goes first. */
const MOST_OPEN = 500;

/** What uses a connection that was replaced ends within this; no call of the hub is given longer. */
const LONGEST_CALL_MS = 150_000;

/**
 * Opens connections: unseals the credentials, hands them to the plugin as placeholders, and keeps the result, so that
 * everything in this process that uses one connection shares its sockets. Its pace and its circuit breaker are shared with
 * all other processes.
 */
export class ConnectionOpener {
  private readonly kept = new Map<string, { readonly version: number; readonly opened: OpenedConnection }>();
  /** Replaced by others with newer credentials, and still answering calls that were begun before. */
  private readonly replaced = new Map<OpenedConnection, NodeJS.Timeout>();

  constructor(
    private readonly deployment: Deployment,
    private readonly credentials: CredentialStore,
    private readonly requests: RequestLog,
    private readonly paces: Paces,
    private readonly userAgent: string,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * The connection as it stands now, ready to be called.
   * @throws NotFoundError
   * @throws WrongStateError when it has no credentials or its plugin is not installed.
   */
  async open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> {
    const { connection, values } = await scope.transaction(async (tx) => {
      const found = await connectionById(tx, connectionId);
      const known = this.kept.get(connectionId);
      return {
        connection: found,
        values: known?.version === found.credentialVersion ? undefined : await this.credentials.load(tx, found.id),
      };
    });
    const known = this.kept.get(connectionId);
    if (known?.version === connection.credentialVersion) {
      // Moves it to the end of the map: used last.
      this.kept.delete(connectionId);
      this.kept.set(connectionId, known);
      return known.opened;
    }
    const plugin = installedPlugin(this.deployment, connection.pluginId);
    if (!plugin) {
      throw new WrongStateError(
        connection.status,
        `The plugin ${connection.pluginId} is not installed. The operator can install it.`,
      );
    }
    if (connection.credentialVersion === 0) {
      throw new WrongStateError(connection.status, `${connection.name} has no credentials yet. Submit them first.`);
    }
    if (!values) throw new NotFoundError('connection', connectionId);
    const { organizationId } = scope;
    const key = { organizationId, connectionId };
    const pace = paceOf(this.deployment, plugin, connection.settings);
    const opened = openConnection(plugin, {
      credentials: values as Readonly<Record<string, FieldValue>>,
      settings: connection.settings,
      userAgent: this.userAgent,
      hostOverrides: this.deployment.hostOverrides,
      pace,
      pacer: this.paces.pacer(key, pace),
      breaker: this.paces.breaker(key),
      log: {
        record: (entry) => {
          this.telemetry.vendorRequest(plugin.id, entry.status, entry.durationMs / 1000);
          this.requests.report({
            organizationId,
            connectionId,
            at: new Date(entry.startedAt),
            callId: entry.callId,
            method: entry.method,
            host: entry.host,
            path: entry.path,
            lane: entry.lane,
            status: entry.status ?? null,
            errorCode: entry.errorCode ?? null,
            attempt: entry.attempt,
            durationMs: Math.round(entry.durationMs),
            responseBytes: entry.bytes,
          });
        },
      },
    });
    if (known) this.retire(known.opened);
    this.kept.set(connectionId, { version: connection.credentialVersion, opened });
    await this.closeOldest();
    return opened;
  }

  /** Lets go of a connection, if it is open here. */
  async forget(connectionId: string): Promise<void> {
    const known = this.kept.get(connectionId);
    this.kept.delete(connectionId);
    await known?.opened.close();
  }

  /** Lets go of a connection that was removed, and of what all processes remember of it. */
  async forgetRemoved(scope: OrganizationScope, connectionId: string): Promise<void> {
    await this.forget(connectionId);
    await this.paces.forget({ organizationId: scope.organizationId, connectionId });
  }

  async close(): Promise<void> {
    await Promise.all([...this.kept.keys()].map((id) => this.forget(id)));
    await Promise.all([...this.replaced.keys()].map((opened) => this.end(opened)));
  }

  /** Cutting off what is under way would leave it unknown what arrived, so that it may end first. */
  private retire(opened: OpenedConnection): void {
    const timer = setTimeout(() => void this.end(opened), LONGEST_CALL_MS);
    timer.unref();
    this.replaced.set(opened, timer);
  }

  private async end(opened: OpenedConnection): Promise<void> {
    clearTimeout(this.replaced.get(opened));
    this.replaced.delete(opened);
    await opened.close();
  }

  private async closeOldest(): Promise<void> {
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_OPEN && oldest !== undefined) await this.forget(oldest);
  }
}
