import type { Outbox, OutboxPosition } from '../../outbox.js';

/** Goes up when documents are made in another way: indexes are then written anew. */
const DOCUMENT_FORMAT = 1;

/** What is kept of a position beyond its transaction; what is left out is read twice, which does no harm. */
const MOST_SEEN = 200;

/** How far the writer of an index has come: what is durable in the index is everything up to here. */
export interface IndexMark {
  readonly at: Readonly<Partial<Record<Outbox, OutboxPosition>>>;
  /** The index may hold somebody who is not in the tables any more: looked for before anything else. */
  readonly sweeping?: true;
  /** All records are being written, the newest first; those from this id on are. */
  readonly filledFrom?: string;
}

/** The mark as the index keeps it. */
export function writeMark({ at, ...mark }: IndexMark): string {
  const positions = Object.entries(at).map(([outbox, { from, seen }]) => [outbox, from, [...seen].slice(0, MOST_SEEN)]);
  return JSON.stringify({ format: DOCUMENT_FORMAT, positions, ...mark });
}

/** What an index says of itself. `undefined`: it is new, or another version of the product wrote it. */
export function readMark(text: string | undefined): IndexMark | undefined {
  if (text === undefined) return undefined;
  const { format, positions, ...mark } = JSON.parse(text) as Omit<IndexMark, 'at'> & {
    readonly format: number;
    readonly positions: readonly (readonly [Outbox, string, readonly (readonly [string, string])[]])[];
  };
  if (format !== DOCUMENT_FORMAT) return undefined;
  const at = Object.fromEntries(positions.map(([outbox, from, seen]) => [outbox, { from, seen: new Map(seen) }]));
  return { at, ...mark };
}
