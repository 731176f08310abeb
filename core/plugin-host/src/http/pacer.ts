/** The right to have one request under way. */
export interface Turn {
  readonly granted: true;
  /** Gives the turn back. Exactly once. */
  release(): void;
}

/** No turn came in time. */
export interface NoTurn {
  readonly granted: false;
  /** When a turn is likely, in milliseconds from now; absent when nobody can tell. */
  readonly retryAfterMs?: number;
}

/**
 * Keeps a connection's requests within what the vendor bears. A port: one process paces by itself
 * (`LocalPacer`), several share a pacer through the database.
 */
export interface Pacer {
  /**
   * Waits for a turn.
   * @param deadline When waiting ends, in milliseconds since the epoch. May answer sooner when no turn can come by then.
   */
  acquire(deadline: number): Promise<Turn | NoTurn>;
  /** The vendor asked for a slower pace: no request starts for so many milliseconds. */
  slowDown(ms: number): void;
}
