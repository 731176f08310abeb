import { type UsableConnection, type UsedCapability, usableConnection } from '../../connections/usable-connection.js';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { InvalidInputError, NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { Notifications } from '../../kernel/notifications.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { NetworkTexts } from './network-texts.js';
import { PAIR_COLUMNS, pairOf, REDISCOVERY, SYSTEM_CONNECT } from './pair-standing.js';
import {
  type JobViewers,
  type MissingEmailRule,
  SYSTEM_CONNECT_TOPIC,
  type SystemPair,
} from './system-connect-model.js';
import type { SystemConnectPart } from './system-connect-part.js';

/** What is to be paired. */
export interface PairOrder {
  /** Of the network. */
  readonly connectionId: string;
  readonly atsConnectionId: string;
  /** Default: as it is, `DUMMY` for a new pair. */
  readonly missingEmail?: MissingEmailRule;
  /** Default: as it is, `EVERYBODY` for a new pair. */
  readonly jobViewers?: JobViewers;
}

/** What `Pairs` works with. */
export interface PairsParts {
  readonly entitlements: Entitlements;
  readonly notifications: Notifications;
  readonly audit: AuditLog;
  readonly texts: NetworkTexts;
  readonly parts: readonly SystemConnectPart[];
  /** A network was paired: somebody is about to switch something on there. */
  readonly paired: (tx: Transaction, connectionId: string) => Promise<void>;
  /** Others see jobs at the network from now on. */
  readonly viewersChanged: (tx: Transaction, connectionId: string) => Promise<void>;
}

/** Joins connections of networks with those of mirrored ATSs, and parts them. */
export class Pairs {
  constructor(private readonly parts: PairsParts) {}

  /** All pairs of the organization, oldest first. */
  list(scope: OrganizationScope): Promise<readonly SystemPair[]> {
    return scope.read((tx) =>
      tx.rows<SystemPair>(
        `select ${PAIR_COLUMNS} from talentbridge.system_pair p where ${tx.own('p')} order by p.created_at, p.connection_id`,
      ),
    );
  }

  /**
   * Joins a network with an ATS. The same pair again is the same pair, with the rules that are given.
   * @throws NotFoundError, InvalidInputError
   * @throws CapabilityOffError when System Connect, or Rediscovery, is off.
   * @throws WrongStateError when one of the two cannot be used now, or is in another pair.
   */
  pair(scope: OrganizationScope, order: PairOrder): Promise<SystemPair> {
    const { connectionId, atsConnectionId } = order;
    return scope.transaction(async (tx) => {
      if (connectionId === atsConnectionId) {
        throw new InvalidInputError([
          {
            field: 'atsConnectionId',
            message: 'A connection cannot be paired with itself. Choose the one of the ATS.',
          },
        ]);
      }
      // Of two who pair at once the second sees what the first has done.
      await tx.rows(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [
        `systemConnect.pair:${tx.organizationId}`,
      ]);
      const network = await this.usable(tx, connectionId, SYSTEM_CONNECT);
      const ats = await this.usable(tx, atsConnectionId, REDISCOVERY);
      const known = await pairOf(tx, connectionId);
      const other = await pairOf(tx, atsConnectionId);
      const taken = known?.atsConnectionId === atsConnectionId ? undefined : known ? network : other ? ats : undefined;
      if (taken) {
        throw new WrongStateError('PAIRED', `${taken.name} is in another pair already. Part that one first.`);
      }
      const missingEmail = order.missingEmail ?? known?.missingEmail ?? 'DUMMY';
      const jobViewers = order.jobViewers ?? known?.jobViewers ?? 'EVERYBODY';
      if (known?.missingEmail === missingEmail && known.jobViewers === jobViewers) return known;
      // Before the pair itself, which whoever looks at the network takes after that, too.
      await this.parts.paired(tx, connectionId);
      const [pair] = await tx.rows<SystemPair>(
        `insert into talentbridge.system_pair as p
           (organization_id, connection_id, ats_connection_id, missing_email, job_viewers, created_by)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (organization_id, connection_id)
           do update set missing_email = excluded.missing_email, job_viewers = excluded.job_viewers
         returning ${PAIR_COLUMNS}`,
        [tx.organizationId, connectionId, atsConnectionId, missingEmail, jobViewers, scope.caller.userId],
      );
      if (!pair) throw new Error('The pair that was stored a moment ago is not there.');
      await this.record(tx, scope, known ? 'systemConnect.changePair' : 'systemConnect.pair', pair, {
        missingEmail,
        jobViewers,
      });
      for (const part of this.parts.parts) await part.resume(tx, pair);
      if (known && known.jobViewers !== jobViewers) await this.parts.viewersChanged(tx, connectionId);
      return pair;
    });
  }

  /**
   * Parts a pair: what came from the network is deleted here, what went there is removed by a job. Seats stay with their users.
   * @throws NotFoundError
   */
  unpair(scope: OrganizationScope, connectionId: string): Promise<SystemPair> {
    return scope.transaction(async (tx) => {
      const pair = isUuid(connectionId) ? await pairOf(tx, connectionId, 'update') : undefined;
      if (pair?.connectionId !== connectionId) throw new NotFoundError('pair', connectionId);
      await this.end(tx, pair);
      await this.record(tx, scope, 'systemConnect.unpair', pair);
      return pair;
    });
  }

  /** Has the work of pairs go on where it may. Of connections in no pair nothing happens. */
  async resume(tx: Transaction, connectionId: string): Promise<void> {
    const pair = await pairOf(tx, connectionId, 'share');
    if (!pair) return;
    for (const part of this.parts.parts) await part.resume(tx, pair);
  }

  /** A connection goes, and the pair that it is in with it. */
  async leave(tx: Transaction, connectionId: string): Promise<void> {
    const pair = await pairOf(tx, connectionId, 'update');
    if (pair) await this.end(tx, pair);
  }

  /** Whoever writes something of the pair holds it meanwhile: what they write is deleted here, or they find no pair any more. */
  private async end(tx: Transaction, pair: SystemPair): Promise<void> {
    const { connectionId } = pair;
    for (const part of this.parts.parts) await part.end(tx, pair);
    // Their texts go along.
    await tx.rows(`delete from talentbridge.network_item i where ${tx.own('i')} and i.connection_id = $1`, [
      connectionId,
    ]);
    await tx.rows(`delete from talentbridge.network_link l where ${tx.own('l')} and l.connection_id = $1`, [
      connectionId,
    ]);
    await this.parts.texts.destroyKey(tx, connectionId);
    await tx.rows(`delete from talentbridge.system_pair p where ${tx.own('p')} and p.connection_id = $1`, [
      connectionId,
    ]);
    await this.parts.notifications.announce(tx, SYSTEM_CONNECT_TOPIC, connectionId);
  }

  private async usable(tx: Transaction, connectionId: string, capability: UsedCapability): Promise<UsableConnection> {
    const connection = isUuid(connectionId)
      ? await usableConnection(tx, this.parts.entitlements, connectionId, capability, 'share')
      : undefined;
    if (!connection) throw new NotFoundError('connection', connectionId);
    await this.parts.entitlements.require(tx, connection.pluginId, capability.name);
    if (connection.unusable !== undefined) throw new WrongStateError(connection.status, connection.unusable);
    return connection;
  }

  private async record(
    tx: Transaction,
    scope: OrganizationScope,
    action: `systemConnect.${string}`,
    { connectionId, atsConnectionId }: SystemPair,
    details: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const subject = { type: 'connection', id: connectionId };
    await this.parts.audit.record(tx, scope.caller, action, subject, { atsConnectionId, ...details });
    await this.parts.notifications.announce(tx, SYSTEM_CONNECT_TOPIC, connectionId);
  }
}
