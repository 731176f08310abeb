import type { Field, Level } from './levels.js';

/** What one field says. */
export interface Evidence {
  readonly field: Field;
  readonly level: Level;
  /** In bits: each doubles the odds that both are one person, or halves them below zero. */
  readonly weight: number;
}

/** A profile with what speaks for and against it. */
export interface ScoredProfile {
  readonly profileId: string;
  /** The sum of all weights, less the odds against finding somebody among so many; above 0 it is more likely than not. */
  readonly score: number;
  /** Every field that both sides know. */
  readonly evidence: readonly Evidence[];
}

/**
 * What a match rests on, strongest first. A LinkedIn page outranks everything; a GitHub page or mailbox outranks a phone number,
 * which others of a household or a company may have; evidence alone comes last.
 */
export type MatchBasis = 'LINKEDIN' | 'GITHUB' | 'EMAIL' | 'PHONE' | 'EVIDENCE';

/**
 * - `MATCHED`: one person. `decidedBy` says by whom: the engine, beyond the threshold and without a contradiction, or somebody
 *   who confirmed or chose the profile
 * - `REVIEW`: a person decides
 * - `NONE`: nobody is like enough
 */
export type Decision = 'MATCHED' | 'REVIEW' | 'NONE';

/**
 * Why a person is asked, or told.
 *
 * - `UNSURE`: the score lies between the thresholds
 * - `TWO_PROFILES`: another profile is as likely; it stands among `others`
 * - `OTHER_PAGE`: both have a LinkedIn page, and not the same
 * - `OTHER_NAME`: page, mailbox or number agree and the name does not: a family, an assistant, a mistake
 * - `NAME_ALONE`: nothing but the name, and where people live, agrees
 * - `CLAIMED_TWICE`: another candidate of the connection claims the profile as well
 */
export type ReviewReason = 'UNSURE' | 'TWO_PROFILES' | 'OTHER_PAGE' | 'OTHER_NAME' | 'NAME_ALONE' | 'CLAIMED_TWICE';

/**
 * What kept a candidate from being found, where nobody is like enough.
 *
 * - `SHARED_CONTACT`: their page, mailbox or number is that of so many profiles that it says nothing
 */
export type UnmatchedReason = 'SHARED_CONTACT';

/** Who a candidate is. */
export interface MatchDecision {
  readonly decision: Decision;
  readonly decidedBy: 'ENGINE' | 'PERSON';
  /** Absent with `NONE`. */
  readonly match?: ScoredProfile;
  readonly basis?: MatchBasis;
  /** Always with `REVIEW`. With `MATCHED` only `CLAIMED_TWICE`, where several candidates keep the profile. */
  readonly reason?: ReviewReason;
  /** With `NONE`, where something is known. */
  readonly unmatchedBecause?: UnmatchedReason;
  /** Up to two more profiles that a person would look at, most likely first. */
  readonly others: readonly ScoredProfile[];
}

/** What people said of a candidate; it holds whatever the engine finds. */
export interface Verdicts {
  /** Confirmed, or chosen by hand. */
  readonly confirmed?: string;
  /** Undone: never offered again. */
  readonly rejected?: ReadonlySet<string>;
}
