/** One requisition in the ATS. */
export interface Job {
  /** The ATS's identifier. */
  readonly remoteId: string;
  readonly title: string;
  /** The requisition number that people use. Absent: the ATS has none. */
  readonly code?: string;
  /** Whether candidates can be attached to it now. */
  readonly open: boolean;
  /** The ATS's own word for its status. */
  readonly statusLabel?: string;
  readonly department?: string;
  /** Where the job is, as one line. */
  readonly location?: string;
  readonly remoteUrl?: string;
}

/** Which jobs, and which page of them. */
export interface JobQuery {
  /** Words to find in title or code. Absent or empty: all open jobs. A plugin whose ATS cannot search ignores it; the hub filters then. */
  readonly search?: string;
  /** Absent on the first call. */
  readonly cursor?: string;
  /** A wish: at most so many items. */
  readonly first?: number;
}
