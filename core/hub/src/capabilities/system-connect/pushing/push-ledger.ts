import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../../kernel/notifications.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { ARRIVALS_TASK } from '../arrivals/arrivals-schema.js';
import type { MirrorContent } from '../mirror-content.js';
import { SYSTEM_CONNECT_TOPIC } from '../system-connect-model.js';
import { FIRST, makeDue } from './due-records.js';
import type { DueKind, PushPhase } from './push-model.js';
import { PUSH_LATER_TASK, PUSH_TASK } from './pushing-schema.js';

/** Records that become due in one transaction. */
const SEEDED_AT_ONCE = 1_000;

/** Another worker has the work: what this one found out is not written. */
export class PushOvertakenError extends Error {
  override readonly name = 'PushOvertakenError';
}

/** What a worker took over. */
export interface TakenPush {
  readonly connectionId: string;
  readonly atsConnectionId: string;
  readonly epoch: number;
  /** When it was, by the clock of the database. */
  readonly now: Date;
}

/** How far the pushing of a pair is. */
export interface PushState {
  readonly phase: PushPhase;
  readonly atsConnectionId: string;
  readonly seedKind: DueKind;
  readonly seedAfter: string | null;
  readonly firstSyncAt: Date | null;
  readonly tries: number;
  /** `null`: it waits for nothing. */
  readonly resumeAt: Date | null;
  /** Why it waits. */
  readonly reason: string | null;
  readonly historiesAt: Date | null;
  /** By the clock of the database, which jobs are run by too. */
  readonly now: Date;
}

const STATE = `p.phase, p.ats_connection_id as "atsConnectionId", p.seed_kind as "seedKind", p.seed_after as "seedAfter",
  p.first_sync_at as "firstSyncAt", p.tries, case when p.resume_at > clock_timestamp() then p.resume_at end as "resumeAt", p.reason,
  p.histories_at as "historiesAt", clock_timestamp() as now`;

/** What `PushLedger` works with. */
export interface PushLedgerParts {
  readonly jobs: JobQueue;
  readonly notifications: Notifications;
  readonly mirror: MirrorContent;
}

/** Keeps how far the pushing of each pair is. Every write is of the worker that has taken it over last. */
export class PushLedger {
  constructor(private readonly parts: PushLedgerParts) {}

  /** Has the work of a pair begin, or go on, at once. */
  async wake(tx: Transaction, connectionId: string, atsConnectionId: string): Promise<void> {
    await tx.rows(
      `insert into talentbridge.network_push as p (organization_id, connection_id, ats_connection_id, next_at)
       values ($1, $2, $3, now())
       on conflict (organization_id, connection_id) do update
         set ats_connection_id = excluded.ats_connection_id, next_at = now(), tries = 0, resume_at = null, reason = null`,
      [tx.organizationId, connectionId, atsConnectionId],
    );
    await this.parts.jobs.add(tx, PUSH_TASK, connectionId);
  }

  /** Has the job come at once, where there is anything to push. */
  async now(tx: Transaction, connectionId: string): Promise<void> {
    await this.parts.jobs.add(tx, PUSH_TASK, connectionId);
  }

  /**
   * Takes the work over. From now on whoever writes a change adds another job; unless somebody who writes one at this moment counts
   * on this job, which has to come again then. `undefined`: nothing is pushed for this connection.
   */
  async take(
    scope: OrganizationScope,
    connectionId: string,
  ): Promise<(TakenPush & { readonly comesAgain: boolean }) | undefined> {
    const isAlone = await scope.transaction(async (tx) => {
      // To wait for those who saw that a job waits and have not committed yet would have all others wait, too.
      const lock = await tx.row<{ taken: boolean }>(
        'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as taken',
        [`${PUSH_TASK}:${connectionId}`],
      );
      if (lock?.taken) {
        await tx.rows(
          `update talentbridge.network_push_queue q set queued = false where ${tx.own('q')} and q.connection_id = $1`,
          [connectionId],
        );
      }
      return lock?.taken === true;
    });
    const taken = await this.overtake(scope, connectionId);
    return taken && { ...taken, comesAgain: !isAlone };
  }

  /** Takes the work over, whatever changes. */
  overtake(scope: OrganizationScope, connectionId: string): Promise<TakenPush | undefined> {
    return scope.transaction((tx) =>
      tx.row<TakenPush>(
        `update talentbridge.network_push p set epoch = p.epoch + 1, next_at = now()
         where ${tx.own('p')} and p.connection_id = $1 
         returning p.connection_id as "connectionId", p.ats_connection_id as "atsConnectionId", p.epoch, clock_timestamp() as now`,
        [connectionId],
      ),
    );
  }

