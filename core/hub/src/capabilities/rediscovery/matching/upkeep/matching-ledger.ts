import type { JobQueue } from '../../../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../../../kernel/notifications.js';
import type { Entitlements } from '../../../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import { isReadable, type OutboxPosition, outboxEnd, pruneOutbox } from '../../outbox.js';
import { MATCHING_TOPIC, type MatchingState } from './match-model.js';
import {
  type Decided,
  lockMatching,
  STORED_COLUMNS,
  type StoredMatch,
  unmatched,
  writeDecisions,
} from './match-store.js';
import { MATCH_LATER_TASK, MATCH_TASK } from './matching-schema.js';
import { mirroredConnections } from './shown-connections.js';

/** What a worker took over. */
export interface TakenMatching {
  readonly epoch: number;
  readonly mirrorFrom: OutboxPosition['from'];
  readonly profilesFrom: OutboxPosition['from'];
  readonly passWantedAt: Date | null;
  readonly passAfter: string | null;
  readonly passEndedAt: Date | null;
  readonly passWorkedMs: number;
  /** By the clock of the database, which jobs are run by too. */
  readonly now: Date;
}

/** Another worker has the matching, or a verdict came between: what was decided is not written. */
export class MatchingOvertakenError extends Error {
  override readonly name = 'MatchingOvertakenError';
}

/** What is stored with decisions: how far the work is. */
export interface MatchingProgress {
  readonly mirrorFrom?: OutboxPosition['from'];
  /** The candidate up to whom a pass over everything is done, how many more these are, and how long they took. */
  readonly pass?: { readonly after: string; readonly more: number; readonly workedMs: number };
  /** Candidates were left as they are, because Rediscovery is off for them. */
  readonly passedOver?: boolean;
}

const STATE = `s.epoch, s.mirror_from::text as "mirrorFrom", s.profiles_from::text as "profilesFrom",
  s.pass_wanted_at as "passWantedAt", s.pass_after as "passAfter", s.pass_ended_at as "passEndedAt",
  s.pass_worked_ms::float8 as "passWorkedMs", clock_timestamp() as now`;

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Keeps how far the matching of each organization is. Every write is of the worker that has taken it over last. */
export class MatchingLedger {
  constructor(
    private readonly parts: {
      readonly entitlements: Entitlements;
      readonly jobs: JobQueue;
      readonly notifications: Notifications;
    },
  ) {}

  /**
   * Takes the work over. From now on whoever writes a change adds another job; unless somebody who writes one at this moment counts on
   * this job, which has to come again then.
   */
  async take(scope: OrganizationScope): Promise<(TakenMatching & { readonly comesAgain: boolean }) | undefined> {
    const isAlone = await scope.transaction(async (tx) => {
      // To wait for those who saw that a job waits and have not committed yet would have all others wait, too.
      const lock = await tx.row<{ taken: boolean }>(
        'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as taken',
        [`${MATCH_TASK}:${tx.organizationId}`],
      );
      if (lock?.taken) await tx.rows(`update talentbridge.matching_queue q set queued = false where ${tx.own('q')}`);
      return lock?.taken === true;
    });
    const taken = await this.takeOver(scope);
    return taken && { ...taken, comesAgain: !isAlone };
  }

  private takeOver(scope: OrganizationScope): Promise<TakenMatching | undefined> {
    return scope.transaction(async (tx) => {
      await lockMatching(tx, []);
      const state = await tx.row<TakenMatching>(
        `update talentbridge.matching_state s set epoch = s.epoch + 1, next_at = now() where ${tx.own('s')} returning ${STATE}`,
      );
      const known =
        state &&
        (await isReadable(tx, 'mirror_change', state.mirrorFrom)) &&
        (await isReadable(tx, 'profile_change', state.profilesFrom));
      return state === undefined || known ? state : this.beginAnew(tx);
    });
  }

