import type { Logger } from 'pino';
import type { JobPayload, JobQueue } from '../../kernel/jobs/job-queue.js';
import type { JobTask } from '../../kernel/jobs/job-runner.js';
import type { DueWork } from '../../kernel/jobs/lost-jobs.js';
import type { Notifications } from '../../kernel/notifications.js';
import { systemCaller } from '../../kernel/organizations/caller.js';
import type { Database } from '../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import { TELL_APPLICATIONS_TASK } from './arrivals/arrivals-schema.js';
import type { MirrorContent } from './mirror-content.js';
import { NEW_APPLICATIONS_TOPIC, type SystemPair } from './system-connect-model.js';
import type { SystemConnectPart } from './system-connect-part.js';

/** An application that came into the mirror of a pair. Its candidate was looked for at the network before it was told of. */
export interface NewApplication {
  readonly id: string;
  /** Of the network. */
  readonly connectionId: string;
  readonly atsConnectionId: string;
  /** The mirror's. */
  readonly applicationId: string;
  /** The mirror's. `null`: it does not have the candidate, or not yet. */
  readonly candidateId: string | null;
  /** The ATS's. */
  readonly candidateRemoteId: string;
  /** The ATS's. */
  readonly jobRemoteId: string;
  readonly toldAt: Date;
  /** Who the candidate is at the network. `null`: nobody knows, or did in time. */
  readonly member: string | null;
  /** Notes and messages that are stored of them. */
  readonly notes: number;
  readonly messages: number;
}

/** What `NewApplications` works with. */
export interface NewApplicationsParts {
  readonly database: Database;
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly logger: Logger;
  readonly mirror: Pick<MirrorContent, 'idsNamed'>;
  /** Has the network know candidates, and reads back who they are there, within a time in milliseconds. */
  readonly connectNow: (
    scope: OrganizationScope,
    connectionId: string,
    candidateRemoteIds: readonly string[],
    limitMs: number,
  ) => Promise<void>;
}

/** How long the alert waits for the network. */
const CONNECT_WITHIN_MS = 10_000;
/** Applications that are told of together. */
const AT_ONCE = 100;
/** How long whoever was away can still read of them. */
const KEPT = "interval '7 days'";
/** So many are read at once, and those that were told of at the same time as the last of them. */
const MOST_READ = 500;

/** Tells of applications that are new, with their candidates connected first, so that what the network knows is there with them. */
export class NewApplications implements SystemConnectPart {
  readonly due: readonly DueWork[] = [{ dueBefore: 'talentbridge.new_applications_due' }];
  readonly keepers: NonNullable<SystemConnectPart['keepers']> = [
    {
      table: 'new_application',
      forget: async (tx, { connectionId, remoteId }) => {
        const rows = await tx.rows(
          `delete from talentbridge.new_application n
           where ${tx.own('n')} and n.ats_connection_id = $1 and n.candidate_remote_id = $2 returning n.id`,
          [connectionId, remoteId],
        );
        return rows.length;
      },
    },
  ];

  constructor(private readonly parts: NewApplicationsParts) {}

  get tasks(): Readonly<Record<string, JobTask>> {
    return { [TELL_APPLICATIONS_TASK]: (payload, signal) => this.run(payload, signal) };
  }

  /** Whether the network can be asked or not, applications are told of: nothing has to be resumed. */
  async resume(): Promise<void> {}

  async end(tx: Transaction, { connectionId }: SystemPair): Promise<void> {
    await tx.rows(`delete from talentbridge.new_application n where ${tx.own('n')} and n.connection_id = $1`, [
      connectionId,
    ]);
  }

