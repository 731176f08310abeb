import { noRows, type RowSet } from './row-set.js';

/** Codes of the values that are sought. */
export interface CodeSet {
  readonly wanted: number[];
  /** As many codes of the dictionary have been looked at. */
  known: number;
}

/** A clause that was evaluated. */
export interface KnownClause {
  rows: RowSet;
  /** As many rows of the table have been looked at. */
  evaluated: number;
  readonly codes: CodeSet;
  /** What it was last counted with. */
  bytes: number;
}

/** What clauses found in all indexes of a thread: those that were used last, as far as their memory goes. */
export class ClauseCache {
  /** By index, and by clause. The one that was used last comes last. */
  private readonly known = new Map<string, KnownClause>();
  private counted = 0;
  private lastOwner = 0;

  /** @param budget How many bytes may be kept. */
  constructor(private readonly budget: number) {}

  /** How many bytes are kept. */
  get bytes(): number {
    return this.counted;
  }

  /** A part for an index of its own. */
  part(): ClauseCachePart {
    const owner = `${++this.lastOwner} `;
    return {
      use: (key) => this.use(owner + key),
      weigh: (key, clause) => this.weigh(owner + key, clause),
      clear: () => this.clear(owner),
    };
  }

  private use(key: string): KnownClause {
    const clause = this.known.get(key) ?? {
      rows: noRows(0),
      evaluated: 0,
      codes: { wanted: [], known: 0 },
      bytes: 0,
    };
    this.known.delete(key);
    this.known.set(key, clause);
    return clause;
  }

  private weigh(key: string, clause: KnownClause): void {
    // Forgotten while it was evaluated: whoever asked has it, and nobody after.
    if (this.known.get(key) !== clause) return;
    const bytes = sizeOf(clause);
    this.counted += bytes - clause.bytes;
    clause.bytes = bytes;
    for (const old of this.known.keys()) {
      if (this.counted <= this.budget) return;
      this.forget(old);
    }
  }

  private clear(owner: string): void {
    for (const key of this.known.keys()) if (key.startsWith(owner)) this.forget(key);
  }

  private forget(key: string): void {
    this.counted -= this.known.get(key)?.bytes ?? 0;
    this.known.delete(key);
  }
}

/** What clauses found in one index. */
export interface ClauseCachePart {
  /** What is known of a clause, which is used now. */
  use(key: string): KnownClause;
  /** Counts what a clause takes, and forgets others when all together take too much. */
  weigh(key: string, clause: KnownClause): void;
  /** Forgets all of it. */
  clear(): void;
}

function sizeOf({ rows, codes }: KnownClause): number {
  return rows.byteLength + codes.wanted.length * 8 + 500;
}