  /** What changed is not known any more: everything is decided anew. */
  private async beginAnew(tx: Transaction): Promise<TakenMatching | undefined> {
    const { from } = await outboxEnd(tx);
    const gone = await tx.rows<StoredMatch>(
      `select ${STORED_COLUMNS} from talentbridge.candidate_match m
       where ${tx.own('m')} and not exists (
         select from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id = m.candidate_id)`,
    );
    await writeDecisions(tx, unmatched(gone));
    return tx.row<TakenMatching>(
      `update talentbridge.matching_state s
       set mirror_from = $1::xid8, profiles_from = $1::xid8, pass_wanted_at = coalesce(s.pass_wanted_at, now())
       where ${tx.own('s')} returning ${STATE}`,
      [from],
    );
  }

  /**
   * Writes what was decided of candidates together with how far the work is.
   * @param verdicts How many there were when the candidates were read.
   * @throws MatchingOvertakenError
   */
  write(
    scope: OrganizationScope,
    taken: Pick<TakenMatching, 'epoch'>,
    verdicts: number,
    decided: readonly Decided[],
    progress: MatchingProgress,
  ): Promise<void> {
    return scope.transaction(async (tx) => {
      const lock = await lockMatching(
        tx,
        decided.map(({ connectionId }) => connectionId),
      );
      if (lock.epoch !== taken.epoch || lock.verdicts !== verdicts) {
        throw new MatchingOvertakenError('Something came between; the candidates are decided again.');
      }
      await writeDecisions(tx, decided);
      const { mirrorFrom, pass, passedOver = false } = progress;
      await tx.rows(
        `update talentbridge.matching_state s
         set mirror_from = coalesce($1::xid8, s.mirror_from), pass_after = coalesce($2::uuid, s.pass_after),
           pass_done = s.pass_done + $3, pass_worked_ms = s.pass_worked_ms + $4, passed_over = s.passed_over or $5
         where ${tx.own('s')}`,
        [mirrorFrom ?? null, pass?.after ?? null, pass?.more ?? 0, Math.round(pass?.workedMs ?? 0), passedOver],
      );
      if (pass) await this.announce(tx);
    });
  }

  /** Matches of candidates that went with their whole mirror. */
  async forgetCleared(tx: Transaction, connectionIds: readonly string[]): Promise<void> {
    await tx.rows(
      `delete from talentbridge.candidate_match m
       where ${tx.own('m')} and m.connection_id = any($1::uuid[]) and not exists (
         select from talentbridge.mirror_candidate c where ${tx.own('c')} and c.id = m.candidate_id)`,
      [connectionIds],
    );
  }

  /** Profiles changed, up to a position in their outbox. @param differs Whether everything has to be decided anew for it. */
  profilesSeen(
    scope: OrganizationScope,
    taken: Pick<TakenMatching, 'epoch'>,
    from: OutboxPosition['from'],
    differs: boolean,
  ): Promise<void> {
    return scope.transaction(async (tx) => {
      // Where nothing is mirrored, nobody else comes by.
      await pruneOutbox(tx, 'profile_change');
      await tx.rows(
        `update talentbridge.matching_state s set profiles_from = $2::xid8,
           pass_wanted_at = case when $3 then coalesce(s.pass_wanted_at, now()) else s.pass_wanted_at end
         where ${tx.own('s')} and s.epoch = $1`,
        [taken.epoch, from, differs],
      );
    });
  }

  /** Begins to decide everything anew. */
  beginPass(scope: OrganizationScope, taken: Pick<TakenMatching, 'epoch'>): Promise<void> {
    return scope.transaction(async (tx) => {
      const { shown, hidden } = await mirroredConnections(tx, this.parts.entitlements);
      await tx.rows(
        `update talentbridge.matching_state s
         set pass_wanted_at = null, pass_after = '${FIRST}', pass_began_at = now(), pass_done = 0, pass_worked_ms = 0,
           passed_over = $3,
           pass_total = (select count(*) from talentbridge.mirror_candidate c
             where ${tx.own('c')} and c.connection_id = any($2::uuid[]))
         where ${tx.own('s')} and s.epoch = $1`,
        [taken.epoch, shown, hidden.length > 0],
      );
      await this.announce(tx);
    });
  }

