import type { Decision, MatchBasis, MatchDecision, ReviewReason, ScoredProfile } from '../match-decision.js';

/** The topic under which the matching of an organization is announced, by the id of the organization. */
export const MATCHING_TOPIC = 'matching';

/** Who a candidate of a mirror is. */
export interface MatchRecord extends ScoredProfile {
  readonly candidateId: string;
  readonly connectionId: string;
  /** `MATCHED`: they are one person. `REVIEW`: a person decides. */
  readonly decision: Exclude<Decision, 'NONE'>;
  /** `PERSON`: somebody confirmed or chose the profile. */
  readonly decidedBy: MatchDecision['decidedBy'];
  readonly basis: MatchBasis;
  /** Always with `REVIEW`. With `MATCHED` only `CLAIMED_TWICE`: several candidates of the connection keep the profile. */
  readonly reason: ReviewReason | null;
  /** Up to two more profiles that a person would look at, most likely first. */
  readonly others: readonly ScoredProfile[];
  readonly decidedAt: Date;
}

/** How the candidates of a connection are matched. */
export interface MatchCounts {
  /** Matched by evidence. */
  readonly automatic: number;
  /** Matched by a person's word. */
  readonly confirmed: number;
  /** Waiting for a person. */
  readonly toReview: number;
}

/** How far the matching of an organization is. */
export interface MatchingState {
  readonly organizationId: string;
  /** Since when it is known that everything has to be decided anew, because profiles changed or somebody asked. */
  readonly wantedAt: Date | null;
  /** Everything is being decided anew. `null`: it is not. */
  readonly pass: {
    readonly done: number;
    readonly total: number;
    readonly beganAt: Date;
  } | null;
  /** When everything was last decided anew. */
  readonly passEndedAt: Date | null;
}
