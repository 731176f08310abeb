import { randomUUID } from 'node:crypto';
import type { Plugin, RecordReference } from '@talentbridge/contracts';
import { type OpenedConnection, openConnection, PluginRegistry } from '@talentbridge/plugin-host';
import { pino } from 'pino';
import { someoneWaitsForALock } from '../../../../../test/support/lock-waiting.ts';
import { ExportDestinations } from '../../../dist/capabilities/export/export-destinations.js';
import { JobList } from '../../../dist/capabilities/export/job-list.js';
import { SinglePeople } from '../../../dist/capabilities/export/single-people.js';
import { ErasedPeople } from '../../../dist/capabilities/rediscovery/erased-people.js';
import { mirrorContent } from '../../../dist/capabilities/rediscovery/mirror-content.js';
import {
  ARRIVALS_TASK,
  TELL_APPLICATIONS_TASK,
} from '../../../dist/capabilities/system-connect/arrivals/arrivals-schema.js';
import { ErasedMembers } from '../../../dist/capabilities/system-connect/erased-members.js';
import { NetworkTexts } from '../../../dist/capabilities/system-connect/network-texts.js';
import { type Inbound, openInbound } from '../../../dist/capabilities/system-connect/open-inbound.js';
import { POLL_TASK } from '../../../dist/capabilities/system-connect/pulling/pulling-schema.js';
import type { MissingEmailRule, SystemPair } from '../../../dist/capabilities/system-connect/system-connect-model.js';
import { Connection } from '../../../dist/connections/connection.entity.js';
import { AuditLog } from '../../../dist/kernel/audit/audit-log.js';
import { type JobOptions, JobQueue } from '../../../dist/kernel/jobs/job-queue.js';
import { LostJobs } from '../../../dist/kernel/jobs/lost-jobs.js';
import { Notifications } from '../../../dist/kernel/notifications.js';
import { Entitlements } from '../../../dist/kernel/organizations/entitlements.js';
import { Database } from '../../../dist/kernel/persistence/database.js';
import { OrganizationScope } from '../../../dist/kernel/persistence/organization-scope.js';
import type { Row, Transaction } from '../../../dist/kernel/persistence/transaction.js';
import { uuidv7 } from '../../../dist/kernel/persistence/uuidv7.js';
import { KeyRing } from '../../../dist/kernel/vault/key-ring.js';
import { Vault } from '../../../dist/kernel/vault/vault.js';
import { SeatsAtNetwork } from './seats-at-network.ts';
import { TakingAts, type TakingAtsOptions } from './taking-ats.ts';

const KEYS = KeyRing.parse(`k:${Buffer.alloc(32, 1).toString('base64')}`);

/** How a pair differs from the default. */
export interface InboundWorldOptions {
  readonly ats?: TakingAtsOptions;
  /** Default: `DUMMY`. */
  readonly missingEmail?: MissingEmailRule;
  /** Active seats, all of one contract. Default: `seat-1`. */
  readonly seats?: readonly string[];
  /** Default `true`. */
  readonly firstSyncDone?: boolean;
  /** Default: 1. */
  readonly firstPollDays?: number;
}

