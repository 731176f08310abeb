import type { Transaction } from '../../../kernel/persistence/transaction.js';

/** A file that was uploaded with a data copy and belongs to an attachment of the mirror now. */
export interface CopiedContent {
  readonly attachmentId: string;
  /** Where it lies in the file store. */
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** As its bytes say. `null`: its beginning does not say. */
  readonly contentType: string | null;
}

/** Where the content of attachments is looked after. It takes over files of data copies as they lie. */
export interface CopiedContents {
  /** The SHA-256 of the content of attachments, in lower-case hex, by their ids. Who has none is left out. */
  hashes(tx: Transaction, attachmentIds: readonly string[]): Promise<ReadonlyMap<string, string>>;

  /** Takes files over, in place of what the attachments had before: from now on they are its to delete. */
  keep(tx: Transaction, connectionId: string, contents: readonly CopiedContent[]): Promise<void>;
}
