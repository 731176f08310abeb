/** Something that a thread is asked about one index. */
interface Asked {
  readonly index: string;
}

/**
 * Whose turn it is in a thread. What is asked about one index is done in the order of asking, so that a search is between the same two
 * writes in all threads; indexes take turns, so that nobody waits for a long search of another organization.
 */
export class ThreadTurns<Call extends Asked> {
  /** By index, the one whose turn it is first: what it is asked. */
  private readonly asked = new Map<string, Call[]>();

  add(call: Call): void {
    const calls = this.asked.get(call.index);
    if (calls) calls.push(call);
    else this.asked.set(call.index, [call]);
  }

  /** Whether something is asked about an index. */
  has(index: string): boolean {
    return this.asked.has(index);
  }

  /** Whose turn it is. `undefined`: nothing is asked. */
  current(): Call | undefined {
    for (const [call] of this.asked.values()) return call;
    return undefined;
  }

  /** Ends the turn: the next one is another index's. @param done Whether the call needs no more turns. */
  pass(done: boolean): void {
    for (const [index, calls] of this.asked) {
      this.asked.delete(index);
      if (done) calls.shift();
      if (calls.length > 0) this.asked.set(index, calls);
      return;
    }
  }
}
