import { type CandidateFilter, meets } from './candidate-filter.js';
import { GENERATED_UNTIL, type GeneratedTenant } from './generated-tenant.js';
import { NumbersLeft } from './numbers-left.js';
import type { CandidateFolder } from './records.js';

/** Some numbers, in ascending order. */
export interface Numbers {
  readonly length: number;
  at(position: number): number;
}

/** Generated candidates by number: which are left, and which somebody changed, so that they are held in memory since. */
export class GeneratedFolders {
  readonly #left: NumbersLeft;
  readonly #held = new Map<number, string>();
  #lastSince: { readonly since: string; readonly numbers: readonly number[] } | undefined;

  constructor(private readonly tenant: GeneratedTenant) {
    this.#left = new NumbersLeft(tenant.size);
  }

  /** How many are not deleted. */
  get count(): number {
    return this.#left.count;
  }

  /** Ids of those that are held in memory. */
  get held(): ReadonlySet<string> {
    return new Set(this.#held.values());
  }

  /** Whether a record was generated, whatever became of it. */
  has(kind: Parameters<GeneratedTenant['numberOf']>[0], id: string): boolean {
    return this.tenant.numberOf(kind, id) !== undefined;
  }

  /** The folder that a record is in, as long as nobody changed or deleted it. */
  untouched(kind: Parameters<GeneratedTenant['numberOf']>[0], id: string): CandidateFolder | undefined {
    const number = this.tenant.numberOf(kind, id);
    if (number === undefined || !this.#left.has(number) || this.#held.has(number)) return undefined;
    return this.tenant.folder(number);
  }

  /** The one of this number. @param ofHeld The folder of one that is held in memory. */
  numbered(number: number, ofHeld: (id: string) => CandidateFolder): CandidateFolder {
    const held = this.#held.get(number);
    return held === undefined ? this.tenant.folder(number) : ofHeld(held);
  }

  /** Hands a candidate over to be held in memory; it keeps its place in lists. */
  hold(id: string): CandidateFolder | undefined {
    const folder = this.untouched('candidate', id);
    const number = this.tenant.numberOf('candidate', id);
    if (!folder || number === undefined) return undefined;
    this.#held.set(number, id);
    return folder;
  }

  /** Deletes a candidate. */
  remove(id: string): void {
    const number = this.tenant.numberOf('candidate', id);
    if (number === undefined) return;
    this.#left.remove(number);
    this.#held.delete(number);
  }

  /** Those that a list is asked for. @param ofHeld The folder of one that is held in memory. */
  matching(filter: CandidateFilter, ofHeld: (id: string) => CandidateFolder): Numbers {
    if (filter.email === undefined && filter.since === undefined) {
      return { length: this.#left.count, at: (position) => this.#left.at(position) };
    }
    const found = new Set(this.#asGenerated(filter).filter((number) => this.#left.has(number)));
    for (const [number, id] of this.#held) {
      if (meets(ofHeld(id).candidate, filter)) found.add(number);
      else found.delete(number);
    }
    const numbers = [...found].sort((a, b) => a - b);
    return { length: numbers.length, at: (position) => numbers[position] ?? Number.NaN };
  }

  /** Those that met a filter before anybody touched them, without looking at all where that is possible. */
  #asGenerated({ email, since }: CandidateFilter): readonly number[] {
    const { tenant } = this;
    if (email !== undefined) {
      // A generated address holds the number.
      const number = Number(/\.(\d+)@/.exec(email)?.[1] ?? Number.NaN);
      return this.#left.has(number) && meets(tenant.folder(number).candidate, { email, since }) ? [number] : [];
    }
    if (since === undefined || since > GENERATED_UNTIL) return [];
    // Whoever pages through asks for the same time again and again.
    if (this.#lastSince?.since !== since) {
      const all = Array.from({ length: tenant.size }, (_, number) => number);
      this.#lastSince = { since, numbers: all.filter((number) => tenant.updatedOn(number) >= since) };
    }
    return this.#lastSince.numbers;
  }
}
