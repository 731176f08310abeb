import type { MatchDecision } from './match-decision.js';

/** A candidate who is matched: by the engine, or by a person's word. */
export interface Claim {
  readonly candidateId: string;
  readonly decision: MatchDecision;
}

/**
 * Decides between candidates of one connection that are matched to one profile.
 *
 * - A person's word holds before everything: those keep it for whom people chose it.
 * - Else those keep it whose match rests on the strongest: the page, then the GitHub page, then the mailbox. An ATS often holds a
 *   person twice, so that all who rest on the same are right.
 * - Of those that rest on less none does: one of two namesakes is never guessed.
 *
 * All others go to review. Where several keep it each says so, so that somebody sees that the profile is claimed twice.
 * @returns the decisions as they are after that, by candidate, in the order given.
 */
export function settleClaims(claims: readonly Claim[]): readonly Claim[] {
  if (claims.length < 2) return claims;
  const chosen = claims.filter(({ decision }) => decision.decidedBy === 'PERSON');
  const strongest = FIRM.find((basis) => claims.some(({ decision }) => decision.basis === basis));
  const firm = strongest === undefined ? [] : claims.filter(({ decision }) => decision.basis === strongest);
  const keepers = chosen.length > 0 ? chosen : firm;
  return claims.map((claim) => {
    if (!keepers.includes(claim)) return { ...claim, decision: { ...claim.decision, decision: 'REVIEW', reason } };
    return keepers.length > 1 ? { ...claim, decision: { ...claim.decision, reason } } : claim;
  });
}

const reason = 'CLAIMED_TWICE';

/** What tells one namesake from another, strongest first. */
const FIRM: readonly MatchDecision['basis'][] = ['LINKEDIN', 'GITHUB', 'EMAIL'];
