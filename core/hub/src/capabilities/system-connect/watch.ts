import {
  type CallContext,
  isHubError,
  type NetworkIntegration,
  type NetworkSeat,
  PluginFaultError,
  type SystemConnectCapability,
  type Urgency,
} from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import type { Logger } from 'pino';
import { type UsableConnection, usableConnection } from '../../connections/usable-connection.js';
import { callContext } from '../../kernel/call-context.js';
import { NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { JobPayload, JobQueue } from '../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../kernel/jobs/lost-jobs.js';
import { waitAfter } from '../../kernel/jobs/wait-after.js';
import type { Notifications } from '../../kernel/notifications.js';
import { systemCaller } from '../../kernel/organizations/caller.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import type { Database } from '../../kernel/persistence/database.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { readAndPrepare, storedIntegrations, storeIntegrations, type ViewersTold, works } from './integrations.js';
import { SYSTEM_CONNECT } from './pair-standing.js';
import { readAllSeats, storeSeats } from './seats.js';
import { type JobViewers, SYSTEM_CONNECT_TOPIC } from './system-connect-model.js';
import { WATCH_TASK } from './system-connect-schema.js';

/** How long a network may take for an answer, in milliseconds. */
const CALL_LIMIT_MS = 30_000;
/** How often a network is looked at while a person has to switch something on there. */
const CLOSE_MS = 60_000;
/** For how long. */
const CLOSE_FOR_MS = 24 * 3_600_000;
/** How often otherwise. */
const USUAL_MS = 3_600_000;
/** How old what is known of seats may be. */
const SEATS_FOR_MS = 24 * 3_600_000;

/** What `Watch` works with. */
export interface WatchParts {
  readonly database: Database;
  readonly entitlements: Entitlements;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly logger: Logger;
  /** This installation, for the network's administrators. */
  readonly name: string;
  /** Something was switched at the network: work may go on. */
  readonly switched: (tx: Transaction, connectionId: string) => Promise<void>;
  /** Other people have seats at the network. */
  readonly seatsChanged: (tx: Transaction, connectionId: string) => Promise<void>;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

/** How a network was looked at last. */
export interface WatchRecord {
  readonly closeSince: Date;
  readonly integrationsAt: Date | null;
  readonly seatsAt: Date | null;
  readonly tries: number;
  readonly reason: string | null;
}

/** Looks what is switched on at networks and whose seats there are: often while a person is about to switch something on. */
export class Watch {
  readonly due: DueWork = {
    dueBefore: 'talentbridge.network_watches_due',
    mayRun: async (tx, _task, connectionId) => (await this.usable(tx, connectionId)) !== undefined,
  };

  constructor(private readonly parts: WatchParts) {}

  get tasks(): Readonly<Record<string, JobTask>> {
    return { [WATCH_TASK]: (payload) => this.run(payload) };
  }

  /** A network can be used (again), or somebody is about to switch something on there: it is watched closely from now on. */
  async begin(tx: Transaction, connectionId: string, inMs = 0): Promise<void> {
    const row = await tx.row<{ nextAt: Date }>(
      `insert into talentbridge.network_watch as w (organization_id, connection_id, next_at)
       values ($1, $2, now() + $3 * interval '1 millisecond')
       on conflict (organization_id, connection_id) do update set next_at = excluded.next_at, close_since = now(), tries = 0
       returning w.next_at as "nextAt"`,
      [tx.organizationId, connectionId, inMs],
    );
    await this.parts.jobs.add(tx, WATCH_TASK, connectionId, row && inMs > 0 ? { runAt: row.nextAt } : {});
  }

  /** The connection goes: nothing of what it told stays. */
  async leave(tx: Transaction, connectionId: string): Promise<void> {
    for (const table of ['network_watch', 'network_integration', 'network_seat']) {
      await tx.rows(`delete from talentbridge.${table} w where ${tx.own('w')} and w.connection_id = $1`, [
        connectionId,
      ]);
    }
  }

  /** How a network was looked at last. `undefined`: not yet. */
  record(tx: Transaction, connectionId: string): Promise<WatchRecord | undefined> {
    return tx.row<WatchRecord>(
      `select w.close_since as "closeSince", w.integrations_at as "integrationsAt", w.seats_at as "seatsAt", w.tries, w.reason
       from talentbridge.network_watch w where ${tx.own('w')} and w.connection_id = $1`,
      [connectionId],
    );
  }

  /**
   * Looks now: at the integrations, and at the seats where they may be read. After that it is watched closely.
   * @throws HubError
   */
  async look(scope: OrganizationScope, connectionId: string, urgency: Urgency): Promise<void> {
    await this.lookAt(scope, await this.requireUsable(scope, connectionId), urgency, 'all');
    await scope.transaction((tx) => this.begin(tx, connectionId, CLOSE_MS));
  }

  /**
   * Looks at the seats alone, where nobody has for some time.
   * @param context Of all calls together.
   * @param oldMs For how long. Default: a day.
   * @throws HubError
   */
  async lookAtOldSeats(
    scope: OrganizationScope,
    connectionId: string,
    context: CallContext,
    oldMs = SEATS_FOR_MS,
  ): Promise<void> {
    const connection = await scope.transaction(async (tx) => {
      const watched = await this.record(tx, connectionId);
      if (!watched || !isOlder(watched.seatsAt, oldMs)) return undefined;
      return works('pull', await storedIntegrations(tx, connectionId)) ? this.usable(tx, connectionId) : undefined;
    });
    if (!connection) return;
    const capability = await this.capability(scope, connection);
    await this.store(scope, connectionId, {
      seats: await readAllSeats(connection.pluginId, capability, () => context),
    });
  }

  private async run({ organizationId, id }: JobPayload): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    const connection = await scope.transaction(async (tx) => {
      const usable = await this.usable(tx, id);
      if (!usable) await rest(tx, id);
      return usable;
    });
    if (!connection) return;
    try {
      const isClose = await this.lookAt(scope, connection, 'background', 'old');
      await this.later(scope, id, isClose ? CLOSE_MS : USUAL_MS);
    } catch (error) {
      await this.failed(scope, id, error);
    }
  }

  /** @returns Whether it should be looked at again soon. */
  private async lookAt(
    scope: OrganizationScope,
    connection: UsableConnection,
    urgency: Urgency,
    which: 'all' | 'old',
  ): Promise<boolean> {
    const { before, viewers } = await scope.transaction(async (tx) => ({
      before: await this.record(tx, connection.id),
      viewers: await viewersOf(tx, connection.id),
    }));
    const capability = await this.capability(scope, connection);
    const contextOf = () => callContext(urgency, CALL_LIMIT_MS);
    const { integrations, toldNow } = await readAndPrepare(capability, contextOf, { name: this.parts.name, viewers });
    const wanted = works('pull', integrations) && (which === 'all' || isOlder(before?.seatsAt, SEATS_FOR_MS));
    const seats = wanted ? await readAllSeats(connection.pluginId, capability, contextOf) : undefined;
    await this.store(scope, connection.id, { integrations, seats, toldNow });
    return integrations.some(({ status }) => status !== 'enabled') && !isOlder(before?.closeSince, CLOSE_FOR_MS);
  }

  private store(
    scope: OrganizationScope,
    connectionId: string,
    {
      integrations,
      seats,
      toldNow,
    }: {
      readonly integrations?: readonly NetworkIntegration[];
      readonly seats?: readonly NetworkSeat[] | undefined;
      /** Who sees jobs, as the network was told. */
      readonly toldNow?: JobViewers | undefined;
    },
  ): Promise<void> {
    const isClosed = integrations !== undefined && !works('pull', integrations);
    return scope.transaction(async (tx) => {
      // Whoever looks at the same time waits, so that neither stores half of what it saw over the other's.
      const watched = await tx.row(
        `update talentbridge.network_watch w
         set integrations_at = case when $2 then now() else w.integrations_at end,
           seats_at = case when $3 then now() when $4 then null else w.seats_at end, tries = 0, reason = null,
           told_viewers = coalesce($5, w.told_viewers)
         where ${tx.own('w')} and w.connection_id = $1 returning w.connection_id`,
        [connectionId, integrations !== undefined, seats !== undefined, isClosed, toldNow ?? null],
      );
      // The connection went meanwhile.
      if (!watched) return;
      const switched = integrations ? await storeIntegrations(tx, connectionId, integrations) : false;
      // Seats that may not be read are none that anybody may read with.
      const current = isClosed ? [] : seats;
      const moved = current ? await storeSeats(tx, connectionId, current) : false;
      if (!switched && !moved) return;
      await this.parts.switched(tx, connectionId);
      if (moved) await this.parts.seatsChanged(tx, connectionId);
      await this.parts.notifications.announce(tx, SYSTEM_CONNECT_TOPIC, connectionId);
    });
  }

  private async failed(scope: OrganizationScope, connectionId: string, error: unknown): Promise<void> {
    // The text of an unknown error may quote rows.
    if (!isHubError(error)) {
      this.parts.logger.error(
        { connectionId, error: error instanceof Error ? error.name : 'unknown' },
        'nobody could look at a network; it is tried again',
      );
      throw error;
    }
    await this.parts.reportFailure(scope, connectionId, error);
    const tries = await scope.transaction(async (tx) => {
      const row = await tx.row<{ tries: number }>(
        `update talentbridge.network_watch w set tries = w.tries + 1, reason = $2
         where ${tx.own('w')} and w.connection_id = $1 returning w.tries`,
        [connectionId, error.message],
      );
      if (row) await this.parts.notifications.announce(tx, SYSTEM_CONNECT_TOPIC, connectionId);
      return row?.tries;
    });
    if (tries === undefined) return;
    await this.later(scope, connectionId, waitAfter(error, tries, { firstMs: CLOSE_MS, longestMs: USUAL_MS }));
  }

  /** Whoever asked for another look meanwhile has it at the time they said. */
  private later(scope: OrganizationScope, connectionId: string, inMs: number): Promise<void> {
    return scope.transaction(async (tx) => {
      const row = await tx.row<{ nextAt: Date }>(
        `update talentbridge.network_watch w set next_at = now() + $2 * interval '1 millisecond'
         where ${tx.own('w')} and w.connection_id = $1 returning w.next_at as "nextAt"`,
        [connectionId, inMs],
      );
      if (row) await this.parts.jobs.putOff(tx, WATCH_TASK, connectionId, row.nextAt);
    });
  }

  private async usable(tx: Transaction, connectionId: string): Promise<UsableConnection | undefined> {
    const connection = await usableConnection(tx, this.parts.entitlements, connectionId, SYSTEM_CONNECT);
    return connection?.unusable === undefined ? connection : undefined;
  }

  /** @throws NotFoundError, WrongStateError */
  private requireUsable(scope: OrganizationScope, connectionId: string): Promise<UsableConnection> {
    return scope.transaction(async (tx) => {
      const connection = isUuid(connectionId)
        ? await usableConnection(tx, this.parts.entitlements, connectionId, SYSTEM_CONNECT)
        : undefined;
      if (!connection) throw new NotFoundError('connection', connectionId);
      if (connection.unusable !== undefined) throw new WrongStateError(connection.status, connection.unusable);
      return connection;
    });
  }

  private async capability(
    scope: OrganizationScope,
    { id, pluginId }: UsableConnection,
  ): Promise<SystemConnectCapability> {
    const capability = (await this.parts.opener.open(scope, id)).capability('systemConnect');
    if (!capability) throw new PluginFaultError(pluginId, 'has no System Connect any more');
    return capability;
  }
}

/** Who is to see jobs, and what the network was told of it. */
async function viewersOf(tx: Transaction, connectionId: string): Promise<ViewersTold> {
  const row = await tx.row<ViewersTold>(
    `select coalesce(p.job_viewers, 'EVERYBODY') as wanted, w.told_viewers as told from talentbridge.network_watch w
     left join talentbridge.system_pair p on ${tx.own('p')} and p.connection_id = w.connection_id
     where ${tx.own('w')} and w.connection_id = $1`,
    [connectionId],
  );
  return row ?? { wanted: 'EVERYBODY', told: null };
}

async function rest(tx: Transaction, connectionId: string): Promise<void> {
  await tx.rows(
    `update talentbridge.network_watch w set next_at = null where ${tx.own('w')} and w.connection_id = $1`,
    [connectionId],
  );
}

function isOlder(at: Date | null | undefined, ms: number): boolean {
  return !at || Date.now() - at.getTime() >= ms;
}