/** A pair whose inbound work tests begin as a worker would. */
export interface InboundWorld extends Inbound {
  readonly network: SeatsAtNetwork;
  readonly erasedMembers: ErasedMembers;
  readonly ats: TakingAts;
  readonly pair: SystemPair;
  readonly scope: OrganizationScope;
  /** What the mirror was to read anew. */
  readonly woken: RecordReference[];
  /** Candidates that were connected before somebody was told of them. */
  readonly connected: string[][];
  readonly reported: unknown[];
  readonly seatsGone: string[];
  /** Called before the mirror reads anew: it may throw. */
  onWake: () => Promise<void> | void;
  /** Called when candidates are connected: it may throw, or link them. */
  onConnect: (candidateRemoteIds: readonly string[]) => Promise<void> | void;
  /** Called before each transaction of a job, and after it is committed: it may throw. */
  onTransaction: (moment: 'before' | 'after') => void;
  /** Called before a job is added, and after, in the transaction that adds it. */
  onJob: (moment: 'before' | 'after', isPutOff: boolean) => Promise<void> | void;
  poll(signal?: AbortSignal): Promise<void>;
  /** Takes the job of arrivals, where there is one, and does it. */
  arrive(): Promise<void>;
  tell(): Promise<void>;
  rows<Result extends object = Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Result[]>;
  write<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** When a job of the pair is to run; `undefined`: none waits. */
  jobAt(task: string): Promise<Date | undefined>;
  /** Waits until a transaction waits for another one, or until `ended` has ended. */
  someoneWaitsUnless(ended: Promise<unknown>): Promise<void>;
  /** Empties the queue of all jobs, and looks for what is lost. @returns How many jobs were added anew. */
  loseJobs(): Promise<number>;
}