  /** How far the work is, which is still this worker's. @throws PushOvertakenError */
  async current(tx: Transaction, { connectionId, epoch }: TakenPush): Promise<PushState> {
    const state = await tx.row<PushState>(
      `select ${STATE} from talentbridge.network_push p where ${tx.own('p')} and p.connection_id = $1 and p.epoch = $2`,
      [connectionId, epoch],
    );
    if (!state) throw overtaken();
    return state;
  }

  /** Runs work in a transaction, as long as nobody takes the work over. @throws PushOvertakenError */
  write<Result>(
    scope: OrganizationScope,
    { connectionId, epoch }: TakenPush,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> {
    return scope.transaction(async (tx) => {
      const own = await tx.row(
        `select from talentbridge.network_push p where ${tx.own('p')} and p.connection_id = $1 and p.epoch = $2 for update`,
        [connectionId, epoch],
      );
      if (!own) throw overtaken();
      return work(tx);
    });
  }

  /** The network took something: whatever it was that had failed, it works. */
  async worked(tx: Transaction, connectionId: string): Promise<void> {
    await tx.rows(
      `update talentbridge.network_push p set pushed_at = now(), tries = 0, resume_at = null, reason = null
       where ${tx.own('p')} and p.connection_id = $1`,
      [connectionId],
    );
  }

  /** Begins to make due all that the mirror holds. @returns `false`: its first load is not complete. */
  beginSeed(scope: OrganizationScope, taken: TakenPush, atsConnectionId: string): Promise<boolean> {
    return scope.transaction(async (tx) => {
      // Who writes to the mirror notes what changes from now on; the mirror's lock comes first, as everywhere.
      const size = await this.parts.mirror.lockedSize(tx, atsConnectionId);
      if (!size?.complete) return false;
      const begun = await tx.row(
        `update talentbridge.network_push p
         set phase = 'SEEDING', seed_kind = 'job', seed_after = '${FIRST}', seed_done = 0, seed_total = $3,
           first_sync_at = null, histories_at = now()
         where ${tx.own('p')} and p.connection_id = $1 and p.epoch = $2 and p.phase = 'WAITING' returning p.epoch`,
        [taken.connectionId, taken.epoch, size.candidates + size.jobs],
      );
      if (!begun) throw overtaken();
      await this.announce(tx, taken.connectionId);
      return true;
    });
  }

  /** Makes the next jobs due, then the next candidates. */
  seed(scope: OrganizationScope, taken: TakenPush, state: PushState): Promise<void> {
    const { seedKind, atsConnectionId, seedAfter } = state;
    return this.write(scope, taken, async (tx) => {
      const { connectionId } = taken;
      const ids = await this.parts.mirror.idsAfter(tx, atsConnectionId, seedKind, seedAfter ?? FIRST, SEEDED_AT_ONCE);
      await makeDue(tx, connectionId, seedKind, ids);
      const next = ids.length === SEEDED_AT_ONCE ? { kind: seedKind, after: ids.at(-1) } : afterAll(seedKind);
      await tx.rows(
        `update talentbridge.network_push p set phase = $2, seed_kind = $3, seed_after = $4, seed_done = p.seed_done + $5
         where ${tx.own('p')} and p.connection_id = $1`,
        [connectionId, next ? 'SEEDING' : 'FOLLOWING', next?.kind ?? 'job', next?.after ?? null, ids.length],
      );
      await this.announce(tx, connectionId);
    });
  }

  /** All that the mirror held at first has been sent. */
  endFirstSync(scope: OrganizationScope, taken: TakenPush): Promise<void> {
    return this.write(scope, taken, async (tx) => {
      await tx.rows(
        `update talentbridge.network_push p set first_sync_at = now() where ${tx.own('p')} and p.connection_id = $1`,
        [taken.connectionId],
      );
      // Who answered before waits for it.
      await this.parts.jobs.add(tx, ARRIVALS_TASK, taken.connectionId);
      await this.announce(tx, taken.connectionId);
    });
  }

  /** Everything waits, because a call failed. @param reason For people. @param waitFor How long after so many tries. */
  later(scope: OrganizationScope, taken: TakenPush, reason: string, waitFor: (tries: number) => number): Promise<Date> {
    return this.write(scope, taken, async (tx) => {
      const { tries, now } = await this.current(tx, taken);
      const at = new Date(now.getTime() + waitFor(tries + 1));
      await tx.rows(
        `update talentbridge.network_push p set tries = p.tries + 1, resume_at = $2, reason = $3
         where ${tx.own('p')} and p.connection_id = $1`,
        [taken.connectionId, at, reason],
      );
      await this.announce(tx, taken.connectionId);
      return at;
    });
  }

  /** Ends a run, and goes on later. @param at Absent: once something changes. @param reason Why it waits, for people. */
  rest(scope: OrganizationScope, taken: TakenPush, at?: Date, reason?: string): Promise<void> {
    return scope.transaction(async (tx) => {
      const own = await tx.row(
        `update talentbridge.network_push p set next_at = $3, reason = $4
         where ${tx.own('p')} and p.connection_id = $1 and p.epoch = $2 returning p.epoch`,
        [taken.connectionId, taken.epoch, at ?? null, reason ?? null],
      );
      if (own && at) await this.parts.jobs.add(tx, PUSH_LATER_TASK, taken.connectionId, { runAt: at });
    });
  }

  /**
   * Something arrived at the network after the work was taken over: whoever has it now goes on. Where everything was removed, and
   * nobody has it any more, all that is there is removed once more.
   * @returns `false`: the connection goes, and nobody can remove anything.
   */
  async reopen(tx: Transaction, { connectionId, atsConnectionId }: TakenPush): Promise<boolean> {
    const connection = await tx.row(
      `select c.id from talentbridge.connection c
       where ${tx.own('c')} and c.id = $1 and c.status not in ('REMOVING', 'REMOVED')`,
      [connectionId],
    );
    if (!connection) return false;
    await tx.rows(
      `insert into talentbridge.network_push (organization_id, connection_id, ats_connection_id, phase, next_at)
       values ($1, $2, $3, 'REMOVING', now()) on conflict (organization_id, connection_id) do nothing`,
      [tx.organizationId, connectionId, atsConnectionId],
    );
    await this.now(tx, connectionId);
    return true;
  }

  /** Has everything removed that is at the network. */
  async beginRemoval(tx: Transaction, connectionId: string, runs: 'JOB' | 'BY_ITSELF'): Promise<void> {
    const row = await tx.row(
      `update talentbridge.network_push p
       set phase = 'REMOVING', epoch = p.epoch + 1, tries = 0, resume_at = null, reason = null, left_behind = 0,
         next_at = case when $2 then now() end
       where ${tx.own('p')} and p.connection_id = $1 returning p.epoch`,
      [connectionId, runs === 'JOB'],
    );
    await tx.rows(`delete from talentbridge.network_due d where ${tx.own('d')} and d.connection_id = $1`, [
      connectionId,
    ]);
    if (row && runs === 'JOB') await this.parts.jobs.add(tx, PUSH_TASK, connectionId);
  }

  /** So many records stay at the network for good, whatever is done. */
  async leave(tx: Transaction, connectionId: string, count: number): Promise<void> {
    await tx.rows(
      `update talentbridge.network_push p set left_behind = p.left_behind + $2
       where ${tx.own('p')} and p.connection_id = $1`,
      [connectionId, count],
    );
  }

  /** Everything was removed: where there is a pair all begins anew. @returns How many records were left behind. */
  async endRemoval(tx: Transaction, connectionId: string): Promise<number> {
    const row = await tx.row<{ left: number }>(
      `update talentbridge.network_push p
       set phase = 'WAITING', seed_kind = 'job', seed_after = null, seed_done = 0, seed_total = 0, first_sync_at = null,
         tries = 0, resume_at = null, reason = null, pushed_at = null
       where ${tx.own('p')} and p.connection_id = $1 returning p.left_behind as left`,
      [connectionId],
    );
    // What there is becomes due anew.
    await tx.rows(`delete from talentbridge.network_due d where ${tx.own('d')} and d.connection_id = $1`, [
      connectionId,
    ]);
    const unpaired = await tx.row(
      `delete from talentbridge.network_push p where ${tx.own('p')} and p.connection_id = $1 and not exists (
         select from talentbridge.system_pair s where ${tx.own('s')} and s.connection_id = p.connection_id) returning p.epoch`,
      [connectionId],
    );
    if (unpaired) {
      await tx.rows(`delete from talentbridge.network_push_queue q where ${tx.own('q')} and q.connection_id = $1`, [
        connectionId,
      ]);
    }
    await this.announce(tx, connectionId);
    return row?.left ?? 0;
  }

  /** Tells everybody who watches this pair. */
  announce(tx: Transaction, connectionId: string): Promise<void> {
    return this.parts.notifications.announce(tx, SYSTEM_CONNECT_TOPIC, connectionId);
  }
}

function afterAll(kind: DueKind): { readonly kind: DueKind; readonly after: string } | undefined {
  return kind === 'job' ? { kind: 'candidate', after: FIRST } : undefined;
}

function overtaken(): PushOvertakenError {
  return new PushOvertakenError('Another worker pushes for this connection, or nothing is pushed any more.');
}
