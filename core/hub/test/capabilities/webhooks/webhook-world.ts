import { randomUUID } from 'node:crypto';
import type { CapabilityName, RecordReference } from '@talentbridge/contracts';
import { type OpenedConnection, openConnection, PluginRegistry } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import { openWebhooks } from '../../../dist/capabilities/webhooks/open-webhooks.js';
import { PROCESS_TASK, TEND_TASK, type WebhookState } from '../../../dist/capabilities/webhooks/webhook-model.js';
import type { WebhookSettings } from '../../../dist/capabilities/webhooks/webhook-settings.js';
import type { Webhooks } from '../../../dist/capabilities/webhooks/webhooks.js';
import type { WebhooksModule } from '../../../dist/capabilities/webhooks/webhooks-module.js';
import { Connection, type ConnectionStatus } from '../../../dist/connections/connection.entity.js';
import { AuditLog } from '../../../dist/kernel/audit/audit-log.js';
import type { CapabilityModule } from '../../../dist/kernel/capabilities.js';
import { JobQueue } from '../../../dist/kernel/jobs/job-queue.js';
import { Notifications } from '../../../dist/kernel/notifications.js';
import { Entitlements } from '../../../dist/kernel/organizations/entitlements.js';
import { Database } from '../../../dist/kernel/persistence/database.js';
import type { OrganizationScope } from '../../../dist/kernel/persistence/organization-scope.js';
import type { Row, Transaction } from '../../../dist/kernel/persistence/transaction.js';
import { uuidv7 } from '../../../dist/kernel/persistence/uuidv7.js';
import type { Telemetry } from '../../../dist/kernel/telemetry.js';
import { KeyRing } from '../../../dist/kernel/vault/key-ring.js';
import { Vault } from '../../../dist/kernel/vault/vault.js';
import { type TellingAts, tellingPlugin } from './telling-ats.ts';