/** Joins a network with an ATS, in an organization of its own, with everything switched on. */
export async function joinInbound(
  url: string,
  options: InboundWorldOptions = {},
): Promise<InboundWorld & AsyncDisposable> {
  const logger = pino({ level: process.env['TB_LOG'] ?? 'silent' });
  const database = await Database.open({ url, entities: [Connection] });
  const network = new SeatsAtNetwork();
  const ats = new TakingAts(options.ats);
  const plugins: readonly Plugin[] = [network.plugin(), ats.plugin()];
  const deployment = {
    brand: 'Brand',
    dummyEmailDomain: 'dummy.example',
    plugins: new PluginRegistry(plugins),
    tiers: { ESSENTIAL: {}, PROFESSIONAL: {}, ENTERPRISE: { '*': ['*'] as const } },
    defaultTier: 'ENTERPRISE' as const,
    outgoingAddresses: [],
    hostOverrides: {},
  };
  const audit = new AuditLog();
  const entitlements = new Entitlements(deployment, audit);
  const caller = { organizationId: randomUUID(), userId: 'admin-1', roles: ['ADMIN'] as const };
  const scope = database.scope(caller);
  const connectionId = await connected(scope, 'network', ['systemConnect']);
  const atsConnectionId = await connected(scope, 'ats', ['rediscovery', 'export']);
  const opened = new Map<string, OpenedConnection>();
  const opener = {
    async open(_scope: OrganizationScope, id: string) {
      const known = opened.get(id);
      if (known) return known;
      const plugin = plugins[id === connectionId ? 0 : 1];
      if (!plugin) throw new Error('There are two plugins.');
      const fresh = openConnection(plugin, {
        credentials: {},
        settings: {},
        userAgent: 'Test',
        hostOverrides: {},
        checkCloneable: true,
      });
      opened.set(id, fresh);
      return fresh;
    },
  };
  const notifications = new Notifications(url, logger);
  const vault = new Vault(KEYS);
  // Jobs run in scopes of their own, so that each of their transactions may be where a process dies.
  const watched: Pick<Database, 'scope'> = {
    scope: (own) =>
      new OrganizationScope(
        {
          async transaction(who, work) {
            world.onTransaction('before');
            const result = await database.transaction(who, work);
            world.onTransaction('after');
            return result;
          },
          beginReading: (who, reader) => database.beginReading(who, reader),
        },
        own,
      ),
  };
  const erasedMembers = new ErasedMembers(new ErasedPeople(vault));
  const inbound = openInbound({
    // Of the database, jobs use nothing but scopes.
    database: watched as Database,
    deployment,
    entitlements,
    jobs: new WatchedQueue((moment, isPutOff) => world.onJob(moment, isPutOff)),
    notifications,
    audit,
    logger,
    opener,
    mirror: mirrorContent,
    texts: new NetworkTexts(vault),
    erasedMembers,
    // The opener of a hub can do more than exports ask it for.
    exporter: new SinglePeople(new ExportDestinations(entitlements, opener as never, new JobList()), 'dummy.example'),
    pulling: { firstPollDays: options.firstPollDays ?? 1 },
    reportFailure: async (_scope, _id, error) => void world.reported.push(error),
    async wake(_scope, _id, references) {
      await world.onWake();
      world.woken.push(...references);
    },
    async forgetLink(tx, id, candidateRemoteId) {
      await tx.rows(
        'delete from talentbridge.network_link l where l.connection_id = $1 and l.candidate_remote_id = $2',
        [id, candidateRemoteId],
      );
    },
    async setAdded(tx, id, candidateRemoteId, member) {
      await linkTo(tx, id, candidateRemoteId, member);
    },
    async connectNow(_scope, _id, candidateRemoteIds) {
      world.connected.push([...candidateRemoteIds]);
      await world.onConnect(candidateRemoteIds);
    },
    seatGone: async (_scope, id) => void world.seatsGone.push(id),
  });
  const { organizationId } = caller;
  const task = async (
    part: { readonly tasks: Inbound['pulling']['tasks'] },
    name: string,
    signal = new AbortController().signal,
  ): Promise<void> => part.tasks[name]?.({ organizationId, id: connectionId }, signal);
  const pair: SystemPair = {
    connectionId,
    atsConnectionId,
    missingEmail: options.missingEmail ?? 'DUMMY',
    jobViewers: 'EVERYBODY',
    createdBy: 'admin-1',
    createdAt: new Date(),
  };
  const world: InboundWorld = {
    ...inbound,
    network,
    erasedMembers,
    ats,
    pair,
    scope,
    woken: [],
    connected: [],
    reported: [],
    seatsGone: [],
    onWake: () => undefined,
    onConnect: () => undefined,
    onTransaction: () => undefined,
    onJob: () => undefined,
    poll: (signal) => task(inbound.pulling, POLL_TASK, signal),
    async arrive() {
      // As a worker does that begins.
      await database.owner.query(
        `delete from graphile_worker._private_jobs where id in (
           select id from graphile_worker._private_jobs where key = $1 for update skip locked)`,
        [`${ARRIVALS_TASK}:${connectionId}`],
      );
      await task(inbound.arrivals, ARRIVALS_TASK);
    },
    tell: () => task(inbound.newApplications, TELL_APPLICATIONS_TASK),
    rows: (sql, parameters = []) => scope.transaction((tx) => tx.rows(sql, parameters)),
    write: (work) => scope.transaction(work),
    async jobAt(name) {
      const { rows } = await database.owner.query<{ at: Date }>(
        'select run_at as at from graphile_worker.jobs where key = $1',
        [`${name}:${connectionId}`],
      );
      return rows[0]?.at;
    },
    someoneWaitsUnless: (ended) => someoneWaitsForALock(database.owner, ended),
    async loseJobs() {
      await database.owner.query('delete from graphile_worker._private_jobs');
      const work = [inbound.pulling, inbound.arrivals, inbound.newApplications].flatMap(({ due }) => due);
      const lost = new LostJobs({ database, work, jobs: new JobQueue(), logger });
      try {
        return await lost.look();
      } finally {
        await lost.close();
      }
    },
  };
  await scope.transaction(async (tx) => {
    await pairUp(tx, pair, options);
    for (const part of [inbound.pulling, inbound.arrivals, inbound.newApplications]) await part.resume(tx, pair);
  });
  for (const seatId of options.seats ?? ['seat-1']) network.seat(seatId);
  return Object.assign(world, {
    async [Symbol.asyncDispose]() {
      for (const connection of opened.values()) await connection.close();
      await scope.close();
      await database.close();
    },
  });
}

/** Tells when jobs are added. */
class WatchedQueue extends JobQueue {
  constructor(private readonly told: InboundWorld['onJob']) {
    super();
  }

  override async add(tx: Transaction, task: string, id: string, options: JobOptions = {}): Promise<void> {
    await this.told('before', false);
    await super.add(tx, task, id, options);
    await this.told('after', false);
  }

