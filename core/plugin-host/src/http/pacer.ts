import type { Urgency } from '@talentbridge/contracts';

/** Who wants to send a request. */
export interface TurnRequest {
  /** What the vendor counts the request with. Absent: only what it counts for the whole connection. */
  readonly lane?: string | undefined;
  /** The more urgent go first. */
  readonly urgency: Urgency;
  /** When waiting ends, in milliseconds since the epoch. */
  readonly deadline: number;
}

/** The right to send one request. */
export interface Turn {
  readonly granted: true;
  /**
   * The request is about to be written. `false`: the turn was not used for so long that others may count on it by now;
   * the request must not be sent, and another turn is needed.
   */
  begin(): boolean;
  /** Gives the turn back, exactly once: the answer has come, or none will. Without `begin`, nothing was sent. */
  release(): void;
}

/** No turn came in time. */
export interface NoTurn {
  readonly granted: false;
  /** When a turn is likely, in milliseconds from now; absent when nobody can tell. */
  readonly retryAfterMs?: number;
}

/**
 * Keeps a connection's requests within what the vendor bears. A port: `LocalPacer` paces one process, the hub's own all
 * processes that use a connection.
 */
export interface Pacer {
  /** Waits for a turn. May answer sooner when no turn can come before the deadline. */
  acquire(request: TurnRequest): Promise<Turn | NoTurn>;
  /** The vendor asked for a slower pace: no request starts for so many milliseconds, or none of this lane. */
  slowDown(ms: number, lane?: string): void;
  /** Nobody will ask for a turn any more. Absent: there is nothing to end. */
  close?(): Promise<void>;
}

/** Urgencies, the most urgent first. */
const URGENCIES: readonly Urgency[] = ['interactive', 'work', 'background'];

/** The place of an urgency: the lower, the more urgent. */
export function rankOf(urgency: Urgency): number {
  return URGENCIES.indexOf(urgency);
}