  /** Everything has been decided anew. */
  endPass(scope: OrganizationScope, taken: Pick<TakenMatching, 'epoch'>): Promise<void> {
    return scope.transaction(async (tx) => {
      await tx.rows(
        `update talentbridge.matching_state s set pass_after = null, pass_ended_at = now()
         where ${tx.own('s')} and s.epoch = $1`,
        [taken.epoch],
      );
      await this.announce(tx);
    });
  }

  /** Where the work stands now. `undefined`: another worker has it. */
  current(scope: OrganizationScope, taken: Pick<TakenMatching, 'epoch'>): Promise<TakenMatching | undefined> {
    return scope.transaction((tx) =>
      tx.row<TakenMatching>(
        `select ${STATE} from talentbridge.matching_state s where ${tx.own('s')} and s.epoch = $1`,
        [taken.epoch],
      ),
    );
  }

  /** Has everything decided anew, soon. */
  async want(tx: Transaction): Promise<void> {
    await lockMatching(tx, []);
    await tx.rows(
      `update talentbridge.matching_state s
       set pass_wanted_at = coalesce(s.pass_wanted_at, now()), pass_worked_ms = 0, next_at = now()
       where ${tx.own('s')}`,
    );
    await this.parts.jobs.add(tx, MATCH_TASK, tx.organizationId);
    await this.announce(tx);
  }

  /** Rediscovery may be on again for a connection whose candidates were passed over. */
  async resume(tx: Transaction): Promise<void> {
    const row = await tx.row(
      `select s.epoch from talentbridge.matching_state s where ${tx.own('s')} and s.passed_over`,
    );
    if (row) await this.want(tx);
  }

  /** Ends a run, and goes on later. @param at Absent: once something changes. */
  rest(scope: OrganizationScope, taken: Pick<TakenMatching, 'epoch'>, at?: Date): Promise<void> {
    return scope.transaction(async (tx) => {
      const own = await tx.row(
        `update talentbridge.matching_state s set next_at = $2 where ${tx.own('s')} and s.epoch = $1 returning s.epoch`,
        [taken.epoch, at ?? null],
      );
      if (own && at) await this.parts.jobs.add(tx, MATCH_LATER_TASK, tx.organizationId, { runAt: at });
    });
  }

  /** Goes on now. */
  now(scope: OrganizationScope): Promise<void> {
    return scope.transaction((tx) => this.parts.jobs.add(tx, MATCH_TASK, tx.organizationId));
  }

  /** How far the matching is. */
  async state(tx: Transaction): Promise<MatchingState> {
    const row = await tx.row<{
      wantedAt: Date | null;
      after: string | null;
      done: number;
      total: number;
      beganAt: Date | null;
      passEndedAt: Date | null;
    }>(
      `select s.pass_wanted_at as "wantedAt", s.pass_after as after, s.pass_done as done, s.pass_total as total,
         s.pass_began_at as "beganAt", s.pass_ended_at as "passEndedAt"
       from talentbridge.matching_state s where ${tx.own('s')}`,
    );
    const { wantedAt = null, passEndedAt = null, after = null, beganAt = null, done = 0, total = 0 } = row ?? {};
    return {
      organizationId: tx.organizationId,
      wantedAt,
      passEndedAt,
      pass: after !== null && beganAt !== null ? { done, total: Math.max(done, total), beganAt } : null,
    };
  }

  private announce(tx: Transaction): Promise<void> {
    return this.parts.notifications.announce(tx, MATCHING_TOPIC, tx.organizationId);
  }
}
