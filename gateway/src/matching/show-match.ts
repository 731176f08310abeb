import type { MatchLevel, MatchRecord, ScoredProfile } from '@talentbridge/hub';
import { evidenceText } from './evidence-text.js';
import type { CandidateMatch, PossibleMatch } from './match.type.js';

/** Levels that speak for two people, in every field that has them. */
const CONFLICTS: ReadonlySet<MatchLevel> = new Set(['DIFFERENT', 'NONE']);

/** A match of the hub as the schema shows it. */
export function showMatch(match: MatchRecord): CandidateMatch {
  const { others, connectionId: _, ...shown } = match;
  return { ...shown, ...showPossible(match), others: others.map(showPossible) };
}

function showPossible({ profileId, score, evidence }: ScoredProfile): PossibleMatch {
  return {
    profileId,
    score,
    evidence: evidence.map(({ field, level, weight }) => ({
      field,
      level,
      weight,
      agrees: !CONFLICTS.has(level),
      text: evidenceText(field, level),
    })),
  };
}
