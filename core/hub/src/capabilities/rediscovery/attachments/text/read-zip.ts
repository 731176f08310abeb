import { Parser } from 'htmlparser2';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { UnreadableFileError } from './text-outcome.js';

/** Most bytes of all parts that are read, unpacked: hundreds of pages, and little to unpack. */
const UNPACKED_LIMIT = 64 * 1024 * 1024;
/** More parts than any document has. */
const MOST_ENTRIES = 10_000;
/** More levels of elements in each other than any document has. */
const MOST_DEEP = 500;

/** The parts of a document that is a ZIP archive. What it says of their sizes is checked, and not believed. */
export class ZippedDocument {
  private left = UNPACKED_LIMIT;

  private constructor(
    private readonly file: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws UnreadableFileError */
  static async open(bytes: Uint8Array): Promise<ZippedDocument> {
    const entries = new Map<string, Entry>();
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
      const file = await fromBufferPromise(buffer, { lazyEntries: true, validateEntrySizes: true });
      if (file.entryCount > MOST_ENTRIES) throw new UnreadableFileError('TOO_LARGE');
      for await (const entry of file.eachEntry()) entries.set(entry.fileName, entry);
      return new ZippedDocument(file, entries);
    } catch (cause) {
      throw cause instanceof UnreadableFileError ? cause : new UnreadableFileError('MALFORMED', { cause });
    }
  }

  /** The names of all parts that are like this, in order. */
  names(pattern: RegExp): readonly string[] {
    return [...this.entries.keys()].filter((name) => pattern.test(name)).sort();
  }

  /** One part, unpacked. @throws UnreadableFileError */
  async *read(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.entries.get(name);
    if (!entry) return;
    if (entry.isEncrypted()) throw new UnreadableFileError('ENCRYPTED');
    if (entry.uncompressedSize > this.left) throw new UnreadableFileError('TOO_LARGE');
    try {
      for await (const chunk of await this.file.openReadStreamPromise(entry)) {
        const bytes = chunk as Uint8Array;
        this.left -= bytes.byteLength;
        if (this.left < 0) throw new UnreadableFileError('TOO_LARGE');
        yield bytes;
      }
    } catch (cause) {
      throw cause instanceof UnreadableFileError ? cause : new UnreadableFileError('MALFORMED', { cause });
    }
  }

  /**
   * Walks through a part that is XML. Names come without their prefixes. Entities that the part declares are left as they
   * are: there is nothing to blow up, and nothing is fetched.
   * @throws UnreadableFileError
   */
  async walk(name: string, handler: XmlHandler): Promise<void> {
    let deep = 0;
    let tooDeep = false;
    const parser = new Parser(
      {
        onopentag: (tag, attributes) => {
          deep += 1;
          tooDeep ||= deep > MOST_DEEP;
          handler.open(local(tag), attributes);
        },
        ontext: (text) => handler.text(text),
        onclosetag: (tag) => {
          deep -= 1;
          handler.close(local(tag));
        },
      },
      { xmlMode: true },
    );
    const decoder = new TextDecoder();
    for await (const chunk of this.read(name)) {
      parser.write(decoder.decode(chunk, { stream: true }));
      if (tooDeep) throw new UnreadableFileError('MALFORMED');
      if (handler.full) return;
    }
    parser.end(decoder.decode());
  }
}

/** What is done with a part on the way. */
export interface XmlHandler {
  /** No more of it is wanted. */
  readonly full: boolean;
  open(tag: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(tag: string): void;
}

function local(tag: string): string {
  return tag.slice(tag.indexOf(':') + 1);
}
