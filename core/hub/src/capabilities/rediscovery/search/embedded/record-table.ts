import type { ByteReader } from './bytes.js';
import { ListColumn } from './growing-array.js';
import { NUMBER_FIELDS } from './indexed-fields.js';
import { addRow, elementsFor, type RowSet } from './row-set.js';

/** Rows of a block. Only the last block of a table grows; the others are exactly as large as what they hold. */
export const BLOCK_ROWS = 1 << 16;

/** Columns of rows that follow each other: people with everything of their applications, or applications. */
export class RecordBlock {
  rows = 0;
  readonly codes = new ListColumn(new Int32Array(64));
  readonly numbers = NUMBER_FIELDS.map(() => new ListColumn(new Float64Array(16)));
  readonly places = new ListColumn(new Float64Array(16));

  /** Reads a row as `storedDocument` writes it. */
  read(reader: ByteReader): void {
    let code = 0;
    for (let count = reader.count(); count > 0; count--) {
      code += reader.count();
      this.codes.values.push(code);
    }
    this.codes.endRow();
    for (const column of this.numbers) readNumbers(reader, column);
    readNumbers(reader, this.places);
    this.added();
  }

  /** Adds a row of another block. */
  copy(from: RecordBlock, row: number): void {
    this.codes.push(from.codes.at(row));
    for (const [index, column] of this.numbers.entries()) column.push(from.numbers[index]?.at(row) ?? []);
    this.places.push(from.places.at(row));
    this.added();
  }

  private added(): void {
    this.rows++;
    if (this.rows < BLOCK_ROWS) return;
    for (const column of [this.codes, this.places, ...this.numbers]) column.trim();
  }
}

function readNumbers(reader: ByteReader, column: ListColumn<Float64Array<ArrayBuffer>>): void {
  for (let count = reader.count(); count > 0; count--) column.values.push(reader.number());
  column.endRow();
}

const listed = new Uint32Array(BLOCK_ROWS);

/** The rows of a block that are in a set, ascending. Valid until the next call. @param first The element of the set where the block begins. */
export function rowsIn(block: RecordBlock, rows: RowSet, first: number): Uint32Array {
  const end = Math.min(rows.length, first + elementsFor(block.rows));
  let length = 0;
  for (let element = first; element < end; element++) {
    const base = (element - first) * 32 + 31;
    for (let bits = rows[element] as number; bits !== 0; bits &= bits - 1) {
      listed[length++] = base - Math.clz32(bits & -bits);
    }
  }
  return listed.subarray(0, length);
}

/** Records by row, in columns. Rows are only added; a clause that was evaluated once is evaluated on new rows alone. */
export class RecordTable {
  readonly blocks: RecordBlock[] = [];
  rows = 0;

  /** Adds a row as `storedDocument` writes it. */
  read(reader: ByteReader): void {
    this.growing().read(reader);
    this.rows++;
  }

  /** Adds a row of another table. */
  copy({ blocks }: RecordTable, row: number): void {
    const block = blocks[row >>> 16];
    if (!block) return;
    this.growing().copy(block, row & 0xffff);
    this.rows++;
  }

  private growing(): RecordBlock {
    const last = this.blocks.at(-1);
    if (last && last.rows < BLOCK_ROWS) return last;
    const block = new RecordBlock();
    this.blocks.push(block);
    return block;
  }

  /** The codes of one row. */
  codesOf(row: number): Int32Array {
    return this.blocks[row >>> 16]?.codes.at(row & 0xffff) ?? new Int32Array(0);
  }

  /** Adds to a set the rows from `from` on that have one of the codes: those whose element in `wanted` is not 0. */
  findCodes(wanted: Uint8Array, from: number, found: RowSet): void {
    this.eachBlock(from, (block, firstRow, start) => {
      const [starts, values] = [block.codes.starts.array, block.codes.values.array];
      let next = starts[start] ?? 0;
      for (let row = start; row < block.rows; row++) {
        const end = starts[row + 1] as number;
        while (next < end && wanted[values[next] as number] === 0) next++;
        if (next < end) addRow(found, firstRow + row);
        next = end;
      }
    });
  }

  /** As `findCodes`, for a single one. */
  findCode(code: number, from: number, found: RowSet): void {
    this.eachBlock(from, ({ codes: { starts, values }, rows }, firstRow, start) => {
      const ends = starts.array;
      let row = start;
      let place = starts.at(start) - 1;
      for (;;) {
        // Native code looks faster than a loop that keeps an eye on rows.
        place = values.array.indexOf(code, place + 1);
        if (place === -1 || place >= values.length) return;
        row = rowAt(ends, row, rows, place);
        addRow(found, firstRow + row);
        place = (ends[row + 1] as number) - 1;
      }
    });
  }

  /** Adds to a set the rows from `from` on that have a number between two in a field, both included. */
  findNumbers(field: string, least: number, most: number, from: number, found: RowSet): void {
    const column = NUMBER_FIELDS.indexOf(field);
    this.eachBlock(from, ({ numbers, rows }, firstRow, start) => {
      const list = numbers[column];
      if (!list) return;
      const [starts, values] = [list.starts.array, list.values.array];
      let next = starts[start] ?? 0;
      for (let row = start; row < rows; row++) {
        const end = starts[row + 1] ?? 0;
        for (; next < end; next++) {
          const value = values[next] as number;
          if (value >= least && value <= most) addRow(found, firstRow + row);
        }
      }
    });
  }

  /** Adds to a set the rows from `from` on that have a place as the test wants it. */
  findPlaces(test: (latitude: number, longitude: number) => boolean, from: number, found: RowSet): void {
    this.eachBlock(from, ({ places, rows }, firstRow, start) => {
      const [starts, values] = [places.starts.array, places.values.array];
      let next = starts[start] ?? 0;
      for (let row = start; row < rows; row++) {
        const end = starts[row + 1] as number;
        for (; next < end; next += 2) {
          if (test(values[next] as number, values[next + 1] as number)) addRow(found, firstRow + row);
        }
      }
    });
  }

  /** Calls for each block that has rows from `from` on, with the number of its first row and with the row in it to start from. */
  private eachBlock(from: number, call: (block: RecordBlock, firstRow: number, start: number) => void): void {
    for (let index = from >>> 16; index < this.blocks.length; index++) {
      const block = this.blocks[index];
      const firstRow = index * BLOCK_ROWS;
      if (block) call(block, firstRow, Math.max(0, from - firstRow));
    }
  }
}

/** The row, from `low` on, in whose list a place lies. */
export function rowAt(starts: Uint32Array, low: number, rows: number, place: number): number {
  // Mostly one of the next rows.
  let step = 1;
  let first = low;
  while (first + step < rows && (starts[first + step] as number) <= place) {
    first += step;
    step *= 2;
  }
  let last = Math.min(first + step, rows);
  while (last - first > 1) {
    const middle = (first + last) >>> 1;
    if ((starts[middle] as number) <= place) first = middle;
    else last = middle;
  }
  return first;
}
