/** A file as it was stored. */
export interface StoredFile {
  /** In bytes. */
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * Where files lie: a folder, or a bucket of an object store. Keys are paths of letters, digits, `-`, `_` and `.`, with slashes
 * between them, and begin with the organization's id; nothing of a person stands in them.
 */
export interface FileStore {
  /**
   * Stores a file, in place of the one before. It is there as a whole or not at all, and still there after a crash.
   * @throws FileTooLargeError after more than `limit` bytes; nothing is stored then.
   */
  put(key: string, content: AsyncIterable<Uint8Array>, options?: { readonly limit?: number }): Promise<StoredFile>;

  /** Reads a file from its beginning. @throws FileMissingError */
  read(key: string): Promise<AsyncIterable<Uint8Array>>;

  /** Deletes files. One that is not there is deleted already. */
  delete(keys: readonly string[]): Promise<void>;

  /** Deletes every file below a path, such as `<organization>/attachments/<connection>`. */
  deleteBelow(path: string): Promise<void>;
}

/** There is no file under this key. */
export class FileMissingError extends Error {
  override readonly name = 'FileMissingError';

  constructor(
    readonly key: string,
    options?: ErrorOptions,
  ) {
    super(`There is no file ${key}. It was deleted, or the file store is another one than it was written to.`, options);
  }
}

/** A file is larger than it may be. */
export class FileTooLargeError extends Error {
  override readonly name = 'FileTooLargeError';

  /** @param limit In bytes. */
  constructor(readonly limit: number) {
    super(`The file is larger than ${limit} bytes. Nothing of it was stored.`);
  }
}

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** The segments of a key. @throws RangeError when it is none: keys are made by the hub, never by what is stored. */
export function segmentsOf(key: string): readonly string[] {
  const segments = key.split('/');
  if (!segments.every((segment) => SEGMENT.test(segment))) throw new RangeError('This is no key of a file store.');
  return segments;
}
