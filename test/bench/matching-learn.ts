import type { CompiledPerson } from '../../core/hub/dist/capabilities/rediscovery/matching/compiled-person.js';
import { decide } from '../../core/hub/dist/capabilities/rediscovery/matching/decide.js';
import {
  ABSENT,
  AT,
  FIELDS,
  type Field,
  LEVELS,
} from '../../core/hub/dist/capabilities/rediscovery/matching/levels.js';
import { MatchIndex } from '../../core/hub/dist/capabilities/rediscovery/matching/match-index.js';
import type { LearnedWeights } from '../../core/hub/dist/capabilities/rediscovery/matching/weights.js';

/** Labelled people to learn from. Every call of a function begins anew. */
export interface LabelledPeople {
  readonly about: string;
  profiles(): Iterable<readonly [string, CompiledPerson]>;
  /** Each with the id of their profile, if they have one. */
  candidates(): Iterable<readonly [CompiledPerson, string | undefined]>;
  /** What is left of a candidate without contact data, pages and place; `undefined`: nothing to go by. */
  bare(candidate: CompiledPerson): CompiledPerson | undefined;
}

const PAGES: readonly Field[] = ['linkedIn', 'gitHub', 'email', 'phone'];
const NAMES: readonly Field[] = ['firstName', 'lastName'];
/** In review from odds of one to sixteen on; another profile is no rival at less than a sixty-fourth of the odds. */
const [REVIEW, MARGIN] = [-4, 6];
/** Never automatic at odds of less than sixteen to one, however well that went on made-up people. */
const LEAST = 4;
/** Above the goal of 0.99, because other seeds are not this one. */
const WANTED_PRECISION = 0.9965;

class Rates {
  readonly #counts = FIELDS.map((field) => LEVELS[field].map(() => 0));
  see(levels: Int8Array, fields: readonly Field[]): void {
    for (const field of fields) {
      const level = levels[AT[field]] ?? ABSENT;
      const counts = this.#counts[AT[field]];
      if (level !== ABSENT && counts) counts[level] = (counts[level] ?? 0) + 1;
    }
  }
  count(field: Field, level: number): number {
    return this.#counts[AT[field]]?.[level] ?? 0;
  }
  /** With half a pair more for every level, so that what was not seen is rare and not impossible. */
  of(field: Field, level: number): number {
    const counts = this.#counts[AT[field]] ?? [];
    return ((counts[level] ?? 0) + 0.5) / (counts.reduce((sum, count) => sum + count, 0) + counts.length / 2);
  }
}

/**
 * Learns weights by counting over labelled pairs: what pairs of one person look like; what two people picked at random look like
 * in their names; what two people of about the same name look like in everything else, because those are who must be told
 * apart; and how often two people share a page, mailbox or number among all pairs there are.
 */
export function learnWeights(people: LabelledPeople, from: LearnedWeights): LearnedWeights {
  const index = indexOf(people, from);
  const [same, strangers, namesakes] = [new Rates(), new Rates(), new Rates()];
  const others = FIELDS.filter((field) => !PAGES.includes(field) && !NAMES.includes(field));
  const commonBits = { employers: [0, 0], schools: [0, 0], place: [0, 0] };
  let [candidates, matched] = [0, 0];
  for (const [candidate, profileId] of people.candidates()) {
    candidates += 1;
    const truth = profileId === undefined ? undefined : index.slotOf(profileId);
    const found = [...index.find(candidate)];
    if (truth !== undefined) {
      matched += 1;
      same.see(index.score(truth).levels, FIELDS);
    }
    for (const slot of found) {
      if (slot === truth) continue;
      const { levels } = index.score(slot);
      strangers.see(levels, PAGES);
      if ((levels[AT.firstName] ?? 9) > 2 || (levels[AT.lastName] ?? 9) > 2) continue;
      namesakes.see(levels, others);
      for (const field of ['employers', 'schools', 'place'] as const) {
        const rate = index.rarest(field);
        if (field === 'place' ? levels[AT.place] !== 0 : rate === 0) continue;
        commonBits[field][0] = (commonBits[field][0] ?? 0) + Math.log2(rate);
        commonBits[field][1] = (commonBits[field][1] ?? 0) + 1;
      }
    }
    // A stride that visits all profiles alike, and always the same ones.
    for (let turn = 1; turn <= 5; turn += 1) {
      const slot = (candidates * 7_919 + turn * 104_729) % index.size;
      if (slot !== truth) strangers.see(index.score(slot).levels, NAMES);
    }
  }
  const allPairs = candidates * index.size;
  const rateOfTwo = (field: Field, level: number): number => {
    if (!PAGES.includes(field)) return (NAMES.includes(field) ? strangers : namesakes).of(field, level);
    const shared = (strangers.count(field, 0) + 0.5) / allPairs;
    return level === 0 ? shared : 1 - shared;
  };
  const common = (field: keyof typeof commonBits): number => {
    const [bits = 0, count = 0] = commonBits[field];
    return count === 0 ? from.commonPerMillion[field] : Math.round(2 ** (bits / count) * 1e8) / 100;
  };
  const weights: LearnedWeights = {
    learnedFrom: people.about,
    fields: Object.fromEntries(
      FIELDS.map((field) => [
        field,
        Object.fromEntries(
          LEVELS[field].flatMap((level, at) =>
            // What too many profiles have says nothing, and has no rates.
            level === 'SHARED' ? [] : [[level, { m: short(same.of(field, at)), u: short(rateOfTwo(field, at)) }]],
          ),
        ),
      ]),
    ) as LearnedWeights['fields'],
    commonPerMillion: { employers: common('employers'), schools: common('schools'), place: common('place') },
    coverage: short(matched / candidates),
    thresholds: { automatic: 0, review: REVIEW, margin: MARGIN },
  };
  return { ...weights, thresholds: { ...weights.thresholds, automatic: lowestThreshold(people, weights) } };
}

function short(rate: number): number {
  return Number(rate.toPrecision(4));
}

function indexOf(people: LabelledPeople, weights: LearnedWeights): MatchIndex {
  const index = new MatchIndex(weights);
  for (const [id, profile] of people.profiles()) index.add(id, profile);
  return index;
}

/** The lowest score above which names, jobs and schools alone are right often enough. */
function lowestThreshold(people: LabelledPeople, weights: LearnedWeights): number {
  const index = indexOf(people, weights);
  const seen: { readonly score: number; readonly right: boolean }[] = [];
  for (const [candidate, profileId] of people.candidates()) {
    const bare = people.bare(candidate);
    if (!bare) continue;
    const { decision, match } = decide(index, bare);
    if (decision === 'MATCHED' && match) seen.push({ score: match.score, right: match.profileId === profileId });
  }
  seen.sort((one, other) => other.score - one.score);
  let [right, threshold] = [0, 20];
  for (const [place, each] of seen.entries()) {
    if (each.right) right += 1;
    if (right >= WANTED_PRECISION * (place + 1) && place > 200) threshold = each.score;
  }
  return Math.max(LEAST, Math.round(threshold * 10) / 10);
}
