import { randomUUID } from 'node:crypto';
import type { Pace, PaceLimit } from '@talentbridge/contracts';
import { laneLimit, type NoTurn, type Pacer, rankOf, type Turn, type TurnRequest } from '@talentbridge/plugin-host';
import type { PaceGrant, PaceKey, PaceStore, ReportedTurn } from './pace-store.js';

/** How a shared pacer handles time. All in milliseconds. */
export interface SharedPacerSettings {
  /** How long a turn is held without being renewed: within this the turns of a killed process are free. Default 3,000. */
  readonly leaseMs?: number;
  /**
   * By when a request has arrived after it was sent, at the latest: it stops counting that much later than a window after,
   * even where its answer takes longer. Default 250.
   */
  readonly arrivalMs?: number;
}

/** Turns that come back are told together with those of the next moment. */
const GATHER_MS = 5;

/** After the database did not answer. */
const RETRY_MS = 500;

/** How much longer the way there may be than the way back: machines add some milliseconds to what networks take. */
const UNEVEN_MS = 10;

/** Whoever waits for an announcement looks so often by itself. */
const UNANNOUNCED_MS = 500;

/** What names no lane is limited with the whole connection alone. */
const NO_LANE = '';

interface Waiter {
  readonly rank: number;
  /** On the clock of `performance.now()`, like all times here: it never jumps. */
  readonly deadline: number;
  readonly answer: (turn: Turn | NoTurn) => void;
  readonly timer: NodeJS.Timeout;
}

interface Lane {
  readonly name: string;
  readonly limit: PaceLimit;
  /** In the order in which they are served. */
  readonly waiting: Waiter[];
  /** When it is worth asking. */
  opensAt: number;
  /** Whether no turn can come sooner. */
  knowsWhen: boolean;
  pausedUntil: number;
  /** The shortest time from a request to its answer so far. */
  fastestMs: number;
}

interface HeldTurn {
  readonly lane: Lane;
  validUntil: number;
  sentAt?: number;
}

/**
 * Keeps all processes that use a connection within its pace, through the database.
 *
 * A sliding window is kept by vendors from arrival to arrival, and nobody here sees arrivals. So a turn counts from its
 * grant until a whole window after the request has surely arrived: that is when its answer comes, less what every answer
 * needs to come back, which is nearly half of the fastest exchange so far. A request whose answer is slow
 * counts as arrived after `arrivalMs`, so that slow endpoints cost little throughput.
 *
 * A turn is valid for its lease, which is renewed while this process lives. A process that was stopped in between holds
 * its requests back (`begin`), and the turns of one that was killed are free soon after.
 *
 * All that wait here ask together, and only when a turn may be there: the database says when the next one comes, and
 * announces those that come sooner. Whoever waited for longer goes first, whichever process it is in.
 */
export class SharedPacer implements Pacer {
  private readonly holder = randomUUID();
  private readonly leaseMs: number;
  private readonly arrivalMs: number;
  private readonly memoryMs: number;
  private readonly lanes = new Map<string, Lane>();
  private readonly held = new Map<string, HeldTurn>();
  /** Given back and not told yet: by when the request had arrived. */
  private readonly returned = new Map<string, number | undefined>();
  private readonly pauses = new Map<string, number>();
  private tellBy = Number.POSITIVE_INFINITY;
  private asking: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;
  private closed = false;

  constructor(
    private readonly store: PaceStore,
    private readonly key: PaceKey,
    private readonly pace: Pace,
    settings: SharedPacerSettings = {},
  ) {
    this.leaseMs = settings.leaseMs ?? 3000;
    this.arrivalMs = settings.arrivalMs ?? 250;
    const limits = [pace, pace.eachLane, ...Object.values(pace.lanes ?? {})];
    this.memoryMs = Math.max(0, ...limits.map((limit) => limit?.rate?.perMs ?? 0));
  }

