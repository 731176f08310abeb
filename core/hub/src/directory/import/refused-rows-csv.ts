import { plainCell } from '../plain-cell.js';
import type { RefusedRow } from './import-row.js';

/** One cell in quotation marks, on one line, that no spreadsheet takes for a formula. */
function cell(text: string): string {
  return `"${plainCell(text)
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('"', '""')}"`;
}

/** One line of a CSV file that can be opened in a spreadsheet, whoever wrote its texts. */
export function csvLine(...cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/**
 * The report of refused rows as CSV, a line for each reason, as it is read: `line`, `row` (whose it is, as far as the row
 * says), `field`, `reason`. Begins with a byte order mark, without which spreadsheets misread anything but English.
 */
export async function* refusedRowsCsv(rows: AsyncIterable<RefusedRow> | Iterable<RefusedRow>): AsyncGenerator<string> {
  yield `\ufeff${csvLine('line', 'row', 'field', 'reason')}`;
  for await (const row of rows) {
    for (const reason of row.reasons) {
      yield csvLine(String(row.line), row.keyHint ?? '', reason.path ?? '', reason.message);
    }
  }
}
