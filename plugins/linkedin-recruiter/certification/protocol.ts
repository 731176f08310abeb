import { isDeepStrictEqual } from 'node:util';
import type { Exchange } from './recorder.ts';

/** Something that was looked at while a rule was exercised. */
export interface Observation {
  /** What holds, as a sentence. */
  readonly what: string;
  readonly holds: boolean;
  /** What was really seen. */
  readonly seen: string;
}

/** Most exchanges that are shown for a rule. */
const MOST_SHOWN = 6;

/** What is written down while a rule is exercised. */
export class Protocol {
  readonly steps: string[] = [];
  readonly observations: Observation[] = [];
  readonly exchanges: Exchange[] = [];

  /** Something that is about to be done, as a sentence. */
  step(text: string): void {
    this.steps.push(text);
  }

  /** Something that must hold. @param seen What was seen; it is printed. */
  holds(what: string, isSo: boolean, seen: unknown): void {
    this.observations.push({ what, holds: isSo, seen: typeof seen === 'string' ? seen : JSON.stringify(seen) });
  }

  /** Two things that must be equal. */
  equal(what: string, seen: unknown, expected: unknown): void {
    this.holds(what, isDeepStrictEqual(seen, expected), seen);
  }

  /** Exchanges that show it. */
  show(exchanges: readonly Exchange[]): void {
    this.exchanges.push(...exchanges.slice(0, MOST_SHOWN - this.exchanges.length));
  }

  /** Whether everything held, and something was looked at. */
  get isGood(): boolean {
    return this.observations.length > 0 && this.observations.every(({ holds }) => holds);
  }
}

/** Exercises one rule. What it throws is a failure. */
export type Exercise = (protocol: Protocol) => Promise<void>;

/** By the rule's id. */
export type Exercises = Readonly<Record<string, Exercise>>;