  acquire({ lane: name, urgency, deadline }: TurnRequest): Promise<Turn | NoTurn> {
    const now = performance.now();
    const lane = this.laneOf(name);
    const leftMs = deadline - Date.now();
    if (this.closed) return Promise.resolve({ granted: false });
    if (lane.knowsWhen && lane.opensAt - now > leftMs) {
      return Promise.resolve({ granted: false, retryAfterMs: lane.opensAt - now });
    }
    return new Promise((answer) => {
      const rank = rankOf(urgency);
      const timer = setTimeout(() => {
        lane.waiting.splice(lane.waiting.indexOf(waiter), 1);
        answer({ granted: false });
      }, leftMs);
      const waiter: Waiter = { rank, deadline: now + leftMs, answer, timer };
      const behind = lane.waiting.findLastIndex((other) => other.rank <= rank);
      lane.waiting.splice(behind + 1, 0, waiter);
      this.plan();
    });
  }

  slowDown(ms: number, name?: string): void {
    const lane = this.laneOf(name);
    const until = performance.now() + ms;
    lane.pausedUntil = Math.max(lane.pausedUntil, until);
    this.pauses.set(lane.name, lane.pausedUntil);
    this.tellBy = 0;
    this.plan();
  }

  /** Somebody gave a turn back: whoever did not know when to come looks again. */
  wake(): void {
    for (const lane of this.lanes.values()) if (!lane.knowsWhen) lane.opensAt = 0;
    this.plan();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const lane of this.lanes.values()) {
      for (const waiter of lane.waiting.splice(0)) {
        clearTimeout(waiter.timer);
        waiter.answer({ granted: false });
      }
    }
    // What has just ended gives its turns back in this very moment.
    await new Promise(setImmediate);
    await this.asking;
    this.cancelPlan();
    if (this.returned.size > 0) await this.ask();
    this.cancelPlan();
  }

  private laneOf(name: string = NO_LANE): Lane {
    const known = this.lanes.get(name);
    if (known) return known;
    const lane: Lane = {
      name,
      limit: name === NO_LANE ? {} : (laneLimit(this.pace, name) ?? {}),
      waiting: [],
      opensAt: 0,
      knowsWhen: false,
      pausedUntil: 0,
      fastestMs: Number.POSITIVE_INFINITY,
    };
    this.lanes.set(name, lane);
    return lane;
  }

  /** Sees to it that the database is asked when that is of use next. */
  private plan(): void {
    this.cancelPlan();
    if (this.asking || this.closed) return;
    let at = this.tellBy;
    for (const lane of this.lanes.values()) if (lane.waiting.length > 0) at = Math.min(at, lane.opensAt);
    for (const turn of this.held.values()) at = Math.min(at, this.renewAt(turn));
    if (at === Number.POSITIVE_INFINITY) return;
    const waitMs = at - performance.now();
    const ask = (): void => {
      this.asking = this.ask().finally(() => {
        this.asking = undefined;
        this.plan();
      });
    };
    // Not at once: those who come in the same moment ask together.
    if (waitMs <= 0) this.immediate = setImmediate(ask);
    else this.timer = setTimeout(ask, Math.ceil(waitMs));
  }

  private cancelPlan(): void {
    clearTimeout(this.timer);
    clearImmediate(this.immediate);
  }

  private renewAt(turn: HeldTurn): number {
    return turn.validUntil - this.leaseMs * (2 / 3);
  }

  private async ask(): Promise<void> {
    const now = performance.now();
    const lanes = [...this.lanes.values()].filter(({ waiting, opensAt }) => waiting.length > 0 && opensAt <= now);
    const returned = [...this.returned];
    const pauses = [...this.pauses];
    const renewed = [...this.held].filter(([, turn]) => this.renewAt(turn) <= now);
    this.returned.clear();
    this.pauses.clear();
    this.tellBy = Number.POSITIVE_INFINITY;
    const report = (id: string, arrivedBy: number | undefined): ReportedTurn => ({
      id,
      agoMs: arrivedBy === undefined ? null : now - arrivedBy,
    });
    try {
      const grants = await this.store.turns(this.key, this.holder, {
        leaseMs: this.leaseMs,
        arrivalMs: this.arrivalMs,
        memoryMs: this.memoryMs,
        whole: limitOf(this.pace),
        lanes: lanes.map(({ name, limit, waiting }) => ({
          lane: name,
          limit: limitOf(limit),
          wanted: waiting.length,
          rank: waiting[0]?.rank ?? 0,
        })),
        returned: returned.map(([id, arrivedBy]) => report(id, arrivedBy)),
        renewed: renewed.map(([id, turn]) => {
          const arrivedBy = (turn.sentAt ?? Number.POSITIVE_INFINITY) + this.arrivalMs;
          return report(id, arrivedBy <= now ? arrivedBy : undefined);
        }),
        pauses: pauses.map(([lane, until]) => ({ lane, ms: until - now })),
      });
      for (const [, turn] of renewed) turn.validUntil = now + this.leaseMs;
      for (const grant of grants) this.serve(grant, now + this.leaseMs);
    } catch {
      // The database is away for a moment. Nobody waits any longer than they said, and nothing that is to be told is lost.
      for (const [id, arrivedBy] of returned) this.returned.set(id, arrivedBy);
      for (const [lane, until] of pauses) this.pauses.set(lane, Math.max(until, this.pauses.get(lane) ?? 0));
      const retryAt = performance.now() + RETRY_MS;
      if (this.returned.size + this.pauses.size > 0) this.tellBy = retryAt;
      for (const lane of lanes) this.sendAway(lane, retryAt, false);
      // Turns that lapse meanwhile hold their requests back by themselves.
      for (const [, turn] of renewed) turn.validUntil = Math.min(turn.validUntil, retryAt + this.leaseMs * (2 / 3));
    }
  }

  private serve({ lane: name, ids, waitMs, knowsWhen }: PaceGrant, validUntil: number): void {
    const lane = this.laneOf(name);
    for (const id of ids) {
      const waiter = lane.waiting.shift();
      const turn = this.hold(id, lane, validUntil);
      clearTimeout(waiter?.timer);
      if (waiter) waiter.answer(turn);
      else turn.release();
    }
    this.sendAway(lane, waitMs > 0 ? performance.now() + waitMs : 0, knowsWhen);
  }

  /** Nothing more for now. Whoever cannot wait for so long hears it at once. */
  private sendAway(lane: Lane, opensAt: number, knowsWhen: boolean): void {
    // An announcement can be missed, while the connection that hears them is lost.
    lane.opensAt = knowsWhen ? opensAt : Math.min(opensAt, performance.now() + UNANNOUNCED_MS);
    lane.knowsWhen = knowsWhen && opensAt > 0;
    if (!lane.knowsWhen) return;
    for (const waiter of lane.waiting.filter(({ deadline }) => deadline < opensAt)) {
      lane.waiting.splice(lane.waiting.indexOf(waiter), 1);
      clearTimeout(waiter.timer);
      waiter.answer({ granted: false, retryAfterMs: opensAt - performance.now() });
    }
  }

  private hold(id: string, lane: Lane, validUntil: number): Turn {
    const turn: HeldTurn = { lane, validUntil };
    this.held.set(id, turn);
    return {
      granted: true,
      begin: () => {
        const now = performance.now();
        const pausedUntil = Math.max(lane.pausedUntil, this.laneOf().pausedUntil);
        if (now >= pausedUntil && now < turn.validUntil) turn.sentAt = now;
        return turn.sentAt !== undefined;
      },
      release: () => {
        this.held.delete(id);
        this.returned.set(id, this.arrivedBy(turn));
        const now = performance.now();
        this.tellBy = Math.min(this.tellBy, now + GATHER_MS);
        // Those who wait for any turn to come back may have this one.
        for (const other of this.lanes.values()) if (!other.knowsWhen) other.opensAt = 0;
        this.plan();
      },
    };
  }

  private arrivedBy({ lane, sentAt }: HeldTurn): number | undefined {
    if (sentAt === undefined) return undefined;
    const now = performance.now();
    lane.fastestMs = Math.min(lane.fastestMs, now - sentAt);
    const wayBackMs = Math.max(0, lane.fastestMs / 2 - UNEVEN_MS);
    return Math.min(now - wayBackMs, sentAt + this.arrivalMs);
  }
}

function limitOf({ concurrency, rate }: PaceLimit): PaceLimit {
  return { ...(concurrency === undefined ? {} : { concurrency }), ...(rate === undefined ? {} : { rate }) };
}
