import {
  type HubError,
  isHubError,
  PluginFaultError,
  type SeatPage,
  type SystemConnectCapability,
} from '@talentbridge/contracts';
import type { OpenedConnection } from '@talentbridge/plugin-host';
import type { Logger } from 'pino';
import type { UsableConnection } from '../../../connections/usable-connection.js';
import { callContext } from '../../../kernel/call-context.js';
import { type RetryPace, toldToWait, waitAfter } from '../../../kernel/jobs/wait-after.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../kernel/persistence/transaction.js';
import { isNotFound, pagesOf, readSeatPage } from '../network-answers.js';
import type { ClosedMembers } from './closed-members.js';
import type { NetworkItems } from './network-items.js';
import {
  type PolledSeat,
  type PollLedger,
  PollOvertakenError,
  PULLED_KINDS,
  type PulledKind,
  type TakenPoll,
} from './poll-ledger.js';
import { type TimeWindow, windowsOf } from './windows.js';

/** How seats are asked. */
export interface PullingSettings {
  /** How far back a seat is asked the first time, in days. */
  readonly firstPollDays: number;
}

/** A month: two years would be 1,460 windows of each kind and seat. */
export const defaultPullingSettings: PullingSettings = { firstPollDays: 30 };

/** What a poll works with. */
export interface PollRunParts {
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenedConnection> };
  readonly ledger: PollLedger;
  readonly items: NetworkItems;
  readonly closedMembers: ClosedMembers;
  readonly settings: PullingSettings;
  readonly logger: Logger;
  /** Hears of each page in the transaction that stores it. */
  readonly pulled: (tx: Transaction, network: UsableConnection, page: SeatPage) => Promise<void>;
  /** The network says that a seat is not active any more. Throws HubErrors as the network does. */
  readonly seatGone: (scope: OrganizationScope, connectionId: string) => Promise<void>;
  /** Tells the connection about an error of its work, so that it can turn to "needs attention". */
  readonly reportFailure: (scope: OrganizationScope, connectionId: string, error: unknown) => Promise<void>;
}

const DAY_MS = 86_400_000;
const DEFAULT_WINDOW_MS = DAY_MS / 2;
const DEFAULT_EVERY_MS = 30 * 60_000;
/** What was asked for before is asked for again, so that nothing is lost that the network stored late. */
const OVERLAP_MS = 5 * 60_000;
const CALL_LIMIT_MS = 60_000;
/** So many windows are read before anybody would wait for the newest. */
const FEW_WINDOWS = 2;
/** Seats that are asked side by side, within the pace of the connection. */
const SEATS_AT_ONCE = 4;
/** After so long the worker is given back: the first poll of many seats takes hours, and others have work, too. */
const LONGEST_RUN_MS = 120_000;
/** After so long whatever an admin has to see to is looked at again. */
const ATTENTION_MS = 300_000;
const RETRY_PACE: RetryPace = { firstMs: 30_000, longestMs: DEFAULT_EVERY_MS };

/**
 * Asks the active seats of a pair for what was written since they were asked last: window after window, page after page, each
 * page and where to go on in one transaction. May be stopped and repeated at any point.
 */
export class PollRun {
  /** Nobody is asked any more, for this reason. */
  private stop: { readonly error: unknown } | undefined;
  /** Why a seat was not asked for everything, while the others were. */
  private failure: HubError | undefined;
  /** Whose seats there are is not as it was. */
  private seatGone = false;
  private readonly beganAt = Date.now();

  constructor(
    private readonly parts: PollRunParts,
    private readonly scope: OrganizationScope,
    private readonly signal: AbortSignal,
  ) {}

  /** Asks all seats, and plans the next poll. */
  async run(connectionId: string): Promise<void> {
    const taken = await this.parts.ledger.take(this.scope, connectionId);
    if (!taken) return;
    let everyMs = DEFAULT_EVERY_MS;
    try {
      const connection = await this.parts.opener.open(this.scope, connectionId);
      const capability = connection.capability('systemConnect');
      if (!capability) throw new PluginFaultError(taken.standing.network.pluginId, 'has no System Connect any more');
      everyMs = capability.limits.pollEveryMs ?? DEFAULT_EVERY_MS;
      const seats = [...taken.seats];
      const next = async (): Promise<void> => {
        for (let seat = seats.shift(); seat && !this.stopping; seat = seats.shift()) {
          await this.pullSeat(taken, taken.standing.network.pluginId, capability, seat);
        }
      };
      await Promise.all(Array.from({ length: SEATS_AT_ONCE }, next));
      if (!this.stopping) await this.finish(taken, taken.standing.network.pluginId, capability);
    } catch (error) {
      this.stop ??= { error };
    }
    await this.end(taken, everyMs);
  }

  private get stopping(): boolean {
    return this.stop !== undefined || this.isCutShort;
  }

  private get isCutShort(): boolean {
    return this.signal.aborted || Date.now() - this.beganAt > LONGEST_RUN_MS;
  }

