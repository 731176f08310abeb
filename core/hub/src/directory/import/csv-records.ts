import { type ByteSource, sizeText } from './import-row.js';
import { utf8Bytes } from './utf8-bytes.js';

/** One record, still as bytes, or why its end could not be found. */
export type CsvRecord =
  | { readonly ok: true; readonly line: number; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly line: number; readonly message: string };

const [newline, carriageReturn, quote] = [0x0a, 0x0d, 0x22];
/** What separates the fields of files that call themselves CSV. */
export const csvDelimiters: readonly string[] = [',', ';', '\t', '|'];

/** What is known of a file's way of writing CSV. The reader of the header sets it; until then every delimiter counts. */
export interface CsvDialect {
  delimiter?: string;
}

/** What is wrong with a row whose quotation marks do not fit together. */
export const misquoted =
  'holds a quotation mark in the wrong place: put the whole cell in quotation marks and double those inside';

/** After so many quotation marks that nothing closes, a file is no CSV; each costs reading a row's limit twice. */
const mostUnclosedQuotes = 1_000;

/**
 * Cuts a CSV file into records, keeping no more than one of them, and finds its feet again after a broken one.
 *
 * csv-parse could do this too, but it takes everything behind a quotation mark that is never closed for one record, and it
 * loses the rest of the piece at hand when a record exceeds its limit (7.0.3). Here such a mark costs its own line alone.
 */
class CsvSplitter {
  #buffer: Uint8Array = new Uint8Array(0);
  #line = 1;
  #skipping = false;
  #unclosed = 0;
  stopped = false;

  constructor(
    private readonly maxRowBytes: number,
    private readonly dialect: CsvDialect,
  ) {}

  *push(chunk: Uint8Array): Generator<CsvRecord> {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    yield* this.#cut(false);
  }

  *end(): Generator<CsvRecord> {
    yield* this.#cut(true);
  }

  *#cut(complete: boolean): Generator<CsvRecord> {
    let start = 0;
    const buffer = this.#buffer;
    while (start < buffer.length && !this.stopped) {
      if (this.#skipping) {
        const end = this.#lineEnd(buffer, start);
        if (end === -1) {
          start = buffer.length;
          break;
        }
        this.#skipping = false;
        this.#line++;
        start = end;
        continue;
      }
      const { end, lines, inQuotes, misquoted } = this.#recordEnd(buffer, start);
      if (end !== -1 && !misquoted) {
        // A carriage return at the very end may be half of a line end whose other half is still to come.
        if (!complete && end === buffer.length && buffer[end - 1] === carriageReturn) break;
        yield this.#record(buffer.subarray(start, end));
        this.#line += lines;
        start = end;
        continue;
      }
      const size = buffer.length - start;
      if (!complete && size <= this.maxRowBytes && !misquoted) break;
      if (inQuotes || misquoted) {
        yield misquoted && lines === 0 ? this.#misquoted() : this.#unclosedQuote();
        const next = this.#lineEnd(buffer, start);
        if (next === -1) this.#skipping = true;
        else this.#line++;
        start = next === -1 ? buffer.length : next;
      } else if (size > this.maxRowBytes) {
        yield this.#tooLarge();
        this.#skipping = true;
        start = buffer.length;
      } else {
        yield this.#record(buffer.subarray(start));
        start = buffer.length;
      }
    }
    this.#buffer = buffer.subarray(start);
  }

  #record(bytes: Uint8Array): CsvRecord {
    return bytes.length > this.maxRowBytes ? this.#tooLarge() : { ok: true, line: this.#line, bytes };
  }

  #tooLarge(): CsvRecord {
    return { ok: false, line: this.#line, message: `is larger than ${sizeText(this.maxRowBytes)}` };
  }

  #misquoted(): CsvRecord {
    return { ok: false, line: this.#line, message: misquoted };
  }

  #unclosedQuote(): CsvRecord {
    if (++this.#unclosed < mostUnclosedQuotes) {
      return { ok: false, line: this.#line, message: 'holds a quotation mark that is never closed' };
    }
    this.stopped = true;
    return {
      ok: false,
      line: this.#line,
      message: `is the ${mostUnclosedQuotes}th with a quotation mark that is never closed; from here on nothing was read: is this a CSV file?`,
    };
  }

  /** The position behind the line end at or after `from`; -1 when there is none. */
  #lineEnd(buffer: Uint8Array, from: number): number {
    for (let index = from; index < buffer.length; index++) {
      if (buffer[index] === newline) return index + 1;
      if (buffer[index] === carriageReturn) return buffer[index + 1] === newline ? index + 2 : index + 1;
    }
    return -1;
  }

  /** The position behind the record that begins at `from`; -1 when the buffer ends first. */
  #recordEnd(buffer: Uint8Array, from: number): { end: number; lines: number; inQuotes: boolean; misquoted: boolean } {
    const delimiters = (this.dialect.delimiter ? [this.dialect.delimiter] : csvDelimiters).map((text) =>
      text.charCodeAt(0),
    );
    let inQuotes = false;
    let fieldStart = true;
    let lines = 0;
    for (let index = from; index < buffer.length; index++) {
      const byte = buffer[index] ?? 0;
      if (byte === newline || byte === carriageReturn) {
        const end = byte === carriageReturn && buffer[index + 1] === newline ? index + 2 : index + 1;
        lines++;
        if (!inQuotes) return { end, lines, inQuotes, misquoted: false };
        index = end - 1;
      } else if (byte === quote && (inQuotes || fieldStart)) {
        // A doubled quotation mark closes and opens again, which comes to the same.
        const next = buffer[index + 1];
        if (inQuotes && next === quote) index++;
        else inQuotes = !inQuotes;
        fieldStart = false;
        // What follows a closing mark within the field shows that it closed what another line had opened by mistake.
        const closes =
          !inQuotes && (next === undefined || next === newline || next === carriageReturn || delimiters.includes(next));
        if (!inQuotes && !closes) return { end: -1, lines, inQuotes, misquoted: true };
      } else fieldStart = !inQuotes && delimiters.includes(byte);
    }
    return { end: -1, lines, inQuotes, misquoted: false };
  }
}

/** The records of a CSV file, one after the other, with the line where each begins. */
export async function* csvRecords(
  source: ByteSource,
  maxRowBytes: number,
  dialect: CsvDialect,
): AsyncGenerator<CsvRecord> {
  const splitter = new CsvSplitter(maxRowBytes, dialect);
  for await (const chunk of utf8Bytes(source)) {
    yield* splitter.push(chunk);
    if (splitter.stopped) return;
  }
  yield* splitter.end();
}