  /**
   * Those that were told of since a time, oldest first: about 500, so that whoever reads on from the last one misses none. Default:
   * all that are kept, of seven days.
   */
  list(scope: OrganizationScope, since?: Date): Promise<readonly NewApplication[]> {
    return scope.read(async (tx) => {
      const told = await tx.rows<Omit<NewApplication, 'candidateId'>>(
        `select n.id, n.connection_id as "connectionId", n.ats_connection_id as "atsConnectionId",
           n.application_id as "applicationId", n.candidate_remote_id as "candidateRemoteId",
           n.job_remote_id as "jobRemoteId", n.told_at as "toldAt", l.member,
           (select count(*)::int from talentbridge.network_item i where ${tx.own('i')}
             and i.connection_id = n.connection_id and i.member = l.member and i.kind = 'NOTE') as notes,
           (select count(*)::int from talentbridge.network_item i where ${tx.own('i')}
             and i.connection_id = n.connection_id and i.member = l.member and i.kind = 'MESSAGE') as messages
         from talentbridge.new_application n
         left join talentbridge.network_link l on ${tx.own('l')} and l.connection_id = n.connection_id
           and l.candidate_remote_id = n.candidate_remote_id
         where ${tx.own('n')} and n.told_at > coalesce($1::timestamptz, '-infinity') and n.told_at > now() - ${KEPT}
         order by n.told_at fetch first ${MOST_READ} rows with ties`,
        [since ?? null],
      );
      return this.withCandidates(tx, told);
    });
  }

  private async withCandidates(
    tx: Transaction,
    told: readonly Omit<NewApplication, 'candidateId'>[],
  ): Promise<readonly NewApplication[]> {
    const ids = new Map<string, string>();
    for (const [atsConnectionId, group] of Map.groupBy(told, (one) => one.atsConnectionId)) {
      const remoteIds = [...new Set(group.map(({ candidateRemoteId }) => candidateRemoteId))];
      for (const { id, remoteId } of await this.parts.mirror.idsNamed(tx, atsConnectionId, 'candidate', remoteIds)) {
        ids.set(`${atsConnectionId}/${remoteId}`, id);
      }
    }
    return told.map((one) => ({
      ...one,
      candidateId: ids.get(`${one.atsConnectionId}/${one.candidateRemoteId}`) ?? null,
    }));
  }

  private async run({ organizationId, id }: JobPayload, signal: AbortSignal): Promise<void> {
    await using scope = this.parts.database.scope(systemCaller(organizationId));
    for (;;) {
      const waiting = await scope.transaction((tx) =>
        tx.rows<{ id: string; candidateRemoteId: string }>(
          `select n.id, n.candidate_remote_id as "candidateRemoteId" from talentbridge.new_application n
           where ${tx.own('n')} and n.connection_id = $1 and n.told_at is null order by n.found_at, n.id limit ${AT_ONCE}`,
          [id],
        ),
      );
      if (waiting.length === 0) return;
      await this.connect(scope, id, [...new Set(waiting.map(({ candidateRemoteId }) => candidateRemoteId))]);
      await scope.transaction((tx) =>
        this.tell(
          tx,
          waiting.map((one) => one.id),
        ),
      );
      if (signal.aborted) return scope.transaction((tx) => this.parts.jobs.add(tx, TELL_APPLICATIONS_TASK, id));
    }
  }

  /** A network that does not answer keeps no alert back. */
  private async connect(
    scope: OrganizationScope,
    connectionId: string,
    candidateRemoteIds: readonly string[],
  ): Promise<void> {
    try {
      await this.parts.connectNow(scope, connectionId, candidateRemoteIds, CONNECT_WITHIN_MS);
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      this.parts.logger.info({ connectionId, error: name }, 'new applications are told of without the network');
    }
  }

  private async tell(tx: Transaction, ids: readonly string[]): Promise<void> {
    await tx.rows(`delete from talentbridge.new_application n where ${tx.own('n')} and n.found_at < now() - ${KEPT}`);
    await tx.rows(
      `update talentbridge.new_application n set told_at = date_trunc('milliseconds', now()) where ${tx.own('n')} and n.id = any($1::uuid[])`,
      [ids],
    );
    await this.parts.notifications.announce(tx, NEW_APPLICATIONS_TOPIC, tx.organizationId);
  }
}
