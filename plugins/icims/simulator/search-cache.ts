/** How old an answer may be when the caller does not say, in minutes (iCIMS sheet §7.1, CONFIRMED). */
const DEFAULT_STALENESS = 15;

/** Answers that are kept at once. */
const MOST_ANSWERS = 1000;

/** The cache before searches and portals: an answer is served again until it is `staleness` minutes old; `0` asks for a live one. */
export class SearchCache {
  readonly #answers = new Map<string, { readonly at: number; readonly answer: unknown }>();

  /**
   * @param question Whose search of what.
   * @param staleness The query parameter, as it came.
   */
  answer(question: string, staleness: string | undefined, now: number, ask: () => unknown): unknown {
    const minutes = staleness !== undefined && /^\d+$/.test(staleness) ? Number(staleness) : DEFAULT_STALENESS;
    const kept = this.#answers.get(question);
    if (kept && minutes > 0 && now - kept.at <= minutes * 60_000) return kept.answer;
    const answer = ask();
    const [oldest] = this.#answers.keys();
    if (this.#answers.size >= MOST_ANSWERS && oldest !== undefined) this.#answers.delete(oldest);
    this.#answers.delete(question);
    this.#answers.set(question, { at: now, answer });
    return answer;
  }

  /** Forgets everything. */
  clear(): void {
    this.#answers.clear();
  }
}
