import { type CapabilityName, isHubError, type Plugin } from '@talentbridge/contracts';
import type { AuditLog } from '../kernel/audit/audit-log.js';
import type { CapabilityModule, TestTarget } from '../kernel/capabilities.js';
import { type Deployment, installedPlugin } from '../kernel/deployment.js';
import { InvalidInputError, WrongStateError } from '../kernel/errors.js';
import type { JobQueue } from '../kernel/jobs/job-queue.js';
import type { JobTask } from '../kernel/jobs/job-runner.js';
import type { Entitlements } from '../kernel/organizations/entitlements.js';
import type { Database } from '../kernel/persistence/database.js';
import { isUuid, type OrganizationScope } from '../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageFrom, readCursor } from '../kernel/persistence/page.js';
import type { Transaction } from '../kernel/persistence/transaction.js';
import { uuidv7 } from '../kernel/persistence/uuidv7.js';
import { Connection } from './connection.entity.js';
import { ConnectionChanges } from './connection-changes.js';
import { chosenCapabilities, connectionName, type EnteredFields, readForms, withoutEmpty } from './connection-form.js';
import type { ConnectionOpener } from './connection-opener.js';
import { ConnectionRemoval } from './connection-removal.js';
import { connectionToChange, findConnection } from './connection-repository.js';
import type { CredentialStore } from './credential-store.js';
import { setupStepOf } from './setup-step.js';
import { verifyConnection } from './verification.js';
import type { VerificationReport } from './verification-report.js';

/** What `Connections` works with. */
export interface ConnectionsParts {
  readonly database: Database;
  readonly deployment: Deployment;
  readonly entitlements: Entitlements;
  readonly credentials: CredentialStore;
  readonly opener: ConnectionOpener;
  readonly audit: AuditLog;
  readonly jobs: JobQueue;
  /** Every capability there is. Connections know them as a list and nothing more. */
  readonly modules: readonly CapabilityModule[];
}

/** Adds, verifies, edits and removes connections. */
export class Connections {
  private readonly changes: ConnectionChanges;
  private readonly removal: ConnectionRemoval;

  constructor(private readonly parts: ConnectionsParts) {
    this.changes = new ConnectionChanges(parts.audit, parts.modules);
    this.removal = new ConnectionRemoval({ ...parts, changes: this.changes });
    parts.entitlements.onChange((tx) => this.changes.reconsiderAll(tx));
  }

  /** The jobs of connections. */
  get tasks(): Readonly<Record<string, JobTask>> {
    return this.removal.tasks;
  }

  /**
   * The connections of the organization that were not removed, oldest first.
   * @throws InvalidInputError when the cursor is none of ours.
   */
  list(scope: OrganizationScope, page: PageRequest): Promise<Page<Connection>> {
    const listed = { status: { $ne: 'REMOVED' } } as const;
    return scope.read(async (tx) => {
      const rest = page.after === undefined ? listed : { ...listed, id: { $gt: readCursor(page.after, 'uuid') } };
      const found = await tx.em.find(Connection, rest, { orderBy: { id: 'asc' }, limit: page.first + 1 });
      return pageFrom(found, page, {
        cursorValue: ({ id }) => id,
        total: () => tx.readLater((now) => now.em.count(Connection, listed)),
      });
    });
  }

  /** One connection, or `undefined` when there is none. */
  get(scope: OrganizationScope, id: string): Promise<Connection | undefined> {
    return scope.read(async (tx) => {
      const connection = await findConnection(tx, id);
      return connection?.status === 'REMOVED' ? undefined : connection;
    });
  }

  /** A connection that history refers to: removed ones too. */
  getForHistory(scope: OrganizationScope, id: string): Promise<Connection | undefined> {
    return scope.read((tx) => findConnection(tx, id));
  }

  /** Connections that history refers to, by id: removed ones too. */
  async manyForHistory(scope: OrganizationScope, ids: readonly string[]): Promise<ReadonlyMap<string, Connection>> {
    const found = await scope.read((tx) => tx.em.find(Connection, { id: { $in: ids.filter(isUuid) } }));
    return new Map(found.map((connection) => [connection.id, connection]));
  }

  /**
   * Begins a connection with the capabilities chosen for it.
   * @throws InvalidInputError, CapabilityOffError
   */
  async create(
    scope: OrganizationScope,
    input: { readonly pluginId: string; readonly name?: string; readonly capabilities: readonly CapabilityName[] },
  ): Promise<Connection> {
    const plugin = installedPlugin(this.parts.deployment, input.pluginId);
    if (!plugin) {
      throw new InvalidInputError([
        { field: 'pluginId', message: `There is no plugin ${input.pluginId}. Choose one of the catalog.` },
      ]);
    }
    const capabilities = chosenCapabilities(plugin, input.capabilities);
    const name = connectionName(input.name ?? plugin.displayName);
    return scope.transaction(async (tx) => {
      for (const capability of capabilities) await this.parts.entitlements.require(tx, plugin.id, capability);
      const now = new Date();
      const connection = tx.em.create(Connection, {
        id: uuidv7(),
        organizationId: tx.organizationId,
        pluginId: plugin.id,
        name,
        status: 'SETUP',
        capabilities,
        settings: {},
        credentialNames: [],
        credentialVersion: 0,
        leftBehind: [],
        createdAt: now,
        updatedAt: now,
        version: 1,
      });
      await this.changes.save(tx, scope.caller, connection, 'connection.create', { capabilities });
      return connection;
    });
  }

