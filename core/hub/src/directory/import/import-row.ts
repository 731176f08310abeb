import type { Profile } from '../profile.js';
import type { RefusalReason } from '../profile-input.js';

/** A row (a line, a record or a document) that could be read. */
export interface ReadRow {
  readonly ok: true;
  /** Where it begins in the file, counted from 1. */
  readonly line: number;
  readonly profile: Profile;
  /** What could not be used and was left out; the rest of the row was taken. JSON Resume files only. */
  readonly notes: readonly RefusalReason[];
}

/** A row that was refused as a whole; the others go on. */
export interface RefusedRow {
  readonly ok: false;
  readonly line: number;
  /** Every reason. Names fields, never their values. */
  readonly reasons: readonly RefusalReason[];
  /** What the row says about whose it is (its key, else its name), cut short: helps a person to find it. */
  readonly keyHint?: string;
}

/** What a reader yields for each row, in the order of the file. */
export type ImportRow = ReadRow | RefusedRow;

/** How much a file may hold. */
export interface ImportLimits {
  /** Most bytes of one row; a larger one is refused and the reading goes on. Default 1 MiB. */
  readonly maxRowBytes: number;
  /** Most rows; the row after the last is refused with the reason, and nothing after it is read. Default 1,000,000. */
  readonly maxRows: number;
}

/** What a caller may decide about an import. */
export interface ImportOptions {
  readonly limits?: Partial<ImportLimits>;
  /**
   * Whether contact data counts as revealed where the file does not say. Default: `true` for JSON Resume, which people
   * publish about themselves, otherwise `false`.
   */
  readonly contactsRevealed?: boolean;
  /** Written into profiles that do not name their source. Default: the format's name. */
  readonly dataSource?: string;
  /** CSV: told once, before the first row, which columns of the file nobody reads. */
  readonly onIgnoredColumns?: (names: readonly string[]) => void;
}

/** A file as it arrives, in pieces of any size. */
export type ByteSource = AsyncIterable<Uint8Array>;

/** The limits in force. */
export function importLimits(options: ImportOptions | undefined): ImportLimits {
  return { maxRowBytes: 1024 * 1024, maxRows: 1_000_000, ...options?.limits };
}

/** A limit as a person reads it. */
export function sizeText(bytes: number): string {
  return bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MiB` : `${Math.floor(bytes / 1024)} KiB`;
}

/** The refusal that ends an import of too many rows. */
export function tooManyRows(line: number, maxRows: number): RefusedRow {
  return {
    ok: false,
    line,
    reasons: [{ message: `the file holds more than ${maxRows} rows; from here on nothing was read: split the file` }],
  };
}
