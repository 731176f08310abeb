/** One record of a CSV file. */
export interface CsvRecord {
  /** The line on which it begins, counted from 1. */
  readonly line: number;
  readonly values: readonly string[];
  /** Why it cannot be used; `values` is empty then. */
  readonly problem?: 'tooLong' | 'unclosedQuote' | 'strayQuote';
}

/** Characters of one record. A quote that is never closed would otherwise swallow the rest of the file. */
const LONGEST_RECORD = 1_000_000;

const IN_QUOTES = /["\r\n]/g;
const OUTSIDE = /[",\r\n]/g;

type Position = 'start' | 'plain' | 'quoted' | 'afterQuote';

/**
 * Reads CSV after RFC 4180 as it arrives: UTF-8 with or without a byte order mark, any line breaks, nothing held but the
 * record that is being read. Empty lines are left out. A record that cannot be read is told as such, and reading goes on with
 * the next line.
 */
export async function* csvRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder('utf-8');
  const reader = new CsvReader();
  for await (const chunk of chunks) yield* reader.take(decoder.decode(chunk, { stream: true }));
  yield* reader.take(decoder.decode());
  yield* reader.end();
}

/** The state between two pieces of text. */
class CsvReader {
  #line = 1;
  #begunOn = 1;
  #position: Position = 'start';
  #value = '';
  #values: string[] = [];
  #length = 0;
  #problem: CsvRecord['problem'];
  #afterReturn = false;

  *take(text: string): Generator<CsvRecord> {
    for (let at = 0; at < text.length; ) {
      // Most of a file is neither quote, comma nor line break, and is taken in one piece.
      const pattern = this.#position === 'quoted' && this.#problem === undefined ? IN_QUOTES : OUTSIDE;
      pattern.lastIndex = at;
      const end = pattern.exec(text)?.index ?? text.length;
      if (end > at) {
        this.#afterReturn = false;
        this.#add(text.slice(at, end));
        at = end;
        continue;
      }
      yield* this.#takeSign(text.charAt(at));
      at += 1;
    }
  }

  /** One character that may mean something. */
  *#takeSign(character: string): Generator<CsvRecord> {
    const isSecondOfBreak = character === '\n' && this.#afterReturn;
    this.#afterReturn = character === '\r';
    if (isSecondOfBreak) {
      if (this.#position === 'quoted') this.#value += character;
      return;
    }
    const isBreak = character === '\n' || character === '\r';
    if (isBreak) this.#line += 1;
    if (isBreak && (this.#position !== 'quoted' || this.#problem !== undefined)) yield* this.#endRecord();
    else this.#add(character);
  }

  *end(): Generator<CsvRecord> {
    if (this.#position === 'quoted') this.#problem ??= 'unclosedQuote';
    if (this.#length > 0) yield* this.#endRecord();
  }

  /** A character, or several that are neither quote, comma nor line break. */
  #add(text: string): void {
    this.#length += text.length;
    if (this.#problem !== undefined) return;
    if (this.#length > LONGEST_RECORD) {
      this.#problem = this.#position === 'quoted' ? 'unclosedQuote' : 'tooLong';
      return;
    }
    switch (this.#position) {
      case 'start':
        if (text === '"') this.#position = 'quoted';
        else if (text === ',') this.#endValue();
        else {
          this.#value = text;
          this.#position = 'plain';
        }
        return;
      case 'plain':
        if (text === ',') this.#endValue();
        else this.#value += text;
        return;
      case 'quoted':
        if (text === '"') this.#position = 'afterQuote';
        else this.#value += text;
        return;
      case 'afterQuote':
        if (text === '"') {
          this.#value += text;
          this.#position = 'quoted';
        } else if (text === ',') this.#endValue();
        else this.#problem = 'strayQuote';
    }
  }

  #endValue(): void {
    this.#values.push(this.#value);
    this.#value = '';
    this.#position = 'start';
  }

  *#endRecord(): Generator<CsvRecord> {
    this.#endValue();
    const [line, values, problem] = [this.#begunOn, this.#values, this.#problem];
    const isEmpty = values.length === 1 && values[0] === '';
    this.#begunOn = this.#line;
    this.#values = [];
    this.#length = 0;
    this.#problem = undefined;
    if (problem !== undefined) yield { line, values: [], problem };
    else if (!isEmpty) yield { line, values };
  }
}