  /** "I'm ready": an admin has set up in the ATS what the requirements ask for. Saying it twice is saying it once. */
  acknowledgeRequirements(scope: OrganizationScope, id: string): Promise<Connection> {
    return scope.transaction(async (tx) => {
      const connection = await connectionToChange(tx, id);
      if (!connection.requirementsAcknowledgedAt) {
        connection.requirementsAcknowledgedAt = new Date();
        await this.changes.save(tx, scope.caller, connection, 'connection.acknowledge');
      }
      return connection;
    });
  }

  /**
   * Saves credentials and settings and verifies at once.
   * @throws InvalidInputError when a field is missing or wrong: nothing is saved then.
   * @throws WrongStateError when the requirements were not acknowledged yet.
   */
  async submitCredentials(
    scope: OrganizationScope,
    input: {
      readonly connectionId: string;
      readonly credentials: EnteredFields;
      readonly settings?: EnteredFields;
      readonly testTarget?: TestTarget;
    },
  ): Promise<{ readonly connection: Connection; readonly report: VerificationReport }> {
    await scope.transaction(async (tx) => {
      const connection = await connectionToChange(tx, input.connectionId);
      const plugin = this.pluginOf(connection);
      if (setupStepOf(plugin, connection) === 'REQUIREMENTS') {
        throw new WrongStateError(
          connection.status,
          `Review what ${plugin.displayName} needs and acknowledge it first; then submit the credentials.`,
        );
      }
      await this.enter(tx, plugin, connection, input);
      await this.changes.save(tx, scope.caller, connection, 'connection.credentials', {
        fields: connection.credentialNames,
      });
    });
    return this.verify(scope, input);
  }

  /**
   * Verifies a connection as it stands, at any time.
   * @throws WrongStateError when it has no credentials yet.
   */
  async verify(
    scope: OrganizationScope,
    input: { readonly connectionId: string; readonly testTarget?: TestTarget },
  ): Promise<{ readonly connection: Connection; readonly report: VerificationReport }> {
    const { connection, plugin } = await scope.transaction(async (tx) => {
      const found = await connectionToChange(tx, input.connectionId);
      if (found.credentialVersion === 0) {
        throw new WrongStateError(found.status, `${found.name} has no credentials yet. Submit them first.`);
      }
      for (const capability of found.capabilities)
        await this.parts.entitlements.require(tx, found.pluginId, capability);
      return { connection: found, plugin: this.pluginOf(found) };
    });
    const opened = await this.parts.opener.open(scope, connection.id);
    const earlierTestCandidate = connection.verification?.testCandidate;
    const { report, account } = await verifyConnection(
      {
        scope,
        connectionId: connection.id,
        plugin,
        capabilities: connection.capabilities,
        connection: opened,
        ...(input.testTarget ? { testTarget: input.testTarget } : {}),
        ...(earlierTestCandidate ? { earlierTestCandidate } : {}),
      },
      this.parts.modules,
    );
    return scope.transaction(async (tx) => {
      const current = await connectionToChange(tx, connection.id);
      // Credentials that were changed meanwhile are not what this report speaks of.
      if (current.credentialVersion !== connection.credentialVersion) {
        throw new WrongStateError(current.status, `${current.name} was edited while it was verified. Verify it again.`);
      }
      current.verification = report;
      if (account) {
        current.accountId = account.accountId;
        current.accountLabel = account.label ?? null;
      }
      settle(current, report, { accountKnown: account !== undefined || connection.verification != null });
      await this.changes.save(tx, scope.caller, current, 'connection.verify', {
        allGood: report.allGood,
        complete: report.complete,
      });
      await this.changes.reconsider(tx, [current.id]);
      return { connection: current, report };
    });
  }

  /**
   * Turns a verified connection to Connected.
   * @throws WrongStateError when it is finished already, or not verified to "All Good" yet.
   */
  finish(scope: OrganizationScope, id: string): Promise<Connection> {
    return scope.transaction(async (tx) => {
      const connection = await connectionToChange(tx, id);
      const step = setupStepOf(this.pluginOf(connection), connection);
      if (step === 'DONE') {
        throw new WrongStateError(connection.status, `${connection.name} is finished already; nothing was changed.`);
      }
      if (step !== 'FINISH') {
        const missing = connection.verification?.allGood
          ? 'The verification is not complete: choose where the test candidate goes and verify again.'
          : 'It has to be verified to "All Good" first.';
        throw new WrongStateError(connection.status, `${connection.name} cannot be finished yet. ${missing}`);
      }
      connection.status = 'CONNECTED';
      await this.changes.save(tx, scope.caller, connection, 'connection.finish');
      await this.changes.reconsider(tx, [connection.id]);
      return connection;
    });
  }

