import type { Fault, FaultRule } from './fault.js';
import { SeededRandom } from './seeded-random.js';

interface Standing {
  readonly rule: FaultRule;
  readonly path: RegExp | undefined;
  readonly random: SeededRandom;
  calls: number;
  played: number;
}

/** The faults that a simulator plays. Rules are asked in the order in which they were added; the first that applies is played. */
export class FaultBoard {
  readonly #standing: Standing[] = [];

  /** Adds a rule. Answers a function that takes it away again. */
  add(rule: FaultRule): () => void {
    const standing: Standing = {
      rule,
      path: rule.path === undefined ? undefined : pathPattern(rule.path),
      random: new SeededRandom(rule.seed ?? 1),
      calls: 0,
      played: 0,
    };
    this.#standing.push(standing);
    return () => {
      const index = this.#standing.indexOf(standing);
      if (index >= 0) this.#standing.splice(index, 1);
    };
  }

  /** The fault to play for a request that has just arrived, if any. Counts the call on every rule that it matches. */
  take(method: string, path: string, authorization = ''): Fault | undefined {
    let taken: Fault | undefined;
    for (const standing of this.#standing) {
      const { rule } = standing;
      if (rule.method !== undefined && rule.method.toUpperCase() !== method) continue;
      if (standing.path && !standing.path.test(path)) continue;
      if (rule.authorization !== undefined && !authorization.includes(rule.authorization)) continue;
      standing.calls += 1;
      if (taken !== undefined || !applies(standing)) continue;
      standing.played += 1;
      taken = rule.fault;
    }
    return taken;
  }

  /** The rules, with how often each matched and was played. */
  list(): readonly { readonly rule: FaultRule; readonly calls: number; readonly played: number }[] {
    return this.#standing.map(({ rule, calls, played }) => ({ rule, calls, played }));
  }

  /** Removes every rule. */
  clear(): void {
    this.#standing.length = 0;
  }
}

function applies({ rule, calls, played, random }: Standing): boolean {
  if (rule.times !== undefined && played >= rule.times) return false;
  if (rule.nth !== undefined && calls !== rule.nth) return false;
  if (rule.afterCalls !== undefined && calls <= rule.afterCalls) return false;
  return rule.probability === undefined || random.next() < rule.probability;
}

function pathPattern(path: string): RegExp {
  const source = path
    .split(/(\*\*|\*)/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]+' : RegExp.escape(part)))
    .join('');
  return new RegExp(`^${source}$`);
}
