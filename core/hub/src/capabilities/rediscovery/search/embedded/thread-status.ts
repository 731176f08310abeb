import type { Span } from '../query/query-tree.js';

const [ID, BEGUN, START, END] = [0, 1, 2, 3];

/**
 * What a thread is doing, in memory that it shares with the caller's thread: it can be seen while it is in a statement of SQLite and
 * hears nothing.
 */
export class ThreadStatus {
  private readonly numbers: Float64Array<SharedArrayBuffer>;

  constructor(readonly shared = new SharedArrayBuffer(4 * Float64Array.BYTES_PER_ELEMENT)) {
    this.numbers = new Float64Array(shared);
  }

  /** The thread is at work on a request. @param begun When it began with it, by `sharedNow`. */
  working(id: number, begun: number): void {
    this.numbers.set([id, begun, -1, -1]);
  }

  /** The thread begins a piece about the clause that was typed there. */
  piece(span: Span | undefined): void {
    this.numbers[START] = span?.start ?? -1;
    this.numbers[END] = span?.end ?? -1;
  }

  /** The thread is at work on nothing. */
  idle(): void {
    this.numbers[ID] = 0;
  }

  /** For how long the thread has been at work on a request, in milliseconds. `undefined`: it is at work on another. */
  workingFor(id: number): number | undefined {
    return this.numbers[ID] === id ? sharedNow() - (this.numbers[BEGUN] ?? 0) : undefined;
  }

  /** Where the clause was typed that the thread is at work on. `undefined`: nobody typed it. */
  get span(): Span | undefined {
    const [, , start = -1, end = -1] = this.numbers;
    return start < 0 ? undefined : { start, end };
  }
}

/** Milliseconds by a clock that all threads share. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
