import type { Outbox } from '../../outbox.js';

/** Goes up when documents are made in another way: indexes are then written anew. */
const DOCUMENT_FORMAT = 1;

/** How far the writer of an index has come: what is durable in the index is everything up to here. */
export interface IndexMark {
  /** For each outbox the transaction up to which everything is written. */
  readonly at: Readonly<Partial<Record<Outbox, string>>>;
  /** The index may hold somebody who is not in the tables any more: looked for before anything else. */
  readonly sweeping?: true;
  /** All records are being written, the newest first; those from this id on are. */
  readonly filledFrom?: string;
}

/** The mark as the index keeps it. */
export function writeMark(mark: IndexMark): string {
  return JSON.stringify({ format: DOCUMENT_FORMAT, ...mark });
}

/** What an index says of itself. `undefined`: it is new, or another version of the product wrote it. */
export function readMark(text: string | undefined): IndexMark | undefined {
  if (text === undefined) return undefined;
  const { format, ...mark } = JSON.parse(text) as IndexMark & { readonly format: number };
  return format === DOCUMENT_FORMAT ? mark : undefined;
}
