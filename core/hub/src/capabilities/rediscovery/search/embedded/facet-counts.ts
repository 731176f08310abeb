import { eachRow } from './record-table.js';
import type { RowSet } from './row-set.js';
import type { ShardIndex } from './shard-index.js';

/** How many of a result set have each value. */
export interface CountedSet {
  /** The codes that `counts` are of. Absent: all codes, from 0 on. */
  readonly codes?: Int32Array<ArrayBuffer>;
  readonly counts: Int32Array<ArrayBuffer>;
}

/** Counts every code among living people. @param total How many they are. */
export function countCodes(index: ShardIndex, rows: RowSet, total: number): CountedSet {
  const counts = new Int32Array(index.dictionary.size);
  if (total * 2 <= index.size) addCodes(index, rows, counts);
  else {
    // The others are fewer.
    addCodes(
      index,
      index.alive.map((bits, element) => bits & ~(rows[element] ?? 0)),
      counts,
    );
    const totals = index.totals.array;
    for (let code = 0; code < counts.length; code++) counts[code] = (totals[code] ?? 0) - (counts[code] as number);
  }
  return total * FEW < counts.length ? onlyOccurring(counts) : { counts };
}

/** How many have one of the values. */
export function countOf({ codes, counts }: CountedSet, code: number): number {
  const place = codes ? codes.indexOf(code) : code;
  return counts[place] ?? 0;
}

/** Where there is a hit for so many values, most values do not occur. */
const FEW = 64;

function onlyOccurring(all: Int32Array): CountedSet {
  const codes: number[] = [];
  for (let code = 0; code < all.length; code++) if (all[code] !== 0) codes.push(code);
  return { codes: Int32Array.from(codes), counts: Int32Array.from(codes, (code) => all[code] ?? 0) };
}

function addCodes({ people }: ShardIndex, rows: RowSet, counts: Int32Array): void {
  for (const [index, block] of people.blocks.entries()) {
    const [starts, values] = [block.codes.starts.array, block.codes.values.array];
    eachRow(block, rows, index << 11, (row) => {
      const end = starts[row + 1] as number;
      for (let place = starts[row] as number; place < end; place++) {
        const code = values[place] as number;
        counts[code] = (counts[code] as number) + 1;
      }
    });
  }
}
