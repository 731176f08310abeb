import { randomUUID } from 'node:crypto';
import {
  credentialFields,
  definePlugin,
  type NetworkIntegration,
  type NetworkSeat,
  type NetworkService,
  type Plugin,
  type SystemConnectCapability,
  settingFields,
} from '@talentbridge/contracts';
import { type OpenedConnection, openConnection, PluginRegistry } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import { ErasedPeople } from '../../../dist/capabilities/rediscovery/erased-people.js';
import { mirrorContent } from '../../../dist/capabilities/rediscovery/mirror-content.js';
import { NetworkTexts } from '../../../dist/capabilities/system-connect/network-texts.js';
import {
  type OpenedSystemConnect,
  openSystemConnect,
} from '../../../dist/capabilities/system-connect/open-system-connect.js';
import { WATCH_TASK } from '../../../dist/capabilities/system-connect/system-connect-schema.js';
import type { WebhookState } from '../../../dist/capabilities/webhooks/webhook-model.js';
import { Connection, type ConnectionStatus } from '../../../dist/connections/connection.entity.js';
import { AuditLog } from '../../../dist/kernel/audit/audit-log.js';
import { JobQueue } from '../../../dist/kernel/jobs/job-queue.js';
import { Notifications } from '../../../dist/kernel/notifications.js';
import type { Role } from '../../../dist/kernel/organizations/caller.js';
import { Entitlements } from '../../../dist/kernel/organizations/entitlements.js';
import { Database } from '../../../dist/kernel/persistence/database.js';
import type { OrganizationScope } from '../../../dist/kernel/persistence/organization-scope.js';
import type { Row, Transaction } from '../../../dist/kernel/persistence/transaction.js';
import { uuidv7 } from '../../../dist/kernel/persistence/uuidv7.js';
import { KeyRing } from '../../../dist/kernel/vault/key-ring.js';
import { Vault } from '../../../dist/kernel/vault/vault.js';

