import { cellsOf, delimiterOf } from '../../../directory/import/csv-cells.js';
import { type CsvDialect, csvRecords } from '../../../directory/import/csv-records.js';
import type { ByteSource } from '../../../directory/import/import-row.js';
import { decodeUtf8, notUtf8 } from '../../../directory/import/utf8-bytes.js';

/** A row larger than this is refused, and reading goes on behind it. */
const MOST_ROW_BYTES = 1_000_000;
/** Cells hold names, dates and short texts; what is longer is damage. In characters. */
const LONGEST_CELL = 32_000;
const MOST_COLUMNS = 1_000;

/** A row of a file, or why it is of no use. */
export type CopyLine =
  | { readonly ok: true; readonly line: number; readonly cells: readonly string[] }
  | {
      readonly ok: false;
      readonly line: number;
      /** For people, without the value. */
      readonly reason: string;
      /** The header of the cell that it is about. */
      readonly header?: string;
      /** As far as they could be told apart. */
      readonly cells: readonly string[];
    };

/** A file that has a header: its columns, and then its rows as they arrive. */
export interface CopyCsv {
  readonly columns: readonly string[];
  /** To be read once. */
  readonly rows: AsyncIterable<CopyLine>;
  /** Lets go of the file, for whoever does not want its rows. */
  close(): Promise<void>;
}

/** Why nothing of a file can be read. */
export interface UnreadableCsv {
  readonly unreadable: string;
}

/**
 * Opens a CSV file with a header. Nothing of it is held but the row at hand, so that its size costs no memory and whoever is
 * slow to take rows slows the reading down.
 * @param afterLine Rows that begin up to this line are passed over: they were read before.
 */
export async function openCopyCsv(source: ByteSource, afterLine = 0): Promise<CopyCsv | UnreadableCsv> {
  const dialect: CsvDialect = {};
  const records = csvRecords(source, MOST_ROW_BYTES, dialect);
  for (;;) {
    const { value: record, done } = await records.next();
    if (done) return { unreadable: 'The file is empty.' };
    const text = record.ok ? decodeUtf8(record.bytes) : undefined;
    if (!record.ok || text === undefined) {
      await records.return(undefined);
      return { unreadable: `The header ${record.ok ? notUtf8 : record.message}.` };
    }
    if (text.trim() === '') continue;
    // Spreadsheets may put the delimiter before the header.
    const declared = /^sep=(.)\r?\n?$/i.exec(text)?.[1];
    if (declared !== undefined) {
      dialect.delimiter = declared;
      continue;
    }
    dialect.delimiter ??= delimiterOf(text);
    const columns = cellsOf(text, dialect.delimiter);
    if (typeof columns === 'string' || columns.length > MOST_COLUMNS) {
      await records.return(undefined);
      return {
        unreadable: `The header ${typeof columns === 'string' ? columns : `has more than ${MOST_COLUMNS} columns`}.`,
      };
    }
    const names = columns.map((column) => storable(column).trim().slice(0, 200));
    return {
      columns: names,
      rows: rowsOf(records, names, dialect.delimiter, afterLine),
      close: async () => void (await records.return(undefined)),
    };
  }
}

async function* rowsOf(
  records: ReturnType<typeof csvRecords>,
  columns: readonly string[],
  delimiter: string,
  afterLine: number,
): AsyncGenerator<CopyLine, undefined> {
  for await (const record of records) {
    const { line } = record;
    if (line <= afterLine) continue;
    if (!record.ok) {
      yield { ok: false, line, reason: `The row ${record.message}.`, cells: [] };
      continue;
    }
    const text = decodeUtf8(record.bytes);
    if (text === undefined) {
      yield { ok: false, line, reason: `The row ${notUtf8}.`, cells: [] };
      continue;
    }
    const read = text.trim() === '' ? [] : cellsOf(text, delimiter);
    if (typeof read === 'string') yield { ok: false, line, reason: `The row ${read}.`, cells: [] };
    else if (read.some((cell) => cell.trim() !== '')) yield rowOf(line, read.map(storable), columns);
  }
}

function rowOf(line: number, read: readonly string[], columns: readonly string[]): CopyLine {
  // Spreadsheets append empty cells; only what holds something is one too many.
  const used = read.findLastIndex((cell) => cell !== '') + 1;
  if (used > columns.length) {
    const reason = `The row has ${used} values, and the header ${columns.length} columns.`;
    return { ok: false, line, reason, cells: read.slice(0, MOST_COLUMNS) };
  }
  const cells = columns.map((_, at) => read[at] ?? '');
  const long = cells.findIndex((cell) => cell.length > LONGEST_CELL);
  if (long < 0) return { ok: true, line, cells };
  const header = columns[long] ?? '';
  return { ok: false, line, reason: `The value is longer than ${LONGEST_CELL} characters.`, header, cells };
}

/** NUL does not fit into the database. What was decoded has no halves of surrogate pairs. */
function storable(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
}
