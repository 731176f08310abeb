import type { NetworkService } from '@talentbridge/contracts';
import type { JobQueue } from '../../../kernel/jobs/job-queue.js';
import type { Notifications } from '../../../kernel/notifications.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { type PairStanding, pairStanding } from '../pair-standing.js';
import { SYSTEM_CONNECT_TOPIC, type SystemPair } from '../system-connect-model.js';
import { POLL_TASK } from './pulling-schema.js';

/** What seats are asked for, in this order: who agrees to share an address is known before their message makes a candidate of them. */
export const PULLED_KINDS = ['contact', 'message', 'note'] as const;

/** One of them. */
export type PulledKind = (typeof PULLED_KINDS)[number];

/** A seat that is to be asked, and up to when it was before. */
export interface PolledSeat {
  readonly seatId: string;
  readonly contractId: string;
  readonly marks: ReadonlyMap<PulledKind, Date>;
}

/** A poll that this worker has taken. */
export interface TakenPoll {
  readonly connectionId: string;
  readonly epoch: number;
  readonly tries: number;
  /** By the clock of the database. */
  readonly now: Date;
  readonly standing: Extract<PairStanding, { kind: 'WORKING' }>;
  readonly seats: readonly PolledSeat[];
  readonly closedAskedAt: Date | null;
}

/** When the seats of a pair were asked, and when they will be. */
export interface PollState {
  readonly polledAt: Date | null;
  readonly nextAt: Date | null;
  readonly problem: string | null;
}

/** Another worker has the poll, or the pair does not work any more: nothing more is written. */
export class PollOvertakenError extends Error {
  override readonly name = 'PollOvertakenError';
}

const SERVICE: NetworkService = 'pull';

/** A seat that fails for longer keeps the others from being asked again no longer than this. */
const LONGEST_ROUND = "interval '30 minutes'";

/** Keeps when the seats of each pair are asked, and up to when they were. Every write is of the worker that took it over last. */
export class PollLedger {
  constructor(
    private readonly parts: {
      readonly entitlements: Entitlements;
      readonly jobs: JobQueue;
      readonly notifications: Notifications;
    },
  ) {}

  /** Takes a poll over. `undefined`: there is nothing to ask now; whoever resumes the pair has it go on. */
  take(scope: OrganizationScope, connectionId: string): Promise<TakenPoll | undefined> {
    return scope.transaction(async (tx) => {
      const standing = await pairStanding(tx, this.parts.entitlements, connectionId, 'share');
      if (standing.kind !== 'WORKING' || !standing.enabled.has(SERVICE)) {
        await tx.rows(
          `update talentbridge.network_poll p set next_at = null where ${tx.own('p')} and p.connection_id = $1`,
          [connectionId],
        );
        return undefined;
      }
      const state = await tx.row<Pick<TakenPoll, 'epoch' | 'tries' | 'now' | 'closedAskedAt'> & { beganAt: Date }>(
        `update talentbridge.network_poll p
         set epoch = p.epoch + 1, next_at = coalesce(p.next_at, now()),
           began_at = case when p.began_at > now() - ${LONGEST_ROUND} then p.began_at else now() end
         where ${tx.own('p')} and p.connection_id = $1
         returning p.epoch, p.tries, clock_timestamp() as now, p.closed_asked_at as "closedAskedAt", p.began_at as "beganAt"`,
        [connectionId],
      );
      if (!state) return undefined;
      const { beganAt, ...taken } = state;
      return { connectionId, standing, ...taken, seats: await seatsToAsk(tx, connectionId, beganAt) };
    });
  }

  /** Has this transaction be of the worker that has the poll, until it ends. @throws PollOvertakenError */
  async hold(tx: Transaction, { connectionId, epoch }: TakenPoll): Promise<void> {
    const own = await tx.row(
      `select p.epoch from talentbridge.network_poll p
       where ${tx.own('p')} and p.connection_id = $1 and p.epoch = $2 and p.next_at is not null for share`,
      [connectionId, epoch],
    );
    if (!own) throw new PollOvertakenError('Another worker asks the seats of this pair, or nobody does any more.');
  }

  /** A seat was asked for everything of a kind up to then. */
  async mark(tx: Transaction, connectionId: string, seatId: string, kind: PulledKind, until: Date): Promise<void> {
    await tx.rows(
      `insert into talentbridge.network_mark as m (organization_id, connection_id, seat_id, kind, until)
       values ($1, $2, $3, $4, $5)
       on conflict (organization_id, connection_id, seat_id, kind) do update set until = greatest(m.until, excluded.until)`,
      [tx.organizationId, connectionId, seatId, kind, until],
    );
  }