  /** One request at a time. What fails is this seat's, unless it says something of all. */
  private async pullSeat(
    taken: TakenPoll,
    pluginId: string,
    capability: SystemConnectCapability,
    seat: PolledSeat,
  ): Promise<void> {
    const longestMs = capability.limits.longestWindowMs ?? DEFAULT_WINDOW_MS;
    try {
      await this.pullNewest(taken, pluginId, capability, seat, longestMs);
      for (const kind of PULLED_KINDS) {
        if (this.stopping) return;
        for (const window of windowsOf(this.stretchOf(taken, seat, kind), longestMs)) {
          await this.pullWindow(taken, pluginId, capability, seat, kind, window);
          if (this.stopping) return;
        }
      }
    } catch (error) {
      if (isNotFound(error)) this.seatGone = true;
      else if (!isHubError(error) || error.recovery === 'reconnect' || toldToWait(error) !== undefined) {
        this.stop ??= { error };
      } else this.failure ??= error;
    }
  }

  /**
   * The first poll of a seat takes long: what was written last is asked for before it, and marks nothing, so that nobody waits
   * for it until all of the rest was read.
   */
  private async pullNewest(
    taken: TakenPoll,
    pluginId: string,
    capability: SystemConnectCapability,
    seat: PolledSeat,
    longestMs: number,
  ): Promise<void> {
    for (const kind of PULLED_KINDS) {
      const windows = windowsOf(this.stretchOf(taken, seat, kind), longestMs);
      const newest = windows.at(-1);
      if (this.stopping || !newest || windows.length <= FEW_WINDOWS) continue;
      await this.pullWindow(taken, pluginId, capability, seat, kind, newest, 'unmarked');
    }
  }

  private stretchOf({ now }: TakenPoll, { marks }: PolledSeat, kind: PulledKind): TimeWindow {
    const mark = marks.get(kind)?.getTime();
    const first = now.getTime() - this.parts.settings.firstPollDays * DAY_MS;
    return { from: new Date(mark === undefined ? first : mark - OVERLAP_MS), to: now };
  }

  private async pullWindow(
    taken: TakenPoll,
    pluginId: string,
    capability: SystemConnectCapability,
    seat: PolledSeat,
    kind: PulledKind,
    window: TimeWindow,
    marking: 'marked' | 'unmarked' = 'marked',
  ): Promise<void> {
    const { connectionId } = taken;
    const pages = pagesOf(pluginId, async (cursor) =>
      readSeatPage(
        await capability.pull(callContext('background', CALL_LIMIT_MS), {
          seatId: seat.seatId,
          kind,
          from: window.from.toISOString(),
          to: window.to.toISOString(),
          ...(cursor === undefined ? {} : { cursor }),
        }),
      ),
    );
    for await (const page of pages) {
      await this.scope.transaction(async (tx) => {
        await this.parts.ledger.hold(tx, taken);
        await this.parts.items.store(tx, { connectionId, ...seat }, page);
        await this.parts.pulled(tx, taken.standing.network, page);
        if (page.cursor !== undefined || marking === 'unmarked') return;
        await this.parts.ledger.mark(tx, connectionId, seat.seatId, kind, window.to);
      });
      if (this.stopping) return;
    }
  }

  /** What belongs to no seat. */
  private async finish(taken: TakenPoll, pluginId: string, capability: SystemConnectCapability): Promise<void> {
    if (this.seatGone) await this.parts.seatGone(this.scope, taken.connectionId);
    await this.scope.transaction(async (tx) => {
      await this.parts.ledger.hold(tx, taken);
      await this.parts.items.prune(tx, taken.connectionId);
    });
    await this.parts.closedMembers.askWhenDue(this.scope, taken, pluginId, capability);
  }

  private async end(taken: TakenPoll, everyMs: number): Promise<void> {
    const error = this.stop?.error ?? this.failure;
    if (error instanceof PollOvertakenError) return;
    if (error !== undefined && !isHubError(error)) {
      // The text of an error of the database may quote rows.
      const name = error instanceof Error ? error.name : 'unknown';
      this.parts.logger.error({ connectionId: taken.connectionId, error: name }, 'a poll failed; it is tried again');
      throw error;
    }
    if (this.isCutShort && this.stop === undefined) return this.parts.ledger.later(this.scope, taken);
    if (error === undefined) {
      // Polls of many pairs that began together drift apart.
      return this.parts.ledger.end(this.scope, taken, undefined, everyMs * (0.9 + Math.random() / 10));
    }
    if (error.recovery === 'reconnect') await this.parts.reportFailure(this.scope, taken.connectionId, error);
    const again = { retry: waitAfter(error, taken.tries + 1, RETRY_PACE), reconnect: ATTENTION_MS };
    const inMs = error.recovery === 'retry' || error.recovery === 'reconnect' ? again[error.recovery] : everyMs;
    return this.parts.ledger.end(this.scope, taken, error.message, inMs);
  }
}
