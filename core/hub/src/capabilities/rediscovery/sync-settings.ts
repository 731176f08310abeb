/** How mirrors are kept. */
export interface SyncSettings {
  /** Time between the end of a run and the next run of changes, give or take a fifth. Default one hour. */
  readonly intervalMs: number;
  /** At least so often everything is read, to find what no run of changes tells. Default seven days. */
  readonly fullEveryMs: number;
  /** A run that would delete more than this share of the connection's candidates or jobs asks an admin. Default 0.1. */
  readonly mostDeletedShare: number;
  /** So many deletions are never asked about, however small the mirror is. Default 1. */
  readonly deletionsNeverAsked: number;
  /**
   * After so many pages without a fault, a page is asked for while the one before is being written; that one is
   * kept until then, so that a fault costs one page as ever. Runs of fewer pages are spared what keeping costs. Default 2.
   */
  readonly readAheadAfterPages: number;
  /** Only where the page before took at least so long to come: keeping one costs some milliseconds, too. Default 5. */
  readonly readAheadFromMs: number;
}

/** Hourly changes, everything weekly, and a word of an admin before a tenth is deleted. */
export const defaultSyncSettings: SyncSettings = {
  intervalMs: 3_600_000,
  fullEveryMs: 7 * 86_400_000,
  mostDeletedShare: 0.1,
  deletionsNeverAsked: 1,
  readAheadAfterPages: 2,
  readAheadFromMs: 5,
};
