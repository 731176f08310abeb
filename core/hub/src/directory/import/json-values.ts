import { type ByteSource, sizeText } from './import-row.js';
import { decodeUtf8, notUtf8, utf8Bytes } from './utf8-bytes.js';

/** A value of the file, parsed, or why it could not be. */
export type JsonValue =
  | { readonly ok: true; readonly line: number; readonly value: unknown }
  | { readonly ok: false; readonly line: number; readonly message: string };

/** What stands between values: how a file is cut into them. */
type Layout = 'lines' | 'documents' | 'array';

const [newline, quote, backslash, comma] = [0x0a, 0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === newline || byte === 0x0d || byte === 0x09;
}

function parse(line: number, bytes: Uint8Array): JsonValue {
  const text = decodeUtf8(bytes);
  if (text === undefined) return { ok: false, line, message: notUtf8 };
  try {
    return { ok: true, line, value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The engine's message quotes the text, which is personal data; only the position is kept.
    const position = /position (\d+)/.exec(error.message)?.[1];
    return {
      ok: false,
      line,
      message: `is no valid JSON${position ? ` (character ${Number(position) + 1} of the row)` : ''}`,
    };
  }
}

/** The first byte of the first line that is not blank, from `from` on. */
function firstByteOfNextLine(bytes: Uint8Array, from: number): number | undefined {
  for (let index = from; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte !== newline && byte !== 0x0d) return byte;
  }
  return undefined;
}

/**
 * How the file is laid out, from its beginning: a list, one document a line, or documents over many lines. `undefined` while
 * more of the file is needed.
 */
function recognise(head: Uint8Array, complete: boolean): Layout | undefined {
  const start = head.findIndex((byte) => !isSpace(byte));
  if (start === -1) return complete ? 'documents' : undefined;
  if (head[start] === openBracket) return 'array';
  const end = head.indexOf(newline, start);
  if (end === -1) return complete ? 'documents' : undefined;
  if (parse(1, head.subarray(start, end)).ok) return 'lines';
  // The first line may be the broken one. A document over several lines never has a brace at the start of its second line.
  const next = firstByteOfNextLine(head, end + 1);
  if (next === undefined && !complete) return undefined;
  return next === openBrace ? 'lines' : 'documents';
}

/** Cuts a stream into values and keeps no more than one of them. */
class JsonSplitter {
  #line = 1;
  #valueLine = 1;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #tooLarge = false;
  #inValue = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #array: 'before' | 'inside' | 'after' = 'before';

  constructor(
    private readonly layout: Layout,
    private readonly maxRowBytes: number,
  ) {}

  *push(chunk: Uint8Array): Generator<JsonValue> {
    // Where the part of the current value that lies in this chunk begins.
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] ?? 0;
      if (!this.#inValue) {
        if (byte === newline) this.#line++;
        if (isSpace(byte) || this.#isBetween(byte)) continue;
        this.#inValue = true;
        this.#valueLine = this.#line;
        start = index;
      } else if (byte === newline) this.#line++;

      const ends = this.layout === 'lines' ? (byte === newline ? 'before' : undefined) : this.#step(byte);
      if (ends === undefined) continue;
      this.#keep(chunk.subarray(start, ends === 'after' ? index + 1 : index));
      yield this.#take();
      if (ends === 'before' && byte === closeBracket) this.#array = 'after';
    }
    if (this.#inValue) this.#keep(chunk.subarray(start));
  }

  *end(): Generator<JsonValue> {
    if (this.#inValue) {
      const scalar = this.#depth === 0 && !this.#inString;
      if (this.layout === 'lines' || (scalar && this.layout === 'documents')) yield this.#take();
      else yield { ok: false, line: this.#valueLine, message: 'is cut off: the file ends inside it' };
    } else if (this.layout === 'array' && this.#array === 'inside') {
      yield {
        ok: false,
        line: this.#line,
        message: 'the file ends before its list does; what may have followed is missing',
      };
    }
  }

  /** Whether the byte stands between values rather than begins one. */
  #isBetween(byte: number): boolean {
    if (this.layout !== 'array') return false;
    if (this.#array === 'before') {
      this.#array = 'inside';
      return true;
    }
    if (byte === closeBracket && this.#array === 'inside') {
      this.#array = 'after';
      return true;
    }
    return byte === comma && this.#array === 'inside';
  }

  /** Follows the structure by one byte: whether the value ends after it, before it, or not yet. */
  #step(byte: number): 'after' | 'before' | undefined {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) {
        this.#inString = false;
        // A string standing alone is a value of its own.
        return this.#depth === 0 ? 'after' : undefined;
      }
      // JSON has no line breaks in strings: one there means that the closing quote is missing. Going on as if it had come
      // keeps the damage to this value.
      else if (byte === newline) this.#inString = false;
      return undefined;
    }
    if (byte === quote) this.#inString = true;
    else if (byte === openBrace || byte === openBracket) this.#depth++;
    else if (byte === closeBrace || byte === closeBracket) {
      if (this.#depth === 0) return this.layout === 'array' && byte === closeBracket ? 'before' : undefined;
      if (--this.#depth === 0) return 'after';
    } else if (this.#depth === 0 && (byte === comma || byte === newline)) return 'before';
    return undefined;
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > this.maxRowBytes) {
      this.#tooLarge = true;
      this.#pieces = [];
    } else if (piece.length > 0) this.#pieces.push(piece);
  }

  #take(): JsonValue {
    const line = this.#valueLine;
    const value: JsonValue = this.#tooLarge
      ? { ok: false, line, message: `is larger than ${sizeText(this.maxRowBytes)}` }
      : parse(line, Buffer.concat(this.#pieces));
    this.#pieces = [];
    this.#size = 0;
    this.#tooLarge = false;
    this.#inValue = false;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    return value;
  }
}

/**
 * The values of a JSON file, one after the other and never more than one in memory: the elements of a list, one value a line
 * (NDJSON), or documents over several lines. A broken value is reported and the next one read.
 * @param maxRowBytes Most bytes of one value.
 */
export async function* jsonValues(source: ByteSource, maxRowBytes: number): AsyncGenerator<JsonValue> {
  let splitter: JsonSplitter | undefined;
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of utf8Bytes(source)) {
    if (splitter) {
      yield* splitter.push(chunk);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const layout = recognise(head, false) ?? (head.length > maxRowBytes ? 'documents' : undefined);
    if (!layout) continue;
    splitter = new JsonSplitter(layout, maxRowBytes);
    yield* splitter.push(head);
  }
  if (!splitter) {
    splitter = new JsonSplitter(recognise(head, true) ?? 'documents', maxRowBytes);
    yield* splitter.push(head);
  }
  yield* splitter.end();
}