const PUBLIC_URL = 'https://hub.example.com';
const KEYS = KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`);

/** How a process differs from the default. */
export interface ProcessOptions {
  readonly settings?: Partial<WebhookSettings>;
  /** Default: there is an address. `null`: there is none. */
  readonly publicUrl?: (() => string | undefined) | null;
  readonly keys?: KeyRing;
  readonly telemetry?: Telemetry;
}

/** One process of a deployment, without workers: tests begin the jobs as a worker would. */
export interface WebhookProcess {
  readonly module: WebhooksModule;
  readonly webhooks: Webhooks;
  /** What the connection was told of errors. */
  readonly reported: unknown[];
  /** Does one look at the ATS. */
  tend(signal?: AbortSignal): Promise<void>;
  /** Sees to what waits. */
  process(signal?: AbortSignal): Promise<void>;
  /** Takes deliveries of the ATS from now on. */
  listen(): void;
}

/** A connection that is connected to an ATS that tells what changes. */
export interface WebhookWorld extends WebhookProcess {
  readonly database: Database;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly scope: OrganizationScope;
  /** The references that were handed on, as `candidate/17`, in groups as they were. */
  readonly told: string[][];
  /** What was noticed for System Connect, in groups as it was handed on. */
  readonly noticed: string[][];
  /** Called with ids before they count as noticed: it may throw. */
  onNoticed: (ids: readonly string[]) => Promise<void> | void;
  /** What was to be caught up with. */
  readonly gaps: Date[];
  /** Called with references before they count as read: it may throw. */
  onRecords: (references: readonly RecordReference[]) => Promise<void> | void;
  /** Whether gaps are closed. */
  closesGaps: boolean;
  /** Another process on the same database. */
  another(options?: ProcessOptions): WebhookProcess;
  state(): Promise<WebhookState | undefined>;
  rows<Result extends object = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Result[]>;
  write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Changes the connection, and has the capability reconsider it. */
  change(changes: {
    readonly status?: ConnectionStatus;
    readonly capabilities?: readonly CapabilityName[];
    readonly credentialVersion?: number;
  }): Promise<void>;
  /** Switches a capability for the organization, as an admin does. */
  switch(capability: CapabilityName, enabled: boolean): Promise<void>;
  /** When a job of this connection is to run; `undefined`: none waits. */
  jobAt(task: string): Promise<Date | undefined>;
}

/** Connects to an ATS, in an organization of its own. */
export async function connectWebhooks(
  url: string,
  ats: TellingAts,
  options: ProcessOptions = {},
): Promise<WebhookWorld & AsyncDisposable> {
  const logger = pino({ level: process.env['TB_LOG'] ?? 'silent' });
  const database = await Database.open({ url, entities: [Connection] });
  const plugin = tellingPlugin(ats.options);
  const deployment = {
    brand: 'Brand',
    dummyEmailDomain: 'dummy.example',
    plugins: new PluginRegistry([plugin]),
    tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] as const } },
    defaultTier: 'ENTERPRISE' as const,
    outgoingAddresses: [],
    hostOverrides: { 'telling.test': ats.url },
  };
  const entitlements = new Entitlements(deployment, new AuditLog());
  const organizationId = randomUUID();
  const caller = { organizationId, userId: 'admin-1', roles: ['ADMIN'] as const };
  const scope = database.scope(caller);
  const connectionId = await connectedRow(scope);
  const closing: (() => Promise<void> | void)[] = [];

  const noticing: CapabilityModule = {
    ...moduleOf('systemConnect'),
    async noticed(_scope, _connectionId, ids) {
      await world.onNoticed(ids);
      world.noticed.push([...ids]);
    },
  };

  const begin = (own: ProcessOptions): WebhookProcess => {
    const notifications = new Notifications(url, logger);
    const started = notifications.start();
    let opened: OpenedConnection | undefined;
    let openedWith = '';
    const reported: unknown[] = [];
    const { publicUrl = () => PUBLIC_URL } = own;
    const { module, webhooks, close } = openWebhooks({
      database,
      deployment,
      entitlements,
      modules: () => [moduleOf('rediscovery'), moduleOf('export'), noticing],
      vault: new Vault(own.keys ?? KEYS),
      jobs: new JobQueue(),
      notifications,
      opener: {
        async open() {
          if (opened && openedWith === ats.apiKey) return opened;
          await opened?.close();
          openedWith = ats.apiKey;
          opened = openConnection(plugin, {
            credentials: { apiKey: ats.apiKey },
            settings: {},
            userAgent: 'Test',
            hostOverrides: deployment.hostOverrides,
            checkCloneable: true,
            retry: { tries: 1 },
          });
          return opened;
        },
      },
      logger,
      publicUrl: publicUrl ?? undefined,
      settings: own.settings,
      ...(own.telemetry ? { telemetry: own.telemetry } : {}),
      async records(_scope, _connectionId, references) {
        await world.onRecords(references);
        world.told.push(references.map(({ kind, remoteId }) => `${kind}/${remoteId}`));
      },
      async gap(_scope, _connectionId, { since }) {
        world.gaps.push(since);
        return world.closesGaps;
      },
      reportFailure: async (_scope, _id, error) => void reported.push(error),
    });
    closing.push(async () => {
      close();
      await opened?.close();
      await started;
      await notifications.close();
    });
    const task = async (name: string, signal = new AbortController().signal): Promise<void> => {
      await started;
      await module.tasks[name]?.({ organizationId, id: connectionId }, signal);
    };
    return {
      module,
      webhooks,
      reported,
      async tend(signal) {
        // As a worker does that begins.
        await database.owner.query('delete from graphile_worker._private_jobs where key = $1', [
          `${TEND_TASK}:${connectionId}`,
        ]);
        await task(TEND_TASK, signal);
      },
      process: (signal) => task(PROCESS_TASK, signal),
      listen() {
        ats.deliver = (callbackUrl, headers, body, asked = { method: 'POST', query: {} }) =>
          webhooks.receive(callbackUrl.split('/').at(-1) ?? '', { ...asked, headers, body });
      },
    };
  };

  const own = begin(options);
  const world: WebhookWorld = {
    ...own,
    database,
    organizationId,
    connectionId,
    scope,
    told: [],
    noticed: [],
    onNoticed: () => undefined,
    gaps: [],
    onRecords: () => undefined,
    closesGaps: true,
    another: (more = {}) => begin(more),
    async state() {
      await using fresh = database.scope(caller);
      return (await own.webhooks.states(fresh, [connectionId])).get(connectionId);
    },
    rows: (sql, parameters = []) => scope.transaction((tx) => tx.rows(sql, parameters)),
    write: (work) => scope.transaction(work),
    async change(changes) {
      await scope.transaction(async (tx) => {
        const connection = await tx.em.findOneOrFail(Connection, { id: connectionId });
        Object.assign(connection, changes);
        await tx.em.flush();
        await own.module.reconsider(tx, [connectionId]);
      });
    },
    async switch(capability, enabled) {
      await entitlements.setCapability(scope, { pluginId: plugin.id, capability, enabled });
      await scope.transaction((tx) => own.module.reconsider(tx, [connectionId]));
    },
    async jobAt(name) {
      const { rows } = await database.owner.query<{ at: Date }>(
        'select run_at as at from graphile_worker.jobs where key = $1',
        [`${name}:${connectionId}`],
      );
      return rows[0]?.at;
    },
  };
  own.listen();
  return Object.assign(world, {
    async [Symbol.asyncDispose]() {
      for (const close of closing) await close();
      await scope.close();
      await database.close();
    },
  });
}

/** A capability as webhooks see it. */
function moduleOf(name: CapabilityName): CapabilityModule {
  return {
    name,
    displayName: name,
    schema: [],
    tasks: {},
    verify: async () => ({ checks: [] }),
    reconsider: async () => undefined,
    leave: async () => undefined,
  };
}

async function connectedRow(scope: OrganizationScope): Promise<string> {
  const id = uuidv7();
  const now = new Date();
  await scope.transaction(async (tx) => {
    tx.em.create(Connection, {
      id,
      organizationId: tx.organizationId,
      pluginId: 'telling',
      name: 'Our ATS',
      status: 'CONNECTED',
      capabilities: ['rediscovery'],
      settings: {},
      credentialNames: [],
      credentialVersion: 1,
      accountId: 'account',
      verification: { verifiedAt: now.toISOString(), checks: [], allGood: true, complete: true },
      leftBehind: [],
      createdAt: now,
      updatedAt: now,
      version: 1,
    });
    await tx.em.flush();
  });
  return id;
}
