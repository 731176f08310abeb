import type { MemberId, MirroredCandidate, NetworkKind, SeatWindow } from '@talentbridge/contracts';
import type { SimulatedRoute } from './simulated-account.js';

/** A record as the simulated network holds it. */
export interface HeldRecord {
  readonly remoteId: string;
  /** The candidate of a note, the application of what belongs to one. */
  readonly parentId?: string;
  /** All of it, in any form: it is compared with itself. */
  readonly record: unknown;
}

/**
 * What the suite needs to check System Connect: a network where everything is enabled, which knows two members at least, and
 * nothing of an ATS.
 */
export interface SimulatedNetwork {
  /** Requests to aim faults at. */
  readonly routes: {
    /** Sends candidates. */
    readonly pushCandidates: SimulatedRoute;
    readonly matches: SimulatedRoute;
    readonly seats: SimulatedRoute;
    readonly messages: SimulatedRoute;
    readonly readExport: SimulatedRoute;
  };
  /** What the network holds of a kind, read without the plugin's help. Jobs that are closed included. */
  held(kind: NetworkKind): readonly HeldRecord[];
  /** Whom the network finds by itself, and by which of a candidate's data. */
  readonly found: { readonly member: MemberId; readonly by: Partial<MirroredCandidate> };
  /** Another member, who is like none of the suite's candidates. */
  readonly otherMember: MemberId;
  /** An active seat. */
  readonly seatId: string;
  /** A seat that is not active, or not there. */
  readonly inactiveSeatId: string;
  /** The seat writes, or is answered, now: so many messages, notes, or contacts of members who agree. */
  write(kind: SeatWindow['kind'], count: number): void;
  /** The seat exports a member to a job that was pushed, or to none. Answers the id of the notice. */
  exportMember(jobRemoteId: string | undefined): string;
  /** The exported member leaves the network. */
  closeExported(): void;
  /** How many elements stand on a page for this plugin. */
  readonly pageSize: number;
}
