/** A set of rows, one bit each: row `r` is bit `r % 32` of element `r / 32`. What lies past the last row of its table means nothing. */
export type RowSet = Uint32Array<ArrayBuffer>;

/** How many elements hold so many rows. */
export function elementsFor(rows: number): number {
  return (rows + 31) >>> 5;
}

/** An empty set with room for so many rows. */
export function noRows(rows: number): RowSet {
  return new Uint32Array(elementsFor(rows));
}

/** All rows of a table of so many. */
export function allRows(rows: number): RowSet {
  const set = noRows(rows).fill(0xffff_ffff);
  if (rows % 32 !== 0) set[set.length - 1] = 2 ** (rows % 32) - 1;
  return set;
}

/** Whether a row is in the set. */
export function hasRow(set: RowSet, row: number): boolean {
  return ((set[row >>> 5] ?? 0) & (1 << (row & 31))) !== 0;
}

/** Takes a row into the set, which has room for it. */
export function addRow(set: RowSet, row: number): void {
  const element = row >>> 5;
  set[element] = (set[element] ?? 0) | (1 << (row & 31));
}

/** Takes a row out of the set. */
export function deleteRow(set: RowSet, row: number): void {
  const element = row >>> 5;
  set[element] = (set[element] ?? 0) & ~(1 << (row & 31));
}

/** The set, or a larger copy of it with room for so many rows. A copy has room to spare. */
export function withRoom(set: RowSet, rows: number): RowSet {
  const elements = elementsFor(rows);
  if (set.length >= elements) return set;
  const larger = new Uint32Array(elements + 64 + (elements >>> 5));
  larger.set(set);
  return larger;
}

/** How many rows are in the set. */
export function countRows(set: RowSet): number {
  let count = 0;
  for (let index = 0; index < set.length; index++) {
    let bits = set[index] ?? 0;
    bits -= (bits >>> 1) & 0x5555_5555;
    bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}
