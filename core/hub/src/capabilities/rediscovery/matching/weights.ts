import learned from './learned-weights.json' with { type: 'json' };
import { FIELDS, type Field, LEVELS } from './levels.js';

/** How often a level is seen: among pairs of one person (`m`) and of two (`u`). */
export interface LevelRates {
  readonly m: number;
  readonly u: number;
}

/** What was learned from labelled pairs. */
export interface LearnedWeights {
  /** From what: for people. */
  readonly learnedFrom: string;
  readonly fields: Readonly<Record<Field, Readonly<Record<string, LevelRates>>>>;
  /** How many profiles in a million share an employer, a school or a city that two different people have in common, in the geometric mean. */
  readonly commonPerMillion: Readonly<Record<'employers' | 'schools' | 'place', number>>;
  /** The share of candidates that have a profile at all. */
  readonly coverage: number;
  /** In bits, over all evidence and the odds before it. */
  readonly thresholds: {
    /** From here a match needs nobody. */
    readonly automatic: number;
    /** From here a person is asked. */
    readonly review: number;
    /** How far the next profile must be behind. */
    readonly margin: number;
  };
}

/** The weights of this release, learned on generated people: `npm run bench -- matching --learn` writes them. */
export const learnedWeights: LearnedWeights = learned;

/** Bits of evidence by field and level, in the order of `LEVELS`. */
export function bitsOf(weights: LearnedWeights): readonly (readonly number[])[] {
  return FIELDS.map((field) =>
    LEVELS[field].map((level) => {
      const rates = weights.fields[field][level];
      return rates ? Math.log2(rates.m / rates.u) : 0;
    }),
  );
}
