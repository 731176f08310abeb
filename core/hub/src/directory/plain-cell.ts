/**
 * A text as a cell that no spreadsheet takes for a formula, whoever wrote it: what could begin one gets an apostrophe before
 * it. It is part of the text and can be seen: marks that are kept beside a text, such as the type of a cell, are lost when the
 * sheet is saved as CSV, and the next program would run the formula.
 */
export function plainCell(text: string): string {
  return /^[\s'"]*[=+\-@＝＋－＠|%\t\r\n]/u.test(text) ? `'${text}` : text;
}
