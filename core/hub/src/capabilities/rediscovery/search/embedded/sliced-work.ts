import type { Span } from '../query/query-tree.js';

/**
 * Work in pieces, each a statement or a look at a column: a few milliseconds, where little is asked for. Between two of them other work
 * has its turn, and this one can be given up. Before each piece it says where the clause was typed that the piece is about. `undefined`:
 * nobody typed it.
 */
export type Sliced<Result> = Generator<Span | undefined, Result, void>;

/** A search took longer than it may. */
export class OverTimeError extends Error {
  override readonly name = 'OverTimeError';

  constructor(
    readonly limitMs: number,
    /** Where the clause was typed that took longest. */
    readonly span: Span | undefined,
  ) {
    super(`The search was given up after ${limitMs} ms.`);
  }
}

/** How sliced work is done. */
export interface SlicedWorkOptions {
  /** How long after its beginning it is given up, in milliseconds. Default: never. */
  readonly limitMs?: number | undefined;
  /** The time in milliseconds. Default: that of the machine. */
  readonly now?: () => number;
  /** Told of each piece before it is done. */
  readonly onPiece?: (span: Span | undefined) => void;
}

/** Does sliced work turn by turn, and knows which clause takes longest. */
export class SlicedWork<Result> {
  private readonly limitMs: number;
  private readonly now: () => number;
  private readonly onPiece: (span: Span | undefined) => void;
  private begun: number | undefined;
  /** What it is at work on. */
  private current: { readonly span: Span | undefined } | undefined;
  /** By where a clause was typed: how long its pieces took. */
  private readonly taken = new Map<string, { readonly span: Span | undefined; ms: number }>();

  constructor(
    private readonly pieces: Sliced<Result>,
    options: SlicedWorkOptions = {},
  ) {
    this.limitMs = options.limitMs ?? Infinity;
    this.now = options.now ?? (() => performance.now());
    this.onPiece = options.onPiece ?? (() => undefined);
  }

  /**
   * Goes on until it is done, or until so many milliseconds are over.
   * @returns `undefined`: there is more to do.
   * @throws OverTimeError when it is given up: what was found of single clauses stays known.
   */
  goOn(turnMs: number): { readonly result: Result } | undefined {
    const start = this.now();
    this.begun ??= start;
    for (let last = start; ; ) {
      const piece = this.pieces.next();
      if (piece.done) return { result: piece.value };
      const now = this.now();
      if (this.current) {
        this.note(this.current, now - last);
        if (now - this.begun >= this.limitMs) this.giveUp();
      }
      last = now;
      this.current = { span: piece.value };
      this.onPiece(piece.value);
      if (now - start >= turnMs) return undefined;
    }
  }

  private note({ span }: { readonly span: Span | undefined }, ms: number): void {
    const key = span ? `${span.start} ${span.end}` : '';
    const taken = this.taken.get(key);
    if (taken) taken.ms += ms;
    else this.taken.set(key, { span, ms });
  }

  private giveUp(): never {
    const error = new OverTimeError(this.limitMs, this.longest());
    // Lets the work leave everything in order.
    this.pieces.throw(error);
    throw error;
  }

  private longest(): Span | undefined {
    return [...this.taken.values()].toSorted((one, other) => other.ms - one.ms)[0]?.span;
  }
}