  /**
   * Ends a poll.
   * @param problem Why it was not complete. Absent: it was.
   * @param inMs When the next one begins: after it was not complete, else after this round began.
   */
  end(scope: OrganizationScope, taken: TakenPoll, problem: string | undefined, inMs: number): Promise<void> {
    return scope.transaction(async (tx) => {
      const ended = await tx.row<{ nextAt: Date }>(
        `update talentbridge.network_poll p
         set next_at = greatest(now(),
             -- Who asks in the midst of a round has another one at once, however this one ends.
             case when $4::text is null or p.began_at is null then p.began_at else now() end
               + $3 * interval '1 millisecond'), problem = $4,
           tries = case when $4::text is null then 0 else p.tries + 1 end,
           polled_at = case when $4::text is null then now() else p.polled_at end,
           began_at = case when $4::text is null then null else p.began_at end
         where ${tx.own('p')} and p.connection_id = $1 and p.epoch = $2 and p.next_at is not null
         returning p.next_at as "nextAt"`,
        [taken.connectionId, taken.epoch, Math.round(inMs), problem ?? null],
      );
      if (!ended) return;
      await this.parts.jobs.add(tx, POLL_TASK, taken.connectionId, { runAt: ended.nextAt });
      await this.parts.notifications.announce(tx, SYSTEM_CONNECT_TOPIC, taken.connectionId);
    });
  }

  /** Goes on as soon as somebody can: this process shuts down, or others have waited long enough. */
  later(scope: OrganizationScope, { connectionId }: TakenPoll): Promise<void> {
    return scope.transaction((tx) => this.parts.jobs.add(tx, POLL_TASK, connectionId));
  }

  /** The pair works: seats are asked from now on, at once where no time for it is set already. */
  async resume(tx: Transaction, { connectionId }: SystemPair): Promise<void> {
    const state = await tx.row<{ nextAt: Date }>(
      `insert into talentbridge.network_poll as p (organization_id, connection_id, next_at) values ($1, $2, now())
       on conflict (organization_id, connection_id) do update
         set next_at = coalesce(p.next_at, now())
       returning p.next_at as "nextAt"`,
      [tx.organizationId, connectionId],
    );
    await this.parts.jobs.add(tx, POLL_TASK, connectionId, state ? { runAt: state.nextAt } : {});
  }

  /** Seats are asked at once, and once more where they are being asked; not while the pair does not work. */
  async askNow(tx: Transaction, connectionId: string): Promise<void> {
    const asked = await tx.row(
      `update talentbridge.network_poll p set next_at = now(), began_at = null
       where ${tx.own('p')} and p.connection_id = $1 and p.next_at is not null returning p.connection_id`,
      [connectionId],
    );
    if (asked) await this.parts.jobs.add(tx, POLL_TASK, connectionId);
  }

  /** The pair ends: nobody asks any more. */
  async forget(tx: Transaction, connectionId: string): Promise<void> {
    for (const table of ['network_poll', 'network_mark'] as const) {
      await tx.rows(`delete from talentbridge.${table} t where ${tx.own('t')} and t.connection_id = $1`, [
        connectionId,
      ]);
    }
  }

  /** When seats were asked last, and when they will be. */
  async state(tx: Transaction, connectionId: string): Promise<PollState> {
    const row = await tx.row<PollState>(
      `select p.polled_at as "polledAt", p.next_at as "nextAt", p.problem
       from talentbridge.network_poll p where ${tx.own('p')} and p.connection_id = $1`,
      [connectionId],
    );
    return row ?? { polledAt: null, nextAt: null, problem: null };
  }
}

/** The active seats that were not asked for everything in this round, those first that were asked longest ago. */
async function seatsToAsk(tx: Transaction, connectionId: string, beganAt: Date): Promise<readonly PolledSeat[]> {
  const seats = await tx.rows<
    Omit<PolledSeat, 'marks'> & { marks: readonly { kind: PulledKind; until: string }[] | null }
  >(
    `select s.seat_id as "seatId", s.contract_id as "contractId", m.marks
     from talentbridge.network_seat s
     left join lateral (
       select jsonb_agg(jsonb_build_object('kind', k.kind, 'until', k.until)) as marks, min(k.until) as oldest, count(*) as kinds
       from talentbridge.network_mark k
       where ${tx.own('k')} and k.connection_id = s.connection_id and k.seat_id = s.seat_id
     ) m on true
     where ${tx.own('s')} and s.connection_id = $1 and s.active and not (m.kinds = $2 and m.oldest >= $3)
     order by case when m.kinds = $2 then m.oldest end nulls first, s.seat_id`,
    [connectionId, PULLED_KINDS.length, beganAt],
  );
  return seats.map(({ marks, ...seat }) => ({
    ...seat,
    marks: new Map((marks ?? []).map(({ kind, until }) => [kind, new Date(until)])),
  }));
}
