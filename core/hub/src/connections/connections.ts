import { type CapabilityName, isHubError, type Plugin, readFields } from '@talentbridge/contracts';
import type { AuditLog } from '../kernel/audit/audit-log.js';
import { type CapabilityModule, comesAlong, type TestTarget } from '../kernel/capabilities.js';
import { type Deployment, installedPlugin } from '../kernel/deployment.js';
import { type InputProblem, InvalidInputError, WrongStateError } from '../kernel/errors.js';
import type { JobQueue } from '../kernel/jobs/job-queue.js';
import type { JobTask } from '../kernel/jobs/job-runner.js';
import type { Caller } from '../kernel/organizations/caller.js';
import { systemCaller } from '../kernel/organizations/caller.js';
import type { Entitlements } from '../kernel/organizations/entitlements.js';
import type { Database } from '../kernel/persistence/database.js';
import { isUuid, type OrganizationScope } from '../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageFrom, readCursor } from '../kernel/persistence/page.js';
import type { Transaction } from '../kernel/persistence/transaction.js';
import { uuidv7 } from '../kernel/persistence/uuidv7.js';
import { Connection } from './connection.entity.js';
import type { ConnectionOpener } from './connection-opener.js';
import { connectionById, connectionToChange, findConnection } from './connection-repository.js';
import type { CredentialStore, CredentialValues } from './credential-store.js';
import { setupStepOf } from './setup-step.js';
import { verifyConnection } from './verification.js';
import type { VerificationReport } from './verification-report.js';

/** The job that undoes a connection at the vendor and ends it. */
const REMOVE_CONNECTION_TASK = 'connections.remove';

