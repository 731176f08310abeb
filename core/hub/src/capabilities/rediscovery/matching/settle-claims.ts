import type { MatchDecision } from './match-decision.js';

/** A candidate whose match is automatic, or a person's. */
export interface Claim {
  readonly candidateId: string;
  readonly decision: MatchDecision;
}

/**
 * Decides between candidates of one connection that are matched to one profile. An ATS often holds a person twice, so each keeps
 * the match that rests on a page or mailbox, or on a person's word; where one does, or where several rest on less, those that
 * rest on less go to review: one of two namesakes is never guessed.
 * @returns the decisions as they are after that, by candidate, in the order given; whoever claims the profile too can be shown from it.
 */
export function settleClaims(claims: readonly Claim[]): readonly Claim[] {
  if (claims.length < 2) return claims;
  return claims.map((claim) => {
    const { decision } = claim;
    if (decision.decision !== 'AUTOMATIC' || isFirm(decision)) return claim;
    return { ...claim, decision: { ...decision, decision: 'REVIEW', reason: 'CLAIMED_TWICE' } };
  });
}

function isFirm({ decidedBy, basis }: MatchDecision): boolean {
  return decidedBy === 'PERSON' || (basis !== 'PHONE' && basis !== 'EVIDENCE');
}
