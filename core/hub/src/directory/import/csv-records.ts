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

/** What was found behind the beginning of a record, over how many line ends. */
type Scan =
  | { readonly kind: 'record'; readonly end: number; readonly lines: number }
  /** The buffer ends first. */
  | { readonly kind: 'more'; readonly lines: number; readonly inQuotes: boolean }
  /** The limit comes first. */
  | { readonly kind: 'over'; readonly lines: number }
  | { readonly kind: 'misquoted'; readonly lines: number };

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
    const buffer = this.#buffer;
    let start = 0;
    while (start < buffer.length && !this.stopped) {
      if (this.#skipping) {
        const end = this.#lineEnd(buffer, start, complete);
        if (end === undefined) {
          // A carriage return at the very end may be half of a line end.
          start = buffer.length - (!complete && buffer.at(-1) === carriageReturn ? 1 : 0);
          break;
        }
        this.#skipping = false;
        this.#line++;
        start = end;
        continue;
      }
      const found = this.#scan(buffer, start, complete);
      if (found.kind === 'more' && !complete) break;
      if (found.kind === 'record' || (found.kind === 'more' && !found.inQuotes)) {
        const end = found.kind === 'record' ? found.end : buffer.length;
        yield { ok: true, line: this.#line, bytes: buffer.subarray(start, end) };
        this.#line += found.lines;
        start = end;
        continue;
      }
      // Only the line where it began is given up; the next is read as if nothing had been.
      yield this.#refused(found);
      this.#skipping = true;
    }
    this.#buffer = buffer.subarray(start);
  }

  #refused({ kind, lines }: Scan): CsvRecord {
    const line = this.#line;
    if (lines === 0 && kind === 'over')
      return { ok: false, line, message: `is larger than ${sizeText(this.maxRowBytes)}` };
    if (lines === 0 && kind === 'misquoted') return { ok: false, line, message: misquoted };
    const message = `holds a quotation mark that is not closed (within ${sizeText(this.maxRowBytes)})`;
    if (++this.#unclosed < mostUnclosedQuotes) return { ok: false, line, message };
    this.stopped = true;
    return {
      ok: false,
      line,
      message: `${message}, as ${mostUnclosedQuotes - 1} rows before; from here on nothing was read: is this a CSV file?`,
    };
  }

  /** The position behind the line end at or after `from`. */
  #lineEnd(buffer: Uint8Array, from: number, complete: boolean): number | undefined {
    for (let index = from; index < buffer.length; index++) {
      if (buffer[index] === newline) return index + 1;
      if (buffer[index] !== carriageReturn) continue;
      if (index + 1 === buffer.length && !complete) return undefined;
      return buffer[index + 1] === newline ? index + 2 : index + 1;
    }
    return undefined;
  }

  /** Looks for the end of the record that begins at `from`. */
  #scan(buffer: Uint8Array, from: number, complete: boolean): Scan {
    const delimiters = (this.dialect.delimiter ? [this.dialect.delimiter] : csvDelimiters).map((text) =>
      text.charCodeAt(0),
    );
    let inQuotes = false;
    let fieldStart = true;
    let lines = 0;
    for (let index = from; index < buffer.length; index++) {
      if (index - from >= this.maxRowBytes) return { kind: 'over', lines };
      const byte = buffer[index] ?? 0;
      const next = buffer[index + 1];
      if (byte === newline || byte === carriageReturn) {
        // A carriage return at the very end may be half of a line end whose other half is still to come.
        if (byte === carriageReturn && next === undefined && !complete) break;
        const end = byte === carriageReturn && next === newline ? index + 2 : index + 1;
        lines++;
        if (!inQuotes) return { kind: 'record', end, lines };
        index = end - 1;
      } else if (byte === quote && inQuotes) {
        // A doubled quotation mark stands for one.
        if (next === quote) index++;
        else {
          inQuotes = false;
          const closes = next === undefined || next === newline || next === carriageReturn || delimiters.includes(next);
          // What follows within the field shows that the mark was none that closes.
          if (!closes) return { kind: 'misquoted', lines };
        }
      } else {
        inQuotes ||= byte === quote && fieldStart;
        fieldStart = !inQuotes && delimiters.includes(byte);
      }
    }
    return { kind: 'more', lines, inQuotes };
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
