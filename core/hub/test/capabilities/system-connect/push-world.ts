import type {
  CandidateHistory,
  OpenConnection,
  RediscoveryCapability,
  SystemConnectCapability,
} from '@talentbridge/contracts';
import { credentialFields, definePlugin, settingFields } from '@talentbridge/contracts';
import { PluginRegistry } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import type { ErasureKeeper } from '../../../dist/capabilities/rediscovery/erasures.js';
import { mirrorContent } from '../../../dist/capabilities/rediscovery/mirror-content.js';
import type { Links } from '../../../dist/capabilities/system-connect/links.js';
import { openPushing } from '../../../dist/capabilities/system-connect/pushing/open-pushing.js';
import type { PushProgress, PushSettings } from '../../../dist/capabilities/system-connect/pushing/push-model.js';
import { pushProgress } from '../../../dist/capabilities/system-connect/pushing/push-progress.js';
import type { Pushing } from '../../../dist/capabilities/system-connect/pushing/pushing.js';
import { PUSH_TASK } from '../../../dist/capabilities/system-connect/pushing/pushing-schema.js';
import { Connection, type ConnectionStatus } from '../../../dist/connections/connection.entity.js';
import { JobQueue } from '../../../dist/kernel/jobs/job-queue.js';
import type { Caller } from '../../../dist/kernel/organizations/caller.js';
import { Entitlements } from '../../../dist/kernel/organizations/entitlements.js';
import { OrganizationScope } from '../../../dist/kernel/persistence/organization-scope.js';
import type { Row } from '../../../dist/kernel/persistence/transaction.js';
import { uuidv7 } from '../../../dist/kernel/persistence/uuidv7.js';
import { InMemoryAts, type InMemoryAtsOptions } from '../rediscovery/in-memory-ats.ts';
import { type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from '../rediscovery/mirror-world.ts';
import { InMemoryNetwork } from './network-plugin.ts';

/** A database with mirrors and what is pushed of them; tests begin the jobs as a worker would. */
export interface PushDatabase extends AsyncDisposable {
  /** An ATS with its mirror and a network, paired, in an organization of their own. */
  world(options?: PushWorldOptions): Promise<PushWorld>;
}

/** How a world differs from the default. */
export interface PushWorldOptions extends InMemoryAtsOptions {
  readonly settings?: Partial<PushSettings>;
  /** Whether the ATS tells of histories. Default `true`. */
  readonly tellsHistories?: boolean;
}

/** An ATS, its mirror, and the network that it is paired with. */
export interface PushWorld {
  readonly ats: InMemoryAts;
  /** What the ATS keeps of candidates' ways, by candidate. */
  readonly histories: Map<string, CandidateHistory>;
  /** Called before a history is read: it may throw. */
  onHistory: (candidateRemoteId: string) => Promise<void> | void;
  /** Called before and after each transaction of a push: where it throws, the process died there. */
  onTransaction: (when: 'before' | 'after') => Promise<void> | void;
  /** Called before a connection is opened: it may throw. */
  onOpen: () => void;
  /** Of whom histories were read, in order. */
  readonly historyReads: string[];
  readonly mirror: MirrorWorld;
  readonly network: InMemoryNetwork;
  readonly connectionId: string;
  readonly scope: OrganizationScope;
  readonly pushing: Pushing;
  readonly links: Links;
  /** What the connections were told of errors. */
  readonly reported: unknown[];
  /** Runs one push to its end. */
  push(signal?: AbortSignal): Promise<void>;
  /** Lets all times come that something waits for, as far as they are pushing's own. */
  passTime(): Promise<void>;
  /** Reads the ATS, then pushes until nothing is due, whatever fails meanwhile. */
  settle(): Promise<void>;
  progress(): Promise<PushProgress | undefined>;
  /** Whether a change has a job waiting. */
  isQueued(): Promise<boolean>;
  change(status: ConnectionStatus): Promise<void>;
  /** Parts the pair. */
  part(): Promise<void>;
  /** The database, as its owner. */
  readonly owner: MirrorDatabase['database']['owner'];
  rows<Result extends object = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Result[]>;
  /** The mirror's id of a candidate. */
  idOf(remoteId: string): Promise<string>;
  /** The link of a candidate, as it lies in the table. */
  link(remoteId: string): Promise<{ member: string | null; how: string } | undefined>;
}

/** Opens a migrated database. */
export async function openPushDatabase(url: string): Promise<PushDatabase> {
  const mirrors = await openMirrorDatabase(url);
  return {
    world: (options = {}) => openPushWorld(mirrors, options),
    [Symbol.asyncDispose]: () => mirrors[Symbol.asyncDispose](),
  };
}

/** A pair of its own on a database that is open. */
export async function openPushWorld(mirrors: MirrorDatabase, options: PushWorldOptions = {}): Promise<PushWorld> {
  const { database, audit, notifications } = mirrors;
  const logger = pino({ level: process.env['TB_LOG'] ?? 'silent' });
  const entitlements = new Entitlements(deployment, audit);
  const ats = new InMemoryAts(options);
  const histories = new Map<string, CandidateHistory>();
  const historyReads: string[] = [];
  if (options.tellsHistories !== false) {
    Object.assign(ats, {
      readHistory: async (_ctx: unknown, remoteId: string): Promise<CandidateHistory> => {
        historyReads.push(remoteId);
        await world.onHistory(remoteId);
        return histories.get(remoteId) ?? { notes: [], stageChanges: [], feedback: [] };
      },
    } satisfies Partial<RediscoveryCapability>);
  }
  // Whatever is deleted there is deleted here: no admin is at hand who could be asked.
  const keepers: ErasureKeeper[] = [];
  const mirror = await mirrors.connect(ats, { keepers, settings: { deletionsNeverAsked: Number.POSITIVE_INFINITY } });
  const { scope } = mirror;
  const network = new InMemoryNetwork();
  const connectionId = await networkConnection(scope);
  const opened = new Map<string, OpenConnection>([
    [mirror.connectionId, connectionOf({ rediscovery: ats })],
    [connectionId, connectionOf({ systemConnect: network })],
  ]);
  const reported: unknown[] = [];
  const { pushing, links } = openPushing({
    database: {
      scope: (caller: Caller) =>
        new OrganizationScope(
          {
            beginReading: (own, reader) => database.beginReading(own, reader),
            transaction: async (own, work) => {
              await world.onTransaction('before');
              const result = await database.transaction(own, work);
              await world.onTransaction('after');
              return result;
            },
          },
          caller,
        ),
    },
    entitlements,
    jobs: new JobQueue(),
    notifications,
    audit,
    logger,
    mirror: mirrorContent,
    opener: {
      open: async (_scope, id) => {
        world.onOpen();
        const found = opened.get(id);
        if (!found) throw new Error('No such connection.');
        return found;
      },
    },
    isPlaceholder: (address) => address.endsWith('@dummy.example'),
    settings: options.settings,
    reportFailure: async (_scope, id, error) => {
      reported.push({ id, error });
    },
  });
  keepers.push(...pushing.keepers);
  const pair = { connectionId, atsConnectionId: mirror.connectionId };
  const rows: PushWorld['rows'] = (sql, parameters = []) => scope.transaction((tx) => tx.rows(sql, parameters));
  await scope.transaction(async (tx) => {
    await tx.rows(
      `insert into talentbridge.system_pair (organization_id, connection_id, ats_connection_id, created_by) values ($1, $2, $3, 'admin-1')`,
      [tx.organizationId, connectionId, mirror.connectionId],
    );
    await tx.rows(
      `insert into talentbridge.network_integration (organization_id, connection_id, integration_id, position, label, status, carries)
       values ($1, $2, 'all', 0, 'Everything', 'enabled', array['push', 'pull', 'export', 'widget'])`,
      [tx.organizationId, connectionId],
    );
    await pushing.resume(tx, {
      ...pair,
      missingEmail: 'DUMMY',
      jobViewers: 'EVERYBODY',
      createdBy: 'admin-1',
      createdAt: new Date(),
    });
  });
  const world: PushWorld = {
    ats,
    histories,
    onHistory: () => undefined,
    onTransaction: () => undefined,
    onOpen: () => undefined,
    historyReads,
    mirror,
    network,
    connectionId,
    scope,
    pushing,
    links,
    reported,
    push: async (signal = new AbortController().signal) => {
      await scope.close();
      await pushing.tasks[PUSH_TASK]?.({ organizationId: scope.organizationId, id: connectionId }, signal);
    },
    passTime: async () => {
      await rows('update talentbridge.network_push set resume_at = null where connection_id = $1', [connectionId]);
      await rows('update talentbridge.network_due set next_at = now() where connection_id = $1', [connectionId]);
    },
    async settle() {
      await mirror.workOff().catch(() => undefined);
      for (let pushes = 0; ; pushes += 1) {
        if (pushes > 200) throw new Error('It does not come to an end.');
        await world.passTime();
        await world.push();
        const progress = await world.progress();
        if (!progress) return;
        const { waiting, phase, reason } = progress;
        if (phase === 'FOLLOWING' && waiting.jobs + waiting.candidates === 0 && reason === null) return;
      }
    },
    progress: () => scope.transaction((tx) => pushProgress(tx, connectionId)),
    async isQueued() {
      const marks = await rows('select from talentbridge.network_push_queue where connection_id = $1 and queued', [
        connectionId,
      ]);
      const { rows: jobs } = await database.owner.query('select from graphile_worker.jobs where key = $1', [
        `${PUSH_TASK}:${connectionId}`,
      ]);
      return marks.length > 0 && jobs.length > 0;
    },
    async change(status) {
      await scope.transaction(async (tx) => {
        (await tx.em.findOneOrFail(Connection, { id: connectionId })).status = status;
        await tx.em.flush();
      });
    },
    async part() {
      await scope.transaction(async (tx) => {
        await pushing.end(tx, {
          ...pair,
          missingEmail: 'DUMMY',
          jobViewers: 'EVERYBODY',
          createdBy: 'admin-1',
          createdAt: new Date(),
        });
        await tx.rows(`delete from talentbridge.system_pair p where ${tx.own('p')} and p.connection_id = $1`, [
          connectionId,
        ]);
      });
    },
    owner: database.owner,
    rows,
    async idOf(remoteId) {
      const [row] = await rows<{ id: string }>(
        'select id from talentbridge.mirror_candidate where connection_id = $1 and remote_id = $2',
        [mirror.connectionId, remoteId],
      );
      if (!row) throw new Error('The mirror does not have them.');
      return row.id;
    },
    async link(remoteId) {
      const [row] = await rows<{ member: string | null; how: string }>(
        'select member, how from talentbridge.network_link where connection_id = $1 and candidate_remote_id = $2',
        [connectionId, remoteId],
      );
      return row;
    },
  };
  return world;
}

const at = '2026-03-01T10:00:00.000Z';
const author = { firstName: 'Rita', lastName: 'Moss' };

/** Somebody of the ATS with an application, notes, a stage and an interview. */
export function somebody(
  { ats, histories }: PushWorld,
  name = 'ada',
): { candidate: string; job: string; application: string } {
  const job = ats.addJob();
  const candidate = ats.addCandidate({ remoteId: name });
  const application = ats.addApplication(candidate, job);
  histories.set(candidate, {
    notes: [
      { remoteId: `${name}-n1`, text: 'Strong.', author, createdAt: at },
      { remoteId: `${name}-n2`, text: 'Called.', author, createdAt: at, applicationRemoteId: application },
    ],
    stageChanges: [{ remoteId: `${name}-s1`, applicationRemoteId: application, stage: 'New', enteredAt: at }],
    feedback: [
      { remoteId: `${name}-f1`, applicationRemoteId: application, interviewer: author, kind: 'phone', createdAt: at },
    ],
  });
  return { candidate, job, application };
}

/** What calls came, and for which kind, in order. */
export function calls({ network }: PushWorld): readonly string[] {
  return network.batches.map(({ call, kind }) => `${call} ${kind}`);
}

const plugins = (['network', 'in-memory'] as const).map((id) =>
  definePlugin({
    id,
    displayName: id,
    description: 'Is not asked over the network.',
    contracts: '^1.0.0',
    hosts: [`${id}.test`],
    credentials: credentialFields({}),
    settings: settingFields({}),
    requirements: [],
    connect: () => ({}),
    identify: async () => ({ accountId: 'account' }),
    capabilities: {
      permissions: () => ({ check: async () => [] }),
      ...(id === 'network' ? { systemConnect: neverOpened } : { rediscovery: neverOpened }),
    },
  }),
);

function neverOpened(): never {
  throw new Error('The tests hand in what they ask.');
}

const deployment = {
  brand: 'Brand',
  dummyEmailDomain: 'dummy.example',
  plugins: new PluginRegistry(plugins),
  tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] as const } },
  defaultTier: 'ENTERPRISE' as const,
  outgoingAddresses: [],
  hostOverrides: {},
};

function connectionOf(capabilities: {
  readonly rediscovery?: RediscoveryCapability;
  readonly systemConnect?: SystemConnectCapability;
}): OpenConnection {
  return {
    identify: async () => ({ accountId: 'account' }),
    capability: ((name: 'rediscovery' | 'systemConnect') => capabilities[name]) as OpenConnection['capability'],
  };
}

async function networkConnection(scope: OrganizationScope): Promise<string> {
  const id = uuidv7();
  const now = new Date();
  await scope.transaction(async (tx) => {
    tx.em.create(Connection, {
      id,
      organizationId: tx.organizationId,
      pluginId: 'network',
      name: 'Our network',
      status: 'CONNECTED',
      capabilities: ['systemConnect'],
      settings: {},
      credentialNames: [],
      credentialVersion: 1,
      accountId: 'contract',
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