  override async putOff(tx: Transaction, task: string, id: string, runAt: Date): Promise<void> {
    await this.told('before', true);
    await super.putOff(tx, task, id, runAt);
    await this.told('after', true);
  }
}

/** Says who a candidate is at the network. */
export async function linkTo(
  tx: Transaction,
  connectionId: string,
  candidateRemoteId: string,
  member: string,
): Promise<void> {
  await tx.rows(
    `insert into talentbridge.network_link (organization_id, connection_id, candidate_remote_id, member, how)
     values ($1, $2, $3, $4, 'ADDED')
     on conflict (organization_id, connection_id, candidate_remote_id) do update set member = excluded.member`,
    [tx.organizationId, connectionId, candidateRemoteId, member],
  );
}

/** The mirror of the ATS of a pair is complete, or is being loaded for the first time. */
export async function mirrorIsComplete(tx: Transaction, { pair }: InboundWorld, complete = true): Promise<void> {
  await tx.rows(
    `insert into talentbridge.mirror_state (organization_id, connection_id, complete_at)
     values ($1, $2, case when $3 then now() end)
     on conflict (organization_id, connection_id) do update set complete_at = excluded.complete_at`,
    [tx.organizationId, pair.atsConnectionId, complete],
  );
}

/** The mirror hears of an application to job-7. */
export async function mirrorApplication(
  tx: Transaction,
  { pair }: InboundWorld,
  remoteId: string,
  candidateRemoteId: string,
  { appliedAt, copied = false }: { readonly appliedAt?: Date; readonly copied?: boolean } = {},
): Promise<void> {
  await tx.rows(
    `insert into talentbridge.mirror_application
       (organization_id, id, connection_id, remote_id, candidate_remote_id, job_remote_id, hash, status, applied_at, copied)
     values ($1, $2, $3, $4, $5, 'job-7', gen_random_uuid(), 'active', $6, $7)`,
    [tx.organizationId, uuidv7(), pair.atsConnectionId, remoteId, candidateRemoteId, appliedAt ?? null, copied],
  );
}

async function pairUp(tx: Transaction, pair: SystemPair, options: InboundWorldOptions): Promise<void> {
  const { connectionId, atsConnectionId, missingEmail } = pair;
  await tx.rows(
    `insert into talentbridge.system_pair (organization_id, connection_id, ats_connection_id, missing_email, created_by)
     values ($1, $2, $3, $4, 'admin-1')`,
    [tx.organizationId, connectionId, atsConnectionId, missingEmail],
  );
  await tx.rows(
    `insert into talentbridge.network_integration
       (organization_id, connection_id, integration_id, position, label, status, carries)
     values ($1, $2, 'all', 0, 'Everything', 'enabled', '{push,export,pull,widget}')`,
    [tx.organizationId, connectionId],
  );
  await tx.rows(
    `insert into talentbridge.network_push (organization_id, connection_id, ats_connection_id, first_sync_at)
     values ($1, $2, $3, case when $4 then now() end)`,
    [tx.organizationId, connectionId, atsConnectionId, options.firstSyncDone ?? true],
  );
  for (const seatId of options.seats ?? ['seat-1']) {
    await tx.rows(
      `insert into talentbridge.network_seat
         (organization_id, connection_id, seat_id, contract_id, first_name, last_name, active, seen_at)
       values ($1, $2, $3, 'contract-1', 'Rita', $3, true, now())`,
      [tx.organizationId, connectionId, seatId],
    );
  }
}

async function connected(
  scope: OrganizationScope,
  pluginId: string,
  capabilities: Connection['capabilities'],
): Promise<string> {
  const id = uuidv7();
  const now = new Date();
  await scope.transaction(async (tx) => {
    tx.em.create(Connection, {
      id,
      organizationId: tx.organizationId,
      pluginId,
      name: `Our ${pluginId}`,
      status: 'CONNECTED',
      capabilities,
      settings: {},
      credentialNames: [],
      credentialVersion: 1,
      accountId: `account-${id}`,
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
