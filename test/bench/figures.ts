/** What was measured of one candidate, once per round. */
export type Rounds = readonly number[];

/** The middle of what was measured; between two, their mean. */
export function median(rounds: Rounds): number {
  const sorted = rounds.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Median and range: `1,060 (1,012–1,101)`. */
export function spread(rounds: Rounds, digits = 0): string {
  const show = (value: number): string =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${show(median(rounds))} (${show(Math.min(...rounds))}–${show(Math.max(...rounds))})`;
}

/** One figure against another, round by round, because neighbours in time had the same machine: median and range. */
export function ratio(of: Rounds, to: Rounds): string {
  return spread(
    of.map((value, round) => value / (to[round] ?? Number.NaN)),
    2,
  );
}

/** Prints rows under their headings, numbers to the right. */
export function printTable(headings: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  console.log(line(headings));
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const row of rows) console.log(line(row));
}