  /**
   * Changes name, capabilities, credentials or settings. What is not given stays; secrets that are not entered again
   * are kept. Where anything but the name changes, the connection is verified again.
   */
  async update(
    scope: OrganizationScope,
    input: {
      readonly connectionId: string;
      readonly name?: string;
      readonly capabilities?: readonly CapabilityName[];
      readonly credentials?: EnteredFields;
      readonly settings?: EnteredFields;
      readonly testTarget?: TestTarget;
    },
  ): Promise<{ readonly connection: Connection; readonly report?: VerificationReport }> {
    const changed = await scope.transaction(async (tx) => {
      const connection = await connectionToChange(tx, input.connectionId);
      const plugin = this.pluginOf(connection);
      if (input.name !== undefined) connection.name = connectionName(input.name);
      if (input.capabilities) {
        connection.capabilities = chosenCapabilities(plugin, input.capabilities);
        for (const capability of connection.capabilities)
          await this.parts.entitlements.require(tx, plugin.id, capability);
        connection.verification = null;
      }
      if (input.credentials || input.settings) {
        const kept = await this.parts.credentials.load(tx, connection.id);
        await this.enter(tx, plugin, connection, {
          credentials: { ...kept, ...withoutEmpty(input.credentials ?? {}) },
          settings: { ...connection.settings, ...input.settings },
        });
      }
      await this.changes.save(tx, scope.caller, connection, 'connection.update', {
        changed: Object.keys(input).filter((key) => key !== 'connectionId' && key !== 'testTarget'),
      });
      return connection;
    });
    const verifiable = input.capabilities || input.credentials || input.settings;
    return verifiable && changed.credentialVersion > 0 ? this.verify(scope, input) : { connection: changed };
  }

  /** Begins to remove a connection, as `ConnectionRemoval` describes. @throws NotFoundError */
  remove(scope: OrganizationScope, id: string): Promise<Connection> {
    return this.removal.begin(scope, id);
  }

  /** What an error of a running job says of its connection: one that an admin must mend turns it to "needs attention". */
  async reportFailure(scope: OrganizationScope, connectionId: string, error: unknown): Promise<void> {
    if (!isHubError(error) || error.recovery !== 'reconnect') return;
    await scope.transaction(async (tx) => {
      const connection = await findConnection(tx, connectionId);
      if (connection?.status !== 'CONNECTED') return;
      connection.status = 'NEEDS_ATTENTION';
      connection.attentionReason = error.message;
      await this.changes.save(tx, scope.caller, connection, 'connection.attention', { code: error.code });
      await this.changes.reconsider(tx, [connection.id]);
    });
  }

  /** Reads entered fields against the plugin's own and stores them. */
  private async enter(
    tx: Transaction,
    plugin: Plugin,
    connection: Connection,
    input: { readonly credentials: EnteredFields; readonly settings?: EnteredFields },
  ): Promise<void> {
    const forms = readForms(plugin, this.parts.deployment.brand, input);
    await this.parts.credentials.save(tx, connection.id, forms.credentials);
    connection.settings = forms.settings;
    connection.credentialNames = Object.keys(forms.credentials);
    connection.credentialVersion += 1;
    connection.verification = null;
  }

  private pluginOf(connection: Connection): Plugin {
    const plugin = installedPlugin(this.parts.deployment, connection.pluginId);
    if (!plugin) {
      throw new WrongStateError(
        connection.status,
        `${connection.name} was made with the plugin ${connection.pluginId}, which this deployment no longer has. The operator can install it again.`,
      );
    }
    return plugin;
  }
}

/**
 * What a report makes of a connection that was finished before: broken ones heal, healthy ones can break. An ATS that is
 * away for a moment, or a closed job that was chosen for the test candidate, breaks none: its exports would pause.
 */
function settle(
  connection: Connection,
  report: VerificationReport,
  { accountKnown }: { readonly accountKnown: boolean },
): void {
  if (connection.status === 'SETUP') return;
  if (report.allGood) {
    connection.status = 'CONNECTED';
    connection.attentionReason = null;
    return;
  }
  // New credentials whose account is not known yet may lead anywhere, so that any failure counts against them.
  const failed = report.checks.find((check) => check.status === 'FAILED' && !(accountKnown && check.lasting === false));
  if (!failed) return;
  connection.status = 'NEEDS_ATTENTION';
  connection.attentionReason = `${failed.label}: ${failed.reason ?? 'failed'}`;
}