/** Values as an admin enters them, by field name. */
export type EnteredFields = Readonly<Record<string, unknown>>;

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
  constructor(private readonly parts: ConnectionsParts) {
    parts.entitlements.onChange((tx) => this.reconsiderAll(tx));
  }

  /** The jobs of connections. */
  get tasks(): Readonly<Record<string, JobTask>> {
    return { [REMOVE_CONNECTION_TASK]: ({ organizationId, id }) => this.finishRemoval(organizationId, id) };
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
      return pageFrom(found, page, { cursorValue: ({ id }) => id, total: () => tx.em.count(Connection, listed) });
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
      await tx.em.flush();
      await this.record(tx, scope.caller, 'connection.create', connection, { capabilities });
      return connection;
    });
  }

  /** "I'm ready": an admin has set up in the ATS what the requirements ask for. Saying it twice is saying it once. */
  acknowledgeRequirements(scope: OrganizationScope, id: string): Promise<Connection> {
    return scope.transaction(async (tx) => {
      const connection = await connectionToChange(tx, id);
      if (!connection.requirementsAcknowledgedAt) {
        connection.requirementsAcknowledgedAt = new Date();
        await this.save(tx, connection);
        await this.record(tx, scope.caller, 'connection.acknowledge', connection);
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
      await this.record(tx, scope.caller, 'connection.credentials', connection, { fields: connection.credentialNames });
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
      settle(current, report);
      await this.save(tx, current);
      await this.record(tx, scope.caller, 'connection.verify', current, {
        allGood: report.allGood,
        complete: report.complete,
      });
      await this.reconsider(tx, [current.id]);
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
      await this.save(tx, connection);
      await this.record(tx, scope.caller, 'connection.finish', connection);
      await this.reconsider(tx, [connection.id]);
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
          credentials: { ...kept, ...entered(input.credentials ?? {}) },
          settings: { ...connection.settings, ...input.settings },
        });
      }
      await this.save(tx, connection);
      await this.record(tx, scope.caller, 'connection.update', connection, {
        changed: Object.keys(input).filter((key) => key !== 'connectionId' && key !== 'testTarget'),
      });
      return connection;
    });
    const verifiable = input.capabilities || input.credentials || input.settings;
    return verifiable && changed.credentialVersion > 0 ? this.verify(scope, input) : { connection: changed };
  }

  /**
   * Removes a connection: its work stops at once; a job undoes what was set up at the vendor, as far as the vendor
   * answers, then destroys the credentials. The export history stays.
   */
  remove(scope: OrganizationScope, id: string): Promise<Connection> {
    return scope.transaction(async (tx) => {
      const connection = await connectionById(tx, id);
      if (connection.status !== 'REMOVING') {
        connection.status = 'REMOVING';
        await this.save(tx, connection);
        for (const module of this.parts.modules) await module.leave(tx, connection.id);
        await this.parts.jobs.add(tx, REMOVE_CONNECTION_TASK, connection.id);
        await this.record(tx, scope.caller, 'connection.remove', connection);
      }
      return connection;
    });
  }

  /** What an error of a running job says of its connection: one that an admin must mend turns it to "needs attention". */
  async reportFailure(scope: OrganizationScope, connectionId: string, error: unknown): Promise<void> {
    if (!isHubError(error) || error.recovery !== 'reconnect') return;
    await scope.transaction(async (tx) => {
      const connection = await findConnection(tx, connectionId);
      if (connection?.status !== 'CONNECTED') return;
      connection.status = 'NEEDS_ATTENTION';
      connection.attentionReason = error.message;
      await this.save(tx, connection);
      await this.record(tx, scope.caller, 'connection.attention', connection, { code: error.code });
      await this.reconsider(tx, [connection.id]);
    });
  }

  private async finishRemoval(organizationId: string, id: string): Promise<void> {
    const scope = this.parts.database.scope(systemCaller(organizationId));
    const leftBehind = await this.leaveVendor(scope, id);
    await scope.transaction(async (tx) => {
      const connection = await findConnection(tx, id);
      if (connection?.status !== 'REMOVING') return;
      await this.parts.credentials.destroy(tx, id);
      connection.status = 'REMOVED';
      connection.removedAt = new Date();
      connection.credentialNames = [];
      connection.credentialVersion += 1;
      connection.leftBehind = leftBehind;
      await this.save(tx, connection);
      await this.record(tx, scope.caller, 'connection.removed', connection, { leftBehind: leftBehind.length });
    });
    await this.parts.opener.forget(id);
  }

  /** Removal goes on whatever the vendor does; what could not be undone is said. */
  private async leaveVendor(scope: OrganizationScope, connectionId: string): Promise<readonly string[]> {
    const leavers = this.parts.modules.filter((module) => module.leaveVendor !== undefined);
    if (leavers.length === 0) return [];
    const leftBehind: string[] = [];
    for (const module of leavers) {
      try {
        const connection = await this.parts.opener.open(scope, connectionId);
        leftBehind.push(...((await module.leaveVendor?.({ connection, connectionId })) ?? []));
      } catch (error) {
        const reason = isHubError(error) ? error.message : 'an internal error';
        leftBehind.push(`${module.displayName} could not be undone at the vendor: ${reason}`);
      }
    }
    return leftBehind;
  }

  /** Reads entered fields against the plugin's own and stores them. */
  private async enter(
    tx: Transaction,
    plugin: Plugin,
    connection: Connection,
    input: { readonly credentials: EnteredFields; readonly settings?: EnteredFields },
  ): Promise<void> {
    const { brand } = this.parts.deployment;
    const credentials = readFields(plugin.credentials, input.credentials, { brand });
    const settings = readFields(plugin.settings, input.settings ?? {}, { brand });
    const problems: InputProblem[] = [];
    if (!credentials.ok) problems.push(...credentials.problems.map((problem) => prefixed('credentials', problem)));
    if (!settings.ok) problems.push(...settings.problems.map((problem) => prefixed('settings', problem)));
    if (!credentials.ok || !settings.ok) throw new InvalidInputError(problems);
    await this.parts.credentials.save(tx, connection.id, credentials.values as CredentialValues);
    connection.settings = settings.values;
    connection.credentialNames = Object.keys(credentials.values);
    connection.credentialVersion += 1;
    connection.verification = null;
    await this.save(tx, connection);
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

  private async save(tx: Transaction, connection: Connection): Promise<void> {
    connection.updatedAt = new Date();
    await tx.em.flush();
  }

  private record(
    tx: Transaction,
    caller: Caller,
    action: `connection.${string}`,
    connection: Connection,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    return this.parts.audit.record(
      tx,
      caller,
      action,
      { type: 'connection', id: connection.id },
      {
        pluginId: connection.pluginId,
        ...details,
      },
    );
  }

  private async reconsider(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
    for (const module of this.parts.modules) await module.reconsider(tx, connectionIds);
  }

  private async reconsiderAll(tx: Transaction): Promise<void> {
    const connections = await tx.em.find(Connection, { status: { $nin: ['REMOVED', 'REMOVING'] } });
    await this.reconsider(
      tx,
      connections.map((connection) => connection.id),
    );
  }
}

/** What a report makes of a connection that was finished before: broken ones heal, healthy ones can break. */
function settle(connection: Connection, report: VerificationReport): void {
  if (connection.status === 'SETUP') return;
  if (report.allGood) {
    connection.status = 'CONNECTED';
    connection.attentionReason = null;
    return;
  }
  const failed = report.checks.find((check) => check.status === 'FAILED');
  connection.status = 'NEEDS_ATTENTION';
  connection.attentionReason = failed ? `${failed.label}: ${failed.reason ?? 'failed'}` : null;
}

function chosenCapabilities(plugin: Plugin, chosen: readonly CapabilityName[]): readonly CapabilityName[] {
  const wanted = [...new Set(chosen)].filter((capability) => !comesAlong(capability));
  if (wanted.length === 0) {
    throw new InvalidInputError([{ field: 'capabilities', message: 'Choose at least one capability.' }]);
  }
  for (const capability of wanted) {
    if (!plugin.capabilities.includes(capability)) {
      throw new InvalidInputError([
        { field: 'capabilities', message: `${plugin.displayName} does not have ${capability}.` },
      ]);
    }
  }
  return wanted;
}

function connectionName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length === 0 || trimmed.length > 100) {
    throw new InvalidInputError([{ field: 'name', message: 'A name has 1 to 100 characters.' }]);
  }
  return trimmed;
}

/** Fields that were left empty keep what they had. */
function entered(fields: EnteredFields): EnteredFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

function prefixed(group: string, problem: { readonly field: string; readonly message: string }): InputProblem {
  return { field: `${group}.${problem.field}`, message: problem.message };
}
