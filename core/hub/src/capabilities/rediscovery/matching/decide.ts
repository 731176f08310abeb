import type { CompiledPerson } from './compiled-person.js';
import { ABSENT, AT, FIELDS, LEVELS, type Level } from './levels.js';
import type { MatchBasis, MatchDecision, ReviewReason, ScoredProfile, Verdicts } from './match-decision.js';
import type { MatchIndex, Scored } from './match-index.js';

interface Ranked {
  readonly slot: number;
  readonly score: number;
  readonly samePage: boolean;
}

/** No profile is near enough. */
export const nobody: MatchDecision = { decision: 'NONE', decidedBy: 'ENGINE', others: [] };

/**
 * Decides who a candidate is among the profiles of an index. Depends on what is in the index and not on the order in which it
 * came, and on no other candidate: `settleClaims` compares those.
 */
export function decide(index: MatchIndex, candidate: CompiledPerson, verdicts: Verdicts = {}): MatchDecision {
  const ranked = rank(index, candidate, verdicts);
  const confirmed = verdicts.confirmed === undefined ? undefined : index.slotOf(verdicts.confirmed);
  if (verdicts.confirmed !== undefined && confirmed !== undefined) {
    const scored = index.score(confirmed);
    const match = shown(index, confirmed);
    return { decision: 'MATCHED', decidedBy: 'PERSON', match, basis: basisOf(scored), others: [] };
  }
  const [best, second, third] = ranked;
  if (!best) return index.hasSharedContact ? { ...nobody, unmatchedBecause: 'SHARED_CONTACT' } : nobody;
  const scored = index.score(best.slot);
  const reason = doubtOf(index, scored, second, best);
  const basis = basisOf(scored);
  const match = shown(index, best.slot);
  const others = [second, third].filter((each) => each !== undefined).map(({ slot }) => shown(index, slot));
  return reason === undefined
    ? { decision: 'MATCHED', decidedBy: 'ENGINE', match, basis, others }
    : { decision: 'REVIEW', decidedBy: 'ENGINE', match, basis, reason, others };
}

/** The three best profiles above the threshold of review. The page decides first, then the score, then the id, so that ties do not depend on chance. */
function rank(index: MatchIndex, candidate: CompiledPerson, { rejected }: Verdicts): readonly Ranked[] {
  const best: Ranked[] = [];
  for (const slot of index.find(candidate)) {
    const { score, levels } = index.score(slot);
    const samePage = levels[AT.linkedIn] === 0;
    // A page, mailbox or number that agrees is worth a look whatever contradicts it.
    if (score < index.weights.thresholds.review && !(samePage || levels[AT.email] === 0 || levels[AT.gitHub] === 0)) {
      continue;
    }
    if (rejected?.has(index.idOf(slot))) continue;
    best.push({ slot, score, samePage });
  }
  best.sort(
    (one, other) =>
      Number(other.samePage) - Number(one.samePage) ||
      other.score - one.score ||
      (index.idOf(one.slot) < index.idOf(other.slot) ? -1 : 1),
  );
  return best.slice(0, 3);
}

/** What keeps a match from being automatic; `undefined`: nothing. */
function doubtOf(
  index: MatchIndex,
  { score, levels }: Scored,
  second: Ranked | undefined,
  best: Ranked,
): ReviewReason | undefined {
  const { automatic, margin } = index.weights.thresholds;
  const firstDiffers = level('firstName', levels) === 'DIFFERENT';
  const lastDiffers = level('lastName', levels) === 'DIFFERENT';
  const sameAccount = levels[AT.email] === 0 || levels[AT.gitHub] === 0;
  const sharesHistory = isShared('employers', levels) || isShared('schools', levels);
  // A family name changes and a page stays; another first name at the same mailbox is somebody else of the family, unless they
  // share a career too: then it is one person, written in a way that is not understood here.
  const isSomebodyElse = best.samePage
    ? firstDiffers && lastDiffers && !(sharesHistory && score >= automatic)
    : (sameAccount || levels[AT.phone] === 0) && firstDiffers && (lastDiffers || !sharesHistory);
  if (isSomebodyElse) return 'OTHER_NAME';
  // Of two profiles with the candidate's page nobody can say which; against one without it the page decides.
  if (second && second.samePage === best.samePage && best.score - second.score < margin) return 'TWO_PROFILES';
  if (best.samePage) return undefined;
  if (levels[AT.linkedIn] === 1 && !(sameAccount && !firstDiffers && !lastDiffers && sharesHistory)) {
    return score < automatic ? 'UNSURE' : 'OTHER_PAGE';
  }
  if (score < automatic) return 'UNSURE';
  return sameAccount || levels[AT.phone] === 0 || sharesHistory ? undefined : 'NAME_ALONE';
}

function level(field: 'firstName' | 'lastName', levels: Int8Array): Level | undefined {
  return LEVELS[field][levels[AT[field]] ?? ABSENT];
}

function isShared(field: 'employers' | 'schools', levels: Int8Array): boolean {
  const found = levels[AT[field]] ?? ABSENT;
  return found !== ABSENT && LEVELS[field][found] !== 'NONE';
}

function basisOf({ levels }: Scored): MatchBasis {
  if (levels[AT.linkedIn] === 0) return 'LINKEDIN';
  if (levels[AT.gitHub] === 0) return 'GITHUB';
  if (levels[AT.email] === 0) return 'EMAIL';
  return levels[AT.phone] === 0 ? 'PHONE' : 'EVIDENCE';
}

/** The evidence card of a profile, for the candidate that was taken last. */
function shown(index: MatchIndex, slot: number): ScoredProfile {
  const { score, levels, weights } = index.score(slot);
  const evidence = FIELDS.flatMap((field, at) => {
    const found = LEVELS[field][levels[at] ?? ABSENT];
    return found === undefined ? [] : [{ field, level: found, weight: round(weights[at] ?? 0) }];
  });
  return { profileId: index.idOf(slot), score: round(score), evidence };
}

function round(bits: number): number {
  return Math.round(bits * 100) / 100;
}
