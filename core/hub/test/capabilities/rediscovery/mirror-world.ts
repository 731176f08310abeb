import { randomUUID } from 'node:crypto';
import type { MirroredCandidate, OpenConnection, RediscoveryCapability } from '@talentbridge/contracts';
import { credentialFields, definePlugin, settingFields } from '@talentbridge/contracts';
import { type OpenedConnection, PluginRegistry } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import { ErasedPeople } from '../../../dist/capabilities/rediscovery/erased-people.js';
import { type ErasureKeeper, Erasures } from '../../../dist/capabilities/rediscovery/erasures.js';
import { CLEAR_TASK, SYNC_TASK } from '../../../dist/capabilities/rediscovery/ledger/sync-schedule.js';
import { Mirror } from '../../../dist/capabilities/rediscovery/mirror.js';
import type { SyncRunRecord } from '../../../dist/capabilities/rediscovery/mirror-model.js';
import { MirrorWriter } from '../../../dist/capabilities/rediscovery/mirror-writer.js';
import { RediscoveryModule } from '../../../dist/capabilities/rediscovery/rediscovery-module.js';
import { SyncLedger } from '../../../dist/capabilities/rediscovery/sync-ledger.js';
import { defaultSyncSettings, type SyncSettings } from '../../../dist/capabilities/rediscovery/sync-settings.js';
import { Connection } from '../../../dist/connections/connection.entity.js';
import { AuditLog } from '../../../dist/kernel/audit/audit-log.js';
import { JobQueue } from '../../../dist/kernel/jobs/job-queue.js';
import { Notifications } from '../../../dist/kernel/notifications.js';
import { Entitlements } from '../../../dist/kernel/organizations/entitlements.js';
import { Database } from '../../../dist/kernel/persistence/database.js';
import type { OrganizationScope } from '../../../dist/kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../dist/kernel/persistence/transaction.js';
import { uuidv7 } from '../../../dist/kernel/persistence/uuidv7.js';
import { KeyRing } from '../../../dist/kernel/vault/key-ring.js';
import { Vault } from '../../../dist/kernel/vault/vault.js';
import type { InMemoryAts } from './in-memory-ats.ts';

const plugin = definePlugin({
  id: 'in-memory',
  displayName: 'In-memory ATS',
  description: 'Is not asked over the network.',
  contracts: '^1.0.0',
  hosts: ['ats.test'],
  credentials: credentialFields({}),
  settings: settingFields({}),
  requirements: [],
  connect: () => ({}),
  identify: async () => ({ accountId: 'account' }),
  capabilities: {
    permissions: () => ({ check: async () => [] }),
    rediscovery: () => {
      throw new Error('The tests hand in an ATS of their own.');
    },
  },
});

/** A database with everything that keeps mirrors, and nothing that runs by itself: tests begin the jobs as a worker would. */
export interface MirrorDatabase extends AsyncDisposable {
  readonly database: Database;
  readonly notifications: Notifications;
  readonly entitlements: Entitlements;
  readonly audit: AuditLog;
  /** Ends every connection to the database that is in a transaction at this moment, as a server that restarts does. */
  breakConnections(): Promise<void>;
  /** A connection, in an organization of its own unless one is given, that is connected to this ATS. */
  connect(ats: RediscoveryCapability, options?: ConnectOptions): Promise<MirrorWorld>;
}

/** How a world differs from the default. */
export interface ConnectOptions {
  readonly organizationId?: string;
  readonly settings?: Partial<SyncSettings>;
  readonly accountId?: string;
  readonly keys?: KeyRing;
  /** Who keeps something of erased candidates besides the mirror. */
  readonly keepers?: readonly ErasureKeeper[];
  /** Puts something between runs and the pages that they keep and write. */
  readonly pages?: (pages: SyncLedger['pages']) => Pick<SyncLedger['pages'], 'keep' | 'save'>;
  /** What the open connection says of the vendor's limits. */
  readonly limits?: Partial<Pick<OpenedConnection, 'pace' | 'quota'>>;
}

/** One connection and its mirror. */
export interface MirrorWorld {
  readonly mirror: Mirror;
  readonly module: RediscoveryModule;
  readonly scope: OrganizationScope;
  readonly connectionId: string;
  readonly reported: unknown[];
  /** Ids of the ATS that turned out to be of erased people, or of applications of theirs. */
  readonly erasedAs: readonly string[];
  /** Does what a worker does: one job of this connection, to its end. */
  work(signal?: AbortSignal): Promise<void>;
  /** Works until nothing is under way any more. */
  workOff(): Promise<void>;
  /** Deletes what is to be deleted. */
  clear(): Promise<void>;
  /** Lets the time of the next run come, and works it off. @returns The run. */
  next(kind?: 'FULL' | 'CHANGES'): Promise<SyncRunRecord>;
  /** The newest run. */
  lastRun(): Promise<SyncRunRecord>;
  look<Seen>(work: (scope: OrganizationScope) => Promise<Seen>): Promise<Seen>;
  write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** The mirror as it is, in the shape that `expectedRows` gives an ATS. */
  rows(): Promise<MirrorRows>;
}

