import { type Exercise, type Exercises, Protocol } from './protocol.ts';
import { RULES, type Rule } from './rules.ts';

/** What came of a rule. */
export type Result = 'PASSED' | 'FAILED' | 'BY HAND' | 'NOT RUN';

/** A rule with what was seen of it. */
export interface Evidence {
  readonly rule: Rule;
  readonly result: Result;
  /** Where it was exercised. Absent: it was not. */
  readonly where?: string;
  readonly protocol: Protocol;
  /** What ended the exercise, where something did. */
  readonly failure?: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly milliseconds: number;
}

/** Exercises that go together. */
export interface ExerciseSet {
  /** For people: "plugin", "hub". */
  readonly where: string;
  readonly exercises: Exercises;
}

/**
 * Exercises every rule, one after the other. Where several sets know a rule, the last one exercises it.
 * @param told Told of each rule as it ends.
 */
export async function certify(
  sets: readonly ExerciseSet[],
  told: (evidence: Evidence) => void = () => undefined,
): Promise<readonly Evidence[]> {
  const all: Evidence[] = [];
  for (const rule of RULES) {
    const set = sets.findLast(({ exercises }) => Object.hasOwn(exercises, rule.id));
    const exercise = set?.exercises[rule.id];
    const evidence = await evidenceOf(rule, exercise && { where: set.where, exercise });
    all.push(evidence);
    told(evidence);
  }
  return all;
}

/** Whether nothing is missing: every rule that a program can show was exercised, and held. */
export function isComplete(all: readonly Evidence[]): boolean {
  return all.every(({ result }) => result !== 'FAILED' && result !== 'NOT RUN');
}

async function evidenceOf(
  rule: Rule,
  known: { readonly where: string; readonly exercise: Exercise } | undefined,
): Promise<Evidence> {
  const protocol = new Protocol();
  const at = new Date().toISOString();
  const startedAt = performance.now();
  if (!known) return { rule, result: rule.unexercised?.as ?? 'NOT RUN', protocol, at, milliseconds: 0 };
  let failure: string | undefined;
  try {
    await known.exercise(protocol);
  } catch (error) {
    failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return {
    rule,
    result: failure === undefined && protocol.isGood ? 'PASSED' : 'FAILED',
    where: known.where,
    protocol,
    at,
    milliseconds: Math.round(performance.now() - startedAt),
    ...(failure === undefined ? {} : { failure }),
  };
}