export const KEYS = KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`);

/** What an administrator of a network sees of its integrations and seats. */
export class NetworkDesk {
  integrations: NetworkIntegration[] = [
    integration('export', ['push', 'export']),
    integration('contract', ['pull']),
    integration('widget', ['widget']),
  ];
  seats: NetworkSeat[] = [];
  /** Names that the hub prepared the integrations with. */
  readonly prepared: string[] = [];
  /** Who sees jobs, as the hub said last. */
  jobViewers: 'everybody' | 'listed' | undefined;
  /** What was asked, in order. */
  readonly asked: string[] = [];
  /** Called before an answer: it may throw, or wait. */
  before: (what: string) => Promise<void> | void = () => undefined;

  /** Enables all integrations. */
  enable(): void {
    this.turn('enabled');
  }

  turn(status: NetworkIntegration['status'], id?: string): void {
    this.integrations = this.integrations.map((one) => (id === undefined || one.id === id ? { ...one, status } : one));
  }

  get plugin(): Plugin {
    return definePlugin({
      ...manifest('network', 'The Network'),
      capabilities: { permissions: () => ({ check: async () => [] }), systemConnect: () => this.capability },
    });
  }

  private get capability(): SystemConnectCapability {
    const unused = async (): Promise<never> => {
      throw new Error('These tests do not ask for it.');
    };
    const widget = (attributes: Readonly<Record<string, string>>) => ({
      scriptUrl: 'https://network.test/widgets.js',
      scriptSettings: { api_key: 'client' },
      elementType: 'Widget',
      attributes,
      callbacks: {},
    });
    return {
      limits: {},
      integrations: async () => {
        await this.ask('integrations');
        return this.integrations;
      },
      prepare: async (_ctx, { name, jobViewers }) => {
        this.jobViewers = jobViewers;
        await this.ask('prepare');
        this.prepared.push(name);
        this.integrations = this.integrations.map((one) =>
          one.status === 'requested' ? { ...one, status: 'ready', remedy: `Enable ${one.label}.` } : one,
        );
      },
      seats: async (_ctx, { cursor = '0' }) => {
        await this.ask('seats');
        const next = Number(cursor) + 2;
        const seats = this.seats.slice(Number(cursor), next);
        return next < this.seats.length ? { seats, cursor: String(next) } : { seats };
      },
      readNotice: async (_ctx, id) => ({ kind: id === 'integrations' ? 'integrations' : 'unknown' }),
      profileWidget: async (_ctx, candidate) => widget({ candidate }),
      setupWidget: async () => widget({ setup: 'true' }),
      push: unused,
      remove: unused,
      matches: unused,
      resolveMatch: unused,
      pull: unused,
      readExport: unused,
      closedMembers: unused,
    };
  }

  private async ask(what: string): Promise<void> {
    this.asked.push(what);
    await this.before(what);
  }
}

/** A network connection and an ATS's, in an organization of their own, and nothing that runs by itself. */
export interface NetworkWorld extends OpenedSystemConnect, AsyncDisposable {
  readonly database: Database;
  readonly entitlements: Entitlements;
  readonly organizationId: string;
  readonly network: string;
  readonly ats: string;
  readonly texts: NetworkTexts;
  /** How webhooks stand. */
  webhook: WebhookState | undefined;
  /** How often the network was to be told once more where the hub is. */
  addressTold: number;
  readonly reported: unknown[];
  /** A user of the organization, in an operation of their own. */
  as(userId: string, ...roles: Role[]): OrganizationScope;
  readonly admin: OrganizationScope;
  /** Another connection of the organization. */
  connect(kind: 'network' | 'ats', name?: string): Promise<string>;
  /** Changes a connection, and has System Connect reconsider it. */
  change(
    id: string,
    changes: { readonly status?: ConnectionStatus; readonly attentionReason?: string | null },
  ): Promise<void>;
  /** Takes the job that looks at the network, and does it. */
  look(): Promise<void>;
  /** In how many seconds the job looks next; `undefined`: it does not. */
  nextLook(): Promise<number | undefined>;
  rows<Result extends object = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Result[]>;
  write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** What the audit log says, oldest first. */
  audited(action: string): Promise<readonly { readonly actor: string; readonly subject: string }[]>;
  /** Pairs the two, with everything switched on. */
  pairUp(): Promise<void>;
  /** Links a candidate with a member. */
  link(candidateRemoteId: string, member: string): Promise<void>;
  linkIn(tx: Transaction, candidateRemoteId: string, member: string): Promise<void>;
  /** Stores something that a recruiter wrote. @returns Its id. */
  item(item: ItemToStore): Promise<string>;
}

/** Something that a recruiter wrote. */
export interface ItemToStore {
  readonly member: string;
  readonly contractId: string;
  readonly ownerSeatId: string;
  readonly isPublic: boolean;
  readonly text: string;
  readonly kind?: 'NOTE' | 'MESSAGE';
  readonly authorMember?: string;
  readonly at?: Date;
}

/** A migrated database; whoever disposes of it closes the worlds in it. */
export interface NetworkDatabase extends AsyncDisposable {
  /** System Connect with the network of a desk. */
  world(desk?: NetworkDesk): Promise<NetworkWorld>;
}

/** Opens a database that was migrated. */
export function openNetworkDatabase(url: string): NetworkDatabase {
  const opened: NetworkWorld[] = [];
  return {
    async world(desk = new NetworkDesk()) {
      const world = await openWorld(url, desk);
      opened.push(world);
      return world;
    },
    async [Symbol.asyncDispose]() {
      for (const world of opened) await world[Symbol.asyncDispose]();
    },
  };
}

async function openWorld(url: string, desk: NetworkDesk): Promise<NetworkWorld> {
  const logger = pino({ level: process.env['TB_LOG'] ?? 'silent' });
  const database = await Database.open({ url, entities: [Connection] });
  const notifications = new Notifications(url, logger);
  await notifications.start();
  const audit = new AuditLog();
  const atsPlugin = definePlugin({
    ...manifest('ats', 'The ATS'),
    capabilities: {
      permissions: () => ({ check: async () => [] }),
      rediscovery: () => {
        throw new Error('These tests do not ask it.');
      },
    },
  });
  const deployment = {
    brand: 'Brand',
    dummyEmailDomain: 'dummy.example',
    plugins: new PluginRegistry([desk.plugin, atsPlugin]),
    tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] as const } },
    defaultTier: 'ENTERPRISE' as const,
    outgoingAddresses: [],
    hostOverrides: {},
  };
  const entitlements = new Entitlements(deployment, audit);
  const organizationId = randomUUID();
  const as = (userId: string, ...roles: Role[]) => database.scope({ organizationId, userId, roles });
  const admin = as('admin-1', 'ADMIN');
  const vault = new Vault(KEYS);
  const texts = new NetworkTexts(vault);
  const reported: unknown[] = [];
  const connection: OpenedConnection = openConnection(desk.plugin, {
    credentials: {},
    settings: {},
    userAgent: 'Test',
    checkCloneable: true,
  });
  const opened = openSystemConnect({
    database,
    deployment,
    entitlements,
    vault,
    jobs: new JobQueue(),
    notifications,
    audit,
    opener: { open: async () => connection },
    logger,
    webhooks: {
      states: async (_scope, ids) => new Map(world.webhook ? ids.map((id) => [id, world.webhook as WebhookState]) : []),
    },
    mirror: mirrorContent,
    erased: new ErasedPeople(vault),
    tellAddress: async () => {
      world.addressTold += 1;
    },
    isPlaceholder: () => false,
    exporter: {
      send: async () => {
        throw new Error('Nobody arrives in these tests.');
      },
      addContact: async () => ({ kind: 'UNABLE', reference: { remoteId: 'c-1' } }),
      reserveDummyNumber: async () => 1,
    },
    wake: async () => undefined,
    reportFailure: async (_scope, _id, error) => void reported.push(error),
  });
  const connect = (kind: 'network' | 'ats', name = kind === 'network' ? 'Our network' : 'Our ATS') =>
    connectedRow(admin, kind, name);
  const network = await connect('network');
  const ats = await connect('ats');
  const run = async (): Promise<void> => {
    // As a worker does that begins.
    await database.owner.query('delete from graphile_worker._private_jobs where key = $1', [
      `${WATCH_TASK}:${network}`,
    ]);
    await opened.module.tasks[WATCH_TASK]?.({ organizationId, id: network }, new AbortController().signal);
  };
  const world: NetworkWorld = {
    ...opened,
    database,
    entitlements,
    organizationId,
    network,
    ats,
    texts,
    webhook: undefined,
    addressTold: 0,
    reported,
    as,
    admin,
    connect,
    async change(id, changes) {
      await admin.transaction(async (tx) => {
        Object.assign(await tx.em.findOneOrFail(Connection, { id }), changes);
        await tx.em.flush();
        await opened.module.reconsider(tx, [id]);
      });
    },
    look: run,
    async nextLook() {
      const { rows } = await database.owner.query<{ inS: number }>(
        'select extract(epoch from run_at - now())::float8 as "inS" from graphile_worker.jobs where key = $1',
        [`${WATCH_TASK}:${network}`],
      );
      return rows[0]?.inS;
    },
    rows: (sql, parameters = []) => admin.transaction((tx) => tx.rows(sql, parameters)),
    write: (work) => admin.transaction(work),
    audited: (action) =>
      admin.transaction((tx) =>
        tx.rows(
          `select e.actor_id as actor, e.subject_id as subject from talentbridge.audit_event e
           where ${tx.own('e')} and e.action = $1 order by e.id`,
          [action],
        ),
      ),
    async pairUp() {
      desk.enable();
      await opened.systemConnect.pair(admin, { connectionId: network, atsConnectionId: ats });
      await run();
    },
    link: (candidateRemoteId, member) => admin.transaction((tx) => world.linkIn(tx, candidateRemoteId, member)),
    async linkIn(tx, candidateRemoteId, member) {
      await tx.rows(
        `insert into talentbridge.network_link (organization_id, connection_id, candidate_remote_id, member, how)
         values ($1, $2, $3, $4, 'MATCHED')`,
        [organizationId, network, candidateRemoteId, member],
      );
    },
    item: (item) => admin.transaction((tx) => storeItem(tx, texts, network, item)),
    async [Symbol.asyncDispose]() {
      await connection.close();
      await notifications.close();
      await admin.close();
      await database.close();
    },
  };
  await admin.transaction((tx) => opened.module.reconsider(tx, [network, ats]));
  return world;
}

/** A seat of the network. */
export function seat(seatId: string, contractId = 'contract-1', more: Partial<NetworkSeat> = {}): NetworkSeat {
  return { seatId, contractId, firstName: 'Rita', lastName: `Moss ${seatId}`, active: true, ...more };
}

function integration(id: string, carries: readonly NetworkService[]): NetworkIntegration {
  return { id, label: `The ${id}`, status: 'missing', carries, remedy: `Ask for the ${id}.` };
}

function manifest(id: string, displayName: string) {
  return {
    id,
    displayName,
    description: 'Is not asked over the network.',
    contracts: '^1.0.0',
    hosts: [`${id}.test`],
    credentials: credentialFields({}),
    settings: settingFields({}),
    requirements: [],
    connect: () => ({}),
    identify: async () => ({ accountId: 'account' }),
  } satisfies Partial<Parameters<typeof definePlugin>[0]>;
}

async function connectedRow(scope: OrganizationScope, pluginId: 'network' | 'ats', name: string): Promise<string> {
  const id = uuidv7();
  const now = new Date();
  await scope.transaction(async (tx) => {
    tx.em.create(Connection, {
      id,
      organizationId: tx.organizationId,
      pluginId,
      name,
      status: 'CONNECTED',
      capabilities: pluginId === 'network' ? ['systemConnect'] : ['rediscovery', 'export'],
      settings: {},
      credentialNames: [],
      credentialVersion: 1,
      accountId: `account of ${pluginId}`,
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

/** Stores an item with its text, as the poller does. @returns Its id. */
export async function storeItem(
  tx: Transaction,
  texts: NetworkTexts,
  connectionId: string,
  item: ItemToStore,
): Promise<string> {
  const id = uuidv7();
  const { at = new Date(), authorMember = null } = item;
  await tx.rows(
    `insert into talentbridge.network_item (organization_id, id, connection_id, kind, remote_id, member, contract_id,
       owner_seat_id, author_seat_id, author_member, is_public, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`,
    [
      tx.organizationId,
      id,
      connectionId,
      item.kind ?? 'NOTE',
      `remote ${id}`,
      item.member,
      item.contractId,
      item.ownerSeatId,
      authorMember === null ? item.ownerSeatId : null,
      authorMember,
      item.isPublic,
      at,
    ],
  );
  const [sealed] = await texts.seal(tx, connectionId, [{ id, value: { text: item.text } }]);
  await tx.rows(
    `insert into talentbridge.network_text (organization_id, item_id, connection_id, contract_id, owner_seat_id, is_public, sealed)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tx.organizationId, id, connectionId, item.contractId, item.ownerSeatId, item.isPublic, sealed],
  );
  return id;
}