/** What a mirror holds, without what is ours alone. */
export interface MirrorRows {
  readonly candidates: readonly object[];
  readonly jobs: readonly object[];
  readonly applications: readonly object[];
  readonly attachments: readonly object[];
}

/** The lane of all requests to the ATS of a test. */
const LANE = 'reads';

/** Opens a migrated database. */
export async function openMirrorDatabase(url: string): Promise<MirrorDatabase> {
  const logger = pino({ level: process.env['TB_LOG'] ?? 'silent' });
  const database = await Database.open({ url, entities: [Connection] });
  const notifications = new Notifications(url, logger);
  await notifications.start();
  const audit = new AuditLog();
  const deployment = {
    brand: 'Brand',
    dummyEmailDomain: 'dummy.example',
    plugins: new PluginRegistry([plugin]),
    tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] as const } },
    defaultTier: 'ENTERPRISE' as const,
    outgoingAddresses: [],
    hostOverrides: {},
  };
  const entitlements = new Entitlements(deployment, audit);
  const modules: RediscoveryModule[] = [];
  entitlements.onChange(async (tx) => {
    const connections = await tx.em.find(Connection, { status: { $nin: ['REMOVED', 'REMOVING'] } });
    for (const module of modules)
      await module.reconsider(
        tx,
        connections.map(({ id }) => id),
      );
  });
  const jobs = new JobQueue();
  return {
    database,
    notifications,
    entitlements,
    audit,
    async breakConnections() {
      await database.owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()`,
      );
    },
    async connect(ats, options = {}) {
      const organizationId = options.organizationId ?? randomUUID();
      const caller = { organizationId, userId: 'admin-1', roles: ['ADMIN'] as const };
      const scope = database.scope(caller);
      const connectionId = await connectedRow(scope, options.accountId ?? 'account');
      // An ATS in memory answers at once: pages of it are read ahead all the same.
      const settings = { ...defaultSyncSettings, readAheadFromMs: 0, ...options.settings };
      const erased = new ErasedPeople(new Vault(options.keys ?? KEYS));
      const erasedAs: string[] = [];
      const writer = new MirrorWriter(erased, undefined, async (_tx, ids) => void erasedAs.push(...ids));
      const ledger = new SyncLedger({ writer, erased, entitlements, jobs, notifications, settings });
      if (options.pages) Object.assign(ledger, { pages: options.pages(ledger.pages) });
      const reported: unknown[] = [];
      const opener = {
        // A quota is what it is at the moment it is asked for.
        open: async () =>
          Object.defineProperties(connectionOf(ats), Object.getOwnPropertyDescriptors(options.limits ?? {})),
      };
      const module = new RediscoveryModule({
        database,
        entitlements,
        opener,
        requests: {
          counting: (_callId, lanes) => () => {
            lanes?.set(LANE, (lanes.get(LANE) ?? 0) + 1);
            return 1;
          },
        },
        ledger,
        jobs,
        settings,
        logger,
        reportFailure: async (_scope, _id, error) => void reported.push(error),
      });
      modules.push(module);
      const mirror = new Mirror({
        entitlements,
        opener,
        ledger,
        writer,
        erasures: new Erasures({ erased, writer, audit, keepers: options.keepers ?? [] }),
        audit,
      });
      const task = async (name: string, signal = new AbortController().signal): Promise<void> => {
        await scope.close();
        await module.tasks[name]?.({ organizationId, id: connectionId }, signal);
      };
      const look: MirrorWorld['look'] = async (work) => {
        await using fresh = database.scope(caller);
        return await work(fresh);
      };
      const lastRun = async (): Promise<SyncRunRecord> => {
        const run = await look((fresh) => mirror.followedRun(fresh, connectionId));
        if (!run) throw new Error('There is no run.');
        return run;
      };
      const work = (signal?: AbortSignal): Promise<void> => task(SYNC_TASK, signal);
      const workOff = async (): Promise<void> => {
        for (;;) {
          await work();
          const run = await lastRun();
          if (run.status !== 'QUEUED' && run.status !== 'RUNNING') return;
        }
      };
      await scope.transaction((tx) => module.reconsider(tx, [connectionId]));
      return {
        mirror,
        module,
        scope,
        connectionId,
        reported,
        erasedAs,
        look,
        lastRun,
        work,
        workOff,
        clear: () => task(CLEAR_TASK),
        write: (change) => scope.transaction(change),
        async next(kind) {
          if (kind === undefined) {
            await scope.transaction((tx) =>
              tx.rows(
                `update talentbridge.mirror_state s set next_due_at = now() where ${tx.own('s')} and s.connection_id = $1`,
                [connectionId],
              ),
            );
          } else await mirror.start(scope, connectionId, kind);
          await workOff();
          return lastRun();
        },
        rows: () => look((fresh) => fresh.read((tx) => mirrorRows(tx, connectionId))),
      };
    },
    async [Symbol.asyncDispose]() {
      await notifications.close();
      await database.close();
    },
  };
}

const KEYS = KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`);

function connectionOf(capability: RediscoveryCapability): OpenConnection {
  return {
    identify: async () => ({ accountId: 'account' }),
    capability: ((name: string) => (name === 'rediscovery' ? capability : undefined)) as OpenConnection['capability'],
  };
}

async function connectedRow(scope: OrganizationScope, accountId: string): Promise<string> {
  const id = uuidv7();
  const now = new Date();
  await scope.transaction(async (tx) => {
    tx.em.create(Connection, {
      id,
      organizationId: tx.organizationId,
      pluginId: plugin.id,
      name: 'Our ATS',
      status: 'CONNECTED',
      capabilities: ['rediscovery'],
      settings: {},
      credentialNames: [],
      credentialVersion: 1,
      accountId,
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

async function mirrorRows(tx: Transaction, connectionId: string): Promise<MirrorRows> {
  const rows = <Row extends object>(select: string): Promise<readonly Row[]> => tx.rows<Row>(select, [connectionId]);
  const candidates = await rows<{ data: object }>(
    `select c.data from talentbridge.mirror_candidate c where ${tx.own('c')} and c.connection_id = $1 order by c.remote_id`,
  );
  const jobs = await rows<{ data: object }>(
    `select j.data from talentbridge.mirror_job j where ${tx.own('j')} and j.connection_id = $1 order by j.remote_id`,
  );
  return {
    candidates: candidates.map((row) => row.data),
    jobs: jobs.map((row) => row.data),
    applications: await rows(
      `select a.remote_id as "remoteId", a.candidate_remote_id as "candidateRemoteId", a.job_remote_id as "jobRemoteId",
         a.status, a.stage, a.recruiter_name as recruiter, a.remote_updated_at as "updatedAt"
       from talentbridge.mirror_application a where ${tx.own('a')} and a.connection_id = $1 order by a.remote_id`,
    ),
    attachments: await rows(
      `select f.candidate_remote_id as "candidateRemoteId", f.remote_id as "remoteId", f.filename, f.kind
       from talentbridge.mirror_attachment f where ${tx.own('f')} and f.connection_id = $1
       order by f.candidate_remote_id, f.remote_id`,
    ),
  };
}

/** The ATS's ids of the candidates whom a mirror holds, in order. */
export async function remoteIds(world: MirrorWorld): Promise<readonly string[]> {
  const { candidates } = await world.rows();
  return (candidates as readonly MirroredCandidate[]).map(({ remoteId }) => remoteId);
}

/** The mirror's id of a candidate, among the first 200. */
export async function idOf(world: MirrorWorld, remoteId: string): Promise<string> {
  const { items } = await world.look((scope) => world.mirror.candidates(scope, world.connectionId, { first: 200 }));
  return items.find((item) => item.remoteId === remoteId)?.id ?? '';
}

/** Every row of every table of the mirror, as text. */
export async function everything(world: MirrorWorld): Promise<string> {
  const tables = [
    'mirror_candidate',
    'mirror_job',
    'mirror_application',
    'mirror_attachment',
    'mirror_state',
    'mirror_read',
    'mirror_change',
    'mirror_erased',
    'mirror_erasure',
    'sync_run',
    'sync_issue',
    'sync_page',
    'audit_event',
  ];
  const texts = await Promise.all(
    tables.map((table) =>
      world.look((scope) =>
        scope.read(async (tx) => {
          const rows = await tx.rows<{ text: string }>(
            `select to_jsonb(x)::text as text from talentbridge.${table} x where ${tx.own('x')}`,
          );
          return rows.map((row) => row.text).join('\n');
        }),
      ),
    ),
  );
  return texts.join('\n');
}

/** What the mirror of an ATS must hold, read without the mirror's help. */
export function expectedRows(ats: InMemoryAts): MirrorRows {
  const byId = <Item extends { readonly remoteId: string }>(
    items: Iterable<{ readonly value: Item }>,
  ): readonly Item[] =>
    [...items].map(({ value }) => value).sort((one, other) => (one.remoteId < other.remoteId ? -1 : 1));
  const candidates = byId(ats.candidates.values());
  return {
    candidates: candidates.map(({ applications: _, attachments: __, ...own }) => own),
    jobs: byId(ats.jobs.values()),
    applications: byId(ats.applications.values()).map((application) => ({
      remoteId: application.remoteId,
      candidateRemoteId: application.candidateRemoteId,
      jobRemoteId: application.jobRemoteId,
      status: application.status,
      stage: application.stage ?? null,
      recruiter: application.recruiter?.name ?? null,
      updatedAt: application.updatedAt === undefined ? null : new Date(application.updatedAt),
    })),
    attachments: candidates.flatMap((candidate) =>
      (candidate.attachments ?? [])
        .map(({ remoteId, filename, kind }) => ({ candidateRemoteId: candidate.remoteId, remoteId, filename, kind }))
        .sort((one, other) => (one.remoteId < other.remoteId ? -1 : 1)),
    ),
  };
}
